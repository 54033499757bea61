"""Who listens to a journal hears of each event it appends, once that is durable, and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.kept_runs import SteppingClock, ended, intended, settled, started

from actwright.errors import JournalConflictError
from actwright.runs.record.journal import Entry, Journal
from actwright.store.sqlite import SqliteDatabase

RUN = "run_1"


class Ear:
    """Keeps what it hears, and how many events the journal held by then."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.journal = Journal(database, SteppingClock(), heard=self)
        self.heard: list[tuple[list[str], str]] = []
        self.durable: list[int] = []

    def __call__(self, run_id: str, entries: Sequence[Entry], actor: str) -> None:
        """Hear of events."""
        self.heard.append(([kind for kind, _ in entries], actor))
        self.durable.append(self.journal.head(run_id).seq)


def test_what_is_appended_is_heard_once_it_is_durable(tmp_path: Path) -> None:
    """In order, with who acts, from both ways to append; the events are in the store by then."""
    database = SqliteDatabase(tmp_path / "store.db")
    ear = Ear(database)
    head = ear.journal.append(RUN, [started(RUN)], actor="al", after=None)
    head = ear.journal.append(RUN, [intended(), settled()], actor="al", after=head)
    asyncio.run(ear.journal.aappend(RUN, [ended()], actor="bo", after=head))
    database.close()
    kinds = [["run_started"], ["group_intended", "group_settled"], ["run_ended"]]
    assert ear.heard == [(kinds[0], "al"), (kinds[1], "al"), (kinds[2], "bo")]
    assert ear.durable == [1, 3, 4]


def test_what_was_not_written_is_not_heard(tmp_path: Path) -> None:
    """A conflict is nobody's news, nor is what another journal over the same store reads."""
    database = SqliteDatabase(tmp_path / "store.db")
    ear = Ear(database)
    head = ear.journal.append(RUN, [started(RUN)], actor="al", after=None)
    ear.journal.append(RUN, [intended()], actor="al", after=head)
    with pytest.raises(JournalConflictError):
        ear.journal.append(RUN, [settled()], actor="al", after=head)
    other = Ear(database)
    assert len(other.journal.events(RUN)) == 2
    database.close()
    assert len(ear.heard) == 2
    assert other.heard == []
