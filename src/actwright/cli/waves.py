"""The later waves of a run on a terminal: each shown, asked about, and carried out, until nothing is left."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from actwright.cli.approval import approve
from actwright.cli.showing import shown_preview
from actwright.errors import ActwrightError, ConfirmationError, GrantError, RunError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal
    from actwright.runs.record.envelope import OrchestratorResult

_MOST_LOOKED_AT = 50
"""Of the newest previews, among which an earlier one of the same part is looked for."""


def through_waves(
    app: Actwright, terminal: Terminal, result: OrchestratorResult, *, yes: bool = False
) -> OrchestratorResult:
    """Ask about each further part of a run as soon as it is known, and carry out what was said yes to.

    Where nobody can be asked, the run is left waiting.

    Args:
        app: What carries it out.
        terminal: Where to ask.
        result: How the run stands.
        yes: Whether the yes was given beforehand.

    Raises:
        ActwrightError: A part cannot be previewed, confirmed or carried out; the run waits on.
    """
    while result.run_id and result.status == "waiting" and (yes or terminal.interactive):
        if app.run_state(result.run_id).waiting_for != "confirmation":
            return result
        try:
            further = _next_part(app, terminal, result.run_id, yes=yes)
        except ActwrightError:
            terminal.hint(
                f"What was done stands, and is on the record: actwright inspect {result.run_id}"
            )
            raise
        if further is None:
            return result
        result = further
    return result


def _next_part(
    app: Actwright, terminal: Terminal, run_id: str, *, yes: bool
) -> OrchestratorResult | None:
    """Show, ask and carry out the next part; None where it was not said yes to."""
    with terminal.busy("Previewing"):
        preview = app.wave(run_id)
    terminal.show(*shown_preview(app, preview))
    answer = approve(app, preview, terminal, yes=yes)
    if answer.answer == "no":
        terminal.hint(f"{run_id} waits on. To end it: actwright cancel {run_id} --why REASON")
        return None
    chosen = app.previews.get(answer.preview_id)
    with terminal.counting("Applying", len(chosen.effects)) as progress:
        return app.go_on(run_id, answer, progress=progress)


def standing_yes(app: Actwright, preview: Preview) -> Confirmation | None:
    """Return the yes to an earlier preview of the very same part of a run that still lets it go on; None where none does.

    Args:
        app: The store.
        preview: What the run would go on with now.
    """
    from actwright.runs.continuing.going_on_checks import (  # noqa: PLC0415 - slow to import
        check_not_moved,
    )

    for each in app.previews.newest(_MOST_LOOKED_AT):
        if (each.run_id, each.digest) != (preview.run_id, preview.digest) or each.id == preview.id:
            continue
        with suppress(ConfirmationError, GrantError, RunError):
            check_not_moved(app.events(each.run_id or ""), each)
            answer = app.confirmations.latest(each)
            app.confirmations.check(answer, each)
            return answer
    return None


def stages_of(app: Actwright, result: OrchestratorResult, first: Preview) -> tuple[Preview, ...]:
    """Return the previews a run has carried out; the first alone where none was started."""
    if result.run_id is None:
        return (first,)
    stages = app.run_state(result.run_id).stages
    return tuple(app.previews.get(each.preview_id) for each in stages) or (first,)
