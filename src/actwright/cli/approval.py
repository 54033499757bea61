"""Approval: who answers, and how the answer is taken down."""

from __future__ import annotations

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

    Raises:
        RefusedError: The preview is blocked by a guardrail.
        InputError: The preview is blocked by a value.
        ConfirmationMissingError: There is no terminal to ask on.
        ConfirmationForeignError: ``--yes`` away from the embedded local org.
        ConfirmationUsedError: The preview has been carried out already.
    """
    from actwright.checkpoints.confirmation import UNATTENDED  # noqa: PLC0415 - slow to import

    if preview.blocked and (yes or not terminal.interactive):
        raise blocked_error(preview)
    app.confirmations.check_unspent(preview)
    if yes:
        return app.confirm(preview, approver=UNATTENDED, lifetime=lifetime)
    if not terminal.interactive:
        raise ConfirmationMissingError(
            f"Nobody can be asked to confirm {preview.id}: there is no terminal.",
            hint=_way_out(preview),
        )
    chosen, said_yes = decided(app, terminal, preview)
    if chosen.blocked:
        raise blocked_error(chosen)
    return app.confirm(
        chosen,
        approver=approver_of(app, chosen),
        answer="yes" if said_yes else "no",
        lifetime=lifetime,
    )


def approver_of(app: Actwright, preview: Preview) -> str:
    """Return who answers: the person named with ``--as``, else the one whose rights the preview was made with."""
    return app.settings.user or preview.running_user.username


def _way_out(preview: Preview) -> str:
    by_hand = f"Run `actwright confirm {preview.id}` in a terminal"
    return f"{by_hand}, or say --yes." if preview.org.local else f"{by_hand}."
