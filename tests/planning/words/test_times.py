"""Times of day in words, the point in time they mean where the person is, and the events they make."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.words.text import tokenize
from actwright.planning.words.times import Slot, moment, slot_at

SATURDAY = date(2026, 11, 21)
SUNDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 24)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "day", "start", "end", "minutes"),
    [
        ("on Tuesday at 3pm for an hour", TUESDAY, time(15), None, 60),
        ("tomorrow 14:30-15:00", SUNDAY, time(14, 30), time(15), None),
        ("tomorrow at noon", SUNDAY, time(12), None, None),
        ("from 2 to 3pm on Tuesday", TUESDAY, time(14), time(15), None),
        ("between 11 and 1pm tomorrow", SUNDAY, time(11), time(13), None),
        ("3:30 p.m. tomorrow for 90 minutes", SUNDAY, time(15, 30), None, 90),
        ("tomorrow from 9:00 until 10:30", SUNDAY, time(9), time(10, 30), None),
        ("for half an hour tomorrow at 3 pm", SUNDAY, time(15), None, 30),
        ("Tuesday, 3pm", TUESDAY, time(15), None, None),
        ("for 2h tomorrow 8am", SUNDAY, time(8), None, 120),
        ("next Tuesday 13:00 for 1.5 hours", TUESDAY, time(13), None, 90),
        ("2026-11-24 at 12am", TUESDAY, time(0), None, None),
        ("2026-11-24 at 12pm", TUESDAY, time(12), None, None),
        ("tomorrow", SUNDAY, None, None, None),
    ],
)
def test_a_slot_is_read_in_any_order(
    text: str, day: date, start: time | None, end: time | None, minutes: int | None
) -> None:
    """Day, times and length are read exactly, whatever comes first."""
    tokens = tokenize(text)
    assert slot_at(tokens, 0, SATURDAY) == Slot(len(tokens), day, start, end, minutes)


@pytest.mark.parametrize("text", ["at 3 tomorrow", "tomorrow at midnight", "tomorrow at 11"])
def test_a_time_that_could_be_two_is_doubtful(text: str) -> None:
    """An hour without its half of the day is never guessed."""
    slot = slot_at(tokenize(text), 0, SATURDAY)
    assert slot is not None
    assert slot.doubtful
    assert slot.start is None


@pytest.mark.parametrize(
    "text", ["at 25:00", "at Acme", "for Acme", "13pm", "at 14 Main Street", '"3pm"']
)
def test_what_is_no_time_is_no_slot(text: str) -> None:
    """Impossible times, names and quoted words are no slot."""
    assert slot_at(tokenize(text), 0, SATURDAY) is None


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_on_the_clock_is_itself(hour: int, minute: int) -> None:
    """Every time written with minutes reads back."""
    slot = slot_at(tokenize(f"tomorrow at {hour}:{minute:02}"), 0, SATURDAY)
    assert slot is not None
    assert slot.start == time(hour, minute)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001 - a day and a time of day
def test_a_point_in_time_is_what_the_clock_shows(local: datetime) -> None:
    """A point is found only where the clock on the wall shows that time exactly once."""
    found = moment(local.date(), local.time(), NEW_YORK)
    if found is None:
        around = [local + timedelta(hours=each) for each in (-2, 2)]
        assert len({each.replace(tzinfo=NEW_YORK).utcoffset() for each in around}) == 2
    else:
        assert found.astimezone(UTC).astimezone(NEW_YORK).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("day", "at"), [(date(2027, 3, 14), time(2, 30)), (date(2026, 11, 1), time(1, 30))]
)
def test_the_clocks_change_leaves_no_point_or_two(day: date, at: time) -> None:
    """An hour that is skipped or comes twice is no point in time."""
    assert moment(day, at, NEW_YORK) is None


AT_3 = "2026-11-24T15:00:00-05:00"
EVENTS: list[tuple[str, dict[str, Any]]] = [
    (
        "schedule a meeting with John Smith on Tuesday at 3pm for an hour",
        {
            "Subject": "Meeting with John Smith",
            "StartDateTime": AT_3,
            "DurationInMinutes": 60,
            "WhoId": "Contact: John Smith",
        },
    ),
    (
        "book a meeting on Tuesday 15:00-15:30 with Jane Doe about pricing",
        {
            "Subject": "pricing",
            "StartDateTime": AT_3,
            "DurationInMinutes": 30,
            "WhoId": "Lead: Jane Doe",
        },
    ),
    (
        'create an event "Kick-off" for Acme on 2026-11-24 from 15:00 to 16:30',
        {
            "Subject": "Kick-off",
            "StartDateTime": AT_3,
            "DurationInMinutes": 90,
            "WhatId": "Account: Acme",
        },
    ),
    (
        "schedule an appointment with John Smith on Tuesday at 3pm",
        {
            "Subject": "Appointment with John Smith",
            "StartDateTime": AT_3,
            "WhoId": "Contact: John Smith",
        },
    ),
]


@pytest.mark.parametrize(("goal", "expected"), EVENTS)
def test_a_goal_becomes_an_event(
    goal: str, expected: dict[str, Any], plans: Any, spell: Any
) -> None:
    """Day, time and length become the beginning in the person's zone and the length in minutes."""
    outcome = plans(goal)
    assert spell(outcome) == [("CreateEvent", expected)]
    assert outcome.questions == ()


def test_the_zone_is_said(plans: Any) -> None:
    """The point in time, and the zone it was meant in, is an assumption."""
    assumptions = plans(EVENTS[0][0]).plan.assumptions
    assert any(AT_3 in each and "America/New_York" in each for each in assumptions)


@pytest.mark.parametrize(
    ("goal", "answer", "value"),
    [
        ("schedule a meeting with John Smith on Tuesday", "3pm", AT_3),
        ("schedule a meeting with John Smith on Tuesday at 3", "15:00", AT_3),
        ("schedule a meeting with John Smith on Tuesday", "Tuesday 3pm", AT_3),
        ("schedule a meeting with John Smith", "2026-11-24 15:00", AT_3),
        ("schedule a meeting with John Smith at 3pm", "Tuesday 3pm", AT_3),
    ],
)
def test_what_lacks_of_a_slot_is_asked_and_answered_in_a_word(
    goal: str, answer: str, value: str, plans: Any
) -> None:
    """A day or a time that was not said is asked; the answer goes with the day that was."""
    assert [each.id for each in plans(goal).questions] == ["a1.StartDateTime"]
    answered = plans(goal, {"a1.StartDateTime": answer})
    assert answered.questions == ()
    argument = answered.plan.actions[0].arguments["StartDateTime"]
    assert (argument.value, argument.provenance) == (value, "data")


def test_an_event_that_ends_before_it_begins_is_asked(plans: Any) -> None:
    """A slot over midnight, or the wrong way round, has no length."""
    outcome = plans("schedule a meeting with John Smith tomorrow from 16:00 to 15:00")
    assert [each.id for each in outcome.questions] == ["a1.DurationInMinutes"]
