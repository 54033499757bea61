"""Re-execution: a run carried out again by the engine as it is now, with its journal in place of the world outside.

Where the same events come of it, kinds and data alike and times apart, the engine decides by what is recorded alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from actwright.runs.engine.engine import Begun, Engine
from actwright.runs.record.chain import first_fault
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.journal import Journal
from actwright.runs.record.register import Register
from actwright.runs.replay.recorded_work import RecordedWork
from actwright.runs.replay.recording import BrokenOff, RecordedClock, Recording, differs
from actwright.runs.telling.confirmed import Confirmed
from actwright.store.sqlite import SqliteDatabase

_TIMES = frozenset({"durationMs", "until"})
"""What is another each time."""

_BEGINNER = "first:0:0"
"""The process that begins the run; the journal does not tell which it was."""


def re_executed(
    events: Sequence[JournalEvent], stages: Sequence[Confirmed]
) -> tuple[JournalEvent, ...]:
    """Carry a recorded run out again, and return the events that came of it. Nothing outside is called.

    Args:
        events: The run's whole journal.
        stages: What was confirmed for each of its stages, in order.

    Raises:
        RunError: The journal does not fit the code; the first event that differs is named.
    """
    fault = first_fault(events)
    if fault is not None:
        raise differs(events[0].run_id, events[0], f"finds that {fault}")
    with TemporaryDirectory(prefix="actwright-") as folder:
        database = SqliteDatabase(Path(folder) / "copy.db")
        try:
            return asyncio.run(_carried_out(events, stages, database))
        finally:
            database.close()


async def _carried_out(
    events: Sequence[JournalEvent], stages: Sequence[Confirmed], database: SqliteDatabase
) -> tuple[JournalEvent, ...]:
    clock = RecordedClock(datetime.fromisoformat(events[0].at))
    journal = Journal(database, clock)
    recording = Recording(events, journal, clock)
    first, owner = events[0], _BEGINNER
    begun: Begun | None = await _engine(journal, clock, owner).begin(
        first.run_id, first.data, actor=first.actor
    )
    while (event := recording.next) is not None:
        clock.reach(datetime.fromisoformat(event.at))
        if recording.is_outside(event):
            recording.write(event)
            continue
        if event.kind == "run_taken":
            begun, owner = None, str(event.data.get("by", ""))
        before = recording.head.seq
        await _drive(_engine(journal, clock, owner), recording, stages, begun, event)
        begun = None
        if recording.failure is not None:
            raise recording.failure
        _compare(recording, journal)
        if recording.head.seq == before:
            raise differs(first.run_id, event, "does nothing")
    return _compare(recording, journal)


def _engine(journal: Journal, clock: RecordedClock, owner: str) -> Engine:
    register = Register(journal.database)
    return Engine(journal, register, clock, owner=owner, sleep=clock.sleep, private=True)


async def _drive(
    engine: Engine,
    recording: Recording,
    stages: Sequence[Confirmed],
    begun: Begun | None,
    event: JournalEvent,
) -> None:
    """Let an engine carry the run on for as long as the recorded one did."""
    recording.broken_off.clear()
    so_far = 1 + sum(each.kind == "run_continued" for each in recording.events[: event.seq])
    work = RecordedWork(recording, stages[:so_far])
    why: Any = event.data.get("why", "resumed") if event.kind == "run_taken" else "resumed"
    driving = asyncio.ensure_future(engine.drive(recording.run_id, work, why=why, begun=begun))
    broken = asyncio.ensure_future(recording.broken_off.wait())
    await asyncio.wait((driving, broken), return_when=asyncio.FIRST_COMPLETED)
    broken.cancel()
    driving.cancel()
    with suppress(asyncio.CancelledError, BrokenOff):
        await driving
    engine.register.release(recording.run_id, engine.owner)


def _compare(recording: Recording, journal: Journal) -> tuple[JournalEvent, ...]:
    """Return the copy's events.

    Raises:
        RunError: One differs from what was recorded.
    """
    copied = journal.events(recording.run_id)
    for place, made in enumerate(copied):
        recorded = recording.at(place)
        if recorded is None:
            raise differs(recording.run_id, None, f"writes {made.kind}")
        if _told(made) != _told(recorded):
            raise differs(recording.run_id, recorded, _instead(made, recorded))
    return copied


def _instead(made: JournalEvent, recorded: JournalEvent) -> str:
    if made.kind != recorded.kind:
        return f"writes {made.kind}"
    if made.actor != recorded.actor:
        return "writes it in another name"
    ours, theirs = _timeless(made.data), _timeless(recorded.data)
    names = sorted({*ours, *theirs})
    return f"writes another {next(each for each in names if ours.get(each) != theirs.get(each))}"


def _told(event: JournalEvent) -> tuple[str, str, Any]:
    return event.kind, event.actor, _timeless(event.data)


def _timeless(value: Any) -> Any:
    """Return JSON data without the times in it; what actions put out may be called so, and is compared."""
    if isinstance(value, dict):
        return {
            name: each if name == "outputs" else _timeless(each)
            for name, each in value.items()
            if name not in _TIMES
        }
    return [_timeless(each) for each in value] if isinstance(value, list) else value
