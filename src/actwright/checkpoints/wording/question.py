"""The question a person answers, generated from the effects and from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from actwright.checkpoints.preview import Later, RowsBound
from actwright.checkpoints.wording.effect_words import (
    called,
    changing,
    deed,
    field_sentence,
    in_a_sentence,
    owners,
)
from actwright.checkpoints.wording.later_words import later_sentence
from actwright.checkpoints.wording.promises import acting_sentence
from actwright.inert import inert
from actwright.org.effect import Cascade, Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import FieldValue

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
    named: bool = False,
    later: Sequence[Later] = (),
) -> str:
    """Return the one question: what would happen, to which records, as whom, where.

    Args:
        effects: What would happen.
        user: As whom.
        org: Where.
        rows: What repeated actions are bound to; each is asked about as a whole, with counts.
        groups: What goes out together; said where it is not one plain transaction of records named one by one.
        named: Whether a few records are named one by one also where rows were handed in, as for an undo.
        later: What comes when what it waits for is known, and is asked about then.
    """
    if not effects:
        return "Nothing would happen."
    zone = user.zone
    repeated = {each.action_id for each in rows}
    few = _few(effects) if named else frozenset()
    many = [
        each for each in effects if repeated.issuperset(owners(each)) and owners(each) not in few
    ]
    counted = {each.id for each in many}
    single = [each for each in effects if each.id not in counted]
    parts = many_sentences(rows, many, zone=zone)
    parts += [sentence(each, zone=zone) for each in single[:_MOST_SPELLED_OUT]]
    parts += _further(single[_MOST_SPELLED_OUT:], zone)
    parts += _carrying(groups, many=bool(many) or len(single) > _MOST_SPELLED_OUT)
    if any(each.allow_duplicates for each in groups):
        parts.append("Duplicates the org merely warns of are saved all the same.")
    if later:
        parts.append(later_sentence(later))
    where = inert(org.name or org.url, limit=80)
    return f"{' '.join(parts)} Do this as {inert(user.username, limit=80)} in {where}?"


def _few(effects: Sequence[Effect]) -> frozenset[tuple[str, ...]]:
    """Return by their actions the effects that can be spelled out one by one, the first that are few enough."""
    kinds, room = Counter(owners(each) for each in effects), _MOST_SPELLED_OUT
    few: set[tuple[str, ...]] = set()
    for key, count in kinds.items():
        if count <= room:
            few.add(key)
            room -= count
    return frozenset(few)


def _further(effects: Sequence[Effect], zone: str) -> list[str]:
    """Return what is not spelled out record by record; what acts by itself always is, and what goes with a delete."""
    acting = [sentence(each, zone=zone) for each in effects if each.kind == "opaque"]
    kinds: dict[tuple[str, str], list[Effect]] = {}
    for each in effects:
        if each.kind != "opaque":
            label = inert(each.object_label or each.object, limit=80)
            kinds.setdefault((_VERBS[deed(each)].lower(), label), []).append(each)
    return acting + [
        f"And {verb} {len(of):,} more {label}{'' if len(of) == 1 else ' records'}{_all_going(of)}."
        for (verb, label), of in sorted(kinds.items())
    ]


def many_sentences(
    rows: Sequence[RowsBound], effects: Sequence[Effect], *, zone: str = "UTC"
) -> list[str]:
    """Return what would happen for all rows of repeated actions: counts, and old and new values with counts.

    A record that is among the rows of several actions is asked about under the conditions of all of them.
    """
    bound = {each.action_id: each for each in rows}
    kinds: dict[tuple[tuple[str, ...], str, str], list[Effect]] = {}
    for each in effects:
        kinds.setdefault((owners(each), deed(each), each.object), []).append(each)
    said = [_many([bound[it] for it in key[0]], members, zone) for key, members in kinds.items()]
    for one in rows:
        if one.unchanged and any(one.action_id in key[0] for key in kinds):
            held = "row holds" if one.unchanged == 1 else "rows hold"
            said.append(f"{one.unchanged:,} more {held} the new values already.")
    return said


def _many(bound: Sequence[RowsBound], effects: Sequence[Effect], zone: str) -> str:
    first, rows = effects[0], bound[0]
    own = first.object == rows.object and first.operation != "CREATE"
    what = _counted(len(effects), rows if own else None, first)
    queries = "; and also: ".join(inert(each.query, limit=1000) for each in bound)
    head = f"{_VERBS[deed(first)]} {what} " + (
        f"({queries})" if own else f"for {rows.found:,} {_label(rows.found, rows)} ({queries})"
    )
    if first.operation == "DELETE":
        return f"{head}{_all_going(effects)}."
    fields: dict[str, list[FieldChange]] = {}
    for each in effects:
        for change in changing(each):
            fields.setdefault(change.field, []).append(change)
    spelled = [
        _spread_sentence(each, effects, zone) for each in list(fields.values())[:_MOST_FIELDS]
    ]
    more = len(fields) - len(spelled)
    return f"{head}: {', '.join(spelled)}{_further_fields(more)}."


def _counted(count: int, rows: RowsBound | None, effect: Effect) -> str:
    if rows is not None:
        return f"{count:,} {_label(count, rows)}"
    label = inert(effect.object_label or effect.object, limit=80)
    return f"{count:,} {label}{'' if count == 1 else ' records'}"


def _label(count: int, rows: RowsBound) -> str:
    return inert(rows.label if count == 1 else rows.label_plural, limit=80)


def _all_going(effects: Sequence[Effect]) -> str:
    going: Counter[str] = Counter()
    labels: dict[str, Cascade] = {}
    for child in (child for each in effects for child in each.also_deletes):
        going[child.object] += child.count
        kept = labels.setdefault(child.object, child)
        labels[child.object] = child if kept.count == 1 else kept
    parts = [f"{n:,} {inert(labels[name].label, limit=80)}" for name, n in going.items()]
    with_them = f", and with them {', '.join(parts)} and all that hangs on them" if parts else ""
    used = sum(each.in_use is not None for each in effects)
    return f"{with_them}, though records of others point to {used:,} of them" if used else with_them


def _spread_sentence(changes: Sequence[FieldChange], effects: Sequence[Effect], zone: str) -> str:
    """Return what becomes of one field; where it moves in some of the records only, in how many."""
    some = f" in {len(changes):,} of them" if len(changes) < len(effects) else ""
    label, after = f"{inert(changes[0].label, limit=80)}{some}", _spread(changes, "after", zone)
    if deed(effects[0]) == "CREATE":
        return f"{label} {after}"
    return f"{label} {_spread(changes, 'before', zone)} -> {after}"


def _spread(changes: Sequence[FieldChange], side: Literal["before", "after"], zone: str) -> str:
    """Return the values of many rows: the one they share, the few there are with their counts, or how many differ."""
    values = Counter(_held(each, side) for each in changes)
    shown = {_held(each, side): each for each in reversed(changes)}
    if len(values) == 1:
        return in_a_sentence(changes[0], side, zone=zone)
    often = [(key, count) for key, count in values.most_common(_MOST_VALUES) if count > 1]
    few = values.most_common() if len(values) <= _MOST_VALUES else often
    told = [
        f"{count:,} {_TIMES} {in_a_sentence(shown[key], side, zone=zone)}" for key, count in few
    ]
    rest = len(values) - len(few)
    more = f"{rest:,} {'other' if few else 'different'} value{'' if rest == 1 else 's'}"
    return ", ".join([*told, more] if rest else told)


def _held(change: FieldChange, side: Literal["before", "after"]) -> tuple[FieldValue, str | None]:
    return (change.before, None) if side == "before" else (change.after, change.linked_to)


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


def sentence(effect: Effect, *, zone: str = "UTC") -> str:
    """Return one effect in one sentence, moments in a time zone."""
    if effect.kind == "opaque":
        handed = [field_sentence(each, new=True, zone=zone) for each in effect.changes]
        return acting_sentence(effect, handed)
    head = f"{_VERBS[deed(effect)]} {called(effect)}"
    if effect.operation == "DELETE":
        return f"{head}{_going_with(effect)}."
    changes = changing(effect)
    new = deed(effect) == "CREATE"
    fields = [field_sentence(each, new=new, zone=zone) for each in changes[:_MOST_FIELDS]]
    more = len(changes) - len(fields)
    return f"{head}: {', '.join(fields)}{_further_fields(more)}." if fields else f"{head}."


def _further_fields(count: int) -> str:
    return f", and {count} more field{'' if count == 1 else 's'}" if count else ""


def _going_with(effect: Effect) -> str:
    parts = [f"{each.count} {inert(each.label, limit=80)}" for each in effect.also_deletes]
    with_it = f", and with it {', '.join(parts)} and all that hangs on them" if parts else ""
    return f"{with_it}, though {effect.in_use.words}" if effect.in_use else with_it
