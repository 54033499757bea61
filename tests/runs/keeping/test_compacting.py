"""Compacting: old runs leave the store for a file, the seals say where they went, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from tests.kept_runs import BEGUN, UNDO, Kept, ended, intended, rows, settled

from actwright.errors import NotFoundError, StoreError
from actwright.runs.keeping import compacting
from actwright.runs.keeping.compacting import Compacted
from actwright.runs.keeping.exporting import Exporting
from actwright.runs.keeping.whole_file import file_hash
from actwright.runs.undoing.decision import UndoDecisions

LATER = BEGUN + timedelta(days=3)


@pytest.fixture
def old(kept: Kept) -> Kept:
    """Give a store with two runs that changed nothing, one of today, and one that has not ended."""
    return aged(kept)


@pytest.fixture
def old_file(small: Kept) -> Kept:
    """Give the same in a file."""
    return aged(small)


def aged(kept: Kept) -> Kept:
    """Fill a store with old runs and a new one."""
    for run_id in ("run_1", "run_2"):
        kept.run(run_id)
    kept.run("run_open", intended())
    kept.sealing.seal()
    kept.clock.moment = LATER + timedelta(days=1)
    kept.run("run_new")
    return kept


def compacted(kept: Kept, *, undoable: bool = False) -> Compacted:
    """Move what ended before the day of the newest run."""
    return kept.compacting.compact(LATER, kept.folder / "archive", undoable=undoable)


def left(kept: Kept) -> set[str]:
    """Return the runs that are still in the store."""
    return {row[0] for row in rows(kept.database, "SELECT DISTINCT run_id FROM journal")}


def test_old_runs_leave_for_a_file(old: Kept) -> None:
    """The store verifies as before, tells how many are gone, and takes them in again from the file."""
    events = old.journal.events("run_1")
    done = compacted(old)
    assert done.file is not None
    assert (done.runs, done.events, done.left_in) == (2, 8, ())
    assert done.sha256 == file_hash(Path(done.file))
    assert left(old) == {"run_open", "run_new"}
    found = old.verify()
    assert found.whole
    assert (found.runs, found.archived, found.seals) == (2, 2, 2)
    assert old.verify("run_1").whole
    with pytest.raises(NotFoundError, match=rf"run_1 was moved out .* {Path(done.file).name}"):
        old.journal.events("run_1")
    assert compacted(old).file is None
    taken = old.importing.from_file(Path(done.file))
    assert taken.runs == 2
    assert old.journal.events("run_1") == events
    assert old.verify().whole


def test_runs_that_could_be_taken_back_stay_unless_said_so(small: Kept) -> None:
    """A run with effects stays; one that was taken back goes, with the run that did it."""
    small.run("run_1", ended(done=1))
    small.run("run_2", ended(done=1))
    small.run("run_3", ended(done=1), undoes="run_2")
    small.clock.moment = LATER
    done = compacted(small)
    why = {each.run_id: each.why for each in done.left_in}
    assert why == dict.fromkeys(("run_1", "run_3"), "it may still be taken back")
    assert compacted(small, undoable=True).runs == 2
    assert small.verify().whole


def test_a_run_of_which_all_was_decided_on_stays_for_another_reason(small: Kept) -> None:
    """It is moved where somebody says so, with what was decided; of one that was decided on in part, undo may follow."""
    for run_id in ("run_1", "run_2"):
        small.run(run_id, ended(done=2))
    decisions = UndoDecisions(small.database, small.clock)
    decisions.record("run_1", ["a1", "a2"], "resolved", who="Ann", why="By hand")
    decisions.record("run_2", ["a1"], "ignored", who="Ann", why="To stay")
    small.clock.moment = LATER
    why = {each.run_id: each.why for each in compacted(small).left_in}
    assert "--undoable moves it too" in why["run_1"]
    assert why["run_2"] == "it may still be taken back"
    done = compacted(small, undoable=True)
    assert done.file is not None
    assert Path(done.file).read_text().count('"kind":"undo_decision"') == 2


def test_a_run_that_is_too_old_to_be_taken_back_goes(small: Kept) -> None:
    """A run with effects leaves once `undo_days` are over since its end, and not a moment earlier."""
    small.run("run_1", ended(done=1))
    over = datetime.fromisoformat(small.journal.events("run_1")[-1].at)
    small.clock.moment = over + UNDO - timedelta(seconds=2)
    assert small.compacting.compact(small.clock.moment, small.folder / "archive").runs == 0
    small.clock.moment = over + UNDO
    assert small.compacting.compact(small.clock.moment, small.folder / "archive").runs == 1


def test_two_that_compact_in_the_same_moment_move_each_run_once(
    old: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds the runs gone, and does not write over the file of the first."""
    first: list[Compacted] = []
    heads_of = Exporting._heads

    def meanwhile(self: Exporting, run_ids: Sequence[str] | None) -> dict[str, tuple[int, str]]:
        heads = heads_of(self, run_ids)
        monkeypatch.setattr(Exporting, "_heads", heads_of)
        old.clock.moment -= timedelta(seconds=1)
        first.append(compacted(old))
        return heads

    monkeypatch.setattr(Exporting, "_heads", meanwhile)
    with pytest.raises((StoreError, NotFoundError)):
        compacted(old)
    assert first[0].file is not None
    assert file_hash(Path(first[0].file)) == first[0].sha256
    assert old.verify().whole


