"""``actwright undo``: take back what a run did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import approve
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.session import opened
from actwright.cli.showing import shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.verdict import kind_of_block

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.runs.envelope import OrchestratorResult


def undo(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run to take back.")],
    *,
    also_moved: Annotated[
        bool,
        typer.Option("--also-moved", help="Also set back records that were changed since the run."),
    ] = False,
    preview_only: Annotated[
        bool, typer.Option("--preview", help="Stop at the preview; confirm and apply it later.")
    ] = False,
    yes: YesOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the plan that takes a run back, preview it, ask, and carry it out.

    Records go back to the values they had before, and records the run created are deleted. What was deleted cannot be
    brought back; what was changed since is left as it is. Both are named.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as app:
        with terminal.busy("Previewing"):
            plan = app.undo(run, also_moved=also_moved)
            # Whoever takes a run back means the deletes: they are of records that very run made.
            preview = app.preview(plan, allow_delete=True)
        terminal.show(*shown_preview(app, preview))
        if preview_only or preview.blocked:
            _stop(terminal, preview)
        confirmation, result = _carried_out(app, terminal, preview, yes=yes)
        # The person may have edited what was shown first.
        preview = app.previews.get(confirmation.preview_id)
        plan = app.plans.get(preview.plan_id)
    if as_json:
        parts = {"plan": plan, "preview": preview, "confirmation": confirmation, "envelope": result}
        terminal.document({name: each.model_dump(mode="json") for name, each in parts.items()})
    finish(terminal, result, preview)


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
    with terminal.counting("Applying", len(chosen.effects)) as progress:
        return confirmation, app.run(chosen, confirmation, progress=progress)
