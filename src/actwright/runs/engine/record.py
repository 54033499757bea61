"""The record of a run as the process that carries it out keeps it: its events, what they add up to, and its head."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actwright.clock import Clock, timestamp
from actwright.errors import DocumentError, JournalConflictError, RunError
from actwright.org.outcome import GroupOutcome
from actwright.runs.engine.budget import Spent, spent_by
from actwright.runs.engine.entries import legible
from actwright.runs.engine.store import Store
from actwright.runs.engine.work import Attempt, Reserve, Step
from actwright.runs.record.event import COMMANDS, EventKind
from actwright.runs.record.folding import advance, fold
from actwright.runs.record.happening import Happening, Noted
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry
from actwright.runs.record.patience import waits_until
from actwright.runs.record.state import RunState
from actwright.runs.record.step import IN_DOUBT

_JUDGED: frozenset[EventKind] = frozenset({"run_paused", "run_waiting", "run_ended"})
"""What is no answer from outside, but this process's own judgment of where the run stands."""


@dataclass
class Record:
    """One run's events, those about to be written included.

    Attributes:
        store: Where they are written.
        clock: The time.
        actor: In whose name.
        head: The newest event the journal has.
        happened: All events, in order.
        state: What they add up to; brought forward in place, and held by nobody else before the run is let go.
        spent: What the run has used up.
    """

    store: Store
    clock: Clock
    actor: str
    head: Head
    happened: list[Happening]
    state: RunState
    spent: Spent
    _pending: list[Entry] = field(default_factory=list)
    _at: str = ""
    _caught_up: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def opened(cls, store: Store, clock: Clock, run_id: str, actor: str) -> Record:
        """Read a run's record.

        Raises:
            NotFoundError: There is no such run.
            StoreError: It cannot be read, or is damaged.
        """
        events = await store.call(lambda: store.journal.whole(run_id))
        return cls(
            store, clock, actor, events[-1].head, list(events), fold(events), spent_by(events)
        )

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, and the journal has its end."""
        return self.state.ended and not self._pending

    @property
    def has_news(self) -> bool:
        """Whether something has been noted that the journal does not have yet."""
        return bool(self._pending)

    @property
    def stage(self) -> int:
        """The number of the newest stage."""
        return len(self.state.stages) or 1

    def attempt(self, step: Step, recovery: str = "") -> Attempt:
        """Return the try of a step that is out, or is in doubt, or would be made now.

        Args:
            step: The step.
            recovery: How a lost answer could be settled, where it is about to be sent.
        """
        known = self.state.step(step.id)
        if known is None:
            return Attempt(self.state.id, self.stage, step, 1, recovery)
        in_doubt = known.status in IN_DOUBT
        return Attempt(
            self.state.id,
            self.stage,
            step,
            known.attempt if in_doubt else known.next_attempt,
            known.recovery if in_doubt else recovery,
            known.job_id if in_doubt else None,
            known.sent_at if in_doubt else "",
            tried=known.intended > 0,
            left=known.left,
        )

    def with_job(self, outcome: GroupOutcome) -> GroupOutcome:
        """Return an outcome with the job its group was submitted as, where the answer itself was lost."""
        known = self.state.step(outcome.group_id)
        if outcome.job_id is not None or known is None or known.job_id is None:
            return outcome
        return outcome.model_copy(update={"job_id": known.job_id})

    def note(self, entry: Entry) -> None:
        """Take note of what has happened; the next append writes it, with the time of the newest note."""
        self._at = timestamp(self.clock.now())
        self._pending.append(entry)
        self._take_in(*entry, self._at)

    def hold(self, entry: Entry) -> None:
        """Take note that the run waits for a person, and until when, where its terms say so."""
        kind, data = entry
        until = waits_until(self.state, data.get("for", "confirmation"), self.clock.now())
        self.note((kind, {**data, **until}))

    async def flush(self) -> None:
        """Write what has been noted, behind whatever commands came meanwhile; an end or a hold is dropped for those.

        Raises:
            RunError: Another process has taken the run over.
            StoreError: The store cannot be written.
        """
        async with self._lock:
            while self._pending:
                await self._appended((), None)

    async def intend(self, entries: Sequence[Entry], also: Reserve | None = None) -> bool:
        """Write what has been noted and what is intended, in one commit.

        Returns False where commands came meanwhile: then nothing was written, and it is to be decided anew.

        Raises:
            NotReadyError: ``also`` found no room; nothing was written.
            RunError: Another process has taken the run over.
            StoreError: The store cannot be written.
        """
        known = self._caught_up
        await self._lock.acquire()
        try:
            if self._caught_up != known:
                return False  # commands were taken in while this waited for another append
            written = await self._appended(entries, also)
        finally:
            self._lock.release()
        if written:
            self._take_in_before_notes(entries)
        return written

    async def look_around(self) -> bool:
        """Take in the commands that came meanwhile, and tell whether there were any.

        Raises:
            RunError: Another process has taken the run over.
            StoreError: The store cannot be read.
        """
        async with self._lock:
            newest = await self.store.call(lambda: self.store.journal.head(self.state.id))
            if newest.seq == self.head.seq:
                return False
            await self._catch_up()
            return True

    async def _appended(self, entries: Sequence[Entry], also: Reserve | None) -> bool:
        noted = len(self._pending)
        whole = [*self._pending, *entries]
        run_id, at = self.state.id, self._at if noted else timestamp(self.clock.now())
        try:
            self.head = await self.store.append(run_id, whole, self.actor, self.head, also, at)
        except JournalConflictError:
            await self._catch_up()
            return False
        except DocumentError:
            self._pending[:noted] = [(kind, legible(data)) for kind, data in whole[:noted]]
            whole = [(kind, legible(data)) for kind, data in whole]
            self.head = await self.store.append(run_id, whole, self.actor, self.head, also, at)
        del self._pending[:noted]
        return True

    async def _catch_up(self) -> None:
        """Take in what others appended, where that is nothing but commands; what was judged before is judged anew."""
        journal, head = self.store.journal, self.head
        news = await self.store.call(lambda: journal.events(head.run_id, after=head.seq))
        strange = next((each for each in news if each.kind not in COMMANDS), None)
        if strange is not None or not news:
            raise fenced(self.state.id, str(strange.data.get("by", "")) if strange else "")
        self._caught_up += 1
        written = len(self.happened) - len(self._pending)
        self.happened[written:] = news
        self.head, self.state = news[-1].head, fold(self.happened)
        self.spent = spent_by(self.happened)
        self._pending = [each for each in self._pending if each[0] not in _JUDGED]
        self._at = timestamp(self.clock.now())
        for kind, data in self._pending:
            self._take_in(kind, data, self._at)

    def _take_in_before_notes(self, entries: Sequence[Entry]) -> None:
        """Take in what was just written, before what was noted while it was: the journal will have it in that order."""
        at, noted = self.head.at, self._pending
        if noted:
            del self.happened[-len(noted) :]
            self.state, self.spent = fold(self.happened), spent_by(self.happened)
        for kind, data in entries:
            self._take_in(kind, data, at)
        for kind, data in noted:
            self._take_in(kind, data, self._at)

    def _take_in(self, kind: EventKind, data: Mapping[str, Any], at: str) -> None:
        seq = self.happened[-1].seq + 1
        noted = Noted(self.state.id, seq, at, kind, self.actor, data)
        advance(self.state, noted)
        self.happened.append(noted)
        self.spent = self.spent.after(noted)


def fenced(run_id: str, by: str = "") -> RunError:
    """Return the error of a process that has lost its run to another one."""
    whom = f" by {by}" if by else ""
    return RunError(
        f"{run_id} was taken over{whom}; this process has stopped, and sends nothing more.",
        hint=f"actwright inspect {run_id}",
        code="run_fenced",
    )
