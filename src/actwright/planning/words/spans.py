"""Spans of days in words: ``this month``, ``next quarter``, ``the last 30 days``, ``before 2027-01-01``.

Dates told by a condition must never reach farther than what was said: a day without its year counts only where it is
near, and weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actwright.planning.words.dates import date_at
from actwright.planning.words.text import Token

_WEEK = 7
_DOZEN = 12
_NEAR = 183
"""Days within which a day or a month named without its year is taken to be meant."""
_MOST = 3_650
_LONGEST_COUNT = 4
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_UNITS = frozenset({"day", "week", "month", "quarter", "year"})
_AWAY = {"this": 0, "current": 0, "next": 1, "coming": 1, "following": 1, "last": -1} | {
    "previous": -1,
}
_MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if name} | {
    name.lower(): at for at, name in enumerate(calendar.month_abbr) if name
}
_QUARTER = re.compile(r"q([1-4])")
_Marks = tuple[tuple[str, ...], ...]
_BEFORE: _Marks = (("before",), ("prior", "to"), ("earlier", "than"))
_AFTER: _Marks = (("after",), ("later", "than"))
_UNTIL: _Marks = (("by",), ("until",), ("on", "or", "before"), ("up", "to"))
_FROM: _Marks = (("since",), ("from",), ("on", "or", "after"))
_WITHIN: _Marks = (("on",), ("in",), ("during",), ("within",), ("some", "time"), ())
_LONGER: _Marks = (("more", "than"), ("over",))


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last``, both included; None where it has no end. ``length``: how many tokens say it."""

    first: date | None
    last: date | None
    length: int


