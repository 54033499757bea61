"""The question a person answers, generated from the effects and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from actwright.canonical import decimal_text
from actwright.inert import inert, visible
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import FieldValue, same_value

_MOST_SPELLED_OUT = 5
_MOST_FIELDS = 6
_VERBS = {"CREATE": "Create", "UPDATE": "Change", "DELETE": "DELETE"}


def question(effects: Sequence[Effect], *, user: RunningUser, org: OrgIdentity) -> str:
    """Return the one question: what would happen, to which records, as whom, where."""
    if not effects:
        return "Nothing would happen."
    parts = [sentence(each) for each in effects[:_MOST_SPELLED_OUT]]
    rest = Counter(
        f"{_VERBS[deed(each)].lower()} {each.object_label or each.object}"
        for each in effects[_MOST_SPELLED_OUT:]
    )
    parts += [f"And {what}: {count} more." for what, count in sorted(rest.items())]
    where = inert(org.name or org.url, limit=80)
    return f"{' '.join(parts)} Do this as {inert(user.username, limit=80)} in {where}?"


def sentence(effect: Effect) -> str:
    """Return one effect in one sentence."""
    head = f"{_VERBS[deed(effect)]} {inert(effect.object_label or effect.object, limit=80)}"
    name = effect.record_name or effect.record_id or new_name(effect)
    if name:
        head += f' "{inert(str(name), limit=80)}"'
    if effect.operation == "DELETE":
        return f"{head}{_going_with(effect)}."
    changes = changing(effect)
    fields = [field_sentence(each, new=deed(effect) == "CREATE") for each in changes[:_MOST_FIELDS]]
    more = len(changes) - len(fields)
    tail = f", and {more} more fields" if more > 0 else ""
    return f"{head}: {', '.join(fields)}{tail}." if fields else f"{head}."


def _going_with(effect: Effect) -> str:
    parts = [f"{each.count} {inert(each.label, limit=80)}" for each in effect.also_deletes]
    return f", and with it {', '.join(parts)} and all that hangs on them" if parts else ""


def deed(effect: Effect) -> str:
    """Return what an effect does; an upsert is a change of the record its key matched, or a create."""
    if effect.operation != "UPSERT":
        return effect.operation
    return "UPDATE" if effect.record_id else "CREATE"


def field_sentence(change: FieldChange, *, new: bool = False) -> str:
    """Return one change: the field, the old and the new value."""
    label, after = inert(change.label, limit=80), spoken(change, "after")
    return f"{label} {after}" if new else f"{label} {spoken(change, 'before')} -> {after}"


def spoken(change: FieldChange, side: Literal["before", "after"], *, limit: int = 120) -> str:
    """Return the value before or after as people read it: a name with its id, an empty field as (empty).

    Args:
        change: The field.
        side: Which of its values.
        limit: The most characters of a text to show.
    """
    value: FieldValue = change.before if side == "before" else change.after
    text = change.before_text if side == "before" else change.after_text
    if side == "after" and change.linked_to:
        return inert(text or f"the record {change.linked_to} creates", limit=80)
    plain = plain_value(value, limit=limit)
    return f"{inert(text, limit=80)} ({plain})" if text and text != plain else plain


def plain_value(value: FieldValue, *, limit: int = 120) -> str:
    """Return a value as text on one line with nothing hidden; no value as ``(empty)``."""
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, int)):
        return visible(str(value), limit=limit)
    return decimal_text(value)


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
    name = inert(str(effect.record_name or effect.record_id or ""), limit=80)
    held = [f"{inert(each.label, limit=80)} {spoken(each, 'before')}" for each in effect.changes]
    more = f", and {len(held) - _MOST_FIELDS} more" if len(held) > _MOST_FIELDS else ""
    label = inert(effect.object_label or effect.object, limit=80)
    return f'{label} "{name}" has {", ".join(held[:_MOST_FIELDS])}{more} already'


def new_name(effect: Effect) -> FieldValue:
    """Return what a record that does not exist yet will be called, where its fields tell."""
    for field in ("Name", "Subject", "LastName", "CaseNumber"):
        change = effect.change(field)
        if change and change.after:
            return change.after
    return None
