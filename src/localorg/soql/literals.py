"""Date literals: names for ranges of days, seen from today in the user's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from localorg.soql.ast import DateLiteral

Days = tuple[date, date]
"""A range of days: the first one, and the first one after it."""

_QUARTER: Final = 3
_YEAR: Final = 12


def _day(today: date, shift: int) -> Days:
    start = today + timedelta(days=shift)
    return start, start + timedelta(days=1)


def _week(today: date, shift: int, length: int = 1) -> Days:
    """Weeks begin on Sunday, as in an org with the en_US locale."""
    start = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=shift)
    return start, start + timedelta(weeks=length)


def _add_months(first: date, months: int) -> date:
    index = first.year * _YEAR + first.month - 1 + months
    return date(index // _YEAR, index % _YEAR + 1, 1)


def _months(today: date, size: int, shift: int, length: int = 1) -> Days:
    """Return ``length`` spans of ``size`` months, ``shift`` spans away from the one of today."""
    first = date(today.year, (today.month - 1) // size * size + 1, 1)
    start = _add_months(first, size * shift)
    return start, _add_months(start, size * length)


NAMED: Final[dict[str, Callable[[date], Days]]] = {
    "TODAY": lambda today: _day(today, 0),
    "YESTERDAY": lambda today: _day(today, -1),
    "TOMORROW": lambda today: _day(today, 1),
    "LAST_WEEK": lambda today: _week(today, -1),
    "THIS_WEEK": lambda today: _week(today, 0),
    "NEXT_WEEK": lambda today: _week(today, 1),
    "LAST_MONTH": lambda today: _months(today, 1, -1),
    "THIS_MONTH": lambda today: _months(today, 1, 0),
    "NEXT_MONTH": lambda today: _months(today, 1, 1),
    "LAST_QUARTER": lambda today: _months(today, _QUARTER, -1),
    "THIS_QUARTER": lambda today: _months(today, _QUARTER, 0),
    "NEXT_QUARTER": lambda today: _months(today, _QUARTER, 1),
    "LAST_YEAR": lambda today: _months(today, _YEAR, -1),
    "THIS_YEAR": lambda today: _months(today, _YEAR, 0),
    "NEXT_YEAR": lambda today: _months(today, _YEAR, 1),
    "LAST_90_DAYS": lambda today: (today - timedelta(days=90), today + timedelta(days=1)),
    "NEXT_90_DAYS": lambda today: (today + timedelta(days=1), today + timedelta(days=91)),
}
"""Literals that stand alone, and the days they mean."""

COUNTED: Final[dict[str, Callable[[date, int], Days]]] = {
    "LAST_N_DAYS": lambda today, n: (today - timedelta(days=n), today + timedelta(days=1)),
    "NEXT_N_DAYS": lambda today, n: (today + timedelta(days=1), today + timedelta(days=n + 1)),
    "N_DAYS_AGO": lambda today, n: _day(today, -n),
    "LAST_N_WEEKS": lambda today, n: _week(today, -n, n),
    "NEXT_N_WEEKS": lambda today, n: _week(today, 1, n),
    "LAST_N_MONTHS": lambda today, n: _months(today, 1, -n, n),
    "NEXT_N_MONTHS": lambda today, n: _months(today, 1, 1, n),
    "LAST_N_QUARTERS": lambda today, n: _months(today, _QUARTER, -n, n),
    "NEXT_N_QUARTERS": lambda today, n: _months(today, _QUARTER, 1, n),
    "LAST_N_YEARS": lambda today, n: _months(today, _YEAR, -n, n),
    "NEXT_N_YEARS": lambda today, n: _months(today, _YEAR, 1, n),
}
"""Literals that carry a number after a colon, and the days they mean."""


def days_of(literal: DateLiteral, today: date) -> Days:
    """Return the days a literal means.

    Raises:
        OverflowError: The range leaves the calendar.
        ValueError: The same, from the calendar's own arithmetic.
    """
    if literal.count is None:
        return NAMED[literal.name](today)
    return COUNTED[literal.name](today, literal.count)