def test_an_undo_that_begins_meanwhile_keeps_its_run(
    old_file: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is to take back does not leave under its hands."""
    monkeypatch.setattr(
        compacting.Compacting,
        "_check_whole",
        lambda *_: old_file.run("run_3", intended(), undoes="run_1"),
    )
    with pytest.raises(StoreError, match="run_1 was moved by another process"):
        compacted(old_file)
    assert "run_1" in left(old_file)
    assert list((old_file.folder / "archive").iterdir()) == []


def test_a_run_that_is_being_taken_back_stays(small: Kept) -> None:
    """Also where it was said that runs may go that could be taken back."""
    small.run("run_1", ended(done=1))
    small.run("run_2", intended(), undoes="run_1")
    small.clock.moment = LATER
    (stays,) = compacted(small, undoable=True).left_in
    assert (stays.run_id, stays.why) == ("run_1", "run_2 is taking it back")


def test_what_tells_of_a_run_stays_with_it(small: Kept) -> None:
    """A failed undo that changed nothing stays as long as the run it was to take back."""
    small.run("run_1", ended(done=1))
    small.run("run_2", ended("failed"), undoes="run_1")
    small.clock.moment = LATER
    why = {each.run_id: each.why for each in compacted(small).left_in}
    assert why["run_2"] == "it took run_1 back, which stays"


def test_a_damaged_run_is_not_moved(old_file: Kept) -> None:
    """It is named, and nothing is moved."""
    old_file.tamper("UPDATE journal SET actor = 'mallory' WHERE run_id = 'run_2' AND seq = 2")
    with pytest.raises(StoreError, match=r"run_2: event 2 .* nothing was moved"):
        compacted(old_file)
    assert left(old_file) == {"run_1", "run_2", "run_open", "run_new"}
    assert not (old_file.folder / "archive").exists()


def test_a_run_that_is_edited_meanwhile_is_not_moved(
    old_file: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file lacks what was damaged between the look and the export, so nothing is taken out for it."""
    monkeypatch.setattr(
        compacting.Compacting,
        "_check_whole",
        lambda *_: old_file.tamper("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_2'"),
    )
    with pytest.raises(StoreError, match=r"run_2: event 1 .* nothing was moved"):
        compacted(old_file)
    assert list((old_file.folder / "archive").iterdir()) == []
    assert left(old_file) == {"run_1", "run_2", "run_open", "run_new"}


def test_a_crash_in_the_middle_moves_nothing(old: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is left; the store is as it was, and so is its guard against taking rows out."""

    def crash(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(compacting, "_take_out", crash)
    with pytest.raises(MemoryError):
        compacted(old)
    assert list((old.folder / "archive").iterdir()) == []
    assert left(old) == {"run_1", "run_2", "run_open", "run_new"}
    assert rows(old.database, "SELECT * FROM archived") == []
    assert old.verify().whole
    with pytest.raises(StoreError), old.database.write() as transaction:
        transaction.execute("DELETE FROM journal")


def test_a_run_that_moved_meanwhile_stops_it(
    old_file: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something happened to it between the export and the write."""
    monkeypatch.setattr(
        compacting,
        "_check_complete",
        lambda *_: old_file.tamper("UPDATE run SET hash = 'x' WHERE run_id = 'run_1'"),
    )
    with pytest.raises(StoreError, match="run_1 was moved by another process"):
        compacted(old_file)
    assert "run_1" in left(old_file)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE archived SET hash = 'x' WHERE run_id = 'run_1'", "run_1: the archive has another head than seal 1"),
        ("UPDATE archived SET file_sha256 = 'x'", "run_1: no seal knows the file it was moved out to"),
        ("DELETE FROM archived WHERE run_id = 'run_1'", "run_1: event 1 is missing, with all that came behind it"),
        ("INSERT INTO archived SELECT 'run_9', seq, hash, at, file, file_sha256 FROM archived WHERE run_id = 'run_1'",
         "3 runs are said to be in the archive"),
    ],
)  # fmt: skip
def test_a_changed_note_of_the_archive_is_noticed(old_file: Kept, change: str, fault: str) -> None:
    """The seals know what was moved, how much, and where."""
    compacted(old_file)
    old_file.tamper(change)
    assert any(each.startswith(fault) for each in old_file.faults())


def test_a_run_cannot_be_said_to_be_archived(old_file: Kept) -> None:
    """Somebody who notes a run as moved out, to be rid of it, is found out: no seal knows of that file."""
    head = old_file.journal.head("run_1")
    with old_file.database.write() as transaction:
        transaction.execute(
            "INSERT INTO archived (run_id, seq, hash, at, file, file_sha256) VALUES (?, ?, ?, 'a', 'f', 'x')",
            (head.run_id, head.seq, head.hash),
        )
        transaction.execute("DELETE FROM journal WHERE run_id = 'run_1'")
        transaction.execute("DELETE FROM run WHERE run_id = 'run_1'")
    assert old_file.faults() == ["run_1: no seal knows the file it was moved out to"]


def test_a_large_run_is_moved_with_its_content(small: Kept) -> None:
    """What was offloaded goes into the file too."""
    small.run("run_1", settled(note="x" * 70_000), ended())
    small.clock.moment = LATER
    done = compacted(small)
    assert done.file is not None
    assert Path(done.file).stat().st_size > 70_000
