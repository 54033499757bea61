"""Figuring a recipe out over sample records: the effects it has to come to, worked out apart from its code.

The code is written by one module and its results are expected by this one; they share nothing but the recipe, so that a
fault in either is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from actwright.actions.generated.trial import ExpectedEffect, SampleRow
from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    ArithmeticStep,
    Constant,
    CreateStep,
    FieldSource,
    FromInput,
    FromStep,
    QueryStep,
    ReadStep,
    RecipeCondition,
    Source,
    Step,
    TextPart,
    TextStep,
    UpdateStep,
    UpsertStep,
)
from actwright.canonical import decimal_text
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.org.value import Family, FieldValue, in_family

_CENT = Decimal("0.01")
_Records = Mapping[str, Mapping[str, SampleRow]]
"""Sample records by object and id."""


@dataclass
class Figures:
    """Goes through the steps of a recipe over sample records, and keeps what each gives.

    Attributes:
        blueprint: Its inputs are what the recipe takes.
        schemas: The objects it is about.
        arguments: What the inputs hold.
        records: The records there are.
        effects: What was written so far.
    """

    blueprint: ActionBlueprint
    schemas: Mapping[str, ObjectSchema]
    arguments: Mapping[str, JsonScalar]
    records: _Records
    effects: list[ExpectedEffect] = field(default_factory=list)
    _steps: dict[str, Step] = field(default_factory=dict)
    _values: dict[str, FieldValue] = field(default_factory=dict)
    _rows: dict[str, list[SampleRow]] = field(default_factory=dict)
    _created: dict[str, int] = field(default_factory=dict)

    def step(self, step: Step) -> None:
        """Go one step further."""
        self._steps[step.name] = step
        if isinstance(step, QueryStep):
            self._rows[step.name] = self.rows_that_fit(step.object, self.conditions(step.where))
        elif isinstance(step, AggregateStep):
            self._values[step.name] = self._aggregate(step)
        elif isinstance(step, ArithmeticStep):
            self._values[step.name] = self._arithmetic(step)
        elif isinstance(step, TextStep):
            self._values[step.name] = "".join(self._part(each) for each in step.parts)
        elif isinstance(step, CreateStep | UpdateStep | UpsertStep):
            self._write(step)

    def conditions(self, where: Sequence[RecipeCondition]) -> list[Condition]:
        """Return conditions with the values they have by now."""
        return [
            Condition(field=each.field, operator=each.operator, value=self._compared(each))
            for each in where
        ]

    def value(self, source: Source) -> FieldValue:
        """Return the value a source has by now."""
        if isinstance(source, Constant):
            held = source.constant
            return Decimal(str(held)) if isinstance(held, float) else held
        if isinstance(source, FromInput):
            wanted = self.blueprint.input(source.input)
            kind = family_of_type(wanted.data_type) if wanted is not None else "string"
            return in_family(self.arguments[source.input], kind)
        step = self._steps[source.step]
        if isinstance(step, ReadStep) and source.field is not None:
            row = self.records[step.object][str(self.value(step.record))]
            return self._typed(step.object, source.field, row[source.field])
        return self._values[source.step]

    def _compared(self, condition: RecipeCondition) -> JsonScalar | tuple[JsonScalar, ...]:
        source = condition.source
        return source if isinstance(source, tuple) else as_json(self.value(source))

    def rows_that_fit(self, name: str, where: Sequence[Condition]) -> list[SampleRow]:
        """Return the records of an object for which all conditions hold."""
        rows = self.records.get(name, {}).values()
        return [each for each in rows if all(self._holds(name, each, one) for one in where)]

    def _holds(self, name: str, row: SampleRow, condition: Condition) -> bool:
        value = self._typed(name, condition.field, row.get(condition.field))
        listed = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        wanted = [self._typed(name, condition.field, each) for each in listed]
        if condition.operator in {"IN", "="}:
            return value in wanted
        if condition.operator in {"NOT IN", "!="}:
            return value not in wanted
        if condition.operator == "LIKE":
            return str(wanted[0]).strip("%") in str(value)
        if value is None or wanted[0] is None:
            return False
        order = _order(value, wanted[0])
        return order in {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}}[condition.operator]

    def _aggregate(self, step: AggregateStep) -> FieldValue:
        rows, source = self._rows[step.rows], self._steps[step.rows]
        if step.field is None or not isinstance(source, QueryStep):
            return len(rows)
        held = [self._typed(source.object, step.field, each[step.field]) for each in rows]
        there = [each for each in held if each is not None]
        if step.function == "count":
            return len(there)
        if step.function in {"min", "max"}:
            return _extreme(there, greatest=step.function == "max")
        numbers = [_number(each) for each in there]
        total = sum(numbers, Decimal(0))
        if step.function == "avg":
            return _rounded(total / len(numbers)) if numbers else None
        return int(total) if self._family(source.object, step.field) == "integer" else total

    def _arithmetic(self, step: ArithmeticStep) -> FieldValue:
        left, right = self.value(step.left), self.value(step.right)
        if left is None or right is None or (step.operator == "/" and right == 0):
            return None
        one, other = _number(left), _number(right)
        if step.operator == "/":
            return _rounded(one / other)
        return {"+": one + other, "-": one - other, "*": one * other}[step.operator]

    def _part(self, part: TextPart) -> str:
        value = self.value(part.source)
        if value is None:
            return "none"
        if part.format == "money":
            return f"{_number(value):,.2f}"
        if part.format in {"number", "percent"}:
            return f"{value:,}" + "%" * (part.format == "percent")
        if part.format == "moment":
            moment = datetime.fromisoformat(str(value)).astimezone(UTC)
            return f"{moment:%Y-%m-%d %H:%M} UTC"
        return str(value)

    def _write(self, step: CreateStep | UpdateStep | UpsertStep) -> None:
        if isinstance(step, UpdateStep):
            self._effect(step, "UPDATE", step.values, str(self.value(step.record)))
        elif isinstance(step, CreateStep):
            self._effect(step, "CREATE", step.values, None)
            self._created[step.name] = len(self.effects)
        else:
            self._upsert(step)

    def _upsert(self, step: UpsertStep) -> None:
        source = next(each.source for each in step.values if each.field == step.key)
        there = self.rows_that_fit(
            step.object, self.conditions([RecipeCondition(field=step.key, source=source)])
        )
        rest = tuple(each for each in step.values if each.field != step.key)
        if not there:
            self._effect(step, "CREATE", step.values, None)
        elif rest:
            self._effect(step, "UPDATE", rest, str(there[0]["Id"]))

    def _effect(
        self,
        step: CreateStep | UpdateStep | UpsertStep,
        operation: Literal["CREATE", "UPDATE"],
        values: Iterable[FieldSource],
        key: str | None,
    ) -> None:
        plain: dict[str, JsonScalar] = {}
        links: dict[str, int] = {}
        for each in values:
            if isinstance(each.source, FromStep) and each.source.step in self._created:
                links[each.field] = self._created[each.source.step]
            else:
                plain[each.field] = as_json(self.value(each.source))
        self.effects.append(
            ExpectedEffect(
                operation=operation, object=step.object, record_id=key, values=plain, links=links
            )
        )

    def _family(self, name: str, field_name: str) -> Family:
        schema = self.schemas.get(name)
        held = schema.field(field_name) if schema is not None else None
        return held.family if held is not None else "string"

    def _typed(self, name: str, field_name: str, value: JsonScalar) -> FieldValue:
        return in_family(value, self._family(name, field_name))


def as_json(value: FieldValue) -> JsonScalar:
    """Return a value as a document carries it; decimals as text, which reads back exactly."""
    return decimal_text(value) if isinstance(value, Decimal) else value


def _extreme(values: Sequence[FieldValue], *, greatest: bool) -> FieldValue:
    """Return the least or the greatest value; days and times are ISO text, which orders as they do."""
    best: FieldValue = None
    for each in values:
        if best is None or _order(each, best) == (1 if greatest else -1):
            best = each
    return best


def _order(one: FieldValue, other: FieldValue) -> int:
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    left, right = _number(one), _number(other)
    return (left > right) - (left < right)


def _number(value: FieldValue) -> Decimal:
    return Decimal(str(value))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, rounding=ROUND_HALF_EVEN)
