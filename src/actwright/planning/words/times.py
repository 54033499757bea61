"""Times of day in words, exactly: ``3pm``, ``14:30-15:00``, ``noon``, ``for an hour``; and the point in time they mean.

A closed grammar like that of dates: ``at 3`` could be in the morning or in the afternoon, and so is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

from actwright.planning.words.dates import date_at
from actwright.planning.words.text import Token

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?(?:([ap])\.?m\.?)?", re.ASCII)
_NAMED = {"noon": time(12), "midday": time(12)}
_DOUBTFUL = frozenset({"midnight", "o'clock"})
_UNITS = {
    "minute": 1,
    "minutes": 1,
    "min": 1,
    "mins": 1,
    "hour": 60,
    "hours": 60,
    "hr": 60,
    "hrs": 60,
}
_GLUED = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)(h|min|mins|hr|hrs|hours?|minutes?)", re.ASCII)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10} | {
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}
_UNTIL = frozenset({"-", "to", "until", "till", "and", "\N{EN DASH}", "\N{EM DASH}"})
_AT = frozenset({"at", "from", "between", "@"})
_DAY_MARKS = frozenset({"on", "for"})
_HALF_DAY = 12
_HOURS = 24
_LONGEST_MINUTES = 14 * 24 * 60
"""Minutes an event lasts at most; longer ones are no events in Salesforce."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When something takes place, as far as it was said, and how many tokens say it.

    Attributes:
        length: The tokens taken.
        day: The day.
        start: The time of day it begins.
        end: The time of day it ends.
        minutes: How long it lasts.
        doubtful: The words of a time that could be two.
    """

    length: int
    day: date | None = None
    start: time | None = None
    end: time | None = None
    minutes: int | None = None
    doubtful: str = ""


def slot_at(tokens: Sequence[Token], start: int, today: date) -> Slot | None:
    """Return the longest slot that begins at ``start``: days, times and durations in any order, each at most once."""
    slot, at = Slot(0), start
    while at < len(tokens):
        found = _part(tokens, at, today, slot)
        if found is None:
            break
        at += found.length
        slot = joined(slot, found, at - start)
        if at < len(tokens) and tokens[at].key == "," and _part(tokens, at + 1, today, slot):
            at += 1
    timed = slot.start or slot.minutes or slot.doubtful
    return slot if slot.length and (timed or slot.day) else None


def joined(slot: Slot, found: Slot, length: int) -> Slot:
    """Return a slot with what another one adds to it; what was said first stands."""
    return Slot(
        length,
        slot.day or found.day,
        slot.start or found.start,
        slot.end or found.end,
        slot.minutes or found.minutes,
        slot.doubtful or found.doubtful,
    )


def _part(tokens: Sequence[Token], at: int, today: date, known: Slot) -> Slot | None:
    if known.start is None and not known.doubtful:
        timed = _range(tokens, at) or _single(tokens, at)
        if timed is not None:
            return timed
    if known.minutes is None and known.end is None:
        lasting = duration_at(tokens, at)
        if lasting is not None:
            return Slot(lasting[0], minutes=lasting[1])
    mark = at + (tokens[at].key in _DAY_MARKS)
    mention = date_at(tokens, mark, today) if known.day is None and mark < len(tokens) else None
    return Slot(mark - at + mention.length, day=mention.day) if mention is not None else None


def _range(tokens: Sequence[Token], at: int) -> Slot | None:
    """Read ``14:30-15:00``, ``from 2 to 3pm``, ``between 9am and noon``; the first may borrow am or pm of the second."""
    begin = at + (tokens[at].key in _AT)
    if begin + 2 >= len(tokens) or tokens[begin + 1].key not in _UNTIL:
        return None
    end = time_of(tokens[begin + 2])
    if end is None:
        return None
    start = time_of(tokens[begin]) or _borrowed(tokens[begin], tokens[begin + 2], end)
    return Slot(begin + 3 - at, start=start, end=end) if start is not None else None


def _borrowed(first: Token, second: Token, end: time) -> time | None:
    """Return the hour of ``2-3pm``: in the half of the day of the other, or in the one before where it must be."""
    hour = int(first.text) if first.text.isdigit() and len(first.text) <= 2 else 0  # noqa: PLR2004 - digits of an hour
    if not 1 <= hour <= _HALF_DAY or not second.key.rstrip(".").endswith("m"):
        return None
    halves = (time(hour % _HALF_DAY), time(hour % _HALF_DAY + _HALF_DAY))
    fitting = [each for each in halves if each < end]
    return fitting[-1] if fitting else None


def _single(tokens: Sequence[Token], at: int) -> Slot | None:
    mark = tokens[at].key in _AT
    begin = at + mark
    if begin >= len(tokens):
        return None
    found = time_of(tokens[begin])
    if found is not None:
        return Slot(begin + 1 - at, start=found)
    if tokens[begin].key in _DOUBTFUL:
        return Slot(begin + 1 - at, doubtful=tokens[begin].text)
    bare = mark and tokens[begin].text.isdigit() and int(tokens[begin].text[:4]) <= _HOURS
    behind = tokens[begin + 1 : begin + 2]
    ends = not behind or behind[0].kind == "symbol" or not behind[0].capital
    return Slot(2, doubtful=tokens[begin].text) if bare and ends else None


def time_of(token: Token) -> time | None:
    """Return the time of day a token says: ``3pm``, ``15:00``, ``noon``; None where it is none or could be two."""
    if token.kind == "quoted":
        return None
    if token.kind == "word" and token.key in _NAMED:
        return _NAMED[token.key]
    match = _CLOCK.fullmatch(token.key) if token.kind == "time" else None
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half is not None:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    return time(hour, minute) if hour < _HOURS and minute < 60 else None  # noqa: PLR2004 - minutes of an hour


def duration_at(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Return how many tokens say how long something lasts, and the minutes: ``for an hour``, ``a 30 minute``."""
    marked = tokens[at].key in {"for", "lasting"}
    words = [each.key for each in tokens[at + marked : at + marked + 5] if each.kind != "quoted"]
    for length in range(len(words), 0, -1):
        minutes = _minutes(words[:length])
        if minutes is not None and 0 < minutes <= _LONGEST_MINUTES:
            return length + marked, minutes
    return None


def _minutes(words: Sequence[str]) -> int | None:
    if list(words) in (["half", "an", "hour"], ["half", "hour"], ["a", "half", "hour"]):
        return 30
    if list(words) == ["an", "hour", "and", "a", "half"]:
        return 90
    if len(words) == 1:
        glued = _GLUED.fullmatch(words[0])
        return _whole(Decimal(glued[1]) * _UNITS.get(glued[2], 60)) if glued else None
    if len(words) != 2 or words[1] not in _UNITS:  # noqa: PLR2004 - number and unit
        return None
    count = _COUNTS.get(words[0])
    if count is not None:
        return count * _UNITS[words[1]]
    plain = re.fullmatch(r"\d{1,4}(?:\.\d{1,2})?", words[0], re.ASCII)
    return _whole(Decimal(words[0]) * _UNITS[words[1]]) if plain else None


def _whole(minutes: Decimal) -> int | None:
    return int(minutes) if minutes == minutes.to_integral_value() else None


def moment(day: date, at: time, zone: tzinfo) -> datetime | None:
    """Return the point in time, or None where the clocks' change leaves it out or makes it two."""
    first = datetime.combine(day, at, zone)
    again = first.replace(fold=1)
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == first.replace(
        tzinfo=None
    )
    return first if exists and first.utcoffset() == again.utcoffset() else None
