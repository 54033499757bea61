"""Days without a field: ``by Friday``, ``closing next month``, ``due soonish``, for the field a date belongs to then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actwright.org.schema import FieldSchema
from actwright.planning.words.lexicon import DATE_FIELDS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.month_days import period_length
from actwright.planning.words.scope import Scope

_DATES = frozenset({"on", "by", "for", "due", "closing", "in", "at"})
_SURE_DATES = frozenset({"due", "closing"})
_NO_DAY = frozenset({"to", "diligence", "date", "for"})
_LONGEST_DAY = 3


@dataclass(frozen=True, slots=True)
class SaidDay:
    """Where the words of a day stand, or of what is to be a day, and the field that takes it."""

    field: FieldSchema
    start: int
    stop: int


def day_at(
    scope: Scope, index: FieldIndex, at: int, value_end: Callable[[int], int], *, creating: bool
) -> SaidDay | None:
    """Return the day said at ``at`` that the record has a field for, or None.

    Args:
        scope: The clause.
        index: The fields of the record's object.
        at: Where the words begin.
        value_end: Tells where the value ends that begins at a position.
        creating: Whether the record is new.
    """
    marked, sure = scope.key(at) in _DATES, scope.key(at) in _SURE_DATES
    start = scope.skip(at, _DATES) if scope.date_at(at) is None else at
    mention = scope.date_at(start)
    name = next(iter(DATE_FIELDS.get(index.schema.name, ())), "")
    field = index.schema.field(name)
    if field is None or field.type != "date" or not (creating or sure or marked):
        return None
    ahead = mention is not None and mention.day > scope.today
    if not (creating or sure) and (ahead or scope.key(at) != "on"):
        return None  # by Friday, on Friday: when to change the record, it may be, and not what it is to hold
    if mention is not None:
        return SaidDay(field, start, start + mention.length)
    stop = _no_day_end(scope, start, value_end) if sure else start
    return SaidDay(field, start, stop) if stop > start else None


def _no_day_end(scope: Scope, start: int, value_end: Callable[[int], int]) -> int:
    """Return where words end that name a stretch of days or none, which then is asked; ``start`` where they say neither."""
    length = period_length(scope.tokens, start)
    stop = start + length if length else value_end(start)
    wordy = scope.key(start) in _NO_DAY or stop - start > _LONGEST_DAY
    return start if stop <= start or (wordy and not length) else stop
