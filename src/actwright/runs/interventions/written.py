"""Written: whether a record holds what an effect wrote, so that it can be the one the effect created."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from actwright.checkpoints.wording.effect_words import plain_value
from actwright.inert import inert
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import RecordSnapshot
from actwright.org.value import FieldValue, same_value

_MADE_AT: Final = "CreatedDate"
_SAVING: Final = timedelta(seconds=2)
"""How long after a record is created the org's own automation may still write to it."""


def other_value(
    effect: Effect, record: RecordSnapshot, linked: Mapping[str, str] | None = None
) -> str | None:
    """Return what a record holds instead of what an effect wrote, in words; None where it can be that effect's.

    A record that was changed since can hold anything; only the key an upsert matches on stays what it was.

    Args:
        effect: What was written.
        record: The record, with the fields written as far as the person sees them.
        linked: Ids of the records that the group's own effects made, by their refs.
    """
    compared = effect.changes
    if verb_of(effect) != "POST":
        key = effect.change(effect.key_field or "")
        compared = (key,) if key else ()
    elif _changed_since(record):
        return None
    for each in compared:
        written = (linked or {}).get(each.linked_to) if each.linked_to else each.after
        if written is None or each.field not in record.values:
            continue
        now = record.values[each.field]
        if not _same(now, written):
            return _differs(each, now, written)
    return None


def _changed_since(record: RecordSnapshot) -> bool:
    """Tell whether somebody changed a record after it was created; not, where that cannot be told."""
    try:
        made = datetime.fromisoformat(str(record.values.get(_MADE_AT)))
        return datetime.fromisoformat(record.version) - made > _SAVING
    except (ValueError, TypeError):
        return False


def _same(now: FieldValue, written: FieldValue) -> bool:
    """Tell whether two values are the same; the org keeps no blanks around a text, and its own ends of lines."""
    if isinstance(now, str) and isinstance(written, str):
        return now.split() == written.split()
    return same_value(now, written)


def _differs(change: FieldChange, now: FieldValue, written: FieldValue) -> str:
    label = inert(change.label, limit=80)
    is_now, was = (inert(plain_value(each, change.family), limit=200) for each in (now, written))
    return f"its {label} is {is_now}, {was} was written, and nobody changed it since"
