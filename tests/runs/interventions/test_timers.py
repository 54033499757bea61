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
from actwright.errors import JournalDamagedError, StoreError
from actwright.runs.interventions.standing import Standing
from actwright.runs.interventions.timers import Timers, due
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunState
from actwright.runs.telling.listed import listed
from actwright.runs.telling.seen import SeenRuns

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
    assert state.ending_why == "Nobody answered by 2026-11-21 13:00 UTC."
    assert timers(staged).fire(RUN) == ()


def test_a_wait_of_two_days_is_flagged_after_one_and_ends_after_both(
    staged_on_both: StagedRun,
) -> None:
    """The register has a worker woken for each, so that the end comes by itself, on both stores."""
    staged, register = staged_on_both, Register(staged_on_both.database)
    kind, data = WAITING
    until = timestamp(NOON + timedelta(hours=48))
    staged.begun((kind, {**data, "until": until}), first=started(answerWithin=172_800.0))
    fired = []
    for hour in range(1, 50):
        staged.clock.move(hours=1)
        now = timestamp(staged.clock.now())
        if staged.state.status == "waiting" and register.runnable(now, 10):
            fired += [(hour, each.timer, each.ends) for each in timers(staged).look(RUN)]
    assert fired == [(24, "escalation", False), (48, "expiry", True)]
    assert staged.state.ending_why == "Nobody answered by 2026-11-23 12:00 UTC."


def test_a_pause_after_a_failure_ends_where_nobody_says_how_it_goes_on(staged: StagedRun) -> None:
    """It waits for a person just as well."""
    *before, (kind, data) = FAILED
    staged.begun(*before, (kind, {**data, "until": IN_AN_HOUR}))
    staged.clock.move(hours=1)
    assert [each.timer for each in timers(staged).fire(RUN)] == ["expiry"]


def test_a_look_costs_nothing_where_no_moment_has_come(staged: StagedRun) -> None:
    """The journal is not even read."""
    staged.begun(WAITING)
    staged.journal.events = refuse  # type: ignore[method-assign]  # whoever reads it fails
    assert timers(staged).look(RUN) == ()


def refuse(*_: object, **__: object) -> tuple[JournalEvent, ...]:
    """Fail."""
    raise AssertionError


def test_what_approvers_decided_on_waits_no_longer_than_the_run_does(staged: StagedRun) -> None:
    """The yes to other values is waited for anew, from the decision on."""
    staged.begun(first=started(answerWithin=3_600.0)).objected_to()
    staged.clock.move(hours=5)
    for each in ("Ann", "Ben"):
        staged.step_in("modify", signed_by=each, inputs={"a1.Name": "x"})
    assert (staged.state.waiting_for, staged.state.until) == (
        "confirmation",
        timestamp(NOON + timedelta(hours=6)),
    )


@pytest.mark.parametrize(
    "terms",
    [
        {"deadline": "soon"},
        {"deadline": "2026-11-21T13:00:00"},
        {"answerWithin": 1e300},
        {"answerWithin": -1},
    ],
)
def test_terms_that_are_none_are_damage_and_no_fault_of_the_program(
    staged: StagedRun, terms: dict[str, object]
) -> None:
    """Whoever wrote them: the event is named, by those who look at the run and by those who carry it out."""
    staged.begun(WAITING, first=started(**terms))
    with pytest.raises(StoreError, match=r"Event 1 \(run_started\) .* is damaged"):
        timers(staged).fire(RUN)


@pytest.mark.parametrize("until", ["9 o'clock", "1", "2026-11-21"])
def test_a_moment_that_is_none_is_damage(staged: StagedRun, until: str) -> None:
    """Nobody who lists the runs stumbles over it either."""
    staged.begun((WAITING[0], {**WAITING[1], "until": until}))
    with pytest.raises(StoreError, match=r"Event 2 \(run_waiting\) .* is damaged"):
        timers(staged).fire(RUN)
    found = listed(Register(staged.database), NOON, limit=5)
    assert SeenRuns(staged.journal).states(found) == {}


def test_an_event_of_no_moment_is_damage(staged: StagedRun) -> None:
    """How long a run has been held since then, nobody could tell."""
    entries = [started(), WAITING]
    staged.journal.append(RUN, entries, actor="m", after=None, at="2026-11-21T12:00:00")
    with pytest.raises(StoreError, match=r"Event 1 \(run_started\) .* is damaged"):
        timers(staged).fire(RUN)


def test_a_deadline_ends_what_is_held(staged: StagedRun) -> None:
    """The reason names it."""
    staged.begun(*FAILED, first=started(deadline=IN_AN_HOUR))
    staged.clock.move(hours=2)
    (fired,) = timers(staged).fire(RUN)
    assert fired.timer == "deadline"
    assert staged.state.ending_why.startswith("The deadline 2026-11-21 13:00 UTC passed")


def test_no_timer_fires_by_an_edited_journal(staged: StagedRun) -> None:
    """A deadline somebody moved ends nothing, and nothing is written behind the edit."""
    staged.begun(*FAILED, first=started(deadline=IN_AN_HOUR))
    before = staged.edited(IN_AN_HOUR, timestamp(NOON))
    staged.clock.move(minutes=1)
    with pytest.raises(JournalDamagedError, match="event 1"):
        timers(staged).fire(RUN)
    assert staged.rows == before


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


def test_a_doubt_that_is_cleared_up_leaves_the_window_of_an_objection_as_it_is(
    staged: StagedRun,
) -> None:
    """Nobody is woken for the group that can be sent again before the run may go on."""
    staged.begun(*IN_DOUBT).objected_to()
    register = Register(staged.database)
    window = register.row(RUN).wake_at
    staged.step_in("provide_clarification", answer="did not happen")
    assert register.row(RUN).wake_at == window
    assert register.runnable(timestamp(staged.clock.now()), 10) == ()
    staged.clock.move(hours=72)
    assert [each.timer for each in timers(staged).look(RUN)] == ["override"]


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


@pytest.mark.parametrize("held", ["confirmation", "retry", "doubt", "override"])
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
