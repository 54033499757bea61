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
        with terminal.counting("Applying", len(document.effects)) as progress:
            result = app.run(document, yes, progress=progress)
    if as_json:
        terminal.document(result.model_dump(mode="json"))
    finish(terminal, result, document)


def finish(
    terminal: Terminal, result: OrchestratorResult, preview: Preview, *, started: bool = True
) -> None:
    """Show an envelope, say what can be done next, and exit with its code.

    Args:
        terminal: Where to show it.
        result: What became of the run.
        preview: What was carried out, or was to be.
        started: Whether a run began.
    """
    told_above = not started and result.errors
    hint = None if told_above else result.hint
    shown = envelope(result, preview, next_step=hint) if started else not_started(result)
    terminal.show(*shown)
    if hint:
        terminal.hint(f"Next: {hint}")
    elif result.run_id:
        terminal.hint(f"On the record: actwright inspect {result.run_id}")
    if result.run_id and _leaves_something(result, preview):
        terminal.hint(f"Take it back: actwright undo {result.run_id}")
    raise typer.Exit(exit_code_of(result.stopped_by))


def _leaves_something(result: OrchestratorResult, preview: Preview) -> bool:
    """Tell whether something was carried out that can be taken back."""
    from actwright.checkpoints.wording.effect_words import owners  # noqa: PLC0415 - slow to import

    done = {each.id for each in result.results if each.record_ids}
    back = {each.effect_id for each in preview.undo if each.possible}
    return any(each.id in back and done.intersection(owners(each)) for each in preview.effects)


def _confirmation(app: Actwright, preview: Preview, chosen: str | None) -> Confirmation | None:
    if chosen is not None:
        return app.confirmations.get(chosen)
    try:
        return app.confirmations.latest(preview)
    except ConfirmationMissingError:
        return None
