"""The record while a commit is under way: what comes meanwhile keeps the journal's order, and no command is passed over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.runs.engine.test_driving import CANCEL, RUN, append, engine_on
from tests.runs.engine.trivial import STARTED

from actwright.runs.engine.engine import Engine
from actwright.runs.engine.record import Record
from actwright.runs.engine.reins import Driven, Reins
from actwright.runs.engine.store import SharedStore
from actwright.runs.engine.work import Reserve
from actwright.runs.record.folding import fold
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry
from actwright.store.sqlite import SqliteDatabase

INTENT: Entry = (
    "group_intended",
    {"groupId": "a", "stage": 1, "effects": ["a"], "attempt": 1, "key": "k", "recovery": "job"},
)
JOB: Entry = ("group_submitted", {"groupId": "b", "stage": 1, "jobId": "750000000000001AAA"})


class Slow(SharedStore):
    """A store whose next commit waits until the test lets it go."""

    async def append(  # noqa: PLR0917 - as the store has them
        self,
        run_id: str,
        entries: Sequence[Entry],
        actor: str,
        after: Head,
        also: Reserve | None,
        at: str,
    ) -> Head:
        """Wait, then append."""
        await self.gate.wait()
        return await super().append(run_id, entries, actor, after, also, at)

    @property
    def gate(self) -> asyncio.Event:
        """What lets it go."""
        return GATES[-1]


GATES: list[asyncio.Event] = []


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Give an engine on an SQLite file."""
    return engine_on(SqliteDatabase(tmp_path / "actwright.db"))


async def begun(engine: Engine) -> Record:
    """Begin a run, and return its record over a store whose commits wait."""
    GATES.append(asyncio.Event())
    record = (await engine.begin(RUN, STARTED, actor="alice")).record
    record.store = Slow(engine.journal)
    return record


def told(record: Record) -> list[tuple[int, str]]:
    """Return what the record holds, in its order."""
    return [(each.seq, each.kind) for each in record.happened]


def test_what_is_noted_during_a_commit_comes_behind_what_it_writes(engine: Engine) -> None:
    """Here as in the journal; so that what a command later makes it read again leaves nothing out."""

    async def main() -> Record:
        """Note a job while an intent is being written; then let a command come before the note."""
        record = await begun(engine)
        intending = asyncio.ensure_future(record.intend([INTENT]))
        await asyncio.sleep(0)
        record.note(JOB)
        GATES[-1].set()
        assert await intending
        assert told(record)[1:] == [(2, "group_intended"), (3, "group_submitted")]
        append(engine, CANCEL)
        await record.flush()
        return record

    record = asyncio.run(main())
    events = engine.journal.events(RUN)
    assert told(record) == [(each.seq, each.kind) for each in events]
    assert (record.state.step("a"), record.state.in_doubt) == (fold(events).step("a"), ("a", "b"))


def test_an_intent_that_waited_while_a_command_was_taken_in_is_not_written(engine: Engine) -> None:
    """It was decided on before that command: whoever waits for another one's commit decides anew."""

    async def main() -> tuple[bool, Record]:
        """Flush a note that meets a cancel, and intend something meanwhile."""
        record = await begun(engine)
        append(engine, CANCEL)
        record.note(JOB)
        flushing = asyncio.ensure_future(record.flush())
        await asyncio.sleep(0)
        intending = asyncio.ensure_future(record.intend([INTENT]))
        await asyncio.sleep(0)
        GATES[-1].set()
        await flushing
        return await intending, record

    written, record = asyncio.run(main())
    assert (written, record.state.ending) == (False, "cancelled")
    assert [each.kind for each in engine.journal.events(RUN)][1:] == [
        "intervened",
        "group_submitted",
    ]


def test_nobody_is_heard_on_a_loop_that_was_closed() -> None:
    """Who pulls the reins of a run in the moment its loop ends is told that it is carried on no more."""
    driven, loop = Driven(), asyncio.new_event_loop()

    async def main() -> object:
        """Take the reins, and never let go."""
        holding = driven.having(RUN)
        holding.__enter__()
        return holding

    kept = loop.run_until_complete(main())
    loop.close()
    assert kept is not None
    assert not driven.one(RUN, Reins.hand_back)
