"""Dates as people say them, exactly: ``next Tuesday`` is the first Tuesday after today, in the person's zone.

A small closed grammar: what it does not know is no date, and so becomes a question, never a guess.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actwright.planning.text import Token

_FULL_WEEKDAYS = {name.lower(): index for index, name in enumerate(calendar.day_name)}
_SHORT_WEEKDAYS = {name[:3]: index for name, index in _FULL_WEEKDAYS.items()}
_WEEKDAYS = _FULL_WEEKDAYS | _SHORT_WEEKDAYS | {"tues": 1, "thur": 3, "thurs": 3}
_MONTHS = {name.lower(): index for index, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): index for index, name in enumerate(calendar.month_abbr) if name} | {
    "sept": 9
}
_NUMBERS = {
    word: index
    for index, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
} | {"a": 1, "an": 1}
_FIXED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_STRETCHES = {("next",), ("this",), ("coming",)}
_UNITS = {("week",), ("month",), ("quarter",), ("year",)}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_LONGEST = 6
_FARTHEST = 3_650
_WEEK = 7
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date the goal names: how many tokens it takes, the day, and whether the day depends on today."""

    length: int
    day: date
    relative: bool


def date_at(tokens: Sequence[Token], start: int, today: date) -> DateMention | None:
    """Return the longest date that begins with the token at ``start``, or None."""
    window = tokens[start : start + _LONGEST]
    for length in range(len(window), 0, -1):
        words = [each.key for each in window[:length]]
        if any(each.kind == "quoted" for each in window[:length]):
            continue
        found = _day(words, today)
        if found is not None:
            return DateMention(length, found, relative=not _absolute(words))
    return None


def period_length(tokens: Sequence[Token], start: int) -> int:
    """Return how many tokens name a stretch of days, ``next month``, in which no day is named; 0 where none does."""
    words = tuple(each.key for each in tokens[start : start + 2])
    known = words[:1] in _STRETCHES and words[1:] in _UNITS
    return 2 if known else 0


def _absolute(words: Sequence[str]) -> bool:
    return any(len(each) == _YEAR_DIGITS and each.isdigit() for each in words) or bool(
        re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}", words[-1])
    )


def _day(words: Sequence[str], today: date) -> date | None:
    try:
        for read in (_single, _weekday, _distance, _period_end, _calendar_day):
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
    if "-" in words[0] and words[0][:4].isdigit():
        return date.fromisoformat(words[0])
    return _slashed(words[0])


def _slashed(word: str) -> date | None:
    """Read ``12/31/2026``; ``12/11/2026`` could be two days and is none."""
    if not re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", word):
        return None
    first, second, year = map(int, word.split("/"))
    if first == second or second > 12:  # noqa: PLR2004 - months in a year
        return date(year, first, second)
    return date(year, second, first) if first > 12 else None  # noqa: PLR2004 - months in a year


def _weekday(words: Sequence[str], today: date) -> date | None:
    """Read ``Tuesday``, ``next Tuesday``, ``coming Tuesday``: the first one after today; ``this``: today counts too."""
    *before, name = words
    known = _WEEKDAYS if before else _FULL_WEEKDAYS
    if name not in known or before not in ([], ["next"], ["coming"], ["this"], ["the", "coming"]):
        return None
    ahead = (known[name] - today.weekday()) % _WEEK
    if ahead == 0 and before != ["this"]:
        ahead = _WEEK
    return today + timedelta(days=ahead)


def _distance(words: Sequence[str], today: date) -> date | None:
    """Read ``in 3 days``, ``two weeks from now``, ``a month from today``."""
    if len(words) == 3 and words[0] == "in":  # noqa: PLR2004 - in, number, unit
        amount, unit = words[1:]
    elif len(words) == 4 and words[2] == "from" and words[3] in {"now", "today"}:  # noqa: PLR2004
        amount, unit = words[:2]
    else:
        return None
    count = _NUMBERS.get(amount) or (int(amount) if amount.isdigit() else None)
    if count is None or count > _FARTHEST:
        return None
    return _ahead(today, count, unit.removesuffix("s"))


def _ahead(today: date, count: int, unit: str) -> date | None:
    if unit in {"day", "week"}:
        return today + timedelta(days=count * (_WEEK if unit == "week" else 1))
    if unit in {"month", "year"}:
        months = today.month - 1 + count * (12 if unit == "year" else 1)
        year, month = today.year + months // 12, months % 12 + 1
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return None


def _period_end(words: Sequence[str], today: date) -> date | None:
    """Read ``end of the month``, ``the end of this quarter``, ``end of year``."""
    plain = [each for each in words if each not in {"the", "this", "of"}]
    if len(plain) != 2 or plain[0] != "end" or words[-1] != plain[1] or "of" not in words:  # noqa: PLR2004
        return None
    if words[0] not in {"end", "the"}:
        return None
    last = {"month": today.month, "quarter": (today.month + 2) // 3 * 3, "year": 12}.get(plain[1])
    if last is None:
        return None
    return date(today.year, last, calendar.monthrange(today.year, last)[1])


def _calendar_day(words: Sequence[str], today: date) -> date | None:
    """Read ``15 December 2026``, ``December 15, 2026``, ``Dec 15th``; without a year, the next one from today on."""
    plain = [each for each in words if each not in {",", "of", "the"}]
    if words[0] == "of" or words[-1] in {",", "of", "the"} or not 2 <= len(plain) <= 3:  # noqa: PLR2004
        return None
    month = next((_MONTHS[each] for each in plain[:2] if each in _MONTHS), None)
    day = next((match for each in plain[:2] if (match := _ORDINAL.fullmatch(each))), None)
    if month is None or day is None:
        return None
    if len(plain) == 3:  # noqa: PLR2004 - day, month, year
        return date(int(plain[2]), month, int(day[1])) if len(plain[2]) == _YEAR_DIGITS else None
    this_year = date(today.year, month, int(day[1]))
    return this_year if this_year >= today else date(today.year + 1, month, int(day[1]))
