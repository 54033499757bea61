"""The journal: append-only, chained, and an append behind an old head is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, ended, intended, rows, settled, started
from tests.scenario import Rest, confirmed, win

from actwright import Actwright, Settings
from actwright.errors import JournalConflictError, JournalDamagedError, NotFoundError
from actwright.runs.record.chain import first_fault
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.store.database import Database, Transaction
from actwright.testing import LocalOrg


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    """Give a store with one run of three events."""
    made = Kept(database, tmp_path, SteppingClock())
    first = made.journal.append("run_1", [started("run_1")], actor="al", after=None)
    made.journal.append("run_1", [intended(), settled()], actor="al", after=first)
    return made


def test_what_was_appended_is_read_back_in_one_chain(kept: Kept) -> None:
    """Sequence, hashes and links hold, and the head is the newest event's."""
    events = kept.journal.events("run_1")
    assert [each.seq for each in events] == [1, 2, 3]
    assert [(each.kind, each.data) for each in events[1:]] == [intended(), settled()]
    assert first_fault(events) is None
    assert kept.journal.head("run_1") == events[-1].head


def test_events_are_read_in_part(kept: Kept) -> None:
    """Behind one event, up to another; none where there are none behind it."""
    seqs = [each.seq for each in kept.journal.events("run_1", after=1, upto=2)]
    assert seqs == [2]
    assert kept.journal.events("run_1", after=3) == ()


def test_two_writers_cannot_both_append(kept: Kept) -> None:
    """The second to append behind one event is refused, with nothing of it written."""
    head = kept.journal.head("run_1")
    kept.journal.append("run_1", [intended(2)], actor="a", after=head)
    with pytest.raises(JournalConflictError, match="Event 4 of run_1 was already written"):
        kept.journal.append("run_1", [intended(3), settled(3)], actor="b", after=head)
    assert [each.seq for each in kept.journal.events("run_1")] == [1, 2, 3, 4]


def test_a_head_of_a_rewritten_run_is_refused(kept: Kept) -> None:
    """The number alone is no head: the hash has to be the same too."""
    events = kept.journal.events("run_1")
    forged = events[-1].model_copy(update={"hash": "0" * 64}).head
    with pytest.raises(JournalConflictError):
        kept.journal.append("run_1", [intended(2)], actor="a", after=forged)


def test_a_run_starts_once(kept: Kept) -> None:
    """A second first event is refused."""
    with pytest.raises(JournalConflictError, match="Event 1"):
        kept.journal.append("run_1", [started("run_1")], actor="a", after=None)


def test_nothing_comes_behind_the_end(kept: Kept) -> None:
    """An ended run takes no event, neither in the same append nor later."""
    head = kept.journal.head("run_1")
    with pytest.raises(ValueError, match="behind the end"):
        kept.journal.append("run_1", [ended(), intended()], actor="a", after=head)
    end = kept.journal.append("run_1", [ended()], actor="a", after=head)
    with pytest.raises(JournalConflictError, match="run_1 has ended"):
        kept.journal.append("run_1", [ended()], actor="a", after=end)


def test_an_unknown_run_cannot_be_continued(kept: Kept) -> None:
    """A head of a run this store never had is refused."""
    head = kept.journal.events("run_1")[0].model_copy(update={"run_id": "run_2"}).head
    with pytest.raises(JournalConflictError, match="no run run_2"):
        kept.journal.append("run_2", [intended()], actor="a", after=head)


def test_what_is_written_beside_is_taken_back_with_the_events(kept: Kept) -> None:
    """``also`` shares the transaction: its exception leaves no event, a conflict leaves nothing of it."""
    head = kept.journal.head("run_1")

    def fail(_: Transaction) -> None:
        raise LookupError

    def claim(transaction: Transaction) -> None:
        transaction.execute("INSERT INTO claim VALUES ('k', 'x', 'h', 'now')")

    with pytest.raises(LookupError):
        kept.journal.append("run_1", [intended(2)], actor="a", after=head, also=fail)
    with pytest.raises(JournalConflictError):
        kept.journal.append("run_1", [started("run_1")], actor="a", after=None, also=claim)
    assert rows(kept.database, "SELECT * FROM claim") == []
    assert kept.journal.head("run_1") == head


