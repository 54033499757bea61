"""A run's state is a fold over its events: pure, total, the same for the same events."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import StoreError
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import GENESIS, EventKind, JournalEvent
from actwright.runs.state import RunState, fold

STARTED = {
    "goal": "g",
    "planId": "plan_1",
    "previewId": "prv_1",
    "confirmationId": "cnf_1",
    "digest": "d",
    "user": "alice",
    "org": "00D",
}
GROUP = st.sampled_from(["g1", "g2"]).map(lambda each: {"groupId": each})
ENDED = st.booleans().map(
    lambda won: {"envelope": OrchestratorResult(success=won).model_dump(mode="json")}
)
SHAPES: dict[str, st.SearchStrategy[dict[str, Any]]] = dict.fromkeys(get_args(EventKind), GROUP) | {
    "run_started": st.just(STARTED),
    "run_ended": ENDED,
}


def event(seq: int, kind: str, data: dict[str, Any]) -> JournalEvent:
    """Return an event."""
    row = {"run_id": "run_1", "seq": seq, "at": f"at {seq}", "kind": kind, "actor": "alice"}
    return JournalEvent.model_validate(row | {"data": data, "prev_hash": GENESIS, "hash": GENESIS})


@st.composite
def histories(draw: st.DrawFn) -> tuple[JournalEvent, ...]:
    """Draw events of any kinds in any order."""
    kinds = draw(st.lists(st.sampled_from(sorted(SHAPES)), max_size=12))
    return tuple(event(seq, kind, draw(SHAPES[kind])) for seq, kind in enumerate(kinds, start=1))


@given(histories())
def test_any_history_has_a_state(events: tuple[JournalEvent, ...]) -> None:
    """Folding never fails, changes nothing, and gives the same state twice."""
    before = [each.model_copy(deep=True) for each in events]
    state = fold(events)
    assert fold(events) == state
    assert list(events) == before
    assert set(state.in_doubt) == set(state.sent) - set(state.settled)
    assert (state.status == "running") is (state.ended_at is None)
    assert RunState.model_validate(state.model_dump()) == state


@given(histories(), st.integers(0, 12))
def test_a_prefix_is_a_state_of_its_own(events: tuple[JournalEvent, ...], cut: int) -> None:
    """What is known grows event by event: nothing that was sent is ever unsent."""
    early = fold(events[:cut])
    assert fold(events).sent[: len(early.sent)] == early.sent


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
