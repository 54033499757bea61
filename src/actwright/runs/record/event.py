"""Journal events: what happened in a run, one after the other, each chained to the one before."""

from __future__ import annotations

from typing import Any, Literal, get_args

from actwright.canonical import canonical_bytes, digest
from actwright.contract import Contract
from actwright.runs.record.head import Head
from actwright.store.offloading import reference_to

EventKind = Literal[
    "run_started",
    "run_taken",
    "group_checked",
    "group_refused",
    "group_intended",
    "group_submitted",
    "group_settled",
    "group_reconciled",
    "group_retrying",
    "group_skipped",
    "group_observed",
    "run_paused",
    "run_waiting",
    "run_continued",
    "intervened",
    "timer_fired",
    "run_ended",
]
"""
- ``run_started``: a confirmation was consumed. ``queued`` where a worker is to carry it out.
- ``run_taken``: a process has taken the run over; whoever had it before can append nothing any more.
- ``group_checked``: the records were read again and stand as previewed.
- ``group_refused``: they do not, or a permission is gone; nothing was sent.
- ``group_intended``: the group is about to be sent, under this key.
- ``group_submitted``: the org has given the group's bulk job an id; none of its rows has been written yet.
- ``group_settled``: the org's answer, or that it was lost.
- ``group_reconciled``: what became of a group whose answer was lost, and who or what says so.
- ``group_retrying``: it is known not to have happened, and is tried again at ``until``.
- ``group_skipped``: a person said to go on without it.
- ``group_observed``: what the records look like after the commit.
- ``run_paused``: it cannot go on by itself; a person has to say how.
- ``run_waiting``: it waits for a yes that was foreseen.
- ``run_continued``: a further preview was confirmed, and what follows carries that out.
- ``intervened``: somebody stepped in.
- ``timer_fired``: a moment the run was waiting for has come.
- ``run_ended``: the one truthful end, with the envelope.
"""

COMMANDS: frozenset[EventKind] = frozenset({"intervened"})
"""What anybody may append while a process carries the run out; that process takes note of it and goes on."""

GENESIS = "0" * 64
"""The hash before a run's first event."""


KINDS: frozenset[str] = frozenset(get_args(EventKind))
"""Every kind this program knows."""


class JournalEvent(Contract):
    """One event of one run."""

    run_id: str
    seq: int
    at: str
    kind: EventKind
    version: int = 1
    """The form of ``data``; a form this program does not know is refused."""
    actor: str
    data: dict[str, Any]
    prev_hash: str
    hash: str
    offloaded: bool = False
    """Whether the journal holds only the size and the hash of ``data``, and a blob store the rest."""
    kept_inline: bool = False
    """Whether ``data`` is large and the journal holds it all the same, since the blob store did not take it."""

    @property
    def head(self) -> Head:
        """Where the run stands with this event."""
        return Head(self.run_id, self.seq, self.hash, self.at)

    def expected_hash(self) -> str:
        """Return the hash this event must have: SHA-256 over the canonical JSON of all the rest of it.

        The first form of an event has no ``version`` in it, as it had none when it was first written. Of offloaded
        data the reference to it counts, which holds its hash.
        """
        left_out = {"hash", "offloaded", "kept_inline", *({"version"} if self.version == 1 else ())}
        written = self.model_dump(mode="json", exclude=left_out)
        if self.offloaded:
            written["data"] = reference_to(canonical_bytes(self.data))
        return digest(written)
