"""How long a service asks to wait is read in all its forms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.model.retry_after import seconds_to_wait

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
WEEK = 7 * 86_400


@pytest.mark.parametrize(
    ("seconds", "milliseconds", "wait"),
    [
        ("3", None, 3),
        ("0", None, 0),
        ("1.5", None, 1.5),
        ("-5", None, 0),
        ("9", "250", 0.25),
        ("9", "soon", 9),
        ("Sat, 21 Nov 2026 15:00:30 GMT", None, 30),
        ("Sat, 21 Nov 2026 15:00:30", None, 30),
        ("Sat, 21 Nov 2026 14:00:00 GMT", None, 0),
        ("inf", None, WEEK),
        ("1e99", None, WEEK),
        ("nan", None, None),
        ("tomorrow", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_seconds_milliseconds_and_dates(
    seconds: str | None, milliseconds: str | None, wait: float | None
) -> None:
    """Past dates and negative numbers mean now, nonsense means nothing was said, forever is a week."""
    assert seconds_to_wait(seconds, milliseconds, NOW) == wait


@given(st.text(), st.text())
def test_any_header_is_read_or_passed_over(seconds: str, milliseconds: str) -> None:
    """Nothing a service writes there raises, or waits for longer than a week."""
    wait = seconds_to_wait(seconds, milliseconds, NOW)
    assert wait is None or 0 <= wait <= WEEK
