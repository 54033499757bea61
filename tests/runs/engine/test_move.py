"""The next move is a pure decision: from how far the steps are, and what this process has out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.clock import timestamp
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.engine.budget import Spent
from actwright.runs.engine.move import (
    Await,
    End,
    Finish,
    Move,
    Pause,
    Reconcile,
    Rest,
    Send,
    View,
    WaitUntil,
    next_move,
)
from actwright.runs.engine.work import Reconciled, Step
from actwright.runs.record.state import RunLimits, RunState
from actwright.runs.record.step import StepState, StepStatus

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
A, B = Step("a", effects=("a1",)), Step("b", frozenset({"a"}), ("b1", "b2"))
C = Step("c", effects=("c1",))
STUCK = Reconciled(
    GroupOutcome(group_id="a", outcomes=(EffectOutcome(effect_id="a1", status="unknown"),)),
    "nobody",
    ("It was read back.",),
)


def view(*steps: Step, out: str = "", now: datetime = NOW, **known: Any) -> View:
    """Return a view of these steps; ``known`` says how far each is, or is told of the run."""
    names = {each.id for each in steps}
    told = {name: each for name, each in known.items() if name not in names}
    states = tuple(
        StepState(stage=1, group_id=name, status=each)
        if isinstance(each, str)
        else StepState.model_validate({"stage": 1, "group_id": name, **each})
        for name, each in known.items()
        if name in names
    )
    state = RunState.model_validate({"id": "run_1", "steps": states, **told})
    return View(state, steps, now, out=frozenset(out))


def sent(move: Move) -> list[str]:
    """Return what a move sends."""
    assert isinstance(move, Send), move
    return [each.id for each in move.steps]


def test_steps_go_one_behind_the_other() -> None:
    """The first, then what needs it, then the run is through."""
    assert sent(next_move(view(A, B))) == ["a"]
    assert next_move(view(A, B, out="a")) == Await()
    assert sent(next_move(view(A, B, a="done"))) == ["b"]
    assert next_move(view(A, B, a="done", b="done")) == Finish()


def test_what_does_not_wait_goes_out_together_as_far_as_there_is_room() -> None:
    """Two of three at once; what needs one of them waits for it, and what was skipped holds nothing up."""
    assert sent(next_move(view(A, B, C, parallel=2))) == ["a", "c"]
    assert sent(next_move(view(A, B, C))) == ["a"]
    assert next_move(view(A, B, parallel=2, out="a")) == Await()
    assert sent(next_move(view(A, B, parallel=2, a="skipped"))) == ["b"]


@pytest.mark.parametrize("status", ["intended", "unknown"])
def test_what_is_in_doubt_is_asked_after_before_anything_else(status: StepStatus) -> None:
    """Nothing new goes out before it is known."""
    assert next_move(view(A, C, a=status, parallel=2)) == Reconcile((A,))
    assert next_move(view(A, C, a=status, out="a", parallel=1)) == Await()


def test_what_nobody_can_tell_holds_the_run() -> None:
    """With what was found, once nothing is out."""
    stuck = replace(view(A, C, a="unknown"), stuck={"a": STUCK})
    move = next_move(stuck)
    assert isinstance(move, Pause)
    assert (move.needs, move.group_id, move.evidence) == ("clarification", "a", STUCK.evidence)
    assert next_move(replace(stuck, out=frozenset("c"))) == Await()


@pytest.mark.parametrize("status", ["failed", "refused", "partial", "not_sent"])
def test_a_failure_ends_the_run_or_holds_it(status: StepStatus) -> None:
    """As was said; what is out is waited for."""
    move = next_move(view(A, C, a=status))
    assert isinstance(move, End)
    assert move.ending.status == "failed"
    held = next_move(view(A, C, a=status, on_failure="pause"))
    assert isinstance(held, Pause)
    assert (held.needs, held.group_id) == ("retry", "a")
    assert next_move(view(A, C, a=status, out="c")) == Await()


def test_a_failure_that_stands_apart_stops_only_what_waits_for_it() -> None:
    """The others go on; at their end the run has failed all the same."""
    apart = replace(A, apart=True)
    assert sent(next_move(view(apart, C, a="partial"))) == ["c"]
    barred = replace(view(apart, B, C, a="partial"), barred=frozenset("b"))
    assert sent(next_move(barred)) == ["c"]
    assert sent(next_move(view(apart, B, a="partial"))) == ["b"]
    done = replace(view(apart, B, C, a="partial", c="done"), barred=frozenset("b"))
    assert isinstance(next_move(done), End)


def test_what_is_known_not_to_have_happened_is_sent_again_but_not_for_ever() -> None:
    """Found out by the ledger: again. Ten times without an answer: a person."""
    found = {"status": "not_sent", "by": "ledger", "intended": 1, "attempt": 1}
    assert sent(next_move(view(A, a=found))) == ["a"]
    assert isinstance(next_move(view(A, a=found | {"intended": 10})), Pause)
    assert sent(next_move(view(A, a=found | {"intended": 10, "by": "person"}))) == ["a"]
    left = {"status": "partial", "by": "ledger", "left": ("a1",), "intended": 1}
    assert isinstance(next_move(view(A, a=left)), End)
    assert sent(next_move(view(A, a=left | {"untouched": True}))) == ["a"]


def test_a_step_that_is_tried_again_is_waited_for() -> None:
    """Until its moment, while nothing else can go out."""
    later = NOW + timedelta(seconds=3)
    retrying = {"status": "retrying", "until": timestamp(later)}
    assert next_move(view(A, C, a=retrying)) == WaitUntil(later)
    assert sent(next_move(view(A, C, a=retrying, parallel=2))) == ["c"]
    assert sent(next_move(view(A, C, a=retrying, now=later))) == ["a"]


@pytest.mark.parametrize(("ending", "code"), [("cancelled", "cancelled"), ("aborted", "aborted"), ("failed", "deadline_passed")])  # fmt: skip
def test_a_run_that_is_to_end_ends_once_nothing_is_out(ending: str, code: str) -> None:
    """What is out is waited for, nothing else is begun, and the reason is told."""
    assert next_move(view(A, C, a="done", ending=ending, out="c")) == Await()
    move = next_move(view(A, C, a="done", ending=ending, ending_why="enough"))
    assert isinstance(move, End)
    assert (move.ending.status, move.ending.reason, move.ending.code) == (ending, "enough", code)


def test_a_run_that_is_to_end_asks_first_what_became_of_what_is_in_doubt() -> None:
    """A cancelled one waits for a person where nobody can tell; one that was given up does not."""
    assert next_move(view(A, a="unknown", ending="cancelled")) == Reconcile((A,))
    cancelled = replace(view(A, a="unknown", ending="cancelled"), stuck={"a": STUCK})
    assert isinstance(next_move(cancelled), Pause)
    aborted = replace(view(A, a="unknown", ending="aborted"), stuck={"a": STUCK})
    assert isinstance(next_move(aborted), End)


@pytest.mark.parametrize("status", ["paused", "waiting", "completed"])
def test_a_run_that_is_held_or_over_is_left_alone(status: str) -> None:
    """Once nothing of it is out."""
    assert next_move(view(A, status=status)) == Rest()
    if status != "completed":
        assert next_move(view(A, status=status, out="a")) == Await()


def test_a_run_that_is_given_back_begins_nothing() -> None:
    """What is out is finished first."""
    assert next_move(replace(view(A), handing_back=True)) == Rest()
    assert next_move(replace(view(A, C, out="a"), handing_back=True)) == Await()


def test_a_limit_stops_what_it_leaves_no_room_for() -> None:
    """As many steps as fit are sent; where none fits the run ends, and says which limit it was."""
    two = RunLimits(rows=2)
    assert sent(next_move(view(A, C, B, parallel=3, limits=two))) == ["a", "c"]
    full = replace(view(A, B, a="done", limits=two), spent=Spent(rows=1))
    move = next_move(full)
    assert isinstance(move, End)
    assert (move.ending.code, move.ending.status) == ("limit_reached", "failed")
    assert "at most 2" in move.ending.reason
    calls = replace(view(A, limits=RunLimits(calls=3)), spent=Spent(calls=3))
    assert isinstance(next_move(calls), End)
    slow = replace(view(A, limits=RunLimits(seconds=5)), spent=Spent(seconds=5))
    assert isinstance(next_move(slow), End)
    dear, one = replace(C, price=Decimal(2)), RunLimits(cost=Decimal(3))
    assert sent(next_move(view(A, dear, limits=one, parallel=2))) == ["a", "c"]
    assert sent(next_move(view(dear, replace(A, price=Decimal(2)), limits=one, parallel=2))) == [
        "c"
    ]
    busy = view(dear, replace(A, price=Decimal(2)), limits=one, parallel=2, out="c")
    assert next_move(busy) == Await()
    late = next_move(view(A, deadline=timestamp(NOW)))
    assert isinstance(late, End)
    assert late.ending.code == "deadline_passed"


STATUSES: tuple[StepStatus, ...] = (
    "checked",
    "refused",
    "intended",
    "unknown",
    "retrying",
    "done",
    "partial",
    "failed",
    "not_sent",
    "skipped",
)


@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(STATUSES)),
    st.sets(st.sampled_from("abc")),
    st.integers(1, 3),
    st.sampled_from(["", "cancelled", "aborted"]),
    st.sampled_from(["end", "pause"]),
)
def test_every_view_has_one_move_and_none_sends_what_is_out_behind_or_in_doubt(
    known: dict[str, StepStatus], out: set[str], parallel: int, ending: str, on_failure: str
) -> None:
    """The same view gives the same move, and what it sends may be sent."""
    seen = view(
        A,
        B,
        C,
        out="".join(out),
        parallel=parallel,
        ending=ending,
        on_failure=on_failure,
        **dict[str, Any](known),
    )
    move = next_move(seen)
    assert next_move(seen) == move
    if isinstance(move, Await):
        assert out
    if isinstance(move, (End, Finish, Pause)):
        assert not out
    if isinstance(move, Send):
        assert not ending
        assert len(move.steps) + len(out) <= parallel
        for each in move.steps:
            assert each.id not in out
            assert known.get(each.id) in {None, "checked", "retrying"}
            assert all(known.get(one) in {"done", "skipped"} for one in each.needs)
