"""Days: relative bounds and the person's own day."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.guardrails.days import bound_day, day_of

TODAY = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("bound", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("today", TODAY),
        ("today+1d", date(2024, 3, 1)),
        ("today-2w", date(2024, 2, 15)),
        ("today+1m", date(2024, 3, 29)),
        ("today-1y", date(2023, 2, 28)),
        ("today+12m", date(2025, 2, 28)),
        ("today-2m", date(2023, 12, 29)),
        ("today+9999y", date.max),
        ("today-9999y", date.min),
        ("9999-12-31", date.max),
        ("today-9999m", date(1190, 11, 29)),
    ],
)
def test_a_bound_is_a_day(bound: str, day: date) -> None:
    """A bound means a day: fixed, or counted from today, months ending on their last day."""
    assert bound_day(bound, TODAY) == day


def test_one_step_out_of_the_calendar_is_its_edge() -> None:
    """The day after the last one is the last one, and the day before the first one the first."""
    assert [bound_day(f"today+1{unit}", date.max) for unit in "dwmy"] == [date.max] * 4
    assert [bound_day(f"today-1{unit}", date.min) for unit in "dwmy"] == [date.min] * 4


@given(st.dates(date(1000, 1, 1), date(8000, 1, 1)), st.integers(0, 9999))
def test_days_and_weeks_are_counted(today: date, count: int) -> None:
    """Days and weeks are counted as the calendar counts them."""
    assert bound_day(f"today+{count}d", today) == today + timedelta(days=count)
    assert bound_day(f"today-{count}w", today) == today - timedelta(weeks=count)


@given(st.dates(date(1000, 1, 1), date(8000, 1, 1)), st.integers(0, 999))
def test_years_are_twelve_months(today: date, count: int) -> None:
    """A year is twelve months, for every day there is."""
    assert bound_day(f"today+{count}y", today) == bound_day(f"today+{count * 12}m", today)


@pytest.mark.parametrize(
    ("value", "zone", "day"),
    [
        ("2026-11-24", "America/New_York", date(2026, 11, 24)),
        ("2026-11-25T03:00:00Z", "America/New_York", date(2026, 11, 24)),
        ("2026-11-25T03:00:00Z", "UTC", date(2026, 11, 25)),
        ("2026-11-25T23:00:00Z", "Asia/Tokyo", date(2026, 11, 26)),
        ("2026-11-25T23:00:00", "UTC", None),
        ("0001-01-01T00:00:00Z", "America/New_York", None),
        ("tomorrow", "UTC", None),
        ("2026-02-30", "UTC", None),
        (20261124, "UTC", None),
    ],
)
def test_a_value_stands_for_a_day(value: str | int, zone: str, day: date | None) -> None:
    """A point in time is the day a clock in the person's zone shows; anything else is no day."""
    assert day_of(value, zone) == day


def test_an_unknown_zone_is_no_utc() -> None:
    """A zone nobody knows is an error, never UTC in silence."""
    with pytest.raises(ZoneInfoNotFoundError):
        day_of("2026-11-25T03:00:00Z", "Mars/Olympus")
