"""The grants of one store: made, signed, narrowed, revoked, and used up, one use a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from actwright.blueprints.plan import Plan
from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.credentials.signing import enough
from actwright.checkpoints.drawn import Drawn, added
from actwright.checkpoints.grants.covering import Used, outside
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.narrowing import narrowed
from actwright.checkpoints.grants.outside import Outside
from actwright.checkpoints.grants.records import CLOCK, GrantRecords, grant_in, refusal, use_in
from actwright.checkpoints.grants.use import GrantEnd, GrantSignature, GrantUse
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, timestamp
from actwright.errors import GrantError, InputError, NotFoundError
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.inert import inert
from actwright.store.database import Database, Transaction
from actwright.store.documents import claim

_ALL = 2**31 - 1
"""No bound: a grant that stands counts however many were made after it."""
_LATE = timedelta(days=1)
"""How long after it was proposed a grant can still be made."""


class Grants:
    """What was granted, by whom, and what of it was used. Nothing written about a grant is ever changed.

    Args:
        database: Where they are kept; a file of a grant is a copy and counts for nothing.
        clock: The time.
        approvers: Whose keys count.
    """

    def __init__(self, database: Database, clock: Clock, approvers: Approvers) -> None:
        self._database = database
        self._clock = clock
        self._records = GrantRecords(database, approvers)

    def make(self, grant: Grant, *, signer: Approver | None = None) -> Grant:
        """Store a grant that a person has said yes to, with the key they said it with, where they did.

        Raises:
            InputError: It is a further version of another one, or not of now.
        """
        if grant.narrowed_from or grant.lineage:
            raise InputError("A version of another grant is made by narrowing that one.")
        now = self._clock.now()
        if not abs(now - datetime.fromisoformat(grant.at)) <= _LATE:
            raise InputError(f"A grant is made now, and this one says {grant.at}.", where="at")
        self._records.grants.add(grant.id, grant, at=timestamp(now), parent=grant.root)
        if signer is not None:
            self.sign(grant.id, signer)
        return self.standing(grant.id)

    def sign(self, grant_id: str, signer: Approver) -> GrantSignature:
        """Put one more approver's key under a grant; the same key again changes nothing.

        Raises:
            NotFoundError: There is no such grant.
            GrantError: It has ended, or was narrowed.
        """
        grant, now = self.get(grant_id), self._clock.now()
        signature = GrantSignature(
            grant_id=grant.id, key_id=signer.id, name=signer.name, at=timestamp(now)
        )
        with self._database.write() as transaction:
            self._records.check_open(transaction, grant, now)
            known = self._records.signatures(transaction, grant)
            if signer.id not in {each.key_id for each in known}:
                key = f"{grant.root}:{signer.id}"
                self._records.signed.put(
                    transaction, key, signature, at=signature.at, parent=grant.root
                )
        return signature

    def narrow(
        self, grant_id: str, tighter: Mapping[str, object], *, by: str, why: str = ""
    ) -> Grant:
        """Let a version with tighter ceilings take the place of a grant; its uses so far count on.

        Args:
            grant_id: The grant.
            tighter: New ceilings, by name.
            by: Who narrows it.
            why: Their reason.

        Raises:
            NotFoundError: There is no such grant.
            GrantError: It does not stand any more.
            InputError: A ceiling is malformed, or would be wider.
        """
        old, at = self.standing(grant_id), timestamp(self._clock.now())
        made = narrowed(old, tighter, by=inert(by), at=at, why=why)
        with self._database.write() as transaction:
            transaction.hold(_lock(old))
            self._records.supersede(transaction, old, made)
        return made

    def revoke(self, grant_id: str, *, by: str, why: str) -> Grant:
        """End a grant, in all its versions, from now on and for runs that are under way.

        Raises:
            NotFoundError: There is no such grant.
            InputError: The reason is blank.
            GrantError: It has ended before.
        """
        reason = inert(why, limit=500).strip()
        if not reason:
            raise InputError("Revoking a grant needs a reason.", where="why")
        grant = self.get(grant_id)
        if not self._ended_by(grant, by=inert(by), why=reason):
            raise refusal(grant, "has ended before", "grant_revoked")
        return grant

    def get(self, grant_id: str) -> Grant:
        """Return a grant by id, whether it still stands or not.

        Raises:
            NotFoundError: The store holds none under that id.
        """
        found = self._records.grants.get(grant_id)
        if found is None:
            raise NotFoundError(
                f"There is no grant {inert(grant_id, limit=40)!r} in this store.",
                hint="actwright grants list; grants live in the store only.",
            )
        return grant_in(found)

    def everything(self) -> tuple[Grant, ...]:
        """Return every version of every grant, newest first."""
        return tuple(grant_in(each) for each in self._records.grants.recent(_ALL))

    def newest(self, grant: Grant) -> Grant:
        """Return the newest version of a grant."""
        found = self._records.grants.latest_of(grant.root)
        return grant_in(found) if found else grant

    def ended(self, grant: Grant) -> GrantEnd | None:
        """Return how a grant came to its end before its time, or None."""
        with self._database.read() as connection:
            return self._records.end(connection, grant)

    def check_not_revoked(self, grant_id: str) -> None:
        """Make sure that nobody has revoked the grant which began a run: nothing more of it goes out then.

        Raises:
            NotFoundError: There is no such grant.
            GrantError: Somebody has.
        """
        grant = self.get(grant_id)
        end = self.ended(grant)
        if end is not None and end.by != CLOCK:
            raise refusal(grant, f"was revoked at {end.at} ({end.by}: {end.why})", "grant_revoked")

    def standing(self, grant_id: str) -> Grant:
        """Return a grant that still stands.

        Raises:
            NotFoundError: There is none.
            GrantError: It was revoked, narrowed, its time is over, or its keys count no more.
        """
        grant = self.get(grant_id)
        try:
            with self._database.read() as connection:
                self._records.check_stands(connection, grant, self._clock.now())
        except GrantError as error:
            if error.error_code == "grant_expired":
                # Once seen to be over it is over, also where the clock is set back.
                self._ended_by(grant, by=CLOCK, why=f"its time ended {grant.ceilings.expires_at}")
            raise
        return grant

    def all_standing(self) -> tuple[Grant, ...]:
        """Return the grants that stand, the one that ends first in front."""
        found = [each for each in self.everything() if self.why_not(each) is None]
        return tuple(sorted(found, key=lambda each: (each.ceilings.expires_at, each.id)))

    def why_not(self, grant: Grant) -> GrantError | None:
        """Return why a grant does not stand, or None where it does."""
        try:
            self.standing(grant.id)
        except GrantError as error:
            return error
        return None

    def signatures(self, grant: Grant) -> tuple[GrantSignature, ...]:
        """Return who put their keys under a grant, oldest first, whether those keys still count or not."""
        with self._database.read() as connection:
            return self._records.signatures(connection, grant)

    def uses(self, grant: Grant) -> tuple[GrantUse, ...]:
        """Return the runs and waves a grant has said yes to, in all its versions, oldest first."""
        kept = (*self._records.begun.of(grant.root), *self._records.waves.of(grant.root))
        return tuple(sorted(map(use_in, kept), key=lambda each: each.at))

    def used(self, grant: Grant, *, run: Drawn | None = None) -> Used:
        """Return what of a grant was used.

        Args:
            grant: The grant.
            run: What the run that goes on has drawn; None for a run that is to begin.
        """
        with self._database.read() as connection:
            return self._records.used(connection, grant, self._clock.now(), run)

    def outside(
        self, grant: Grant, preview: Preview, plan: Plan, *, run: Drawn | None = None
    ) -> tuple[Outside, ...]:
        """Return every ceiling of a grant that a preview exceeds as things stand; none where it is covered."""
        return outside(grant, preview, plan, self.used(grant, run=run))

    def consume(
        self, transaction: Transaction, use: GrantUse, need: ApprovalNeed, *, begins: bool
    ) -> None:
        """Use a grant up once, in the transaction of a run's first event, or go on with its run.

        Args:
            transaction: That transaction.
            use: The run, the preview, and what is drawn; its number is told here.
            need: What the policy asks of a yes to the preview.
            begins: Whether a run begins; else it goes on.

        Raises:
            GrantError: It does not stand any more, is used up, or did not begin the run.
        """
        now, records = self._clock.now(), self._records
        found = records.grants.find(transaction, use.grant_id)
        if found is None:
            raise GrantError(f"There is no grant {use.grant_id!r} in this store.")
        grant = grant_in(found)
        transaction.hold(_lock(grant))
        records.check_stands(transaction, grant, now)
        used = records.used(transaction, grant, now)
        _check_amounts(grant, use, used)
        if not enough(need, used.signers):
            raise refusal(grant, "is not signed by those the policy asks for", "grant_unsigned")
        number = used.uses + 1 if begins else 0
        kept = use.model_copy(update={"number": number, "at": timestamp(now)})
        if not begins:
            self._check_begun(transaction, grant, use)
            records.waves.put(transaction, use.confirmation_id, kept, at=kept.at, parent=grant.root)
            return
        _check_left(grant, used)
        key = f"{grant.root}:{number}"
        if not claim(transaction, "grant", key, holder=use.run_id, at=kept.at):
            raise refusal(grant, "was used by another run at the same moment", "grant_used_up")
        records.begun.put(transaction, key, kept, at=kept.at, parent=grant.root)

    def _check_begun(self, transaction: Transaction, grant: Grant, use: GrantUse) -> None:
        """Refuse to go on with a run that the grant has not begun."""
        begun = map(use_in, self._records.begun.within(transaction, grant.root))
        if not any(each.run_id == use.run_id for each in begun):
            raise refusal(grant, f"did not begin {use.run_id}", "grant_foreign")

    def _ended_by(self, grant: Grant, *, by: str, why: str) -> bool:
        """End a grant; False where it has ended before."""
        end = GrantEnd(grant_id=grant.id, by=by, why=why, at=timestamp(self._clock.now()))
        with self._database.write() as transaction:
            transaction.hold(_lock(grant))
            if self._records.end(transaction, grant) is not None:
                return False
            self._records.ends.put(transaction, grant.root, end, at=end.at, parent=grant.root)
        return True


def _check_left(grant: Grant, used: Used) -> None:
    ceilings = grant.ceilings
    if used.uses >= ceilings.uses:
        raise refusal(grant, f"is used up: {used.uses} of {ceilings.uses} uses", "grant_used_up")
    if ceilings.uses_per_day is not None and used.today >= ceilings.uses_per_day:
        told = f"was used {used.today} times within 24 hours; the most is {ceilings.uses_per_day}"
        raise refusal(grant, told, "grant_used_up")


def _check_amounts(grant: Grant, use: GrantUse, used: Used) -> None:
    """Refuse to draw more in all than is left, which concurrent runs could each have thought there was."""
    total = added(use.drawn.amounts, used.drawn)
    for path, most in grant.ceilings.amounts_in_all.items():
        if total.get(path.lower(), Decimal(0)) > most:
            raise refusal(grant, f"has no more than {most} in all for {path}", "grant_used_up")


def _lock(grant: Grant) -> str:
    return f"grant:{grant.root}"
