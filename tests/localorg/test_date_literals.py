"""Date literals: the days a name means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.soql.ast import DateLiteral
from localorg.soql.literals import COUNTED, NAMED, days_of

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("literal", "first", "after"),
    [
        (DateLiteral("TODAY"), date(2026, 11, 21), date(2026, 11, 22)),
        (DateLiteral("THIS_WEEK"), date(2026, 11, 15), date(2026, 11, 22)),
        (DateLiteral("LAST_MONTH"), date(2026, 10, 1), date(2026, 11, 1)),
        (DateLiteral("NEXT_MONTH"), date(2026, 12, 1), date(2027, 1, 1)),
        (DateLiteral("THIS_QUARTER"), date(2026, 10, 1), date(2027, 1, 1)),
        (DateLiteral("NEXT_QUARTER"), date(2027, 1, 1), date(2027, 4, 1)),
        (DateLiteral("LAST_YEAR"), date(2025, 1, 1), date(2026, 1, 1)),
        (DateLiteral("LAST_N_DAYS", 7), date(2026, 11, 14), date(2026, 11, 22)),
        (DateLiteral("NEXT_N_DAYS", 7), date(2026, 11, 22), date(2026, 11, 29)),
        (DateLiteral("LAST_N_MONTHS", 2), date(2026, 9, 1), date(2026, 11, 1)),
    ],
)
def test_a_literal_means_these_days(literal: DateLiteral, first: date, after: date) -> None:
    """Each literal covers whole days, the last one exclusive."""
    assert days_of(literal, TODAY) == (first, after)


@given(DAYS, st.sampled_from(["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]))
def test_last_this_and_next_join_without_a_gap(today: date, unit: str) -> None:
    """The span before ends where this one starts, and this one where the next starts."""
    names = ("YESTERDAY", "TODAY", "TOMORROW")
    last, this, following = (
        NAMED[name](today)
        for name in (names if unit == "DAY" else (f"LAST_{unit}", f"THIS_{unit}", f"NEXT_{unit}"))
    )
    assert last[1] == this[0] <= today < this[1] == following[0]


@given(DAYS, st.sampled_from(sorted(COUNTED)), st.integers(1, 200))
def test_a_counted_literal_grows_with_its_number(today: date, name: str, count: int) -> None:
    """One more of a span never covers fewer days, except for the single day of N_DAYS_AGO."""
    start, end = COUNTED[name](today, count)
    wider = COUNTED[name](today, count + 1)
    assert start < end
    if name == "N_DAYS_AGO":
        assert wider == (start - timedelta(days=1), end - timedelta(days=1))
    else:
        assert wider[1] - wider[0] > end - start
