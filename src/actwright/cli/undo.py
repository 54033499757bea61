"""``actwright undo``: take back what a run did, and deal with what could not be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import applying, approve
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.render.undoings import undoings
from actwright.cli.session import opened
from actwright.cli.showing import shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.verdict import kind_of_block
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.envelope import OrchestratorResult
    from actwright.runs.undoing.decision import UndoDecision, Verdict
    from actwright.runs.undoing.undoing import Undoing


def undo(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="The run to take back.")
    ] = None,
    *,
    also_moved: Annotated[
        bool,
        typer.Option("--also-moved", help="Also set back records that were changed since the run."),
    ] = False,
    expired_too: Annotated[
        bool,
        typer.Option("--expired-too", help="Also take back a run that ended undo_days ago."),
    ] = False,
    preview_only: Annotated[
        bool, typer.Option("--preview", help="Stop at the preview; confirm and apply it later.")
    ] = False,
    listed: Annotated[
        bool,
        typer.Option("--list", help="List what could not be taken back; of RUN alone, or all."),
    ] = False,
    resolve: Annotated[
        list[str] | None,
        typer.Option("--resolve", metavar="EFFECT|all", help="Say that it was set right by hand."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="EFFECT|all", help="Say that it is to stay as it is."),
    ] = None,
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help="Why you say so; it goes on the record.")
    ] = "",
    yes: YesOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the plan that takes a run back, preview it, ask, and carry it out.

    Records go back to the values they had before, and records the run created are deleted. What was deleted cannot be
    brought back; what was changed since is left as it is. Both are named. What failed or was left is listed by --list,
    tried again by another undo, or dealt with by --resolve and --ignore.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as app:
        _check_said(why, decided=bool(resolve or ignore), listed=listed)
        if listed:
            _list(app, terminal, run)
        wanted = _named(run)
        if resolve or ignore:
            verdict = _verdict(resolve or (), ignore or ())
            made = app.decide_undo(wanted, [*(resolve or ()), *(ignore or ())], verdict, why=why)
            _decided(app, terminal, made)
        with terminal.busy("Previewing"):
            plan = app.undo(wanted, also_moved=also_moved, expired_too=expired_too)
            # Whoever takes a run back means the deletes: they are of records that very run made.
            preview = app.preview(plan, allow_delete=True)
        terminal.show(*shown_preview(app, preview))
        if preview_only or preview.blocked:
            _stop(terminal, preview)
        confirmation, result = _carried_out(app, terminal, preview, yes=yes)
        # The person may have edited what was shown first.
        preview = app.previews.get(confirmation.preview_id)
        plan = app.plans.get(preview.plan_id)
        undoing = app.undoing(wanted)
    if as_json:
        parts = {"plan": plan, "preview": preview, "confirmation": confirmation, "envelope": result}
        parts["undoing"] = undoing
        terminal.document({name: each.model_dump(mode="json") for name, each in parts.items()})
    if result.run_id and undoing.open and not undoing.under_way:
        terminal.hint(f"Not all of it is taken back: actwright undo {wanted} --list")
    finish(terminal, result, preview, person=user)


def _check_said(why: str, *, decided: bool, listed: bool) -> None:
    """Refuse to leave out in silence what was said of nothing.

    Raises:
        InputError: There is a reason without a decision, or a decision where a list was asked for.
    """
    if decided and listed:
        raise InputError("Say either --list, or --resolve or --ignore.")
    if why and not decided:
        raise InputError(
            "Without --resolve or --ignore there is nothing to put on the record.", where="--why"
        )


def _named(run: str | None) -> str:
    if run is None:
        raise InputError(
            "Say which run to take back.",
            where="RUN",
            hint="actwright ps, or actwright undo --list for what could not be taken back.",
        )
    return run


def _list(app: Actwright, terminal: Terminal, run: str | None) -> None:
    """List one run, or all of which something is left, and exit."""
    found = app.undoings() if run is None else (app.undoing(run),)
    if terminal.as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    terminal.show(*undoings(found))
    if not found:
        terminal.hint("Everything that was to be taken back has been, or was decided on.")
    for each in (one for one in found if one.open):
        terminal.hint(f"Next: {_next(each)}")
    raise typer.Exit


def _next(undoing: Undoing) -> str:
    """Return what can be done about what is left of a run."""
    if undoing.under_way:
        return f"actwright resume {undoing.under_way[-1]}"
    again = f"actwright undo {undoing.run_id}"
    late = " --expired-too" if undoing.expired else ""
    if not undoing.undone_by:
        return f"{again}{late}"
    return f'{again}{late}, or {again} --resolve EFFECT --why "..."'


def _verdict(resolve: Sequence[str], ignore: Sequence[str]) -> Verdict:
    if resolve and ignore:
        raise InputError("Say either --resolve or --ignore, each with its own --why.")
    return "resolved" if resolve else "ignored"


def _decided(app: Actwright, terminal: Terminal, made: UndoDecision) -> None:
    """Show what is on the record by now of what was not taken back, and exit."""
    if terminal.as_json:
        terminal.document(made.model_dump(mode="json"))
    terminal.show(*undoings((app.undoing(made.run_id),)))
    raise typer.Exit


def _stop(terminal: Terminal, preview: Preview) -> None:
    if terminal.as_json:
        terminal.document(preview.model_dump(mode="json"))
    if preview.blocked:
        raise typer.Exit(kind_of_block(preview).exit_code)
    terminal.hint(f"Next: actwright confirm {preview.id}")
    raise typer.Exit


def _carried_out(
    app: Actwright, terminal: Terminal, preview: Preview, *, yes: bool
) -> tuple[Confirmation, OrchestratorResult]:
    confirmation = approve(app, preview, terminal, yes=yes)
    chosen = app.previews.get(confirmation.preview_id)
    with applying(terminal, confirmation, chosen) as progress:
        return confirmation, app.run(chosen, confirmation, progress=progress)
