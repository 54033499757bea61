"""A run's state is a fold over its events: pure, total, the same for the same events."""

from __future__ import annotations

from functools import reduce
from time import process_time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import StoreError
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import GENESIS, EventKind, JournalEvent
from actwright.runs.record.folding import advance, applied, fold
from actwright.runs.record.happening import Noted
from actwright.runs.record.state import RunState

STARTED = {
    "goal": "g",
    "planId": "plan_1",
    "previewId": "prv_1",
    "confirmationId": "cnf_1",
    "digest": "d",
    "user": "alice",
    "org": "00D",
}
GROUP = st.fixed_dictionaries(
    {"groupId": st.sampled_from(["g1", "g2"])},
    optional={
        "stage": st.integers(1, 2),
        "attempt": st.integers(1, 3),
        "until": st.just("2026-11-21T12:00:00.000Z"),
        "outcomes": st.lists(
            st.sampled_from(["done", "failed", "unknown", "not_sent", "rolled_back"]).map(
                lambda each: {"effectId": "e", "status": each}
            ),
            max_size=2,
        ),
    },
)
HELD = st.fixed_dictionaries(
    {"reason": st.just("why")}, optional={"for": st.sampled_from(["retry", "clarification"])}
)
ENDED = st.booleans().map(
    lambda won: {"envelope": OrchestratorResult(success=won).model_dump(mode="json")}
)
STEPPED_IN = st.fixed_dictionaries(
    {"action": st.just("cancel"), "key": st.sampled_from(["", "k1"])},
    optional={
        "becomes": st.sampled_from(["running", "paused", "waiting"]),
        "ending": st.sampled_from(["cancelled", "aborted"]),
    },
)
SHAPES: dict[str, st.SearchStrategy[dict[str, Any]]] = dict.fromkeys(get_args(EventKind), GROUP) | {
    "run_started": st.just(STARTED),
    "run_taken": st.just({"by": "host:1:a", "why": "resumed"}),
    "run_continued": st.just(STARTED | {"because": "wave"}),
    "run_paused": HELD,
    "run_waiting": HELD,
    "intervened": STEPPED_IN,
    "run_ended": ENDED,
}


def event(seq: int, kind: str, data: dict[str, Any]) -> JournalEvent:
    """Return an event."""
    row = {
        "run_id": "run_1",
        "seq": seq,
        "at": f"2026-11-21T12:00:{seq:02}Z",
        "kind": kind,
        "actor": "alice",
    }
    return JournalEvent.model_validate(row | {"data": data, "prev_hash": GENESIS, "hash": GENESIS})


@st.composite
def histories(draw: st.DrawFn) -> tuple[JournalEvent, ...]:
    """Draw events of any kinds in any order; nothing stands behind an end."""
    kinds = draw(st.lists(st.sampled_from(sorted(SHAPES.keys() - {"run_ended"})), max_size=12))
    kinds += ["run_ended"] if draw(st.booleans()) else []
    return tuple(event(seq, kind, draw(SHAPES[kind])) for seq, kind in enumerate(kinds, start=1))


@given(histories())
def test_any_history_has_a_state(events: tuple[JournalEvent, ...]) -> None:
    """Folding never fails, changes nothing, and gives the same state twice."""
    before = [each.model_copy(deep=True) for each in events]
    state = fold(events)
    assert fold(events) == state
    assert list(events) == before
    assert set(state.in_doubt) == set(state.sent) - set(state.settled)
    assert state.ended is (state.ended_at is not None)
    assert RunState.model_validate(state.model_dump()) == state


@given(histories())
def test_folding_comes_to_the_same_as_a_copy_for_each_event(
    events: tuple[JournalEvent, ...],
) -> None:
    """It only takes less time."""
    assert fold(events) == reduce(applied, events, RunState(id=events[0].run_id if events else ""))


def test_folding_takes_a_time_that_grows_with_the_events() -> None:
    """Ten times as many steps take about ten times as long, not a hundred times."""

    def seconds(steps: int) -> float:
        """Return how long it takes at least to fold a run of so many steps."""
        ids = [f"g{each}" for each in range(steps)]
        told = [event(1, "run_started", STARTED)]
        told += [event(2, "group_intended", {"groupId": each}) for each in ids]
        tries = []
        for _ in range(3):
            before = process_time()
            fold(told)
            tries.append(process_time() - before)
        return min(tries)

    assert seconds(3_000) < 40 * seconds(300)


@given(histories(), st.integers(0, 12))
def test_a_prefix_is_a_state_of_its_own(events: tuple[JournalEvent, ...], cut: int) -> None:
    """What is known grows event by event: nothing that was sent is ever unsent."""
    early, late = fold(events[:cut]), fold(events)
    sent = {(each.stage, each.group_id): each.intended for each in early.steps}
    assert all(each.intended >= sent.get((each.stage, each.group_id), 0) for each in late.steps)


@given(histories())
def test_what_is_brought_forward_in_place_comes_to_the_same(
    events: tuple[JournalEvent, ...],
) -> None:
    """The engine folds its own events without a copy; the state is the one the journal adds up to."""
    first, *later = events or [event(1, "run_started", STARTED)]
    state = fold([first])
    assert state.begun.keys() <= {each.group_id for each in state.steps}
    for each in later:
        if each.kind == "run_ended":
            assert applied(state, each) == fold(events)
            return
        advance(
            state,
            Noted(each.run_id, each.seq, each.at, each.kind, each.actor, each.data),
        )
    assert state == fold([first, *later])
    assert state.begun == fold([first, *later]).begun


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("run_started", {}),
        ("run_started", STARTED | {"goal": 5}),
        ("group_intended", {}),
        ("group_settled", {"groupId": ["g1"]}),
        ("run_ended", {}),
        ("run_ended", {"envelope": {"success": "maybe"}}),
        ("run_ended", {"envelope": None}),
    ],
)
def test_a_damaged_event_is_named(kind: str, data: dict[str, Any]) -> None:
    """An event that does not hold what its kind says is a store error that names it."""
    with pytest.raises(StoreError, match=rf"Event 1 \({kind}\) of run_1"):
        fold([event(1, kind, data)])


def test_an_intent_without_an_outcome_is_in_doubt() -> None:
    """A group that was about to be sent stays in doubt until it is settled."""
    events = [event(1, "run_started", STARTED), event(2, "group_intended", {"groupId": "g1"})]
    assert fold(events).in_doubt == ("g1",)
    assert fold([*events, event(3, "group_settled", {"groupId": "g1"})]).in_doubt == ()


def test_a_time_nobody_can_read_is_damage() -> None:
    """It is named like any other damage, in place of an error of whatever tells the time."""
    bad = event(1, "run_started", STARTED).model_copy(update={"at": "yesterday"})
    with pytest.raises(StoreError, match=r"Event 1 \(run_started\) of run_1 is damaged"):
        fold([bad])
