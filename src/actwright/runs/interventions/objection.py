"""Objections: what holds a run until approvers have decided, told by the run's own events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce

from pydantic import Field

from actwright.canonical import digest
from actwright.checkpoints.credentials.person_names import person_key
from actwright.contract import Contract
from actwright.org.query import JsonScalar
from actwright.runs.interventions.intervention import DECISIONS
from actwright.runs.record.event import JournalEvent


class Signature(Contract):
    """One approver's word on an objection."""

    approver_id: str
    """Whose key signed."""
    name: str
    """What people call them."""
    choice: str
    """``uphold``, ``dismiss`` or ``modify``."""
    values: str
    """SHA-256 of the new values; two who want different ones do not agree."""
    inputs: dict[str, JsonScalar] = Field(default_factory=dict)
    """The new values, by ``ACTION.INPUT``."""
    why: str
    """Their reason."""
    at: str
    """When."""


class Objection(Contract):
    """One objection to a run."""

    id: str
    """The idempotency key it was filed under."""
    filed_by: str
    """Who filed it."""
    why: str
    """Their reason."""
    at: str
    """When."""
    until: str
    """When it is escalated, unless it has been decided."""
    needed: int
    """How many have to decide the same way."""
    may_sign: tuple[str, ...]
    """The ids of the approvers registered when it was filed; nobody who came later counts."""
    signatures: tuple[Signature, ...] = ()
    """Who has signed so far."""
    refused: int = 0
    """How many keys were refused, as far as that was put on the record."""
    decided: str = ""
    """How it was decided; empty while it is open."""

    @property
    def disagree(self) -> bool:
        """Whether those who have signed so far want different things."""
        return len({(each.choice, each.values) for each in self.signatures}) > 1

    def has_signed(self, approver_id: str, name: str) -> bool:
        """Tell whether somebody has signed, under this key or an earlier one of theirs."""
        return any(
            each.approver_id == approver_id or person_key(each.name) == person_key(name)
            for each in self.signatures
        )

    def would_decide(self, choice: str, values: str, counting: Collection[str]) -> bool:
        """Tell whether one more signature of this kind decides it.

        Args:
            choice: What it says.
            values: The digest of the values it is for.
            counting: The ids of the approvers whose keys count by now; what a key signed before it was revoked is void.
        """
        agreeing = sum(
            (each.choice, each.values) == (choice, values) and each.approver_id in counting
            for each in self.signatures
        )
        return agreeing + 1 >= self.needed


def objections(events: Iterable[JournalEvent]) -> tuple[Objection, ...]:
    """Return every objection to a run, oldest first."""
    return reduce(_after, events, ())


def open_objection(events: Sequence[JournalEvent]) -> Objection | None:
    """Return the objection that nobody has decided yet, or None."""
    newest = objections(events)[-1:]
    return newest[0] if newest and not newest[0].decided else None


def values_digest(inputs: dict[str, JsonScalar]) -> str:
    """Return what two signatures must have the same where they agree on new values."""
    return digest(inputs)


def _after(known: tuple[Objection, ...], event: JournalEvent) -> tuple[Objection, ...]:
    if event.kind != "intervened":
        return known
    action = event.data.get("action")
    if action == "override":
        return (*known, _filed(event))
    if action not in DECISIONS or not known:
        return known
    return (*known[:-1], _signed(known[-1], event))


def _filed(event: JournalEvent) -> Objection:
    data = event.data
    return Objection(
        id=str(data["key"]),
        filed_by=event.actor,
        why=str(data["why"]),
        at=event.at,
        until=str(data["until"]),
        needed=int(data["needed"]),
        may_sign=tuple(map(str, data["maySign"])),
    )


def _signed(objection: Objection, event: JournalEvent) -> Objection:
    data = event.data
    if data.get("refused"):
        return objection.model_copy(update={"refused": objection.refused + 1})
    signature = Signature(
        approver_id=str(data["signer"]),
        name=str(data["signerName"]),
        choice=str(data["action"]),
        values=values_digest(data.get("inputs", {})),
        inputs=data.get("inputs", {}),
        why=str(data["why"]),
        at=event.at,
    )
    decided = signature.choice if data.get("decided") else ""
    signed = (*objection.signatures, signature)
    return objection.model_copy(update={"signatures": signed, "decided": decided})
