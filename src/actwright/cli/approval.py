"""Approval: who answers, and how the answer is taken down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.deciding import decided
from actwright.cli.keys import check_may_say_yes, is_at_hand, key_for
from actwright.cli.verdict import blocked_error
from actwright.errors import ConfirmationMissingError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.credentials.collecting import Collected
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal


def approve(
    app: Actwright,
    preview: Preview,
    terminal: Terminal,
    *,
    yes: bool,
    lifetime: timedelta | None = None,
    grant: str | None = None,
    key_file: Path | None = None,
) -> Confirmation:
    """Return the recorded answer to a preview: given beforehand with ``--yes`` or by a grant, or asked for now.

    Away from the embedded local org a ``--yes`` is that of a key, or of the grant that covers the preview. Whoever is asked may edit the preview first: the answer is then to the one that came of it, by its ``preview_id``.
    A yes to an edited preview takes back the one to what it was edited from, so that not both are carried out.

    Raises:
        RefusedError: The preview is blocked by a guardrail.
        InputError: The preview is blocked by a value.
        ConfirmationMissingError: There is no terminal to ask on.
        ConfirmationForeignError: ``--yes`` away from the embedded local org, and no grant covers it; or the key, or
            its holder, cannot say yes to it.
        GrantError: The grant does not stand, or does not reach that far.
        ConfirmationUsedError: The preview has been carried out already.
        InterruptedQuestionError: The person broke the question off.
    """
    from actwright.checkpoints.confirmation import UNATTENDED  # noqa: PLC0415 - slow to import

    asked = not (yes or grant)
    if preview.blocked and not (asked and terminal.interactive):
        raise blocked_error(preview)
    app.confirmations.check_unspent(preview)
    _tell_standing(app, terminal, preview)
    if grant or (yes and not preview.org.local and not is_at_hand(preview, key_file)):
        return _by_grant(app, terminal, preview, grant)
    if yes:
        return _instead(app, terminal, preview, UNATTENDED, lifetime=lifetime, key_file=key_file)
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
        return _instead(app, terminal, chosen, approver, lifetime=lifetime, key_file=key_file)
    return app.confirm(chosen, approver=approver, answer="no", lifetime=lifetime)


def applying(
    terminal: Terminal, answer: Confirmation | None, preview: Preview
) -> AbstractContextManager[Callable[[int], None]]:
    """Show a bar for as long as a preview is carried out; none where nobody said yes, as then nothing is.

    Args:
        terminal: Where it is shown.
        answer: What was answered to the preview.
        preview: What was answered to.
    """
    if answer is None or answer.answer == "no":
        return nullcontext(lambda _: None)
    return terminal.counting("Applying", len(preview.effects))


def tell_collected(terminal: Terminal, preview_id: str, found: Collected) -> None:
    """Tell who of those a preview needs has said yes, where that is more than anybody's word."""
    if not found.need.plain:
        terminal.hint(f"The yes to {preview_id}: {found}.")


def _by_grant(
    app: Actwright, terminal: Terminal, preview: Preview, grant: str | None
) -> Confirmation:
    """Confirm by a grant, and tell by which."""
    given = app.confirm_by_grant(preview, grant)
    if given.grant is not None:
        terminal.hint(f"Covered by the grant {given.grant.grant_id}; nobody was asked.")
    return given


def _tell_standing(app: Actwright, terminal: Terminal, preview: Preview) -> None:
    """Tell whoever is asked that somebody has answered the same preview before, and how."""
    if not preview.approval.plain:
        tell_collected(terminal, preview.id, app.confirmations.collected(preview))
        return
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
    *,
    lifetime: timedelta | None,
    key_file: Path | None,
) -> Confirmation:
    """Record a yes, with the key its policy asks for, and tell which standing yes to what the preview was edited from it takes back."""
    from actwright.checkpoints.superseding import superseded  # noqa: PLC0415 - slow to import

    before = superseded(preview, app.previews, app.confirmations)
    key = key_for(preview, key_file)
    if key is None:
        check_may_say_yes()
    name = approver if key is None else ""
    signed = {each.key_id for each in app.confirmations.collected(preview).given if each.key_id}
    answer = app.confirm(preview, approver=name, lifetime=lifetime, key=key)
    if answer.key_id in signed:
        terminal.hint(f"{answer.approver} had said yes with this key already; it counts once.")
    for each in before:
        terminal.hint(f"The yes to {each.id}, before the edit, no longer counts.")
    return answer


def approver_of(app: Actwright, preview: Preview) -> str:
    """Return who answers: the person named with ``--as``, else the one whose rights the preview was made with."""
    return app.settings.user or preview.running_user.username


def _way_out(preview: Preview) -> str:
    by_hand = f"Run `actwright confirm {preview.id}` in a terminal"
    return f"{by_hand}, or say --yes." if preview.org.local else f"{by_hand}."
