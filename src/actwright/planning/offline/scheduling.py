"""Slots of new events: ``on Tuesday at 3pm for an hour`` as the fields that say when it begins and how long it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, tzinfo

from actwright.org.schema import FieldSchema
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import tokenize
from actwright.planning.words.times import Slot, joined, moment, slot_at
from actwright.planning.words.values import unsaid_year

_START, _LENGTH = "StartDateTime", "DurationInMinutes"
_FARTHEST = 40
"""Tokens within which the parts of a slot stand."""


def scheduled(
    scope: Scope, index: FieldIndex, at: int
) -> tuple[tuple[Assignment, ...], int] | None:
    """Return what the slot that begins at ``at`` says of a new record, and the position behind it.

    A slot without a day or a time of day asks for what is lacking; an object without a beginning has no slots.
    """
    start = index.schema.field(_START)
    if start is None or start.type != "datetime":
        return None
    slot = slot_at(scope.tokens, at, scope.today)
    if slot is None:
        return None
    words, stop = scope.text(at, at + slot.length), at + slot.length
    length = index.schema.field(_LENGTH)
    if slot.minutes is not None and slot.day is None and slot.start is None and length is not None:
        return (Assignment(length, words, value=slot.minutes),), stop
    whole = _whole(scope, slot)
    problem = _gone_by(scope, start, whole)
    begun = _begun(start, whole, words, scope.zone)
    if problem is not None:
        begun = Assignment(start, words, problem=problem)
    return (begun, *_ended(index, whole, words)), stop


def _gone_by(scope: Scope, field: FieldSchema, slot: Slot) -> Problem | None:
    """Return why the day of a slot asks for its year, where it has just gone by."""
    for at in range(min(scope.end, _FARTHEST)):
        mention = scope.date_at(at)
        if mention is not None and mention.day == slot.day:
            return unsaid_year(field, scope.text(at, at + mention.length), mention)
    return None


def _whole(scope: Scope, slot: Slot) -> Slot:
    """Return the slot with what another part of the clause says of it: ``tomorrow with Jane at 3pm``."""
    end = scope.find(0, {":"})
    for at in range(min(end, _FARTHEST)):
        if slot.day is not None and (slot.start is not None or slot.doubtful):
            break
        other = slot_at(scope.tokens[:end], at, scope.today)
        if other is not None:
            slot = joined(slot, other, slot.length)
    return slot


def point_of(
    field: FieldSchema, text: str, today: date, zone: tzinfo, said: str = ""
) -> Assignment | None:
    """Return ``text``, which says a day and a time of day, as the value of ``field``; None where it says neither.

    Args:
        field: A field that holds a point in time.
        text: The words.
        today: The date in the person's zone.
        zone: The person's zone.
        said: Words said before, whose day counts where ``text`` has none.
    """
    slot = _slot_of(text, today)
    if slot is None or slot.minutes is not None or slot.end is not None:
        return None
    before = _slot_of(said, today)
    if slot.day is None and before is not None:
        slot = replace(slot, day=before.day)
    return _begun(field, slot, text, zone)


def _slot_of(text: str, today: date) -> Slot | None:
    tokens = tokenize(text)
    slot = slot_at(tokens, 0, today) if tokens else None
    return slot if slot is not None and slot.length == len(tokens) else None


def _begun(field: FieldSchema, slot: Slot, words: str, zone: tzinfo) -> Assignment:
    if slot.day is None or slot.start is None:
        return Assignment(field, words, problem=_lacking(field, slot, words))
    point = moment(slot.day, slot.start, zone)
    if point is None:
        text = f"{words[:60]!r} is no one point in time in {zone}: the clocks change."
        return Assignment(field, words, problem=Problem("unclear", text))
    said = point.isoformat(timespec="seconds")
    note = f'"{words[:80]}" is {said} in {zone}'
    return Assignment(field, words, value=said, note=note)


def _ended(index: FieldIndex, slot: Slot, words: str) -> tuple[Assignment, ...]:
    """Return how long it lasts; named without a value where that was not said, so that a default stands or it is asked."""
    field = index.schema.field(_LENGTH)
    if field is None:
        return ()
    minutes = slot.minutes
    if slot.start is not None and slot.end is not None:
        minutes = _minutes(slot.end) - _minutes(slot.start)
        if minutes <= 0:
            problem = Problem("unclear", f"{words[:60]!r} ends before it begins.")
            return (Assignment(field, words, problem=problem),)
    return (Assignment(field, "" if minutes is None else words, value=minutes),)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _lacking(field: FieldSchema, slot: Slot, words: str) -> Problem:
    if slot.doubtful and slot.day is not None:
        what = f"{slot.doubtful[:20]!r} could be two times of day"
    elif slot.day is None:
        what = f"{words[:60]!r} says no day"
    else:
        what = f"{words[:60]!r} says no time of day"
    return Problem("unclear", f"{what} for {field.label}.")