def days_at(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    """Return the days that the words from ``start`` on allow: ``before March 1st 2027``, ``this month``.

    None where they allow none that there is, such as those after 9999-12-31.
    """
    try:
        return _days_at(tokens, start, today)
    except OverflowError:
        return None


def _days_at(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    keys = _keys(tokens, start)
    for mark in _BEFORE:
        if keys[: len(mark)] == mark and (span := _span(tokens, start + len(mark), today)):
            return Days(None, _on(span.first, -1), span.length + len(mark))
    for mark in _AFTER:
        if keys[: len(mark)] == mark and (span := _span(tokens, start + len(mark), today)):
            return Days(_on(span.last, 1), None, span.length + len(mark))
    for mark in _UNTIL:
        if keys[: len(mark)] == mark and (span := _span(tokens, start + len(mark), today)):
            return Days(None, span.last, span.length + len(mark))
    for mark in _FROM:
        if keys[: len(mark)] == mark and (span := _span(tokens, start + len(mark), today)):
            return Days(span.first, None, span.length + len(mark))
    return (
        _between(tokens, start, today)
        or _ago(tokens, start, today)
        or _inside(tokens, start, today)
    )


def length_at(tokens: Sequence[Token], start: int, today: date) -> tuple[date, int] | None:
    """Return the day so long before today, and the tokens taken: ``90 days``, ``two weeks``, ``a year``."""
    keys = _keys(tokens, start)
    count = _count(keys[0]) if keys else None
    unit = keys[1].removesuffix("s") if len(keys) > 1 else ""
    if count is None or unit not in _UNITS:
        return None
    try:
        return _shifted(today, -count, unit), 2
    except (ValueError, OverflowError):
        return None


def _keys(tokens: Sequence[Token], start: int) -> tuple[str, ...]:
    return tuple("" if each.kind == "quoted" else each.key for each in tokens[start : start + 6])


def _count(word: str) -> int | None:
    plain = word.isascii() and word.isdigit() and len(word) <= _LONGEST_COUNT
    number = int(word) if plain else _NUMBERS.get(word)
    return number if number is not None and number <= _MOST else None


def _on(day: date | None, by: int) -> date | None:
    return None if day is None else day + timedelta(days=by)


def _between(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    if _keys(tokens, start)[:1] != ("between",):
        return None
    first = _span(tokens, start + 1, today)
    at = start + 1 + first.length if first else start
    second = _span(tokens, at + 1, today) if _keys(tokens, at)[:1] == ("and",) else None
    if first is None or second is None:
        return None
    return Days(first.first, second.last, at + 1 + second.length - start)


def _ago(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    """Read ``more than 30 days ago``."""
    keys = _keys(tokens, start)
    for mark in _LONGER:
        found = length_at(tokens, start + len(mark), today) if keys[: len(mark)] == mark else None
        if found and _keys(tokens, start + len(mark) + found[1])[:1] == ("ago",):
            return Days(None, _on(found[0], -1), len(mark) + found[1] + 1)
    return None


def _inside(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    keys = _keys(tokens, start)
    for mark in _WITHIN:
        span = _span(tokens, start + len(mark), today) if keys[: len(mark)] == mark else None
        if span is not None:
            return Days(span.first, span.last, span.length + len(mark))
    return None


def _span(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    keys = _keys(tokens, start)
    skipped = 1 if keys[:1] == ("the",) else 0
    try:
        found = _named(keys[skipped:], today)
    except (ValueError, OverflowError):
        return None
    day = _day(tokens, start, today)
    if found is None or (day is not None and day.length > found.length + skipped):
        return day
    return Days(found.first, found.last, found.length + skipped)


def _named(keys: tuple[str, ...], today: date) -> Days | None:
    return _stretch(keys, today) or _several(keys, today) or _quarter(keys) or _month(keys, today)


def _stretch(keys: tuple[str, ...], today: date) -> Days | None:
    """Read ``this month``, ``last quarter``."""
    if len(keys) < 2 or keys[0] not in _AWAY or keys[1] not in _UNITS - {"day"}:  # noqa: PLR2004 - two words
        return None
    first = _begin(today, keys[1])
    first = _shifted(first, _AWAY[keys[0]], keys[1])
    return Days(first, _shifted(first, 1, keys[1]) - timedelta(days=1), 2)


def _several(keys: tuple[str, ...], today: date) -> Days | None:
    """Read ``last 30 days``, ``next two weeks`` and ``past week``, which ends today and not on Sunday."""
    if keys[:1] == ("past",) and keys[1:2] and keys[1] in _UNITS:
        return Days(_shifted(today, -1, keys[1]), today, 2)
    if len(keys) < 3 or keys[0] not in {"last", "past", "next", "coming"}:  # noqa: PLR2004 - three words
        return None
    count, unit = _count(keys[1]), keys[2].removesuffix("s")
    if count is None or unit not in _UNITS or keys[1] in {"a", "an"}:
        return None
    ahead = keys[0] in {"next", "coming"}
    other = _shifted(today, count if ahead else -count, unit)
    return Days(today, other, 3) if ahead else Days(other, today, 3)


def _quarter(keys: tuple[str, ...]) -> Days | None:
    """Read ``Q1 2027``; without its year it is nothing."""
    match = _QUARTER.fullmatch(keys[0]) if len(keys) > 1 else None
    if match is None or not _is_year(keys[1]):
        return None
    first = date(int(keys[1]), int(match[1]) * 3 - 2, 1)
    return Days(first, _shifted(first, 3, "month") - timedelta(days=1), 2)


def _month(keys: tuple[str, ...], today: date) -> Days | None:
    """Read ``December 2026``, and ``December`` where it is near."""
    if (
        not keys
        or keys[0] not in _MONTHS
        or (len(keys) > 1 and _count(keys[1][:2]) and not _is_year(keys[1]))
    ):
        return None
    dated = len(keys) > 1 and _is_year(keys[1])
    year = int(keys[1]) if dated else today.year + (_MONTHS[keys[0]] < today.month)
    first = date(year, _MONTHS[keys[0]], 1)
    numbered = not dated and len(keys) > 1 and keys[1][:1].isdigit()
    if numbered or (not dated and (first - today).days > _NEAR):
        return None
    return Days(first, _shifted(first, 1, "month") - timedelta(days=1), 1 + dated)


def _is_year(word: str) -> bool:
    return bool(re.fullmatch(r"20\d\d", word, re.ASCII))


def _day(tokens: Sequence[Token], start: int, today: date) -> Days | None:
    found = date_at(tokens, start, today) if start < len(tokens) else None
    if found is None:
        return None
    words = {each.key for each in tokens[start : start + found.length]}
    if found.relative and words & set(_MONTHS) and (found.day - today).days > _NEAR:
        return None
    return Days(found.day, found.day, found.length)


def _begin(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return date(day.year, month, 1)


def _shifted(day: date, count: int, unit: str) -> date:
    if unit in {"day", "week"}:
        return day + timedelta(days=count * (_WEEK if unit == "week" else 1))
    months = day.month - 1 + count * {"month": 1, "quarter": 3, "year": _DOZEN}[unit]
    year, month = day.year + months // _DOZEN, months % _DOZEN + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
