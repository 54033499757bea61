"""What a preview draws from a grant: how many effects, and how much of each amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pydantic import Field

from actwright.contract import Contract
from actwright.org.effect import Effect, FieldChange


class Drawn(Contract):
    """What was drawn, or would be."""

    rows: int = 0
    """Effects; children that go with a delete count."""
    amounts: dict[str, Decimal] = Field(default_factory=dict)
    """By ``Object.Field`` in small letters, the sum of what is written, whatever its sign."""
    writes: dict[str, int] = Field(default_factory=dict)
    """How many effects of which kind, such as ``UPDATE Opportunity``."""

    def __add__(self, other: Drawn) -> Drawn:
        return Drawn(
            rows=self.rows + other.rows,
            amounts=added(self.amounts, other.amounts),
            writes=dict(sorted((Counter(self.writes) + Counter(other.writes)).items())),
        )


def drawn_by(effects: Iterable[Effect]) -> Drawn:
    """Return what effects draw together; their order makes no difference."""
    rows, writes = 0, Counter[str]()
    sums: dict[str, Decimal] = {}
    for effect in effects:
        rows += 1 + sum(each.count for each in effect.also_deletes)
        writes[f"{effect.operation} {effect.object}"] += 1
        for each in effect.changes:
            amount = amount_of(each)
            if amount is not None:
                path = path_of(effect, each)
                sums[path] = sums.get(path, Decimal(0)) + amount
    return Drawn(rows=rows, amounts=dict(sorted(sums.items())), writes=dict(sorted(writes.items())))


def amount_of(change: FieldChange) -> Decimal | None:
    """Return how much a change writes, whatever its sign; None for what is no number."""
    after = change.after
    if change.family not in {"decimal", "integer"} or after is None:
        return None
    return abs(Decimal(str(after)))


def path_of(effect: Effect, change: FieldChange) -> str:
    """Return the name of a written field, ``object.field``, in small letters."""
    return f"{effect.object}.{change.field}".lower()


def added(first: Mapping[str, Decimal], second: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return two sets of amounts added up."""
    keys = sorted({*first, *second})
    return {key: first.get(key, Decimal(0)) + second.get(key, Decimal(0)) for key in keys}
