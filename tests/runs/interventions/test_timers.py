"""Timers: each fires once, never twice, never early, whatever the clock does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runs.interventions.staged_run import (
    FAILED,
    IN_DOUBT,
    RUN,
    WAITING,
    WAYS,
    StagedRun,
    ended,
    started,
)

from actwright.clock import timestamp
from actwright.runs.interventions.standing import Standing
from actwright.runs.interventions.timers import Timers, due
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunState

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
IN_AN_HOUR = timestamp(NOON + timedelta(hours=1))


def timers(staged: StagedRun) -> Timers:
    """Return what fires the timers of the store."""
    return Timers(staged.journal, staged.clock)


def test_waiting_ends_where_nobody_answers_in_time(staged: StagedRun) -> None:
    """The run is to end as failed, once, and not a millisecond early."""
    kind, data = WAITING
    staged.begun((kind, {**data, "until": IN_AN_HOUR}))
    staged.clock.move(minutes=59, seconds=59, milliseconds=999)
    assert timers(staged).fire(RUN) == ()
    staged.clock.move(milliseconds=1)
    (fired,) = timers(staged).fire(RUN)
    assert (fired.timer, fired.ends) == ("expiry", True)
    state = staged.state
    assert (state.status, state.ending) == ("running", "failed")
    assert state.ending_why == "Nobody answered in time."
    assert timers(staged).fire(RUN) == ()


def test_a_deadline_ends_what_is_held(staged: StagedRun) -> None:
    """The reason names it."""
    staged.begun(*FAILED, first=started(deadline=IN_AN_HOUR))
    staged.clock.move(hours=2)
    (fired,) = timers(staged).fire(RUN)
    assert fired.timer == "deadline"
    assert staged.state.ending_why.startswith("The deadline 2026-11-21 13:00 UTC passed")


def test_of_two_that_end_it_the_earlier_one_does(staged: StagedRun) -> None:
    """Whenever that is noticed."""
    kind, data = WAITING
    later = timestamp(NOON + timedelta(hours=2))
    staged.begun((kind, {**data, "until": later}), first=started(deadline=IN_AN_HOUR))
    staged.clock.move(days=9)
    assert [each.timer for each in timers(staged).fire(RUN)] == ["deadline"]


def test_whoever_carries_a_run_out_looks_at_its_deadline(staged: StagedRun) -> None:
    """No timer interferes with a run that is not held, or has ended."""
    staged.begun(first=started(deadline=IN_AN_HOUR))
    staged.clock.move(days=9)
    assert timers(staged).fire(RUN) == ()
    staged.add(ended())
    assert timers(staged).fire(RUN) == ()


def test_what_is_in_doubt_is_flagged_and_never_ended_by_a_timer(staged: StagedRun) -> None:
    """Ended, nobody could clear it up any more."""
    staged.begun(*IN_DOUBT, first=started(deadline=IN_AN_HOUR))
    staged.clock.move(hours=23)
    assert timers(staged).fire(RUN) == ()
    staged.clock.move(hours=1)
    (fired,) = timers(staged).fire(RUN)
    assert (fired.timer, fired.ends) == ("escalation", False)
    state = staged.state
    assert (state.status, state.ending) == ("paused", "")
    assert state.stalled == "It was paused for more than 24 hours: nobody knows"


def test_an_objection_nobody_decides_stays(staged: StagedRun) -> None:
    """After its window it is escalated, and the run is still paused; it can be decided late."""
    staged.at("override")
    staged.clock.move(hours=71, minutes=59)
    assert timers(staged).fire(RUN) == ()
    staged.clock.move(minutes=1)
    (fired,) = timers(staged).fire(RUN)
    assert (fired.timer, fired.ends) == ("override", False)
    assert (staged.state.status, staged.state.waiting_for) == ("paused", "override")
    assert "was not decided by" in staged.state.stalled
    assert timers(staged).fire(RUN) == ()
    staged.step_in("dismiss", signed_by="Ann")
    assert staged.state.stalled != ""
    assert staged.step_in("dismiss", signed_by="Ben").state.stalled == ""


def test_a_clock_that_jumps_back_fires_nothing_again(staged: StagedRun) -> None:
    """What has fired has fired; the next pause has a timer of its own."""
    staged.begun(*FAILED)
    staged.clock.move(days=2)
    assert len(timers(staged).fire(RUN)) == 1
    staged.clock.move(days=-3)
    assert timers(staged).fire(RUN) == ()
    staged.clock.move(days=9)
    assert timers(staged).fire(RUN) == ()
    staged.step_in("retry")
    staged.add(*FAILED)
    assert staged.state.stalled == ""
    staged.clock.move(days=2)
    assert len(timers(staged).fire(RUN)) == 1


def test_many_who_fire_at_once_fire_once(staged_on_both: StagedRun) -> None:
    """Eight workers wake up at the same moment."""
    staged_on_both.begun(*FAILED)
    staged_on_both.clock.move(days=2)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: timers(staged_on_both).fire(RUN), range(8)))
    assert sum(map(len, found)) == 1
    assert [each.kind for each in staged_on_both.events].count("timer_fired") == 1


@given(
    st.sampled_from(["queued", "running", "waiting", "paused", "completed"]),
    st.sampled_from(["", "confirmation", "clarification", "retry", "override"]),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(-5, 200),
)
def test_no_timer_is_due_before_its_moment(
    status: str, held_for: str, until: int, deadline: int, hours: int
) -> None:
    """Whatever a run stands at, what is due has come, and what ends it is alone."""
    state = RunState.model_validate(
        {
            "id": RUN,
            "status": status,
            "waiting_for": held_for,
            "held_since": timestamp(NOON),
            "until": timestamp(NOON + timedelta(hours=until)),
            "deadline": timestamp(NOON + timedelta(hours=deadline)),
        }
    )
    now = NOON + timedelta(hours=hours)
    found = due(state, now)
    assert all(each.at <= now for each in found)
    assert len(found) <= 1
    assert not found or status in {"waiting", "paused"}


@pytest.mark.parametrize("hours", [1.0, 48.0])
def test_how_long_is_too_long_can_be_chosen(staged: StagedRun, hours: float) -> None:
    """The moment and the words follow."""
    staged.begun(*FAILED)
    patience = timedelta(hours=hours)
    staged.clock.move(hours=hours)
    (found,) = due(staged.state, staged.clock.now(), escalate_after=patience)
    assert f"more than {hours:g} hours" in found.why
    assert (
        due(staged.state, staged.clock.now() - timedelta(seconds=1), escalate_after=patience) == ()
    )


@pytest.mark.parametrize("held", ["confirmation", "retry", "doubt", "override", "question"])
@pytest.mark.parametrize("deadline", [None, IN_AN_HOUR])
def test_a_worker_is_woken_for_what_is_due_and_for_nothing_else(
    staged: StagedRun, held: Standing, deadline: str | None
) -> None:
    """The register gives a held run exactly where a timer of it is due, so that nobody looks again and again."""
    if held == "override":
        staged.begun(first=started(deadline=deadline)).objected_to()
    else:
        staged.begun(*WAYS[held][1:], first=started(deadline=deadline))
    register = Register(staged.database)
    fired: list[str] = []
    for _ in range(80):
        now = timestamp(staged.clock.now())
        woken = [each.run_id for each in register.runnable(now, 10)]
        found = timers(staged).fire(RUN)
        assert bool(woken) is bool(found), now
        fired += [each.timer for each in found]
        if staged.state.status == "running":
            break
        staged.clock.move(hours=1)
    assert fired == [_expected(held, deadline)]


def _expected(held: Standing, deadline: str | None) -> str:
    if held == "override":
        return "override"
    return "deadline" if deadline and held in {"confirmation", "retry"} else "escalation"
