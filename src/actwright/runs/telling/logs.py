"""The log of a run: a line for each thing that was done, and for what the org changed beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.checkpoints.wording.effect_words import (
    changes_nothing,
    changing,
    deed,
    held_already,
    in_a_sentence,
    new_name,
    plain_value,
)
from actwright.checkpoints.wording.question import sentence
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.outcome import EffectOutcome
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue
from actwright.runs.record.envelope import SideChange

MOST_LOGGED = 20
"""Effects alike that are logged one by one; more of them are counted."""

_MOST_FIELDS = 6
_MOST_OUTPUTS = 6
_DONE = {
    "CREATE": "Created",
    "UPDATE": "Changed",
    "DELETE": "Deleted",
    "CALL": "Performed",
}

_Kind = tuple[str, str, tuple[str, ...]]
"""What effects share that can be told together: the deed, the object, the fields."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """One field that changed beside the plan, in the record of one effect."""

    effect: Effect
    change: SideChange


def called(effect: Effect) -> str:
    """Return what people call the record of an effect: the object, and its name or id."""
    name = effect.record_name or new_name(effect) or effect.record_id or ""
    return f"{_label(effect)} {inert(str(name), limit=80)}".strip()


def log_lines(
    done: Sequence[Effect],
    outcomes: Mapping[str, EffectOutcome],
    beside: Mapping[str, Sequence[SideChange]],
    *,
    user_id: str,
) -> tuple[str, ...]:
    """Return a line for each thing that was done and for each side change; of many alike, one line for all.

    Args:
        done: The effects that were carried out.
        outcomes: What became of each effect, by its id.
        beside: What changed beside the plan, by the effect's id.
        user_id: Who carried it out: that a new record is theirs is no news.
    """
    alike: dict[_Kind, list[Effect]] = defaultdict(list)
    for each in done:
        alike[_kind(each)].append(each)
    lines = [
        _log(each, outcomes.get(each.id)) for each in done if len(alike[_kind(each)]) <= MOST_LOGGED
    ]
    lines += [_log_of_many(of) for of in alike.values() if len(of) > MOST_LOGGED]
    lines += _side_lines(tuple(_news(done, beside, user_id)))
    return tuple(dict.fromkeys(lines))


def _news(
    done: Sequence[Effect], beside: Mapping[str, Sequence[SideChange]], user_id: str
) -> Iterator[_Beside]:
    for effect in done:
        for change in beside.get(effect.id, ()):
            own = deed(effect) == "CREATE" and change.before is None and change.after == user_id
            if not own:
                yield _Beside(effect, change)


def _side_lines(found: Sequence[_Beside]) -> Iterator[str]:
    """Yield what changed in one record only, record by record; then what changed in several, field by field."""
    fields: dict[tuple[str, str, str], list[_Beside]] = defaultdict(list)
    for each in found:
        fields[_field(each)].append(each)
    for each in found:
        if _records(fields[_field(each)]) == 1:
            yield f"{called(each.effect)}: {each.change}"
    yield from (_field_line(of) for of in fields.values() if _records(of) > 1)


def _field(beside: _Beside) -> tuple[str, str, str]:
    return beside.effect.object, beside.change.field, beside.change.cause


def _records(found: Sequence[_Beside]) -> int:
    return len({each.change.record_id for each in found})


def _field_line(found: Sequence[_Beside]) -> str:
    """Return one field that changed in several records: with its values where they are the same in all of them."""
    first = found[0]
    where = f"on {_records(found):,} {_label(first.effect)} records, by {first.change.cause}"
    told = {(each.change.before, each.change.after) for each in found}
    return f"{first.change.moved if len(told) == 1 else f'{inert(first.change.label)} changed'} {where}"


def _label(effect: Effect) -> str:
    return inert(effect.object_label or effect.object, limit=80)


def _kind(effect: Effect) -> _Kind:
    fields = () if effect.operation == "DELETE" else tuple(each.label for each in effect.changes)
    return deed(effect), effect.object_label or effect.object, fields


def _log(effect: Effect, outcome: EffectOutcome | None) -> str:
    if effect.kind != "record":
        return f"{called(effect)}: acted by itself{_said(outcome)}."
    if changes_nothing(effect):
        return f"No change: {held_already(effect)}."
    verb = sentence(effect).split(" ", 1)
    return f"{_DONE[deed(effect)]} {verb[1]}"


def _log_of_many(effects: Sequence[Effect]) -> str:
    """Return what was done to many records alike, each field with the value they share."""
    first = effects[0]
    fields: dict[str, list[FieldChange]] = defaultdict(list)
    for each in effects if first.operation != "DELETE" else ():
        for change in changing(each):
            fields[change.field].append(change)
    new = deed(first) == "CREATE"
    told = [_shared(each, new=new) for each in list(fields.values())[:_MOST_FIELDS]]
    more = len(fields) - len(told)
    told += [f"and {more} more field{'' if more == 1 else 's'}"] if more else []
    values = f": {', '.join(told)}" if told else ""
    return f"{_DONE[deed(first)]} {len(effects):,} {_label(first)} records{values}."


def _shared(changes: Sequence[FieldChange], *, new: bool) -> str:
    """Return one field of many records with the value it has now, or with how many values it has."""
    label = inert(changes[0].label, limit=80)
    values = Counter((each.after, each.linked_to) for each in changes)
    value = (
        in_a_sentence(changes[0], "after")
        if len(values) == 1
        else f"{len(values):,} different values"
    )
    return f"{label} {value}" if new else f"{label} -> {value}"


def _said(outcome: EffectOutcome | None) -> str:
    """Return what an override says came of it, as the end of a sentence."""
    outputs = outcome.outputs if outcome else {}
    told = [f"{name} {plain_value(_spoken(each))}" for name, each in outputs.items()]
    more = len(told) - _MOST_OUTPUTS
    further = f", and {more} more" if more > 0 else ""
    return f", and says: {', '.join(told[:_MOST_OUTPUTS])}{further}" if told else ""


def _spoken(value: JsonScalar) -> FieldValue:
    return str(value) if isinstance(value, float) else value
