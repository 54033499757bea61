"""The journal: append-only, chained, and honest about every kind of tampering."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenario import Rest, confirmed, win

from actwright import Actwright, Settings
from actwright.errors import NotFoundError, StoreError
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal, first_fault
from actwright.runs.state import fold
from actwright.store.database import Database
from actwright.testing import FixedClock, LocalOrg

START: Entry = ("run_started", {"goal": "g", "planId": "plan_1"})
CHECK: Entry = ("group_checked", {"groupId": "g1", "versions": {"006": "2026"}})
INTENT: Entry = ("group_intended", {"groupId": "g1", "effects": ["a1.1"]})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """Give an empty store."""
    opened = Database(tmp_path / "actwright.db")
    yield opened
    opened.close()


@pytest.fixture
def journal(store: Database) -> Journal:
    """Give a journal with one run of three events."""
    kept = Journal(store, FixedClock())
    first = kept.append("run_1", [START], actor="alice", after=None)
    kept.append("run_1", [CHECK, INTENT], actor="alice", after=first)
    return kept


def tamper(store: Database, statement: str) -> None:
    """Change rows with the triggers out of the way, as somebody with the file could."""
    stranger = sqlite3.connect(store.path)
    for verb in ("update", "delete"):
        stranger.execute(f"DROP TRIGGER journal_no_{verb}")
    stranger.execute(statement)
    stranger.commit()
    stranger.close()


def test_an_untouched_chain_is_whole(journal: Journal) -> None:
    """Sequence, hashes and links of what was appended hold."""
    events = journal.events("run_1")
    assert [each.seq for each in events] == [1, 2, 3]
    assert first_fault(events) is None
    assert first_fault(()) is None


@pytest.mark.parametrize(
    "change",
    [
        "at = '2030-01-01T00:00:00.000Z'",
        "kind = 'group_settled'",
        "actor = 'mallory'",
        """data = '{"groupId":"g2","versions":{}}'""",
        "prev_hash = '" + "1" * 64 + "'",
        "hash = '" + "1" * 64 + "'",
    ],
)
def test_tampering_with_any_column_is_found(store: Database, journal: Journal, change: str) -> None:
    """Whatever is changed in one row, the chain names an event."""
    tamper(store, f"UPDATE journal SET {change} WHERE seq = 2")
    fault = first_fault(journal.events("run_1"))
    assert fault is not None
    assert "2" in fault


def test_tampering_with_run_or_place_is_found(store: Database, journal: Journal) -> None:
    """An event moved to another run, or to another place, no longer fits."""
    tamper(store, "UPDATE journal SET run_id = 'run_2'")
    assert (
        first_fault(journal.events("run_2"))
        == "event 1 (run_started) was changed after it was written"
    )
    with pytest.raises(NotFoundError):
        journal.events("run_1")


def test_a_missing_event_is_found(store: Database, journal: Journal) -> None:
    """A row taken out of the middle leaves a gap."""
    tamper(store, "DELETE FROM journal WHERE seq = 2")
    assert first_fault(journal.events("run_1")) == "event 2 is missing"


def test_two_writers_cannot_both_append(journal: Journal) -> None:
    """The sequence is the lock: the second to append behind one event is refused, with nothing of it written."""
    last = journal.events("run_1")[-1]
    journal.append("run_1", [("group_settled", {"groupId": "g1"})], actor="a", after=last)
    with pytest.raises(StoreError, match="already written"):
        journal.append("run_1", [CHECK, INTENT], actor="b", after=last)
    assert [each.kind for each in journal.events("run_1")][3:] == ["group_settled"]


def test_a_batch_with_a_conflict_is_taken_back_whole(journal: Journal) -> None:
    """Where the second event of one append clashes, the first is not there either."""
    first = journal.events("run_1")[0]
    with pytest.raises(StoreError):
        journal.append("run_1", [INTENT, INTENT], actor="b", after=first)
    assert len(journal.events("run_1")) == 3


def test_nothing_cannot_be_appended(journal: Journal) -> None:
    """An empty append is a mistake of the program."""
    with pytest.raises(ValueError, match="nothing"):
        journal.append("run_9", [], actor="a", after=None)


@pytest.mark.parametrize("run_id", ["", "run_0", "\ud800", "x' OR 1=1"])
def test_an_unknown_run_is_not_found(journal: Journal, run_id: str) -> None:
    """Whatever the id is made of."""
    with pytest.raises(NotFoundError):
        journal.events(run_id)


def test_long_numbers_in_an_event_keep_the_chain_whole(journal: Journal) -> None:
    """An event with an integer past 2^53 reads back as it was hashed."""
    data = {"groupId": "g1", "count": 2**60, "ratio": 1e17}
    journal.append("run_2", [("group_checked", data)], actor="a", after=None)
    events = journal.events("run_2")
    assert events[0].data == data
    assert first_fault(events) is None


def test_a_run_is_read_back_by_another_process(
    shared_org: LocalOrg, admin: Rest, deal: str
) -> None:
    """Closed and opened again, the store tells the same run, and its envelope word for word."""
    settings = Settings(home=shared_org.home / "other", org="local", user="alice")
    running = shared_org._running
    with Actwright(settings=settings, local_org=running) as app:
        preview, yes = confirmed(app, win(name=deal))
        envelope = app.run(preview, yes)
    with Actwright(settings=settings, local_org=running) as app:
        (state,) = app.runs()
        events = app.events(state.id)
    assert state == fold(events)
    assert state.envelope == envelope
    assert (state.status, state.approver, state.in_doubt) == ("completed", "Alice Archer", ())
    assert state.digest == preview.digest
    assert first_fault(events) is None
    assert all(isinstance(each, JournalEvent) for each in events)
    assert admin.field("Opportunity", deal, "StageName") == "Closed Won"


def test_newest_runs_come_first(journal: Journal) -> None:
    """A limit keeps the newest."""
    for number in (2, 3):
        journal.append(f"run_{number}", [START], actor="a", after=None)
    assert journal.run_ids(limit=2) == ("run_3", "run_2")
