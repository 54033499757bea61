"""The question a person answers, generated from the effects and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from actwright.canonical import decimal_text
from actwright.checkpoints.preview import RowsBound
from actwright.inert import inert, visible
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import FieldValue, same_value

_MOST_SPELLED_OUT = 5
_MOST_FIELDS = 6
_MOST_VALUES = 6
_TIMES = "\u00d7"
"""Between a count and a value, lest the two read as one number."""
_VERBS = {"CREATE": "Create", "UPDATE": "Change", "DELETE": "DELETE", "CALL": "RUN"}


def question(
    effects: Sequence[Effect],
    *,
    user: RunningUser,
    org: OrgIdentity,
    rows: Sequence[RowsBound] = (),
    groups: Sequence[EffectGroup] = (),
) -> str:
    """Return the one question: what would happen, to which records, as whom, where.

    Args:
        effects: What would happen.
        user: As whom.
        org: Where.
        rows: What repeated actions are bound to; each is asked about as a whole, with counts.
        groups: What goes out together; said where it is not one plain transaction of records named one by one.
    """
    if not effects:
        return "Nothing would happen."
    repeated = {each.action_id for each in rows}
    single = [each for each in effects if each.action_id not in repeated]
    parts = [text for each in rows for text in many_sentences(each, _of(each, effects))]
    parts += [sentence(each) for each in single[:_MOST_SPELLED_OUT]]
    further = single[_MOST_SPELLED_OUT:]
    parts += [sentence(each) for each in further if each.kind == "opaque"]
    rest = Counter(
        f"{_VERBS[deed(each)].lower()} {each.object_label or each.object}"
        for each in further
        if each.kind != "opaque"
    )
    parts += [f"And {what}: {count} more." for what, count in sorted(rest.items())]
    parts += _carrying(groups, many=bool(repeated))
    if any(each.allow_duplicates for each in groups):
        parts.append("Duplicates the org merely warns of are saved all the same.")
    where = inert(org.name or org.url, limit=80)
    return f"{' '.join(parts)} Do this as {inert(user.username, limit=80)} in {where}?"


def _of(rows: RowsBound, effects: Sequence[Effect]) -> list[Effect]:
    return [each for each in effects if each.action_id == rows.action_id]


def many_sentences(rows: RowsBound, effects: Sequence[Effect]) -> list[str]:
    """Return what would happen for all rows of a repeated action: counts, and old and new values with counts."""
    kinds: dict[tuple[str, str], list[Effect]] = {}
    for each in effects:
        kinds.setdefault((deed(each), each.object), []).append(each)
    said = [_many(rows, members) for members in kinds.values()]
    if rows.unchanged and said:
        held = "row holds" if rows.unchanged == 1 else "rows hold"
        said.append(f"{rows.unchanged:,} more {held} the new values already.")
    return said


def _many(rows: RowsBound, effects: Sequence[Effect]) -> str:
    first = effects[0]
    own = first.object == rows.object and first.operation != "CREATE"
    what = _counted(len(effects), rows if own else None, first)
    bound = inert(rows.query, limit=600)
    head = f"{_VERBS[deed(first)]} {what} " + (
        f"({bound})" if own else f"for the rows of {rows.label} ({bound})"
    )
    if first.operation == "DELETE":
        return f"{head}{_all_going(effects)}."
    fields: dict[str, list[FieldChange]] = {}
    for each in effects:
        for change in changing(each):
            fields.setdefault(change.field, []).append(change)
    new = deed(first) == "CREATE"
    spelled = [_spread_sentence(each, new=new) for each in list(fields.values())[:_MOST_FIELDS]]
    more = len(fields) - len(spelled)
    return f"{head}: {', '.join(spelled)}{f', and {more} more fields' if more > 0 else ''}."


def _counted(count: int, rows: RowsBound | None, effect: Effect) -> str:
    label = inert(rows.label if rows else effect.object_label or effect.object, limit=80)
    if count == 1:
        return f"1 {label}"
    return f"{count:,} {inert(rows.label_plural, limit=80) if rows else f'{label} records'}"


def _all_going(effects: Sequence[Effect]) -> str:
    going: Counter[str] = Counter()
    for each in effects:
        for child in each.also_deletes:
            going[child.object] += child.count
    parts = [f"{count:,} {inert(name, limit=80)}" for name, count in going.items()]
    return f", and with them {', '.join(parts)} and all that hangs on them" if parts else ""


def _spread_sentence(changes: Sequence[FieldChange], *, new: bool) -> str:
    label, after = inert(changes[0].label, limit=80), _spread(changes, "after")
    return f"{label} {after}" if new else f"{label} {_spread(changes, 'before')} -> {after}"


def _spread(changes: Sequence[FieldChange], side: Literal["before", "after"]) -> str:
    """Return the values of many rows: the one they share, the few there are with their counts, or how many differ."""
    values = Counter((getattr(each, side), each.linked_to) for each in changes)
    if len(values) > _MOST_VALUES:
        return f"{len(values):,} different values"
    shown = {(getattr(each, side), each.linked_to): each for each in reversed(changes)}
    if len(values) == 1:
        return spoken(changes[0], side)
    return ", ".join(
        f"{count:,} {_TIMES} {spoken(shown[key], side)}" for key, count in values.most_common()
    )


def _carrying(groups: Sequence[EffectGroup], *, many: bool) -> list[str]:
    """Return whether all of it happens or none, where that does not go without saying."""
    if len(groups) > 1 and not all(each.parts for each in groups):
        return [
            f"It goes out in {len(groups)} steps up to the first that fails, and what went before that one stands.",
            *(_alone(each) for each in groups if each.parts or each.carrier == "bulk"),
        ]
    if any(each.parts or each.carrier == "bulk" for each in groups):
        return [_alone(each) for each in groups]
    return ["All of it happens, or none."] if many and groups else []


def _alone(group: EffectGroup) -> str:
    count = f"{len(group.effects):,}"
    if group.parts:
        return f"{len(group.parts):,} parts of it ({count} writes) stand or fall each for itself."
    return f"{count} writes are a bulk job: each record stands or falls for itself."


def sentence(effect: Effect) -> str:
    """Return one effect in one sentence."""
    if effect.kind == "opaque":
        return _acting(effect)
    head = f"{_VERBS[deed(effect)]} {called(effect)}"
    if effect.operation == "DELETE":
        return f"{head}{_going_with(effect)}."
    changes = changing(effect)
    fields = [field_sentence(each, new=deed(effect) == "CREATE") for each in changes[:_MOST_FIELDS]]
    more = len(changes) - len(fields)
    tail = f", and {more} more fields" if more > 0 else ""
    return f"{head}: {', '.join(fields)}{tail}." if fields else f"{head}."


def _acting(effect: Effect) -> str:
    """Return what an override promises, what it is handed, and that nobody can check it or take it back."""
    label = inert(effect.object_label or effect.object, limit=80)
    handed = [field_sentence(each, new=True) for each in effect.changes[:_MOST_FIELDS]]
    more = len(effect.changes) - len(handed)
    given = f"It is handed {', '.join(handed)}{f', and {more} more' if more > 0 else ''}; it"
    return (
        f"Let {label} act by itself: {spoken_promises(effect.promises)}. "
        f"{given if handed else 'It'} can be neither checked nor taken back."
    )


def spoken_promises(promises: Sequence[str]) -> str:
    """Return promises as parts of one sentence, without their full stops."""
    return "; ".join(inert(each, limit=300).rstrip(" .;") or "nothing" for each in promises)


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
    held = [f"{inert(each.label, limit=80)} {spoken(each, 'before')}" for each in effect.changes]
    more = f", and {len(held) - _MOST_FIELDS} more" if len(held) > _MOST_FIELDS else ""
    return f"{called(effect)} has {', '.join(held[:_MOST_FIELDS])}{more} already"


def called(effect: Effect) -> str:
    """Return what people call the record of an effect: its object, and its name or id in quotes."""
    label = inert(effect.object_label or effect.object, limit=80)
    name = effect.record_name or effect.record_id or new_name(effect)
    return f'{label} "{inert(str(name), limit=80)}"' if name else label


def new_name(effect: Effect) -> FieldValue:
    """Return what a record that does not exist yet will be called, where its fields tell."""
    if effect.kind != "record":
        return None
    for field in ("Name", "Subject", "LastName", "CaseNumber"):
        change = effect.change(field)
        if change and change.after:
            return change.after
    return None
