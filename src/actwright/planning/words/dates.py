"""Dates as people say them, exactly: ``next Tuesday`` is the first Tuesday after today, in the person's zone.

A small closed grammar: what it does not know is no date, and so becomes a question, never a guess.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actwright.planning.words.month_days import (
    FULL_WEEKDAYS,
    MONTHS,
    PLACES,
    QUARTERS,
    edge,
    last_day,
    month_ahead,
    placed,
)
from actwright.planning.words.text import Token

_SHORT_WEEKDAYS = {name[:3]: index for name, index in FULL_WEEKDAYS.items()}
_WEEKDAYS = FULL_WEEKDAYS | _SHORT_WEEKDAYS | {"tues": 1, "thur": 3, "thurs": 3}
_NUMBERS = {
    word: index
    for index, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
} | {"a": 1, "an": 1}
_FIXED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_ENDS = {"eom": ("month", 0), "eoq": ("quarter", 0), "eoy": ("year", 0), "eod": ("day", 0)}
_WRITTEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}",
    re.ASCII,
)
_LONGEST = 7
_FARTHEST = 3_650
_WEEK = 7
_YEAR = 365
_LATELY = 92
"""Days, about a quarter, within which a day that went by may still be meant."""
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date the goal names: how many tokens it takes, the day, and whether the day depends on today.

    ``just_past`` tells that the day's year was left unsaid, and that the same day went by only lately: it is the next one
    that ``day`` holds, and the last one that may be meant.
    """

    length: int
    day: date
    relative: bool
    just_past: bool = False


def date_at(tokens: Sequence[Token], start: int, today: date) -> DateMention | None:
    """Return the longest date that begins with the token at ``start``, or None."""
    if start >= len(tokens) or not _opens(tokens[start]):
        return None
    window = tokens[start : start + _LONGEST]
    for length in range(len(window), 0, -1):
        words = [each.key for each in window[:length]]
        if any(each.kind == "quoted" for each in window[:length]):
            continue
        found = _day(words, today)
        if found is not None:
            relative = not _absolute(words)
            return DateMention(
                length, found, relative, relative and _just_past(words, found, today)
            )
    return None


def _just_past(words: Sequence[str], day: date, today: date) -> bool:
    """Tell whether a day of a month or quarter that has a name went by only lately, and so was moved a year ahead."""
    yearly = any(each in QUARTERS or each in MONTHS for each in words)
    return yearly and day - timedelta(days=_YEAR) >= today - timedelta(days=_LATELY)


def _opens(token: Token) -> bool:
    """Tell whether a date could begin with the token; almost none can, so that most are passed over quickly."""
    return token.kind != "quoted" and (token.key in _OPENING or token.key[:1].isdigit())


def _absolute(words: Sequence[str]) -> bool:
    return any(len(each) == _YEAR_DIGITS and each.isdigit() for each in words) or bool(
        _WRITTEN.fullmatch(words[-1])
    )


def _day(words: Sequence[str], today: date) -> date | None:
    try:
        for read in _READERS:
            found = read(words, today)
            if found is not None:
                return found
    except (ValueError, OverflowError):
        return None
    return None


def _single(words: Sequence[str], today: date) -> date | None:
    if list(words) in (["the", "day", "after", "tomorrow"], ["day", "after", "tomorrow"]):
        return today + timedelta(days=2)
    if len(words) != 1:
        return None
    if words[0] in _FIXED:
        return today + timedelta(days=_FIXED[words[0]])
    if words[0] in _ENDS:
        return last_day(today, *_ENDS[words[0]])
    return _written(words[0]) if _WRITTEN.fullmatch(words[0]) else None


def _written(word: str) -> date | None:
    """Read ``2026-12-31``, ``2026/12/31``, ``31.12.2026``, ``12/31/2026``; ``12/11/2026`` could be two days and is none."""
    numbers = [int(each) for each in re.split(r"[-/.]", word)]
    if len(re.split(r"[-/.]", word)[0]) == _YEAR_DIGITS:
        return date(*numbers)
    first, second, year = numbers
    if "." in word:
        return date(year, second, first)
    if first == second or second > 12:  # noqa: PLR2004 - months in a year
        return date(year, first, second)
    return date(year, second, first) if first > 12 else None  # noqa: PLR2004 - months in a year


