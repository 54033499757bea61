"""Days that conditions compare with, in words: ``before 23 Aug 2026``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMPARED: Mapping[str, str] = {
    "=": "on",
    "!=": "not on",
    "<": "before",
    "<=": "up to",
    ">": "after",
    ">=": "from",
}


def day_words(operator: str, text: str, zone: str) -> str:
    """Return how people say a comparison with a day or a moment; empty where the text is neither.

    Args:
        operator: What compares: ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``.
        text: A date, or a moment with its offset.
        zone: The person's time zone. Midnight there is the day itself, unless that would say another day.
    """
    compared = _COMPARED.get(operator, "")
    day = _day(text)
    if day is not None and compared:
        return f"{compared} {_spoken(day)}"
    moment = _moment(text, zone)
    if moment is None or not compared:
        return ""
    whole = moment.time() == time() and operator in {"<", ">="}
    if whole:
        return f"{compared} {_spoken(moment.date())}"
    return f"{compared} {_spoken(moment.date())} {moment:%H:%M:%S} ({moment.tzinfo})"


def _spoken(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-08-23") else None
    except ValueError:
        return None


def _moment(text: str, zone: str) -> datetime | None:
    """Return a moment as the person's clock shows it; None where the text names none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(_zone(zone)) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo:
    """Return the zone of that name; UTC, as everywhere, where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
