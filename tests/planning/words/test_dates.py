"""Dates in words, over a year's turns and a clock's changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.library import load_library
from actwright.planning.planner import PlanningRequest
from actwright.planning.words.dates import date_at
from actwright.planning.words.text import tokenize

SATURDAY = date(2026, 11, 21)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def read(text: str, today: date = SATURDAY) -> date | None:
    """Return the date that is all of ``text``."""
    tokens = tokenize(text)
    found = date_at(tokens, 0, today)
    return found.day if found is not None and found.length == len(tokens) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", date(2026, 11, 21)),
        ("Tomorrow", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("the day after tomorrow", date(2026, 11, 23)),
        ("next Tuesday", date(2026, 11, 24)),
        ("Tuesday", date(2026, 11, 24)),
        ("coming Tue", date(2026, 11, 24)),
        ("this Saturday", date(2026, 11, 21)),
        ("next Saturday", date(2026, 11, 28)),
        ("Saturday", date(2026, 11, 28)),
        ("in 3 days", date(2026, 11, 24)),
        ("in a week", date(2026, 11, 28)),
        ("two weeks from now", date(2026, 12, 5)),
        ("in 3 months", date(2027, 2, 21)),
        ("a year from today", date(2027, 11, 21)),
        ("end of the month", date(2026, 11, 30)),
        ("the end of this quarter", date(2026, 12, 31)),
        ("end of year", date(2026, 12, 31)),
        ("2026-12-15", date(2026, 12, 15)),
        ("15 December 2026", date(2026, 12, 15)),
        ("December 15, 2026", date(2026, 12, 15)),
        ("Dec 15th", date(2026, 12, 15)),
        ("the 3rd of March", date(2027, 3, 3)),
        ("12/31/2026", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("05/05/2027", date(2027, 5, 5)),
    ],
)
def test_a_date_in_words_is_one_day(text: str, expected: date) -> None:
    """Each wording means exactly this day, seen from Saturday, 2026-11-21."""
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sun",
        "may",
        "next week",
        "soon",
        "12/11/2026",
        "2026-02-30",
        "31 February",
        "31/31/2026",
        "in 99999999 days",
        "in many days",
        "15",
        "December",
        "13/2026",
        '"tomorrow"',
        "December 15, 26",
    ],
)
def test_what_could_be_two_days_or_none_is_no_date(text: str) -> None:
    """Vague, impossible and ambiguous wordings are no date, and so become a question."""
    assert read(text) is None


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        (date(2026, 12, 31), "tomorrow", date(2027, 1, 1)),
        (date(2026, 12, 30), "next Friday", date(2027, 1, 1)),
        (date(2027, 1, 31), "in a month", date(2027, 2, 28)),
        (date(2028, 1, 31), "in one month", date(2028, 2, 29)),
        (date(2028, 2, 29), "in a year", date(2029, 2, 28)),
        (date(2026, 12, 31), "31 December", date(2026, 12, 31)),
        (date(2026, 12, 31), "30 December", date(2027, 12, 30)),
        (date(2026, 12, 31), "end of the month", date(2026, 12, 31)),
    ],
)
def test_dates_cross_the_ends_of_months_and_years(today: date, text: str, expected: date) -> None:
    """Distances land on a day that exists; a day without a year is the next one from today on."""
    assert read(text, today) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 364))
def test_only_a_day_just_gone_by_may_be_the_last_one(today: date, ago: int) -> None:
    """A day without its year is doubtful for a quarter of a year behind it, and with its year never."""
    day = today - timedelta(ago)
    text = f"{day:%B} {day.day}"
    found = date_at(tokenize(text), 0, today)
    assert found is None or found.just_past == (0 < ago <= 92) or ago in {92, 93}
    dated = date_at(tokenize(f"{text} {day.year}"), 0, today)
    assert dated is not None
    assert not dated.just_past


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(DAYS))
def test_next_weekday_is_the_first_one_after_today(today: date, name: str) -> None:
    """``next Tuesday`` is one to seven days ahead, and a Tuesday; so is plain ``Tuesday``."""
    found = read(f"next {name}", today)
    assert found is not None
    assert timedelta(1) <= found - today <= timedelta(7)
    assert DAYS[found.weekday()] == name
    assert read(name, today) == found


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.dates())
def test_an_iso_date_is_itself(day: date, today: date) -> None:
    """A date written out does not depend on today."""
    assert read(day.isoformat(), today) == day


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (datetime(2026, 11, 1, 3, 30, tzinfo=UTC), "America/New_York", "2026-11-01"),
        (datetime(2026, 11, 1, 4, 30, tzinfo=UTC), "America/New_York", "2026-11-02"),
        (datetime(2026, 11, 2, 4, 30, tzinfo=UTC), "America/New_York", "2026-11-02"),
        (datetime(2026, 11, 2, 5, 30, tzinfo=UTC), "America/New_York", "2026-11-03"),
        (datetime(2027, 3, 28, 22, 30, tzinfo=UTC), "Europe/Berlin", "2027-03-30"),
        (datetime(2027, 3, 27, 22, 30, tzinfo=UTC), "Europe/Berlin", "2027-03-28"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "UTC", "2027-01-01"),
        (datetime(2027, 1, 1, 4, 30, tzinfo=UTC), "America/New_York", "2027-01-01"),
    ],
)
def test_tomorrow_is_meant_in_the_persons_zone(
    moment: datetime, zone: str, expected: str, memory_org: Any, planner: Any
) -> None:
    """Around the change of clocks and of the year, tomorrow follows the person's own midnight."""

    class Clock:
        """Stands at the moment of the case."""

        def now(self) -> datetime:
            return moment

    memory_org.user = memory_org.user.model_copy(update={"zone": zone})
    goal = "create a task for Acme Renewal: x, due tomorrow"
    outcome = planner.plan(PlanningRequest(goal, load_library(), memory_org, Clock()))
    assert outcome.plan.actions[0].arguments["ActivityDate"].value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EOM", date(2026, 11, 30)),
        ("eoq", date(2026, 12, 31)),
        ("EOD", date(2026, 11, 21)),
        ("end of next month", date(2026, 12, 31)),
        ("the end of next quarter", date(2027, 3, 31)),
        ("end of Q1", date(2027, 3, 31)),
        ("end of November", date(2026, 11, 30)),
        ("first day of next month", date(2026, 12, 1)),
        ("start of next quarter", date(2027, 1, 1)),
        ("the 15th of next month", date(2026, 12, 15)),
        ("first Monday of March", date(2027, 3, 1)),
        ("the last Friday of November", date(2026, 11, 27)),
        ("the first Monday of November", date(2027, 11, 1)),
        ("last Friday of next month", date(2026, 12, 25)),
        ("second Tuesday of December 2026", date(2026, 12, 8)),
        ("in two weeks", date(2026, 12, 5)),
        ("in a fortnight", date(2026, 12, 5)),
        ("a week from Tuesday", date(2026, 12, 1)),
        ("two weeks after December 15", date(2026, 12, 29)),
        ("3 days ago", date(2026, 11, 18)),
        ("Tuesday next week", date(2026, 11, 24)),
        ("next week Tuesday", date(2026, 11, 24)),
        ("15.12.2026", date(2026, 12, 15)),
        ("2026/12/15", date(2026, 12, 15)),
        ("Dec. 15", date(2026, 12, 15)),
        ("15. December 2026", date(2026, 12, 15)),
    ],
)
def test_a_day_by_its_place_is_one_day(text: str, expected: date) -> None:
    """Ends of months, weekdays by their place and distances from other days are exact."""
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Q1",
        "mid January",
        "mid-January",
        "early next month",
        "end of the week",
        "eow",
        "fifth Monday of March",
        "31st of this month",
        "30.02.2026",
        "12/15/26",
        "in 5 business days",
        "the start of the month",
        "the 15th",
    ],
)
def test_a_stretch_of_days_is_no_day(text: str) -> None:
    """A stretch, an impossible place and a year of two digits are asked about."""
    assert read(text) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_month_is_its_last_day(today: date) -> None:
    """``eom`` lies in this month, and the day after it does not; so for next month."""
    last = read("eom", today)
    assert last is not None
    assert (last.year, last.month) == (today.year, today.month)
    assert (last + timedelta(1)).day == 1
    following = read("end of next month", today)
    assert following is not None
    assert following > last
    assert (following + timedelta(1)).day == 1