def _weekday(words: Sequence[str], today: date) -> date | None:
    """Read ``Tuesday``, ``next Tuesday``, ``coming Tuesday``: the first one after today; ``this``: today counts too."""
    *before, name = words
    known = _WEEKDAYS if before else FULL_WEEKDAYS
    if name not in known or before not in ([], ["next"], ["coming"], ["this"], ["the", "coming"]):
        return None
    ahead = (known[name] - today.weekday()) % _WEEK
    if ahead == 0 and before != ["this"]:
        ahead = _WEEK
    return today + timedelta(days=ahead)


def _next_weeks(words: Sequence[str], today: date) -> date | None:
    """Read ``Tuesday next week`` and ``next week Tuesday``: the Tuesday of the calendar week after this one."""
    plain = [each for each in words if each not in {"on", "of", "in"}]
    if len(plain) != 3 or words[-1] != plain[-1] or words[0] != plain[0]:  # noqa: PLR2004 - next, week, day
        return None
    name = next((each for each in plain if each in _WEEKDAYS), None)
    if name is None or [each for each in plain if each != name] != ["next", "week"]:
        return None
    if plain[1] == name:
        return None
    monday = today - timedelta(days=today.weekday()) + timedelta(days=_WEEK)
    return monday + timedelta(days=_WEEKDAYS[name])


def _distance(words: Sequence[str], today: date) -> date | None:
    """Read ``in 3 days``, ``two weeks from now``, ``3 days ago``, ``a week from Tuesday``."""
    if len(words) == 3 and words[0] == "in":  # noqa: PLR2004 - in, number, unit
        return _far(words[1], words[2], today)
    if len(words) == 3 and words[2] == "ago":  # noqa: PLR2004 - number, unit, ago
        return _far(words[0], words[1], today, back=True)
    if len(words) < 4 or words[2] not in {"from", "after", "before"}:  # noqa: PLR2004 - number, unit, from, day
        return None
    back = words[2] == "before"
    if words[2] == "from" and list(words[3:]) == ["now"]:
        return _far(words[0], words[1], today)
    begin = _day(words[3:], today)
    return None if begin is None else _far(words[0], words[1], begin, back=back)


def _far(amount: str, unit: str, day: date, *, back: bool = False) -> date | None:
    count = _NUMBERS.get(amount) or (int(amount) if amount.isdigit() else None)
    if count is None or count > _FARTHEST:
        return None
    return _ahead(day, -count if back else count, unit.removesuffix("s"))


def _ahead(today: date, count: int, unit: str) -> date | None:
    days = {"day": 1, "week": _WEEK, "fortnight": 2 * _WEEK}.get(unit)
    if days is not None:
        return today + timedelta(days=count * days)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is None:
        return None
    first = month_ahead(today, count * months)
    return first.replace(day=min(today.day, calendar.monthrange(first.year, first.month)[1]))


def _calendar_day(words: Sequence[str], today: date) -> date | None:
    """Read ``15 December 2026``, ``December 15, 2026``, ``Dec 15th``; without a year, the next one from today on."""
    plain = [each for each in words if each not in {",", ".", "of", "the"}]
    if words[0] == "of" or words[-1] in {",", ".", "of", "the"} or not 2 <= len(plain) <= 3:  # noqa: PLR2004
        return None
    month = next((MONTHS[each] for each in plain[:2] if each in MONTHS), None)
    day = next((match for each in plain[:2] if (match := _ORDINAL.fullmatch(each))), None)
    if month is None or day is None:
        return None
    if len(plain) == 3:  # noqa: PLR2004 - day, month, year
        return date(int(plain[2]), month, int(day[1])) if len(plain[2]) == _YEAR_DIGITS else None
    this_year = date(today.year, month, int(day[1]))
    return this_year if this_year >= today else date(today.year + 1, month, int(day[1]))


_OPENING = frozenset(
    {
        *_FIXED,
        *_ENDS,
        *_WEEKDAYS,
        *MONTHS,
        *_NUMBERS,
        *PLACES,
        "day",
        "next",
        "this",
        "coming",
        "the",
    }
    | {"in", "end", "beginning", "start"}
)
"""The words a date begins with, beside numbers."""

_READERS = (_single, _weekday, _next_weeks, _distance, edge, placed, _calendar_day)
