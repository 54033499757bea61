"""Spans of days in words: what they allow, and what is no span at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actwright.planning.words.spans import Days, days_at, length_at
from actwright.planning.words.text import tokenize

TODAY = date(2026, 11, 21)
SPANS = [
    ("this month", "2026-11-01 to 2026-11-30"),
    ("in this month", "2026-11-01 to 2026-11-30"),
    ("next month", "2026-12-01 to 2026-12-31"),
    ("last quarter", "2026-07-01 to 2026-09-30"),
    ("this week", "2026-11-16 to 2026-11-22"),
    ("next year", "2027-01-01 to 2027-12-31"),
    ("Q1 2027", "2027-01-01 to 2027-03-31"),
    ("December", "2026-12-01 to 2026-12-31"),
    ("December 2025", "2025-12-01 to 2025-12-31"),
    ("the last 30 days", "2026-10-22 to 2026-11-21"),
    ("within the next two weeks", "2026-11-21 to 2026-12-05"),
    ("before 2027-01-01", "until 2026-12-31"),
    ("before next month", "until 2026-11-30"),
    ("after this month", "from 2026-12-01"),
    ("by Friday", "until 2026-11-27"),
    ("until the end of the month", "until 2026-11-30"),
    ("since 2026-10-01", "from 2026-10-01"),
    ("on 2026-10-01", "2026-10-01"),
    ("tomorrow", "2026-11-22"),
    ("between 2026-10-01 and 2026-10-15", "2026-10-01 to 2026-10-15"),
    ("more than 30 days ago", "until 2026-10-21"),
]


@pytest.mark.parametrize(("words", "expected"), SPANS)
def test_words_allow_these_days(words: str, expected: str) -> None:
    """A span takes all its words and says its first and last day."""
    tokens = tokenize(words)
    found = days_at(tokens, 0, TODAY)
    assert found is not None
    assert (_said(found), found.length) == (expected, len(tokens))


def _said(days: Days) -> str:
    if days.first is None:
        return f"until {days.last}"
    if days.last is None:
        return f"from {days.first}"
    return str(days.first) if days.first == days.last else f"{days.first} to {days.last}"


@pytest.mark.parametrize(
    "words", ["", "soon", "Q1", "October", "October 1st", "before October 1st", "before", "this", "last days", "between now and then", '"this month"']
)  # fmt: skip
def test_what_could_be_two_things_is_no_span(words: str) -> None:
    """A quarter without its year, a day that is long past or far ahead, a quoted text: nothing."""
    assert days_at(tokenize(words), 0, TODAY) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("90 days", "2026-08-23"),
        ("a week", "2026-11-14"),
        ("two months", "2026-09-21"),
        ("1 year", "2025-11-21"),
    ],
)
def test_a_length_is_a_day_before_today(words: str, expected: str) -> None:
    """So long before today, month ends kept within their month."""
    found = length_at(tokenize(words), 0, TODAY)
    assert found is not None
    assert (found[0].isoformat(), found[1]) == (expected, 2)


@example(["after", "9999-12-31"])
@given(
    words=st.lists(
        st.sampled_from(
            ["before", "after", "between", "and", "the", "last", "next", "99999", "30", "days", "year", "9999-12-31", "month", "Q4", "2099", "ago", "more", "than"]
        ),
        max_size=7,
    )
)  # fmt: skip
def test_any_words_are_answered(words: list[str]) -> None:
    """Whatever stands there is a span whose days are in order, or none."""
    found = days_at(tokenize(" ".join(words)), 0, TODAY)
    if found is not None:
        assert found.length <= len(words)
        assert found.first is not None or found.last is not None
