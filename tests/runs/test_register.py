"""The register: one row a run, true after every append, and the lease it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, ended, intended, rows, settled, started

from actwright.errors import NotFoundError
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.projection import changes
from actwright.runs.record.rebuilding import rebuild
from actwright.runs.record.register import Register
from actwright.store.database import Database

LATER, NOW, SOON = (
    "2026-11-22T00:00:00.000Z",
    "2026-11-21T12:00:00.000Z",
    "2026-11-21T12:01:00.000Z",
)
ALL = "SELECT * FROM run ORDER BY run_id"


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    """Give an empty store."""
    return Kept(database, tmp_path, SteppingClock())


@pytest.fixture
def register(kept: Kept) -> Register:
    """Give its register."""
    return Register(kept.database)


def held(kind: str, **data: object) -> Entry:
    """Return an event that holds a run."""
    return ("run_paused", data) if kind == "paused" else ("run_waiting", data)


def test_a_row_tells_where_its_run_stands(kept: Kept, register: Register) -> None:
    """From its first event to its end."""
    head = kept.run("run_1", intended(), queued=True, undoes="run_0", deadline=LATER)
    row = register.row("run_1")
    assert (row.status, row.goal, row.org, row.username) == (
        "running",
        "Close the deal",
        "00D",
        "alice",
    )
    assert (row.seq, row.hash, row.undoes, row.approver) == (2, head.hash, "run_0", "al")
    assert (row.deadline, row.started_at, row.updated_at) == (LATER, head.at, head.at)
    kept.journal.append("run_1", [ended("cancelled")], actor="al", after=head)
    row = register.row("run_1")
    assert (row.status, row.ended_at) == ("cancelled", row.updated_at)


@pytest.mark.parametrize(
    ("entries", "status", "waiting_for", "wake_at"),
    [
        ([held("waiting", reason="why")], "waiting", "confirmation", "2026-11-21T09:00:01.000Z"),
        ([held("paused", until=NOW)], "paused", "retry", "2026-11-21T09:00:01.000Z"),
        ([held("waiting", until="2026-11-20T10:00:00.000Z")], "waiting", "confirmation", "2026-11-20T10:00:00.000Z"),
        ([held("paused"), ("run_taken", {"by": "x"})], "running", None, None),
        ([held("paused"), ("intervened", {"becomes": "running"})], "running", None, None),
        ([held("paused"), ("intervened", {})], "paused", "retry", "2026-11-21T09:00:01.000Z"),
        ([("intervened", {"becomes": "paused", "for": "override"})], "paused", "override", None),
        ([held("paused"), ("timer_fired", {"stalled": "long"})], "paused", "retry", None),
        ([held("paused"), ("timer_fired", {"ending": "failed"})], "running", None, None),
        ([("group_retrying", {"groupId": "g", "until": NOW})], "running", None, NOW),
        ([held("waiting"), ("run_continued", {"planId": "p2"})], "running", None, None),
    ],
)  # fmt: skip
def test_what_holds_a_run_or_lets_it_go_on(
    entries: list[Entry], status: str, waiting_for: str | None, wake_at: str | None
) -> None:
    """Each kind of event moves the row as it moves the state."""
    columns = changes([started("run_1"), *entries], actor="al", at="2026-11-20T09:00:01.000Z")
    found = tuple(columns.get(each) for each in ("status", "waiting_for", "wake_at"))
    assert found == (status, waiting_for, wake_at)


def test_runnable_is_what_a_process_can_take(kept: Kept, register: Register) -> None:
    """Queued, abandoned and due runs, oldest first; not those that are leased, held or ended."""
    for name in ("queued", "left", "leased"):
        kept.run(f"run_{name}", ("group_checked", {"groupId": "g"}), queued=name == "queued")
    kept.run("run_due", held("waiting", until=NOW))
    kept.run("run_held", held("paused", until=LATER))
    kept.run("run_late", held("paused"), deadline=NOW)
    kept.run("run_over")
    assert register.take("run_leased", "w1", until=LATER, now=NOW, seq=2)
    kept.tamper("UPDATE run SET wake_at = NULL WHERE run_id = 'run_late'")
    found = [each.run_id for each in register.runnable(NOW, 10)]
    assert found == ["run_queued", "run_left", "run_due", "run_held", "run_late"]
    assert [each.run_id for each in register.runnable(NOW, 1)] == ["run_queued"]
    assert register.runnable(NOW, 10, org="00X") == ()
    assert len(register.unfinished()) == 6


def test_a_lease_has_one_owner(kept: Kept, register: Register) -> None:
    """Nobody else takes it while it lasts; whoever lost it can neither renew nor release it."""
    kept.run("run_1", intended())
    assert register.take("run_1", "w1", until=SOON, now=NOW, seq=2)
    assert register.row("run_1").is_leased(NOW)
    assert not register.take("run_1", "w2", until=LATER, now=NOW, seq=2)
    assert register.take("run_1", "w2", until=LATER, now=SOON, seq=2)
    assert not register.renew("run_1", "w1", LATER)
    assert not register.release("run_1", "w1")
    assert register.renew("run_1", "w2", LATER)
    assert register.release("run_1", "w2")
    assert not register.row("run_1").is_leased(NOW)


def test_a_lease_is_of_the_run_as_it_stands(kept: Kept, register: Register) -> None:
    """A run that moved meanwhile, or has ended, is not taken; its end ends the lease."""
    head = kept.run("run_1", intended())
    assert not register.take("run_1", "w1", until=LATER, now=NOW, seq=1)
    assert register.take("run_1", "w1", until=LATER, now=NOW, seq=2)
    kept.journal.append("run_1", [ended()], actor="al", after=head)
    assert register.row("run_1").lease_owner is None
    assert not register.take("run_1", "w1", until=LATER, now=NOW, seq=3)
    assert not register.renew("run_1", "w1", LATER)


def test_newest_of_some_statuses(kept: Kept, register: Register) -> None:
    """A list can be held to statuses."""
    kept.run("run_1")
    kept.run("run_2", intended())
    kept.run("run_3", ended("failed"))
    assert [each.run_id for each in register.newest(5)] == ["run_3", "run_2", "run_1"]
    assert [each.run_id for each in register.newest(1, ["completed", "failed"])] == ["run_3"]
    with pytest.raises(NotFoundError):
        register.row("run_9")


def test_an_append_leaves_out_what_the_row_holds_already(kept: Kept, register: Register) -> None:
    """Only what changed is written; one who does not know what the row holds writes all of it."""
    head = kept.run("run_1", intended())
    assert head.known["status"] == "running"
    with kept.database.write() as transaction:
        transaction.execute("UPDATE run SET reason = 'from elsewhere' WHERE run_id = 'run_1'")
    head = kept.journal.append("run_1", [intended()], actor="al", after=head)
    assert register.row("run_1").reason == "from elsewhere"
    kept.journal.append("run_1", [intended()], actor="al", after=kept.journal.head("run_1"))
    assert register.row("run_1").reason is None


def test_a_row_is_right_after_each_append(kept: Kept) -> None:
    """Each append behind the head of the one before leaves the row the journal adds up to."""
    head = kept.run("run_1", intended())
    retrying: Entry = ("group_retrying", {"groupId": "g1", "attempt": 2, "until": LATER})
    for entries in ([retrying], [intended()], [held("paused", reason="reason")], [intended()]):
        head = kept.journal.append("run_1", entries, actor="al", after=head)
        before = rows(kept.database, ALL)
        rebuild(kept.database, kept.journal.offloading)
        assert rows(kept.database, ALL) == before


def test_rebuilt_rows_are_the_rows_there_were(kept: Kept, register: Register) -> None:
    """Damaged rows come back from the journal, offloaded ends and what is sealed included; leases stay."""
    kept.run("run_1", intended(), settled(note="x" * 70_000))
    kept.run("run_2", intended(), ("run_ended", ended()[1] | {"reason": "y" * 70_000}))
    kept.sealing.seal()
    register.take("run_1", "w1", until=LATER, now=NOW, seq=3)
    before = rows(kept.database, ALL)
    kept.tamper("UPDATE run SET status = 'failed', seq = 1, goal = '', sealed = 0")
    assert rebuild(kept.database, kept.journal.offloading) == 2
    assert rows(kept.database, ALL) == before


def test_a_store_without_a_register_gets_one(kept: Kept) -> None:
    """Opening a journal over a store that was written before there was one makes its rows."""
    kept.run("run_1")
    before = rows(kept.database, ALL)
    kept.tamper("DELETE FROM run")
    Journal(kept.database, kept.clock, kept.journal.offloading.blobs)
    assert rows(kept.database, ALL) == before