def test_an_event_loop_appends_too(kept: Kept) -> None:
    """``aappend`` of many runs at once leaves each with a whole chain."""

    async def carry_out(run_id: str) -> None:
        """On the loop: carry out."""
        head = await kept.journal.aappend(run_id, [started(run_id)], actor="a", after=None)
        await kept.journal.aappend(run_id, [intended(), settled()], actor="a", after=head)

    async def all_of() -> None:
        """On the loop: all of."""
        await asyncio.gather(*(carry_out(f"run_a{number}") for number in range(8)))

    asyncio.run(all_of())
    chains = [kept.journal.events(f"run_a{number}") for number in range(8)]
    assert all(len(each) == 3 and first_fault(each) is None for each in chains)


def test_events_the_register_does_not_know_stop_an_append(kept: Kept) -> None:
    """Where somebody wrote an event past the program, the next append says so and writes nothing."""
    head = kept.journal.head("run_1")
    copied = "run_id, 4, at, kind, actor, data, prev_hash, hash, version"
    kept.tamper(f"INSERT INTO journal SELECT {copied} FROM journal WHERE seq = 3")
    with pytest.raises(JournalDamagedError, match="the register does not know"):
        kept.journal.append("run_1", [intended(2)], actor="a", after=head)
    assert kept.journal.head("run_1") == head


def test_nothing_cannot_be_appended(kept: Kept) -> None:
    """An empty append is a mistake of the program, and so is a run that begins otherwise than by its start."""
    with pytest.raises(ValueError, match="nothing"):
        kept.journal.append("run_9", [], actor="a", after=None)
    with pytest.raises(ValueError, match="begins"):
        kept.journal.append("run_9", [intended()], actor="a", after=None)
    with pytest.raises(ValueError, match="begins"):
        kept.journal.append(
            "run_1", [started("run_1")], actor="a", after=kept.journal.head("run_1")
        )


def test_an_unknown_run_is_not_found(kept: Kept) -> None:
    """Whatever the id is made of."""
    for run_id in ("", "run_0", "\ud800", "x' OR 1=1", "run_1\0", "run_1\n"):
        with pytest.raises(NotFoundError):
            kept.journal.events(run_id)
        with pytest.raises(NotFoundError):
            kept.journal.head(run_id)


def test_events_that_are_gone_are_missed(kept: Kept) -> None:
    """A run the register knows is not read as one without events; nothing behind the newest is no fault."""
    assert kept.journal.events("run_1", after=3) == kept.journal.events("run_1", upto=0) == ()
    kept.tamper("DELETE FROM journal WHERE seq > 1")
    with pytest.raises(JournalDamagedError, match="run_1 are gone: the register knows 3"):
        kept.journal.events("run_1", after=1)
    kept.tamper("DELETE FROM journal")
    with pytest.raises(JournalDamagedError, match="run_1 are gone"):
        kept.journal.events("run_1")


def test_long_numbers_in_an_event_keep_the_chain_whole(kept: Kept) -> None:
    """An event with an integer past 2^53 reads back as it was hashed."""
    data = {"groupId": "g1", "count": 2**60, "ratio": 1e17}
    kept.run("run_2", ("group_checked", data))
    events = kept.journal.events("run_2")
    assert events[1].data == data
    assert first_fault(events) is None
    assert kept.faults() == []


def test_newest_runs_come_first(kept: Kept) -> None:
    """A limit keeps the newest."""
    for number in (2, 3):
        kept.run(f"run_{number}")
    assert kept.journal.run_ids(limit=2) == ("run_3", "run_2")


def test_runs_that_took_others_back_are_named(kept: Kept) -> None:
    """By the run they took back, oldest first."""
    for number in (2, 3):
        kept.run(f"run_{number}", undoes="run_1")
    undoing = kept.journal.runs_undoing(["run_1", "run_2", "\ud800"])
    assert undoing == {"run_1": ("run_2", "run_3")}
    assert kept.journal.runs_undoing([]) == {}


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
        assert app.verify().whole
    assert state == fold(events)
    assert state.envelope == envelope
    assert (state.status, state.approver, state.in_doubt) == ("completed", "Alice Archer", ())
    assert state.digest == preview.digest
    assert first_fault(events) is None
    assert all(isinstance(each, JournalEvent) for each in events)
    assert admin.field("Opportunity", deal, "StageName") == "Closed Won"
