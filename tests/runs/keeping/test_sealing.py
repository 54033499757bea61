"""Seals: signed, chained, and what they know cannot be taken away or written anew without a trace."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.kept_runs import Kept, intended, rows, settled, started

from actwright.errors import SealError
from actwright.runs.keeping.seal import read_seal
from actwright.runs.keeping.seal_key import SealKey, read_public_key
from actwright.runs.keeping.sealing import Sealing

FORGOTTEN = (
    "DELETE FROM journal WHERE run_id = 'run_1'",
    "DELETE FROM run WHERE run_id = 'run_1'",
)
"""Somebody removes a run wherever it stands."""


@pytest.fixture
def sealed(small: Kept) -> Kept:
    """Give a store with two runs under one seal each."""
    for number in (1, 2):
        small.run(f"run_{number}")
        small.sealing.seal()
    return small


def test_a_seal_holds_what_moved_since_the_last_one(kept: Kept) -> None:
    """Heads of new runs and of those that went on, in a chain; none where nothing moved."""
    assert kept.sealing.seal() is None
    head = kept.run("run_1", intended())
    kept.run("run_2")
    first = kept.sealing.seal()
    assert kept.sealing.seal() is None
    head = kept.journal.append("run_1", [settled()], actor="al", after=head)
    second = kept.sealing.seal()
    assert first is not None
    assert second is not None
    assert [each[:2] for each in first.content().heads] == [("run_1", 2), ("run_2", 4)]
    assert second.content().heads == (("run_1", 3, head.hash),)
    assert (second.number, second.prev_hash, second.content().runs) == (2, first.hash, 2)
    assert kept.verify().whole


def test_sealing_is_due_by_the_age_of_the_newest_seal(kept: Kept) -> None:
    """Or of the first run, where there is no seal; and a clock that was set back does not put it off."""
    hour = timedelta(hours=1)
    assert kept.sealing.seal_if_due(hour) is None
    kept.run("run_1")
    assert kept.sealing.seal_if_due(hour) is None
    kept.clock.moment += hour
    assert kept.sealing.seal_if_due(hour) is not None
    kept.run("run_2")
    assert kept.sealing.seal_if_due(hour) is None
    kept.clock.moment -= timedelta(days=2)
    assert kept.sealing.seal_if_due(hour) is not None


def test_a_removed_run_is_noticed(sealed: Kept) -> None:
    """Also where its row in the register is gone with it."""
    sealed.tamper(*FORGOTTEN)
    (fault,) = sealed.faults()
    assert fault.startswith("run_1: event 1 is missing")
    assert "seal 1 has it" in fault
    assert sealed.faults("run_1") == [fault]


def test_a_rewritten_run_is_noticed(sealed: Kept) -> None:
    """A whole new chain under the same id, with a register that agrees, is not the one that was sealed."""
    sealed.tamper(*FORGOTTEN)
    sealed.run("run_1", settled(), settled(2))
    assert sealed.faults() == [
        "run_1: event 4 is missing, with all that came behind it, as seal 1 shows"
    ]
    sealed.tamper(*FORGOTTEN)
    sealed.run("run_1", settled(), settled(2), settled(3))
    assert sealed.faults() == ["run_1: the run was written anew up to event 4, as seal 1 shows"]


def test_a_cut_run_is_noticed_with_a_register_that_agrees(sealed: Kept) -> None:
    """The seal knows how far it had come."""
    sealed.tamper(
        "DELETE FROM journal WHERE run_id = 'run_2' AND seq = 4",
        "UPDATE run SET seq = 3, hash = (SELECT hash FROM journal WHERE run_id = 'run_2' AND seq = 3) "
        "WHERE run_id = 'run_2'",
    )
    assert sealed.faults() == [
        "run_2: event 4 is missing, with all that came behind it, as seal 2 shows"
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("DELETE FROM seal WHERE number = 1", "seal 1 is missing"),
        ("UPDATE seal SET body = body || ' ' WHERE number = 1", "seal 1 was changed after it was signed"),
        ("UPDATE seal SET at = 'x' WHERE number = 2", "seal 2 does not say what its row says"),
        ("UPDATE seal SET signature = '00' WHERE number = 2", "seal 2 has a signature that was not made with its key"),
        ("UPDATE seal SET number = 7 WHERE number = 2", "seal 2 is missing"),
    ],
)  # fmt: skip
def test_a_changed_seal_is_noticed(sealed: Kept, change: str, fault: str) -> None:
    """Removed in the middle, edited, moved, signed by nobody."""
    sealed.tamper(change)
    assert fault in sealed.faults()


def test_seals_that_were_cut_off_are_noticed_by_one_kept_elsewhere(
    sealed: Kept, tmp_path: Path
) -> None:
    """The chain alone cannot show it; the exported newest seal can, and still knows its runs."""
    sealed.run("run_3")
    newest = sealed.sealing.seal()
    assert newest is not None
    file = tmp_path / "newest.json"
    file.write_text(newest.model_dump_json(), encoding="utf-8")
    assert sealed.faults(against=read_seal(file)) == []
    sealed.tamper(
        "DELETE FROM seal WHERE number = 3",
        "DELETE FROM journal WHERE run_id = 'run_3'",
        "DELETE FROM run WHERE run_id = 'run_3'",
    )
    assert sealed.faults() == []
    cut, gone = sealed.faults(against=read_seal(file))
    assert cut.startswith("seal 3 that was kept elsewhere is not in the store any more")
    assert gone.startswith("run_3: event 1 is missing")


def test_seals_made_anew_are_noticed_by_one_kept_elsewhere(sealed: Kept) -> None:
    """Also with the right key: the number is the same, the seal is not."""
    sealed.run("run_3")
    newest = sealed.sealing.seal()
    sealed.tamper("DELETE FROM seal WHERE number = 3", "UPDATE run SET sealed = 0")
    sealed.sealing.seal()
    (fault,) = sealed.faults(against=newest)
    assert "the seals were written anew" in fault


def test_a_run_the_journal_contradicts_is_not_sealed(kept: Kept) -> None:
    """A seal says nothing that was not looked up."""
    kept.run("run_1")
    kept.tamper("DELETE FROM journal WHERE seq = 4")
    with pytest.raises(SealError, match="run_1 differ at event 4"):
        kept.sealing.seal()
    assert rows(kept.database, "SELECT * FROM seal") == []


def test_another_key_is_named_and_seals_nothing(sealed: Kept, tmp_path: Path) -> None:
    """Sealing and verifying both say whose seal it is; nothing is changed."""
    sealed.run("run_3")
    other = SealKey(tmp_path / "other.key")
    other.make()
    with pytest.raises(SealError, match="Seal 2 was signed with another key"):
        Sealing(sealed.database, sealed.clock, other).seal()
    assert len(rows(sealed.database, "SELECT * FROM seal")) == 2
    (fault,) = Kept.faults(_with_key(sealed, other))
    assert fault.startswith("seal 1 was signed with another key")
    assert read_public_key(other.public_path) == other.public


def test_a_lost_key_is_not_replaced(sealed: Kept) -> None:
    """A store with seals gets no new key behind anybody's back."""
    sealed.run("run_3")
    sealed.key.path.unlink()
    with pytest.raises(SealError, match="cannot be read") as refused:
        Sealing(sealed.database, sealed.clock, SealKey(sealed.key.path)).seal()
    assert "ACTWRIGHT_SEAL_KEY_FILE" in str(refused.value.hint)
    assert not sealed.key.path.exists()


