"""Effects in words: records, fields and values as people read them, on one line and with nothing hidden."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from actwright.checkpoints.wording.spoken_times import spoken_day, spoken_moment
from actwright.inert import inert, visible
from actwright.org.effect import Effect, FieldChange
from actwright.org.value import Family, FieldValue, same_value

_MOST_FIELDS = 6
_LIKE_OURS = re.compile(r"->|[\"?!\u00d7\u2192]|[.,:;] |\.$")
"""Text that could be taken for words of ours stands in quotes."""


def owners(effect: Effect) -> tuple[str, ...]:
    """Return the actions an effect is for."""
    return (effect.action_id, *effect.also_for)


def deed(effect: Effect) -> str:
    """Return what an effect does; an upsert is a change of the record its key matched, or a create."""
    if effect.operation != "UPSERT":
        return effect.operation
    return "UPDATE" if effect.record_id else "CREATE"


def field_sentence(change: FieldChange, *, new: bool = False, zone: str = "UTC") -> str:
    """Return one change: the field, the old and the new value.

    Args:
        change: The field.
        new: Whether there is no old value to tell.
        zone: The time zone moments are said in.
    """
    label, after = inert(change.label, limit=80), in_a_sentence(change, "after", zone=zone)
    if new:
        return f"{label} {after}"
    return f"{label} {in_a_sentence(change, 'before', zone=zone)} -> {after}"


def in_a_sentence(
    change: FieldChange, side: Literal["before", "after"], *, zone: str = "UTC"
) -> str:
    """Return a value as `spoken`, in quotes where it is a text that could be taken for words of ours."""
    told = spoken(change, side, zone=zone)
    value = change.before if side == "before" else change.after
    if change.family != "string" or not isinstance(value, str) or not _LIKE_OURS.search(told):
        return told
    return in_quotes(told)


def in_quotes(told: str) -> str:
    """Return a text that `visible` returned in quotes, which it cannot end by itself."""
    return '"{}"'.format(told.replace('"', '\\"'))


def spoken(
    change: FieldChange,
    side: Literal["before", "after"],
    *,
    limit: int = 120,
    zone: str = "UTC",
) -> str:
    """Return the value before or after as people read it: a name with its id, an empty field as (empty).

    Args:
        change: The field.
        side: Which of its values.
        limit: The most characters of a text to show.
        zone: The time zone moments are said in.
    """
    value: FieldValue = change.before if side == "before" else change.after
    text = change.before_text if side == "before" else change.after_text
    if side == "after" and change.linked_to:
        return inert(text or f"the record {change.linked_to} creates", limit=80)
    plain = plain_value(value, change.family, limit=limit, zone=zone)
    return f"{inert(text, limit=80)} ({plain})" if text and text != plain else plain


def plain_value(
    value: FieldValue, family: Family = "string", *, limit: int = 120, zone: str = "UTC"
) -> str:
    """Return a value as text on one line with nothing hidden, the same for everybody who reads it.

    Args:
        value: The value; none is told as ``(empty)``.
        family: What it is made of: only a date is told with its weekday, and only a moment in a time zone.
        limit: The most characters of a text to show.
        zone: The time zone moments are said in.
    """
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return _grouped(value)
    if family == "date":
        return visible(spoken_day(value), limit=limit)
    return visible(spoken_moment(value, zone) if family == "datetime" else value, limit=limit)


def _grouped(value: Decimal) -> str:
    """Return a number with its thousands apart, and without zeros that say nothing."""
    text = f"{value:,f}" if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def changing(effect: Effect) -> tuple[FieldChange, ...]:
    """Return the fields that would be other than before; all of them where none would."""
    other = tuple(
        each for each in effect.changes if each.linked_to or not same_value(each.before, each.after)
    )
    return other or effect.changes


def changes_nothing(effect: Effect) -> bool:
    """Tell whether an effect would write only values that the record holds already."""
    return (
        deed(effect) == "UPDATE"
        and bool(effect.changes)
        and not any(
            each.linked_to or not same_value(each.before, each.after) for each in effect.changes
        )
    )


def held_already(effect: Effect) -> str:
    """Return in words that a record holds already what an effect would write."""
    held = [f"{inert(each.label, limit=80)} {spoken(each, 'before')}" for each in effect.changes]
    more = f", and {len(held) - _MOST_FIELDS} more" if len(held) > _MOST_FIELDS else ""
    return f"{called(effect)} has {', '.join(held[:_MOST_FIELDS])}{more} already"


def called(effect: Effect) -> str:
    """Return what people call the record of an effect: its object, and its name or id in quotes."""
    label = inert(effect.object_label or effect.object, limit=80)
    name = effect.record_name or effect.record_id or new_name(effect)
    shown = inert(str(name or ""), limit=80).replace('"', "'")
    return f'{label} "{shown}"' if shown else label


def new_name(effect: Effect) -> FieldValue:
    """Return what a record that does not exist yet will be called, where its fields tell."""
    if effect.kind != "record":
        return None
    for field in ("Name", "LastName", "Subject", "CaseNumber"):
        change = effect.change(field)
        if change and change.after:
            return _full_name(effect, change.after) if field == "LastName" else change.after
    return None


def _full_name(effect: Effect, last: FieldValue) -> FieldValue:
    first = effect.change("FirstName")
    return f"{first.after} {last}" if first and first.after else last
