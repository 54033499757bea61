"""``actwright undo``: take back what a run did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import applying, approve
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.session import opened
from actwright.cli.showing import shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.undo_rest import (
    IgnoreOption,
    ListOption,
    ResolveOption,
    RestDecision,
    WhySoOption,
    list_rest,
)
from actwright.cli.verdict import kind_of_block
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.envelope import OrchestratorResult

OptionalRun = Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run to take back.")]
AlsoMovedOption = Annotated[
    bool,
    typer.Option("--also-moved", help="Also set back records that were changed since the run."),
]
ExpiredTooOption = Annotated[
    bool, typer.Option("--expired-too", help="Also take back a run that ended undo_days ago.")
]
PreviewOnlyOption = Annotated[
    bool, typer.Option("--preview", help="Stop at the preview; confirm and apply it later.")
]


def undo(
    run: OptionalRun = None,
    *,
    also_moved: AlsoMovedOption = False,
    expired_too: ExpiredTooOption = False,
    preview_only: PreviewOnlyOption = False,
    listed: ListOption = False,
    resolve: ResolveOption = None,
    ignore: IgnoreOption = None,
    why: WhySoOption = "",
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
    decision = RestDecision(resolve or (), ignore or (), why)
    decision.check(listed=listed)
    with opened(org=org, user=user, home=home) as app:
        if listed:
            list_rest(app, terminal, run)
        wanted = _named(run)
        if decision:
            decision.record(app, terminal, wanted)
        preview = _previewed(app, terminal, wanted, also_moved=also_moved, expired_too=expired_too)
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


def _named(run: str | None) -> str:
    if run is None:
        raise InputError(
            "Say which run to take back.",
            where="RUN",
            hint="actwright ps, or actwright undo --list for what could not be taken back.",
        )
    return run


def _previewed(
    app: Actwright, terminal: Terminal, run: str, *, also_moved: bool, expired_too: bool
) -> Preview:
    """Plan how a run is taken back, and show the preview."""
    with terminal.busy("Previewing"):
        plan = app.undo(run, also_moved=also_moved, expired_too=expired_too)
        # Whoever takes a run back means the deletes: they are of records that very run made.
        preview = app.preview(plan, allow_delete=True)
    terminal.show(*shown_preview(app, preview))
    return preview


def _stop(terminal: Terminal, preview: Preview) -> NoReturn:
    """Show what is to be done with a preview that is not carried out now, and exit."""
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
