"""Confirmations: a person's answer to one digest, kept in the store only, and consumed once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field, field_validator

from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
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
from actwright.store.database import Database, Transaction
from actwright.store.documents import Document, Documents, claim, holder_of

DEFAULT_LIFETIME = timedelta(minutes=30)
"""How long a yes may wait before the run starts."""

_LONGEST_LIFETIME = timedelta(days=7)

UNATTENDED = "unattended"
"""The approver recorded where nobody was asked: only on a local org."""


class Confirmation(Contract):
    """A person's answer to one preview."""

    id: str = Field(pattern=r"^cnf_[0-9a-f]{20}$")
    preview_id: str
    digest: str
    approver: str
    login: str = ""
    """The login name of the account the answer was given from."""
    answer: Literal["yes", "no"]
    at: str
    expires_at: str

    @field_validator("at", "expires_at")
    @classmethod
    def _a_moment(cls, text: str) -> str:
        """Refuse what is no moment with a zone: an expiry nobody can read never lets anything start."""
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("a point in time needs a zone")
        return text


class Confirmations:
    """The confirmations of one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._documents = Documents(database, "confirmation")

    def record(
        self,
        preview: Preview,
        *,
        approver: str,
        login: str = "",
        answer: Literal["yes", "no"] = "yes",
        lifetime: timedelta = DEFAULT_LIFETIME,
    ) -> Confirmation:
        """Store a person's answer to a preview.

        Raises:
            RefusedError: The preview is blocked; there is nothing to say yes to.
            ConfirmationForeignError: Nobody was asked, and the org is not a local one.
            ConfirmationUsedError: It is a yes to what has been carried out already.
            InputError: The approver is blank, or the lifetime is out of bounds.
        """
        approver = inert(approver)
        self._check(preview, approver, answer, lifetime)
        if answer == "yes":
            self.check_unspent(preview)
        now = self._clock.now()
        confirmation = Confirmation(
            id=f"cnf_{secrets.token_hex(10)}",
            preview_id=preview.id,
            digest=preview.digest,
            approver=approver,
            login=login,
            answer=answer,
            at=timestamp(now),
            expires_at=timestamp(now + lifetime),
        )
        self._documents.add(confirmation.id, confirmation, at=confirmation.at, parent=preview.id)
        return confirmation

    def latest(self, preview: Preview) -> Confirmation:
        """Return the newest answer to a preview.

        Raises:
            ConfirmationMissingError: There is none.
        """
        document = self._documents.latest_of(preview.id)
        if document is None:
            raise ConfirmationMissingError(
                f"Nobody has confirmed {preview.id}.",
                hint=f"actwright confirm {preview.id}",
            )
        return _read(document)

    def get(self, confirmation_id: str) -> Confirmation:
        """Return a confirmation by id.

        Raises:
            ConfirmationMissingError: The store holds none under that id.
        """
        document = self._documents.get(confirmation_id)
        if document is None:
            raise ConfirmationMissingError(
                f"There is no confirmation {confirmation_id[:40]!r} in this store.",
                hint="Confirm the preview here; confirmations live in the store only.",
            )
        return _read(document)

    def used_by(self, preview: Preview) -> str | None:
        """Return the id of the run that carried a preview out, or None."""
        return holder_of(self._database, "preview", preview.id)

    def check_unspent(self, preview: Preview) -> None:
        """Make sure that a preview can still be carried out.

        Raises:
            ConfirmationUsedError: It has been.
        """
        run_id = self.used_by(preview)
        if run_id is not None:
            raise ConfirmationUsedError(
                f"{preview.id} was already carried out by {run_id}; preview again.",
                hint=_anew(preview),
            )

    def check(self, confirmation: Confirmation, preview: Preview) -> None:
        """Make sure that a confirmation allows this very preview to start now.

        Raises:
            ConfirmationForeignError: It answers another preview or digest, or differs from the stored one.
            ConfirmationRefusedError: The answer was no.
            ConfirmationExpiredError: It is too old.
            ConfirmationUsedError: It has started a run already.
        """
        if self.get(confirmation.id) != confirmation:
            raise ConfirmationForeignError(
                f"The confirmation {confirmation.id} differs from the one in the store.",
                hint="Confirm the preview again.",
            )
        if (confirmation.preview_id, confirmation.digest) != (preview.id, preview.digest):
            raise ConfirmationForeignError(
                f"The confirmation {confirmation.id} answers another preview, {confirmation.preview_id}.",
                hint=f"actwright confirm {preview.id}",
            )
        newest = self.latest(preview)
        if "no" in {confirmation.answer, newest.answer}:
            said_no = newest if newest.answer == "no" else confirmation
            raise ConfirmationRefusedError(
                f"{said_no.approver} said no to {preview.id} at {said_no.at}.",
                hint=f"Make a new plan, or confirm again: actwright confirm {preview.id}",
            )
        if self._clock.now() >= datetime.fromisoformat(confirmation.expires_at):
            raise ConfirmationExpiredError(
                f"The confirmation of {preview.id} expired at {confirmation.expires_at}.",
                hint=f"{_anew(preview)}, then confirm again.",
            )
        self._check_unused(confirmation)

    def consume(self, transaction: Transaction, confirmation: Confirmation, *, run_id: str) -> None:
        """Use a confirmation up, and its preview with it, inside the transaction of its run's first event.

        Raises:
            ConfirmationUsedError: Another run was faster.
        """
        at = timestamp(self._clock.now())
        for kind, key in _claims(confirmation):
            if not claim(transaction, kind, key, holder=run_id, at=at):
                raise _used(confirmation, "another run")

    def _check_unused(self, confirmation: Confirmation) -> None:
        for kind, key in _claims(confirmation):
            run_id = holder_of(self._database, kind, key)
            if run_id:
                raise _used(confirmation, run_id)

    def _check(self, preview: Preview, approver: str, answer: str, lifetime: timedelta) -> None:
        if not approver.strip():
            raise InputError("A confirmation needs the name of who answers.", where="approver")
        if not timedelta(0) < lifetime <= _LONGEST_LIFETIME:
            raise InputError("A confirmation lives for up to seven days.", where="lifetime")
        if approver.strip().casefold() == UNATTENDED and not preview.org.local:
            raise ConfirmationForeignError(
                f"Only the embedded local org may be changed without asking a person; {preview.org.url} is not it.",
                hint=f"actwright confirm {preview.id}",
                code="confirmation_unattended",
            )
        if answer == "yes" and (preview.blocked or not preview.groups):
            raise RefusedError(
                f"{preview.id} cannot be confirmed: {preview.blocked[0].message}"
                if preview.blocked
                else f"{preview.id} would do nothing.",
                where=preview.blocked[0].field if preview.blocked else None,
                hint=preview.blocked[0].hint if preview.blocked else None,
                code=preview.blocked[0].code if preview.blocked else "preview_empty",
            )


def _anew(preview: Preview) -> str:
    """Return the command that previews the same again; one of a run's further stages is no start of another run."""
    return (
        f"actwright resume {preview.run_id}"
        if preview.run_id
        else f"actwright preview {preview.plan_id}"
    )


def _claims(confirmation: Confirmation) -> tuple[tuple[str, str], ...]:
    """Return what a run uses up: the answer, and the preview, so that a second yes to it starts nothing."""
    return (("confirmation", confirmation.id), ("preview", confirmation.preview_id))


def _used(confirmation: Confirmation, run_id: str) -> ConfirmationUsedError:
    return ConfirmationUsedError(
        f"{confirmation.preview_id}, and the yes {confirmation.id} to it, was used by {run_id}; a preview runs once.",
        hint=f"actwright inspect {run_id}" if run_id.startswith("run_") else "actwright ps",
    )


def _read(document: Document) -> Confirmation:
    return validated(Confirmation, document.json(), where=document.id)
