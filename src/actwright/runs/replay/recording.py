"""A recording: a run's journal as what the world outside is to answer when the same run is carried out again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from actwright.errors import RunError
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.record.happening import Happening
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Journal

_OUTSIDE: frozenset[EventKind] = frozenset(
    {"intervened", "timer_fired", "run_continued", "group_skipped"}
)
"""What people and timers write, and no engine."""

_PATIENCE = 2.0
"""Seconds the code has to ask for what the recording has next."""


class BrokenOff(BaseException):
    """The process that was recorded wrote nothing more here."""


class RecordedClock:
    """Tells the time as it was: as far as the recording has been played, and as long as somebody has slept since."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the time."""
        return self._now

    def reach(self, moment: datetime) -> None:
        """Go on to a moment; never back."""
        self._now = max(self._now, moment)

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass, at once."""
        self._now += timedelta(seconds=seconds)


class Recording:
    """A journal that is played while a copy of it is written anew.

    Args:
        events: The journal.
        journal: Where the copy is written.
        clock: The time of the copy.
    """

    def __init__(
        self, events: Sequence[JournalEvent], journal: Journal, clock: RecordedClock
    ) -> None:
        self.events = events
        self.run_id = events[0].run_id
        self.broken_off = asyncio.Event()
        self.failure: RunError | None = None
        self._journal = journal
        self._clock = clock

    @property
    def head(self) -> Head:
        """The copy's newest event."""
        return self._journal.head(self.run_id)

    @property
    def next(self) -> JournalEvent | None:
        """What the recording has behind the copy's newest event."""
        return self.at(self.head.seq)

    def at(self, place: int) -> JournalEvent | None:
        """Return the event with so many before it, or None behind the last."""
        return self.events[place] if place < len(self.events) else None

    def is_outside(self, event: JournalEvent) -> bool:
        """Tell whether people or timers wrote an event, and no engine."""
        if event.kind in _OUTSIDE:
            return True
        if event.kind == "group_reconciled":
            return event.data.get("by") == "person"
        before = self.at(event.seq - 2)
        return event.kind == "group_retrying" and before is not None and self.is_outside(before)

    def write(self, event: Happening) -> None:
        """Write an event into the copy: what came from outside, or what was noted before all was broken off."""
        entry = (event.kind, dict(event.data))
        self._journal.append(self.run_id, [entry], actor=event.actor, after=self.head)

    async def answer(self, group_id: str, stage: int, kinds: Collection[EventKind]) -> JournalEvent:
        """Return what the recording says of a group, as soon as it is its turn; never where that was broken off.

        Args:
            group_id: The group.
            stage: Its stage.
            kinds: What it may say.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            event = self.next
            if event is not None and event.kind in kinds and _is_of(event, group_id, stage):
                self._clock.reach(self._moment_behind(event))
                return event
            if event is not None and event.kind == "intervened":
                self.write(event)
            elif event is None or event.kind == "run_taken" or self.is_outside(event):
                self.broken_off.set()
                await asyncio.Event().wait()
            elif time.monotonic() > until:
                self.fail(event, f"asks for {group_id}")
                await asyncio.Event().wait()
            await asyncio.sleep(0)

    def fail(self, event: JournalEvent | None, instead: str) -> None:
        """Note that the code does something else than was recorded."""
        self.failure = self.failure or differs(self.run_id, event, instead)
        self.broken_off.set()

    def _moment_behind(self, event: JournalEvent) -> datetime:
        """Return when the recorded process went on: what it decided next, it decided then."""
        return datetime.fromisoformat((self.at(event.seq) or event).at)


def differs(run_id: str, event: JournalEvent | None, instead: str) -> RunError:
    """Return the error of code that does not do what a journal says.

    Args:
        run_id: The run.
        event: The first event that differs; None where the journal has no more.
        instead: What the code does instead.
    """
    place = f"event {event.seq} ({event.kind})" if event else "behind its last event"
    recorded = f"{place} is recorded, and" if event else place
    return RunError(
        f"{run_id} does not fit this code: {recorded} the code {instead}.",
        where=f"{run_id}, {place}",
        hint="The code that carries runs out has changed since, or reads something that is in no journal.",
        code="journal_differs",
    )


def _is_of(event: JournalEvent, group_id: str, stage: int) -> bool:
    return event.data.get("groupId") == group_id and event.data.get("stage", 1) == stage