def _with_key(kept: Kept, key: SealKey) -> Kept:
    other = Kept(kept.database, kept.folder, kept.clock)
    other.key = key
    return other


def test_a_run_is_not_spoilt_by_a_seal_that_fails(
    sealed: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Sealing beside other work logs what keeps it from it."""
    sealed.run("run_3")
    sealed.clock.moment += timedelta(hours=2)
    sealed.key.path.unlink()
    Sealing(sealed.database, sealed.clock, SealKey(sealed.key.path)).seal_or_log(timedelta(hours=1))
    assert "The journal was not sealed" in caplog.text


def test_sealing_beside_appends_blames_nobody(kept: Kept) -> None:
    """A run that moves on while it is being sealed is sealed as it stands then, or the next time; it is no fault."""
    with kept.database.write() as transaction:
        heads = [
            kept.journal.append_within(
                transaction, run_id, [started(run_id)], actor="al", after=None
            )
            for run_id in (f"run_{number:03}" for number in range(300))
        ]
    over = threading.Event()

    def go_on() -> None:
        busy = heads[-4:]
        while not over.is_set():
            for place, head in enumerate(busy):
                busy[place] = kept.journal.append(head.run_id, [settled()], actor="al", after=head)

    with ThreadPoolExecutor(1) as pool:
        going_on = pool.submit(go_on)
        try:
            for _ in range(25):
                assert kept.sealing.seal() is not None
                with kept.database.write() as transaction:
                    transaction.execute("UPDATE run SET sealed = 0 WHERE run_id < 'run_290'")
        finally:
            over.set()
        going_on.result()
    assert kept.verify().whole
