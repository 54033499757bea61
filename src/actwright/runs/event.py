"""Journal events: what happened in a run, one after the other, each chained to the one before."""

from __future__ import annotations

from typing import Any, Literal

from actwright.canonical import digest
from actwright.contract import Contract

EventKind = Literal[
    "run_started",
    "group_checked",
    "group_refused",
    "group_intended",
    "group_submitted",
    "group_settled",
    "group_observed",
    "run_ended",
]
"""
- ``run_started``: a confirmation was consumed.
- ``group_checked``: the records were read again and stand as previewed.
- ``group_refused``: they do not, or a permission is gone; nothing was sent.
- ``group_intended``: the group is about to be sent.
- ``group_submitted``: the org has given the group's bulk job an id; none of its rows has been written yet.
- ``group_settled``: the org's answer, or that it was lost.
- ``group_observed``: what the records look like after the commit.
- ``run_ended``: the one truthful end, with the envelope.
"""

GENESIS = "0" * 64
"""The hash before a run's first event."""


class JournalEvent(Contract):
    """One event of one run."""

    run_id: str
    seq: int
    at: str
    kind: EventKind
    actor: str
    data: dict[str, Any]
    prev_hash: str
    hash: str

    def expected_hash(self) -> str:
        """Return the hash this event must have: SHA-256 over the canonical JSON of all the rest of it."""
        return digest(self.model_dump(mode="json", exclude={"hash"}))

    @classmethod
    def following(
        cls,
        last: JournalEvent | None,
        *,
        run_id: str,
        at: str,
        kind: EventKind,
        actor: str,
        data: dict[str, Any],
    ) -> JournalEvent:
        """Return the event that comes behind ``last``, chained to it; a run's first where that is None."""
        draft = cls(
            run_id=run_id,
            seq=last.seq + 1 if last else 1,
            at=at,
            kind=kind,
            actor=actor,
            data=data,
            prev_hash=last.hash if last else GENESIS,
            hash="",
        )
        return draft.model_copy(update={"hash": draft.expected_hash()})
