"""Approval: who answers, and how the answer is taken down."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from actwright.cli.deciding import decided
from actwright.cli.verdict import blocked_error
from actwright.errors import ConfirmationMissingError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal


def approve(
    app: Actwright,
    preview: Preview,
    terminal: Terminal,
    *,
    yes: bool,
    lifetime: timedelta | None = None,
) -> Confirmation:
    """Return the recorded answer to a preview: given beforehand with ``--yes``, or asked for now.

    Whoever is asked may edit the preview first: the answer is then to the one that came of it, by its ``preview_id``.
    A yes to an edited preview takes back the one to what it was edited from, so that not both are carried out.

    Raises:
        RefusedError: The preview is blocked by a guardrail.
        InputError: The preview is blocked by a value.
        ConfirmationMissingError: There is no terminal to ask on.
        ConfirmationForeignError: ``--yes`` away from the embedded local org.
        ConfirmationUsedError: The preview has been carried out already.
        InterruptedQuestionError: The person broke the question off.
    """
    from actwright.checkpoints.confirmation import UNATTENDED  # noqa: PLC0415 - slow to import

    if preview.blocked and (yes or not terminal.interactive):
        raise blocked_error(preview)
    app.confirmations.check_unspent(preview)
    _tell_standing(app, terminal, preview)
    if yes:
        return _instead(app, terminal, preview, UNATTENDED, lifetime)
    if not terminal.interactive:
        raise ConfirmationMissingError(
            f"Nobody can be asked to confirm {preview.id}: there is no terminal.",
            hint=_way_out(preview),
        )
    chosen, said_yes = decided(app, terminal, preview)
    if chosen.blocked:
        raise blocked_error(chosen)
    approver = approver_of(app, chosen)
    if said_yes:
        return _instead(app, terminal, chosen, approver, lifetime)
    return app.confirm(chosen, approver=approver, answer="no", lifetime=lifetime)


def _tell_standing(app: Actwright, terminal: Terminal, preview: Preview) -> None:
    """Tell whoever is asked that somebody has answered the same preview before, and how."""
    with suppress(ConfirmationMissingError):
        before = app.confirmations.latest(preview)
        terminal.hint(
            f"{before.approver} said {before.answer} to {preview.id} already, at {before.at}."
        )


def _instead(
    app: Actwright,
    terminal: Terminal,
    preview: Preview,
    approver: str,
    lifetime: timedelta | None,
) -> Confirmation:
    """Record a yes, and tell which standing yes to what the preview was edited from it takes back."""
    from actwright.checkpoints.superseding import superseded  # noqa: PLC0415 - slow to import

    before = superseded(preview, app.previews, app.confirmations)
    answer = app.confirm(preview, approver=approver, lifetime=lifetime)
    for each in before:
        terminal.hint(f"The yes to {each.id}, before the edit, no longer counts.")
    return answer


def approver_of(app: Actwright, preview: Preview) -> str:
    """Return who answers: the person named with ``--as``, else the one whose rights the preview was made with."""
    return app.settings.user or preview.running_user.username


def _way_out(preview: Preview) -> str:
    by_hand = f"Run `actwright confirm {preview.id}` in a terminal"
    return f"{by_hand}, or say --yes." if preview.org.local else f"{by_hand}."
