"""Days by their place in a month, quarter or year: ``end of next quarter``, ``first Monday of March``; and stretches of days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from actwright.planning.words.text import Token

FULL_WEEKDAYS = {name.lower(): index for index, name in enumerate(calendar.day_name)}
"""Weekdays written out, Monday first."""

FULL_MONTHS = {name.lower(): index for index, name in enumerate(calendar.month_name) if name}
"""Months written out, January being 1."""

_SHORT_MONTHS = {name.lower(): index for index, name in enumerate(calendar.month_abbr) if name}
MONTHS = FULL_MONTHS | _SHORT_MONTHS | {"sept": 9}
"""Months, written out or short."""

_STRETCHES = {"next", "this", "coming", "the"}
_UNITS = {"week", "month", "quarter", "year"}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
PLACES |= {"last": -1}
"""Where in a month a weekday stands: the first, ..., the last one."""

QUARTERS = {f"q{number}": number for number in range(1, 5)}
"""Quarters by their short names."""

_VAGUE = {"mid", "early", "late", "middle", "beginning", "start", "end", "around"}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_LONGEST = 7
_WEEK = 7
_YEAR_DIGITS = 4


def month_ahead(today: date, ahead: int) -> date:
    """Return the first day of the month that many months ahead."""
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def last_day(today: date, unit: str, ahead: int) -> date | None:
    """Return the last day of the month, quarter or year that many of them ahead; a week's end is said too differently."""
    if unit == "day":
        return today
    length = _MONTHS_OF.get(unit)
    if length is None:
        return None
    begun = (today.month - 1) % length
    return month_ahead(today, length * (ahead + 1) - begun) - timedelta(days=1)


def edge(words: Sequence[str], today: date) -> date | None:
    """Read ``end of the month``, ``the end of next quarter``, ``first day of next month``, ``end of Q1``."""
    plain = [each for each in words if each not in {"the", "of"}]
    if "of" not in words or words[-1:] != plain[-1:]:
        return None
    whole_day = plain[1:2] == ["day"]
    last = plain[0] == "end" or (whole_day and plain[0] == "last")
    first = plain[0] in {"beginning", "start"} or (whole_day and plain[0] == "first")
    if not (last or first) or words[0] == "of":
        return None
    named = plain[2:] if whole_day else plain[1:]
    return _edge_of(named, today, last=last)


def _edge_of(named: Sequence[str], today: date, *, last: bool) -> date | None:
    if len(named) == 1 and named[0] in QUARTERS | MONTHS:
        return _edge_named(named[0], today, last=last)
    *which, unit = named or [""]
    ahead = {(): 0, ("this",): 0, ("next",): 1}.get(tuple(which))
    if ahead is None or unit not in _MONTHS_OF:
        return None
    if last:
        return last_day(today, unit, ahead)
    before = last_day(today, unit, ahead - 1) if ahead else None
    return None if before is None else before + timedelta(days=1)


def _edge_named(name: str, today: date, *, last: bool) -> date:
    """Return the first or last day of a month or quarter called by its name: the next one from today on."""
    begin = (QUARTERS[name] - 1) * 3 + 1 if name in QUARTERS else MONTHS[name]
    length = 3 if name in QUARTERS else 1
    for year in (today.year, today.year + 1):
        first = date(year, begin, 1)
        found = month_ahead(first, length) - timedelta(days=1) if last else first
        if found >= today:
            break
    return found


def placed(words: Sequence[str], today: date) -> date | None:
    """Read ``the first Monday of March``, ``last Friday of next month``, ``the 15th of next month``."""
    plain = [each for each in words if each not in {"the", "of", "in"}]
    if not plain or words[-1] != plain[-1] or words[0] in {"of", "in"}:
        return None
    if not {"of", "in"} & set(words):
        return None
    if plain[0] in PLACES and plain[1:2] and plain[1] in FULL_WEEKDAYS:
        return _placed_weekday(PLACES[plain[0]], FULL_WEEKDAYS[plain[1]], plain[2:], today)
    day = _ORDINAL.fullmatch("1st" if plain[0] == "first" else plain[0])
    within = _named_month(plain[1:], today) if day is not None and "month" in plain else None
    return within.replace(day=int(day[1])) if day is not None and within is not None else None


def _placed_weekday(place: int, weekday: int, named: Sequence[str], today: date) -> date | None:
    first = _named_month(named, today)
    found = None if first is None else _nth(first, place, weekday)
    if found is None or found >= today or len(named) != 1 or named[0] not in MONTHS:
        return found
    return _nth(date(found.year + 1, found.month, 1), place, weekday)


def _named_month(named: Sequence[str], today: date) -> date | None:
    """Return the first day of ``this month``, ``next month``, ``March`` or ``March 2027``."""
    ahead = {("month",): 0, ("this", "month"): 0, ("next", "month"): 1}.get(tuple(named))
    if ahead is not None:
        return month_ahead(today, ahead)
    if not named or named[0] not in MONTHS:
        return None
    month = MONTHS[named[0]]
    if len(named) == 1:
        return date(today.year + (month < today.month), month, 1)
    return date(int(named[1]), month, 1) if len(named) == 2 and is_year(named[1]) else None  # noqa: PLR2004 - and a year


def is_year(word: str) -> bool:
    """Tell whether the word is a year of four digits."""
    return len(word) == _YEAR_DIGITS and word.isascii() and word.isdigit()


def _nth(first: date, place: int, weekday: int) -> date | None:
    """Return the weekday's first, second, ... or last occurrence in the month that begins on ``first``."""
    start = first + timedelta(days=(weekday - first.weekday()) % _WEEK)
    if place < 0:
        length = calendar.monthrange(first.year, first.month)[1]
        return start + timedelta(days=(length - start.day) // _WEEK * _WEEK)
    found = start + timedelta(days=place * _WEEK)
    return found if found.month == first.month else None


def period_length(tokens: Sequence[Token], start: int) -> int:
    """Return how many tokens name a stretch of days in which no day is named; 0 where none does.

    ``next month``, ``mid January``, ``Q1``, ``the end of the week``: each becomes the question which day is meant.
    """
    words = [each.key for each in tokens[start : start + _LONGEST] if each.kind != "quoted"]
    return next((length for length in range(len(words), 0, -1) if _stretch(words[:length])), 0)


def _stretch(words: Sequence[str]) -> bool:
    small = {"the", "of", "in", "-"}
    plain = [each for each in words if each not in small]
    if not plain or words[-1] in small:
        return False
    if plain[0].startswith("mid-"):
        plain = ["mid", plain[0].removeprefix("mid-"), *plain[1:]]
    if plain[0] in _VAGUE:
        plain = plain[1:]
    if len(plain) > 1 and is_year(plain[-1]):
        plain = plain[:-1]
    if len(plain) == 1:
        whole = plain[0] in QUARTERS or plain[0] in FULL_MONTHS or plain[0] == "eow"
        return whole or (len(words) > 1 and plain[0] in {*_UNITS, *MONTHS})
    return len(plain) == 2 and plain[0] in _STRETCHES and plain[1] in _UNITS  # noqa: PLR2004 - next month
