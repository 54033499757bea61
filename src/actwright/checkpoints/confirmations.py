"""Confirmations: answers to previews, kept in the store only, collected until they are enough, and consumed once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from actwright.checkpoints.confirmation import (
    BY_GRANT,
    DEFAULT_LIFETIME,
    Confirmation,
    Covered,
)
from actwright.checkpoints.confirmation_checks import (
    anew,
    check_answer,
    check_answers,
    check_complete,
    check_in_time,
    check_not_refused,
    check_sound,
    claims_of,
    name_of,
    used_by,
)
from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.credentials.collecting import Collected, collected
from actwright.checkpoints.credentials.presenting import check_may_answer, presented
from actwright.checkpoints.grants.ledger import Grants
from actwright.checkpoints.grants.use import GrantUse
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import (
    ConfirmationMissingError,
    ConfirmationUsedError,
)
from actwright.store.database import Database, Transaction
from actwright.store.documents import Document, Documents, claim, holder_of, holder_within


class Confirmations:
    """The confirmations of one store.

    Args:
        database: Where they are kept.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._documents = Documents(database, "confirmation")
        self._approvers = Approvers(database, clock)
        self._grants = Grants(database, clock, self._approvers)

    def record(
        self,
        preview: Preview,
        *,
        approver: str = "",
        login: str = "",
        answer: Literal["yes", "no"] = "yes",
        lifetime: timedelta = DEFAULT_LIFETIME,
        key: str | None = None,
    ) -> Confirmation:
        """Store a person's answer to a preview.

        Args:
            preview: What is answered.
            approver: Who answers; the holder of the key where one is given.
            login: The account it is answered from.
            answer: What they say.
            lifetime: How long a yes waits for its run.
            key: Their approver key, where the policy asks for one. It is written nowhere.

        Raises:
            RefusedError: The preview is blocked; there is nothing to say yes to.
            ConfirmationMissingError: The policy asks for a key, and there is none.
            ConfirmationForeignError: Nobody was asked, and the org is not a local one; or the key says yes to nothing,
                or its holder may not.
            ConfirmationUsedError: It is a yes to what has been carried out already.
            InputError: The approver is blank, or the lifetime is out of bounds.
        """
        signer = presented(self._approvers, key) if key is not None else None
        name = name_of(approver, signer)
        check_answer(preview, name, answer, lifetime)
        if answer == "yes":
            check_may_answer(preview, signer)
            self.check_unspent(preview)
        key_id = signer.id if signer else ""
        return self._keep(preview, name, answer, lifetime, login=login, key_id=key_id)

    def record_covered(
        self, preview: Preview, covered: Covered, *, lifetime: timedelta = DEFAULT_LIFETIME
    ) -> Confirmation:
        """Store that a grant covers a preview; whether it still stands is looked at when it is used.

        Raises:
            RefusedError: The preview is blocked.
            ConfirmationUsedError: It has been carried out already.
        """
        check_sound(preview)
        self.check_unspent(preview)
        name = f"{BY_GRANT}{covered.grant_id}"
        return self._keep(preview, name, "yes", lifetime, grant=covered)

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

    def collected(self, preview: Preview) -> Collected:
        """Return who has said yes to a preview so far, and who else could."""
        with self._database.read() as connection:
            return self._collected(connection, preview)

    def told(self, confirmation: Confirmation, preview: Preview) -> dict[str, object]:
        """Return what the first event of a run, or of a stage, says of who let it happen; empty for a plain yes."""
        if confirmation.grant is not None:
            return {"grant": confirmation.grant.grant_id}
        if preview.approval.plain and not confirmation.key_id:
            return {}
        signed = [each for each in self.collected(preview).given if each.key_id]
        if not signed:
            return {}
        return {
            "signatures": [
                {"confirmationId": each.id, "approver": each.approver, "keyId": each.key_id}
                for each in signed
            ]
        }

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
                hint=anew(preview),
            )

    def check(self, confirmation: Confirmation, preview: Preview) -> None:
        """Make sure that a confirmation allows this very preview to start now.

        Raises:
            ConfirmationForeignError: It answers another preview or digest, or differs from the stored one.
            ConfirmationRefusedError: The answer was no.
            ConfirmationExpiredError: It is too old.
            ConfirmationMissingError: More people have to say yes.
            GrantError: It comes from a grant that does not stand any more.
            ConfirmationUsedError: It has started a run already.
        """
        check_answers(preview, confirmation, self.get(confirmation.id))
        check_not_refused(preview, confirmation, self.latest(preview))
        check_in_time(preview, confirmation, self._clock.now())
        if confirmation.grant is not None:
            self._grants.standing(confirmation.grant.grant_id)
        elif not preview.approval.plain:
            check_complete(preview, confirmation, self.collected(preview))
        self._check_unused(confirmation)

    def check_not_withdrawn(self, approver: str) -> None:
        """Make sure that the yes which a run goes by was not withdrawn meanwhile, as a revoked grant is.

        Args:
            approver: Who said yes, as the run's journal has it.

        Raises:
            GrantError: It was a grant's, and somebody has revoked that.
        """
        if approver.startswith(BY_GRANT):
            self._grants.check_not_revoked(approver.removeprefix(BY_GRANT))

    def consume(
        self, transaction: Transaction, confirmation: Confirmation, preview: Preview, *, run_id: str
    ) -> None:
        """Use a confirmation up, and its preview with it, inside the transaction of its run's first event.

        Args:
            transaction: That transaction; what was said or revoked until now counts.
            confirmation: The yes.
            preview: What it is a yes to.
            run_id: The run that begins, or goes on.

        Raises:
            ConfirmationUsedError: Another run was faster.
            ConfirmationRefusedError: Somebody said no meanwhile.
            ConfirmationMissingError: A key it needs was revoked meanwhile.
            GrantError: Its grant does not stand any more, or is used up.
        """
        newest = self._documents.latest_within(transaction, preview.id)
        check_not_refused(preview, confirmation, _read(newest) if newest else confirmation)
        used = [confirmation]
        if confirmation.grant is None and not preview.approval.plain:
            found = self._collected(transaction, preview)
            check_complete(preview, confirmation, found)
            used += [each for each in found.given if each.id != confirmation.id]
        at = timestamp(self._clock.now())
        for kind, key in claims_of(*used):
            if not claim(transaction, kind, key, holder=run_id, at=at):
                winner = holder_within(transaction, kind, key)
                raise used_by(confirmation, winner or "another run")
        if confirmation.grant is not None:
            use = _use(confirmation, confirmation.grant, run_id)
            self._grants.consume(
                transaction, use, preview.approval, begins=confirmation.grant.begins
            )

    def _collected(self, transaction: Transaction, preview: Preview) -> Collected:
        answers = [_read(each) for each in self._documents.within(transaction, preview.id)]
        approvers: dict[str, Approver] = {}
        if not preview.approval.plain:
            approvers = {each.id: each for each in self._approvers.all_within(transaction)}
        return collected(preview, answers, approvers, self._clock.now())

    def _keep(
        self,
        preview: Preview,
        approver: str,
        answer: Literal["yes", "no"],
        lifetime: timedelta,
        *,
        login: str = "",
        key_id: str = "",
        grant: Covered | None = None,
    ) -> Confirmation:
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
            key_id=key_id,
            grant=grant,
        )
        self._documents.add(confirmation.id, confirmation, at=confirmation.at, parent=preview.id)
        return confirmation

    def _check_unused(self, confirmation: Confirmation) -> None:
        for kind, key in claims_of(confirmation):
            run_id = holder_of(self._database, kind, key)
            if run_id:
                raise used_by(confirmation, run_id)


def _use(confirmation: Confirmation, covered: Covered, run_id: str) -> GrantUse:
    return GrantUse(
        root=covered.root,
        grant_id=covered.grant_id,
        number=0,
        run_id=run_id,
        preview_id=confirmation.preview_id,
        confirmation_id=confirmation.id,
        at=confirmation.at,
        drawn=covered.drawn,
    )


def _read(document: Document) -> Confirmation:
    return validated(Confirmation, document.json(), where=document.id)
