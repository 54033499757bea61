"""What the store holds of grants, read in a transaction of the caller's, so that what is decided by it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.drawn import Drawn, added
from actwright.checkpoints.grants.covering import Used
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.use import GrantEnd, GrantSignature, GrantUse
from actwright.clock import CLOCKS_APART, timestamp
from actwright.document import validated
from actwright.errors import GrantError
from actwright.store.database import Database, Transaction
from actwright.store.documents import Document, Documents, claim

_DAY = timedelta(hours=24)

CLOCK = "clock"
"""Who ends a grant whose time is over."""


class GrantRecords:
    """The documents of grants.

    Args:
        database: Where they are.
        approvers: Whose keys count.
    """

    def __init__(self, database: Database, approvers: Approvers) -> None:
        self._approvers = approvers
        self.grants = Documents(database, "grant")
        self.signed = Documents(database, "grant_signature")
        self.ends = Documents(database, "grant_end")
        self.begun = Documents(database, "grant_use")
        self.waves = Documents(database, "grant_wave")

    def end(self, transaction: Transaction, grant: Grant) -> GrantEnd | None:
        """Return how a grant came to its end, or None."""
        found = self.ends.find(transaction, grant.root)
        return validated(GrantEnd, found.json(), where=found.id) if found else None

    def signatures(self, transaction: Transaction, grant: Grant) -> tuple[GrantSignature, ...]:
        """Return who put their keys under a grant, oldest first, whether those keys still count or not."""
        return tuple(
            validated(GrantSignature, each.json(), where=each.id)
            for each in self.signed.within(transaction, grant.root)
        )

    def signers(self, transaction: Transaction, grant: Grant) -> tuple[Approver, ...]:
        """Return whose keys stand under a grant, as far as they count."""
        signed = self.signatures(transaction, grant)
        found = (self._approvers.within(transaction, each.key_id) for each in signed)
        return tuple(each for each in found if each is not None)

    def used(
        self, transaction: Transaction, grant: Grant, now: datetime, run: Drawn | None = None
    ) -> Used:
        """Return what of a grant was used by now.

        Args:
            transaction: Where to read it.
            grant: The grant.
            now: The present moment.
            run: What the run that goes on has drawn; None for a run that is to begin.
        """
        kept = self.begun.within(transaction, grant.root)
        drawn: dict[str, Decimal] = {}
        if grant.ceilings.amounts_in_all:
            for each in (*kept, *self.waves.within(transaction, grant.root)):
                drawn = added(drawn, use_in(each).drawn.amounts)
        return Used(
            now=now,
            uses=len(kept),
            today=sum(each.at > timestamp(now - _DAY) for each in kept),
            drawn=drawn,
            run=run,
            signers=self.signers(transaction, grant),
        )

    def check_open(self, transaction: Transaction, grant: Grant, now: datetime) -> None:
        """Refuse a grant that has ended, was narrowed, or whose time cannot be told.

        Raises:
            GrantError: It does not stand.
        """
        end = self.end(transaction, grant)
        if end is not None:
            word = "expired" if end.by == CLOCK else "revoked"
            raise refusal(
                grant, f"{_ENDED[word]} at {end.at} ({end.by}: {end.why})", f"grant_{word}"
            )
        newer = _narrowed_to(transaction, grant)
        if newer:
            raise refusal(grant, f"was narrowed to {newer}", "grant_superseded")
        if now >= datetime.fromisoformat(grant.ceilings.expires_at):
            raise refusal(grant, f"expired at {grant.ceilings.expires_at}", "grant_expired")
        seen = self._last_seen(transaction, grant)
        if now < datetime.fromisoformat(seen) - CLOCKS_APART:
            told = f"was made or used at {seen}, and the clock says {timestamp(now)}"
            raise refusal(grant, told, "grant_clock")

    def check_stands(self, transaction: Transaction, grant: Grant, now: datetime) -> None:
        """Refuse a grant that is not open, or whose keys were all revoked.

        Raises:
            GrantError: It does not stand.
        """
        self.check_open(transaction, grant, now)
        if self.signatures(transaction, grant) and not self.signers(transaction, grant):
            told = "was signed with keys that were all revoked since"
            raise refusal(grant, told, "grant_unsigned")

    def supersede(self, transaction: Transaction, old: Grant, new: Grant) -> None:
        """Let a new version take the place of a grant.

        Raises:
            GrantError: Another one took it meanwhile.
        """
        if not claim(transaction, _NARROWED, old.id, holder=new.id, at=new.at):
            raise refusal(old, "was narrowed by somebody else meanwhile", "grant_superseded")
        self.grants.put(transaction, new.id, new, at=new.at, parent=new.root)

    def _last_seen(self, transaction: Transaction, grant: Grant) -> str:
        """Return the newest moment there is of a grant: no clock that is right can stand before it."""
        kept = self.begun.within(transaction, grant.root)
        return max(timestamp(datetime.fromisoformat(grant.at)), *(each.at for each in kept), "")


_NARROWED = "grant_narrowed"
_ENDED = {"expired": "was found expired", "revoked": "was revoked"}


def _narrowed_to(transaction: Transaction, grant: Grant) -> str:
    row = transaction.execute(
        "SELECT holder FROM claim WHERE kind = ? AND key = ?", (_NARROWED, grant.id)
    ).fetchone()
    return str(row[0]) if row else ""


def grant_in(document: Document) -> Grant:
    """Return the grant in a stored document.

    Raises:
        DocumentError: It was damaged, or edited.
    """
    return validated(Grant, document.json(), where=document.id)


def use_in(document: Document) -> GrantUse:
    """Return the use in a stored document.

    Raises:
        DocumentError: It was damaged, or edited.
    """
    return validated(GrantUse, document.json(), where=document.id)


def refusal(grant: Grant, why: str, code: str) -> GrantError:
    """Return the error that a grant says yes to nothing, and why."""
    return GrantError(
        f"The grant {grant.id} {why}.",
        where=grant.id,
        hint=f"actwright grants show {grant.id}; a person can confirm instead.",
        code=code,
    )
