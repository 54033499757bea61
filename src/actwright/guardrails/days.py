"""Days: the bounds of a ``DATE_RANGE``, fixed or counted from today, and the day a value stands for."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from actwright.org.value import FieldValue

_DAY_LENGTH = len("2026-11-24")
_MONTHS_A_YEAR = 12


def bound_day(bound: str, today: date) -> date:
    """Return the day a bound means: ``2026-11-24``, ``today``, ``today+30d``, ``today-1y`` (d, w, m, y).

    A month or year that lands on a day which does not exist ends on the month's last one; a distance that leaves the
    calendar ends on its first or last day.

    Raises:
        ValueError: The date does not exist, which the guardrail's parameters rule out.
    """
    if not bound.startswith("today"):
        return date.fromisoformat(bound)
    distance = bound.removeprefix("today")
    if not distance:
        return today
    count, unit = int(distance[:-1]), distance[-1]
    try:
        return _moved(today, count, unit)
    except (OverflowError, ValueError):
        return date.max if count > 0 else date.min


def day_of(value: FieldValue, zone: str) -> date | None:
    """Return the day of a date, or of a point in time as a clock in ``zone`` shows it; None for anything else.

    Raises:
        ZoneInfoNotFoundError: There is no such zone.
    """
    if not isinstance(value, str):
        return None
    try:
        if len(value) == _DAY_LENGTH:
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return None
        return moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).date()
    except (ValueError, OverflowError):
        return None


def _moved(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * _MONTHS_A_YEAR + today.month - 1
    months += count * (_MONTHS_A_YEAR if unit == "y" else 1)
    year, month = divmod(months, _MONTHS_A_YEAR)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
