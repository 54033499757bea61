"""Days and moments as the question says them: the same for everybody who reads it, whatever their locale."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken_day(text: str) -> str:
    """Return a date with its weekday, such as ``Tue 24 Nov 2026``; what is no date, as it stands."""
    try:
        return _spoken(date.fromisoformat(text))
    except ValueError:
        return text


def spoken_moment(text: str, zone: str) -> str:
    """Return a moment as clocks in a time zone show it: ``Tue 24 Nov 2026, 10:00 (America/New_York)``.

    Args:
        text: An ISO 8601 moment with its offset; what is none is returned as it stands.
        zone: The time zone.
    """
    try:
        moment = datetime.fromisoformat(text)
        local = moment.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, OSError, KeyError):
        return text
    if moment.tzinfo is None:
        return text
    return f"{_spoken(local.date())}, {_clock(local)} ({zone})"


def _clock(moment: datetime) -> str:
    """Return a time of day to the minute, or as exactly as it is given."""
    if moment.microsecond:
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _spoken(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
