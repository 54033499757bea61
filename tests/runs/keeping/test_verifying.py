"""Verifying a store: whole where nothing was touched, and any single change is noticed and named."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kept_runs import Kept, ended, intended, settled

from actwright.errors import NotFoundError

COLUMNS = ("run_id", "seq", "at", "kind", "version", "actor", "data", "prev_hash", "hash")
LENGTHS = st.lists(st.integers(1, 4), min_size=1, max_size=3)
CHANGE = st.sampled_from(["edit", "delete", "copy", "cut"])


@pytest.fixture
def two(small: Kept) -> Kept:
    """Give a store with two whole runs, neither sealed."""
    small.run("run_1")
    small.run("run_2")
    return small


def test_an_untouched_store_is_whole_and_a_touched_one_is_not(kept: Kept) -> None:
    """Unsealed, sealed, and with a run that has not ended; on both databases."""
    kept.run("run_1")
    head = kept.run("run_2", intended())
    assert kept.verify().whole
    kept.sealing.seal()
    kept.journal.append("run_2", [settled()], actor="al", after=head)
    found = kept.verify()
    assert (found.runs, found.events, found.seals, found.sealed_events) == (2, 7, 1, 6)
    assert found.whole
    assert kept.verify("run_1").whole
    kept.tamper("DELETE FROM journal WHERE run_id = 'run_1' AND seq = 4")
    gone = "event 4 is missing, with all that came behind it, as seal 1 shows"
    assert kept.faults() == [f"run_1: {gone}"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE journal SET actor = 'mallory' WHERE run_id = 'run_1' AND seq = 2",
         "run_1: event 2 (group_intended) was changed after it was written, or is another run's"),
        ("UPDATE journal SET data = '{\"groupId\":\"g9\"}' WHERE run_id = 'run_2' AND seq = 3",
         "run_2: event 3 (group_settled) was changed after it was written, or is another run's"),
        ("DELETE FROM journal WHERE run_id = 'run_1' AND seq = 2", "run_1: event 2 is missing"),
        ("DELETE FROM journal WHERE run_id = 'run_1' AND seq > 2",
         "run_1: event 3 is missing, with all that came behind it, as the register shows"),
        ("DELETE FROM journal WHERE run_id = 'run_1'",
         "run_1: event 1 is missing, with all that came behind it: the run is gone"),
        ("UPDATE journal SET run_id = 'run_3' WHERE run_id = 'run_1'",
         "run_3: event 1 (run_started) was changed after it was written, or is another run's"),
        ("DELETE FROM run WHERE run_id = 'run_1'",
         "run_1: the register does not know it: it was written past the program"),
        ("UPDATE run SET seq = 3 WHERE run_id = 'run_1'",
         "run_1: the run was written anew up to event 3, as the register shows"),
        ("UPDATE journal SET kind = 'run_flew' WHERE run_id = 'run_1' AND seq = 2",
         "run_1: event 2 (run_flew) was changed after it was written, or is another run's"),
    ],
)  # fmt: skip
def test_a_change_is_named_with_its_run_and_event(two: Kept, change: str, fault: str) -> None:
    """Edited, missing in the middle, cut, gone, foreign; for all runs and for that run alone."""
    two.tamper(change)
    assert fault in two.faults()
    assert fault in two.faults(fault.split(":", maxsplit=1)[0])


def test_events_in_another_order_are_named(two: Kept) -> None:
    """Two events that changed places are told as what they are."""
    two.tamper(
        *(
            f"UPDATE journal SET seq = {new} WHERE run_id = 'run_1' AND seq = {old}"
            for old, new in ((2, 9), (3, 2), (9, 3))
        )
    )
    assert two.faults() == ["run_1: event 2 (group_settled) was event 3: the order was changed"]


def test_what_stands_behind_the_end_is_named(two: Kept) -> None:
    """A second end, and any other event, with a chain that is right in itself."""
    two.tamper("UPDATE run SET ended_at = NULL WHERE run_id = 'run_1'")
    head = two.journal.append("run_1", [ended()], actor="al", after=two.journal.head("run_1"))
    assert two.faults() == ["run_1: event 5 (run_ended) stands after the end of the run"]
    two.tamper("UPDATE run SET ended_at = NULL WHERE run_id = 'run_1'")
    two.journal.append("run_1", [intended()], actor="al", after=head)
    assert len(two.faults()) == 1


def test_one_fault_does_not_hide_another_run(two: Kept) -> None:
    """Each run's first bad event is named."""
    two.tamper("UPDATE journal SET actor = 'mallory' WHERE seq IN (2, 3)")
    assert [each.split(" (")[0] for each in two.faults()] == ["run_1: event 2", "run_2: event 2"]


def test_a_run_nobody_knows_is_not_found(two: Kept) -> None:
    """Verifying it is no success."""
    with pytest.raises(NotFoundError):
        two.verify("run_9")


def test_text_that_is_no_text_is_a_fault(small: Kept) -> None:
    """Bytes that cannot be read are named by what stands before them, not by a traceback."""
    small.run("run_1")
    small.tamper("UPDATE journal SET actor = CAST(x'ff' AS TEXT) WHERE seq = 2")
    (fault,) = small.faults()
    assert "cannot be read" in fault


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lengths=LENGTHS, change=CHANGE, sealed=st.booleans(), data=st.data())
def test_any_single_change_to_any_row_is_noticed(
    small: Kept, lengths: list[int], change: str, *, sealed: bool, data: st.DataObject
) -> None:
    """Of any journal, any row, any column: verifying names the run it belongs to."""
    small.tamper(*(f"DELETE FROM {table}" for table in ("journal", "run", "seal")))
    for number, length in enumerate(lengths):
        small.run(f"run_{number}", *(settled(each) for each in range(length)), ended())
    if sealed:
        small.sealing.seal()
    number = data.draw(st.integers(0, len(lengths) - 1))
    seq = data.draw(st.integers(1, lengths[number] + 2))
    small.tamper(_statement(change, number, seq, data.draw(st.sampled_from(COLUMNS))))
    faults = small.faults()
    assert any(f"run_{number}" in each for each in faults), faults


def _statement(change: str, number: int, seq: int, column: str) -> str:
    here = f"WHERE run_id = 'run_{number}' AND seq = {seq}"
    if change == "delete":
        return f"DELETE FROM journal {here}"
    if change == "cut":
        return f"DELETE FROM journal WHERE run_id = 'run_{number}' AND seq >= {seq}"
    if change == "copy":
        copied = "run_id, 99, at, kind, actor, data, prev_hash, hash, version"
        return f"INSERT INTO journal SELECT {copied} FROM journal {here}"
    new = f"{column} + 50" if column in {"seq", "version"} else f"{column} || 'x'"
    return f"UPDATE journal SET {column} = {new} {here}"
