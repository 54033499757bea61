"""Gathering: effects that are alike, told together, and what becomes of one field over all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.question import deed
from actwright.org.effect import Effect, FieldChange
from actwright.org.value import FieldValue

Side = Literal["before", "after"]
"""Which value of a field: the one it has, or the one it would have."""

_FEWEST = 4
"""As many records with the same fields are told together."""

_MOST_NUMBERS, _MOST_WORDS = 4, 8
"""As many different numbers, or words such as a picklist's, are told one by one, with their counts."""

_ORDERED = frozenset({"decimal", "integer", "date", "datetime", "time"})


@dataclass(frozen=True, slots=True)
class Gathering:
    """Effects that do the same to the same fields of the same kind of record.

    Attributes:
        effects: They, in order.
        bound: The rows their action was bound to, where it is repeated.
    """

    effects: tuple[Effect, ...]
    bound: RowsBound | None

    @property
    def many(self) -> bool:
        """Whether they are better told together than one by one."""
        return len(self.effects) >= _FEWEST or self.bound is not None

    @property
    def label(self) -> str:
        """What people call the records."""
        first = self.effects[0]
        if self.bound is not None and len(self.effects) > 1:
            return self.bound.label_plural
        return first.object_label or first.object

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
    return tuple(Gathering(tuple(each), bound.get(each[0].action_id)) for each in alike.values())


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


def _shape(effect: Effect, bound: Mapping[str, RowsBound]) -> tuple[object, ...]:
    fields = tuple(each.field for each in effect.changes)
    alone = effect.action_id in bound or effect.kind != "record"
    action = effect.action_id if alone else None
    return action, deed(effect), effect.object, fields


def _key(change: FieldChange, side: Side) -> tuple[FieldValue, bool]:
    return value_of(change, side), side == "after" and change.linked_to is not None


def _rank(value: FieldValue) -> tuple[Decimal, str]:
    """Return what orders numbers by size, and dates and times, all in ISO 8601, by their text."""
    return (Decimal(0), value) if isinstance(value, str) else (Decimal(value or 0), "")
