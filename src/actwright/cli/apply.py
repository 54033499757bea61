"""``actwright apply``: carry out a confirmed preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.confirm import Operand
from actwright.cli.operands import preview_of
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.envelopes import envelope, not_started
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import ConfirmationMissingError, exit_code_of

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.runs.envelope import OrchestratorResult


def apply(
    preview: Operand,
    *,
    confirmation: Annotated[
        str | None,
        typer.Option(
            "--confirmation", metavar="ID", help="The confirmation to use; else the latest one."
        ),
    ] = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Carry out a confirmed preview: whole or not at all, and on the record.

    Exit code 3 where it is not confirmed, 4 where the org moved on, 5 where a permission is gone, 1 where it failed.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as app:
        document = preview_of(app, preview)
        yes = _confirmation(app, document, confirmation)
        with terminal.busy("Applying"):
            result = app.run(document, yes)
    if as_json:
        terminal.document(result.model_dump(mode="json"))
    finish(terminal, result)


def finish(terminal: Terminal, result: OrchestratorResult, *, started: bool = True) -> None:
    """Show an envelope, say what can be done next, and exit with its code."""
    terminal.show(*(envelope(result) if started else not_started(result)))
    told_above = not started and result.errors
    if result.hint and not told_above:
        terminal.hint(f"Next: {result.hint}")
    elif result.run_id:
        terminal.hint(f"On the record: actwright inspect {result.run_id}")
    raise typer.Exit(exit_code_of(result.stopped_by))


def _confirmation(app: Actwright, preview: Preview, chosen: str | None) -> Confirmation | None:
    if chosen is not None:
        return app.confirmations.get(chosen)
    try:
        return app.confirmations.latest(preview)
    except ConfirmationMissingError:
        return None
