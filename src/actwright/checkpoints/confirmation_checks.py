"""What keeps an answer from being taken, or a yes from starting anything: told before anything is written."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from actwright.checkpoints.confirmation import BY_GRANT, UNATTENDED, Confirmation
from actwright.checkpoints.credentials.approvers import Approver
from actwright.checkpoints.credentials.collecting import Collected, is_good
from actwright.checkpoints.credentials.person_names import person_key
from actwright.checkpoints.preview import Preview
from actwright.errors import (
    ConfirmationExpiredError,
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    ConfirmationUsedError,
    InputError,
    RefusedError,
)
from actwright.inert import inert

_LONGEST_LIFETIME = timedelta(days=7)


def name_of(approver: str, signer: Approver | None) -> str:
    """Return who answers.

    Raises:
        ConfirmationForeignError: Somebody else is named than the key belongs to.
    """
    name = inert(approver)
    if signer is None:
        return name
    if name.strip() and name.strip().casefold() != signer.name.casefold():
        raise ConfirmationForeignError(
            f"The key is {signer.name}'s, and {name} is to answer.",
            hint="Leave the name out: the key says who answers.",
            code="key_of_another",
        )
    return signer.name


def check_answer(preview: Preview, approver: str, answer: str, lifetime: timedelta) -> None:
    """Make sure that an answer is somebody's, and can be one to this preview.

    Raises:
        InputError: Nobody, or a grant, is named, or the lifetime is out of bounds.
        ConfirmationForeignError: Nobody was asked, and the org is not a local one.
        RefusedError: It is a yes to what cannot be carried out.
    """
    if not approver.strip():
        raise InputError("A confirmation needs the name of who answers.", where="approver")
    if not timedelta(0) < lifetime <= _LONGEST_LIFETIME:
        raise InputError("A confirmation lives for up to seven days.", where="lifetime")
    name = unicodedata.normalize("NFKC", approver.strip()).casefold()
    if name.startswith(BY_GRANT):
        raise InputError("That is how grants are called, and no person.", where="approver")
    if person_key(name) == person_key(UNATTENDED) and not preview.org.local:
        raise ConfirmationForeignError(
            f"Only the embedded local org may be changed without asking a person; {preview.org.url} is not it.",
            hint=f"actwright confirm {preview.id}",
            code="confirmation_unattended",
        )
    if answer == "yes":
        check_sound(preview)


def check_sound(preview: Preview) -> None:
    """Refuse a yes to what cannot be carried out.

    Raises:
        RefusedError: It is blocked, or would do nothing.
    """
    if preview.blocked or not preview.groups:
        raise RefusedError(
            f"{preview.id} cannot be confirmed: {preview.blocked[0].message}"
            if preview.blocked
            else f"{preview.id} would do nothing.",
            where=preview.blocked[0].field if preview.blocked else None,
            hint=preview.blocked[0].hint if preview.blocked else None,
            code=preview.blocked[0].code if preview.blocked else "preview_empty",
        )


def check_answers(preview: Preview, confirmation: Confirmation, stored: Confirmation) -> None:
    """Refuse a confirmation that is not the stored one, or answers something else.

    Raises:
        ConfirmationForeignError: It is, or does.
    """
    if stored != confirmation:
        raise ConfirmationForeignError(
            f"The confirmation {confirmation.id} differs from the one in the store.",
            hint="Confirm the preview again.",
        )
    if (confirmation.preview_id, confirmation.digest) != (preview.id, preview.digest):
        raise ConfirmationForeignError(
            f"The confirmation {confirmation.id} answers another preview, {confirmation.preview_id}.",
            hint=f"actwright confirm {preview.id}",
        )


def check_not_refused(preview: Preview, confirmation: Confirmation, newest: Confirmation) -> None:
    """Refuse a no, and a yes that somebody took back since.

    Raises:
        ConfirmationRefusedError: Somebody said no.
    """
    if "no" in {confirmation.answer, newest.answer}:
        said_no = newest if newest.answer == "no" else confirmation
        raise ConfirmationRefusedError(
            f"{said_no.approver} said no to {preview.id} at {said_no.at}.",
            hint=f"Make a new plan, or confirm again: actwright confirm {preview.id}",
        )


def check_in_time(preview: Preview, confirmation: Confirmation, now: datetime) -> None:
    """Refuse a yes whose time is over, or was not there yet.

    Raises:
        ConfirmationExpiredError: It is.
    """
    if not is_good(confirmation, now):
        raise ConfirmationExpiredError(
            f"The confirmation of {preview.id} expired at {confirmation.expires_at}.",
            hint=f"{anew(preview)}, then confirm again.",
        )


def check_complete(preview: Preview, confirmation: Confirmation, found: Collected) -> None:
    """Refuse a yes that more people have to give, or that is none of those that count.

    Raises:
        ConfirmationMissingError: It is not enough.
    """
    if not found.complete or confirmation.key_id not in {each.key_id for each in found.given}:
        rules = "".join(f" ({each})" for each in preview.approval.rules[:1])
        raise ConfirmationMissingError(
            f"The yes to {preview.id} is not complete{rules}: {found}.",
            hint=f"actwright confirm {preview.id}",
            code="confirmation_incomplete",
        )


def anew(preview: Preview) -> str:
    """Return the command that previews the same again; one of a run's further stages is no start of another run."""
    return (
        f"actwright resume {preview.run_id}"
        if preview.run_id
        else f"actwright preview {preview.plan_id}"
    )


def claims_of(*used: Confirmation) -> tuple[tuple[str, str], ...]:
    """Return what a run uses up: the answers, and the preview, so that a second yes to it starts nothing."""
    answers = (("confirmation", each.id) for each in used)
    return (*answers, ("preview", used[0].preview_id))


def used_by(confirmation: Confirmation, run_id: str) -> ConfirmationUsedError:
    """Return that a yes, or the preview it answers, has started a run already."""
    return ConfirmationUsedError(
        f"{confirmation.preview_id}, and the yes {confirmation.id} to it, was used by {run_id}; a preview runs once.",
        hint=f"actwright inspect {run_id}" if run_id.startswith("run_") else "actwright ps",
    )
