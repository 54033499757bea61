"""Gathering: effects that are alike, told together, and what becomes of one field over all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.wording.effect_words import deed, new_name, owners
from actwright.org.effect import Effect, FieldChange
from actwright.org.value import FieldValue

Side = Literal["before", "after"]
"""Which value of a field: the one it has, or the one it would have."""

_FEWEST = 4
"""As many records with the same fields are told together."""

_MOST_NUMBERS, _MOST_WORDS = 4, 8
"""As many different numbers, or words such as a picklist's, are told one by one, with their counts."""

_ID, _END_OF_ID = 15, 6
"""An id without its checksum, and as much of its end as tells records apart at a glance."""

_SIDES: tuple[Side, Side] = ("after", "before")
_ORDERED = frozenset({"decimal", "integer", "date", "datetime", "time"})


@dataclass(frozen=True, slots=True)
class Gathering:
    """Effects that do the same to the same fields of the same kind of record.

    Attributes:
        effects: They, in order.
        bound: The rows their actions were bound to, where all of these are repeated; else nothing.
    """

    effects: tuple[Effect, ...]
    bound: tuple[RowsBound, ...]

    @property
    def many(self) -> bool:
        """Whether they are better told together than one by one."""
        return len(self.effects) >= _FEWEST or bool(self.bound)

    @property
    def own(self) -> bool:
        """Whether the rows themselves are written to, rather than something made for each of them."""
        first = self.effects[0]
        return bool(self.bound) and self.bound[0].object == first.object and deed(first) != "CREATE"

    @property
    def label(self) -> str:
        """What people call the records."""
        first = self.effects[0]
        if self.own and len(self.effects) > 1:
            return self.bound[0].label_plural
        label = first.object_label or first.object
        return f"{label} records" if len(self.effects) > 1 else label

    @property
    def fields(self) -> tuple[tuple[FieldChange, ...], ...]:
        """The changes field by field, each over all effects; none of what is deleted."""
        if self.effects[0].operation == "DELETE":
            return ()
        return tuple(zip(*(each.changes for each in self.effects), strict=True))


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of one field over many effects.

    Attributes:
        counts: Each value with how often it stands there, the most frequent first; empty where they are too many.
        ends: The least and the greatest, where they are too many and have an order.
        different: How many different values there are.
    """

    counts: tuple[tuple[int, FieldChange], ...]
    ends: tuple[FieldChange, FieldChange] | None
    different: int


def gathered(effects: Sequence[Effect], rows: Sequence[RowsBound]) -> tuple[Gathering, ...]:
    """Return effects by what they do to which fields, in the order of their first."""
    bound = {each.action_id: each for each in rows}
    alike: dict[tuple[object, ...], list[Effect]] = defaultdict(list)
    for each in effects:
        alike[_shape(each, bound)].append(each)
    return tuple(Gathering(tuple(each), _rows_of(each[0], bound)) for each in alike.values())


def spread(changes: Sequence[FieldChange], side: Side) -> Spread:
    """Return the values on one side of a field, over many effects."""
    counted = Counter(_key(each, side) for each in changes)
    ordered = changes[0].family in _ORDERED
    if len(counted) <= (_MOST_NUMBERS if ordered else _MOST_WORDS):
        first = {_key(each, side): each for each in reversed(changes)}
        counts = tuple((count, first[key]) for key, count in counted.most_common())
        return Spread(counts, None, len(counted))
    held = [each for each in changes if value_of(each, side) is not None]
    if not ordered:
        return Spread((), None, len(counted))
    ranked = sorted(held, key=lambda each: _rank(value_of(each, side)))
    return Spread((), (ranked[0], ranked[-1]), len(counted))


def told_apart(effects: Sequence[Effect]) -> Mapping[str, str]:
    """Return what tells records of one name apart, by effect: a record each belongs to, else the end of its own id.

    Args:
        effects: Effects that are alike.
    """
    called: dict[str, list[Effect]] = defaultdict(list)
    for each in effects:
        called[str(each.record_name or new_name(each) or "")].append(each)
    return {
        each.id: mark
        for name, same in called.items()
        if name and len(same) > 1
        for each, mark in _marks(same)
    }


def value_of(change: FieldChange, side: Side) -> FieldValue:
    """Return the value before or after."""
    return change.before if side == "before" else change.after


def name_of(change: FieldChange, side: Side) -> str | None:
    """Return what people call the value before or after, where it has a name."""
    return change.before_text if side == "before" else change.after_text


def currency_of(effect: Effect) -> str | None:
    """Return the currency a record is kept in, where the effect tells it."""
    change = effect.change("CurrencyIsoCode")
    code = (change.after or change.before) if change else None
    return str(code) if code else None


def _marks(same: Sequence[Effect]) -> list[tuple[Effect, str]]:
    """Return effects on records of one name with what tells them apart, where there is anything."""
    above = {each.id: _above(each) for each in same}
    often = Counter(above.values())
    marks = ((each, above[each.id], _end_of_id(each)) for each in same)
    found = (
        (each, name if name and often[name] == 1 else end or name) for each, name, end in marks
    )
    return [(each, mark) for each, mark in found if mark]


def _above(effect: Effect) -> str:
    """Return the name of the first record an effect's record belongs to, as far as it is known."""
    named = (name_of(each, side) for each in effect.changes for side in _SIDES)
    return next((each for each in named if each), "")


def _end_of_id(effect: Effect) -> str:
    record_id = (effect.record_id or "")[:_ID]
    return f"…{record_id[-_END_OF_ID:]}" if record_id else ""


def _shape(effect: Effect, bound: Mapping[str, RowsBound]) -> tuple[object, ...]:
    fields = tuple(each.field for each in effect.changes)
    alone = _rows_of(effect, bound) or effect.kind != "record"
    return owners(effect) if alone else None, deed(effect), effect.object, fields


def _rows_of(effect: Effect, bound: Mapping[str, RowsBound]) -> tuple[RowsBound, ...]:
    """Return the rows of an effect's actions; none where one of them is not repeated."""
    found = [bound.get(each) for each in owners(effect)]
    return () if None in found else tuple(each for each in found if each is not None)


def _key(change: FieldChange, side: Side) -> tuple[FieldValue, bool]:
    return value_of(change, side), side == "after" and change.linked_to is not None


def _rank(value: FieldValue) -> tuple[Decimal, str]:
    """Return what orders numbers by size, and dates and times, all in ISO 8601, by their text."""
    return (Decimal(0), value) if isinstance(value, str) else (Decimal(value or 0), "")
