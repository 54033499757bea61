"""Tests of a recipe: sample records made for its steps, and the effects that have to come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.actions.generated.trial import GeneratedTest, SampleRow
from actwright.actions.generating.figuring import Figures
from actwright.actions.generating.generator import Wanted
from actwright.actions.generating.sample import Sample, fitting, missing
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.recipe import Recipe
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    CreateStep,
    FromInput,
    FromStep,
    QueryStep,
    ReadStep,
    UpdateStep,
    UpsertStep,
)
from actwright.org.query import Condition, JsonScalar

_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one test is about.

    Attributes:
        name: What it is called.
        rows: How many rows fit each query.
        empty: Whether the first of them lacks the values that are summed up.
        there: Whether a record an upsert may create is there already.
    """

    name: str
    rows: int
    empty: bool = False
    there: bool = False


_PLAIN = _Kind("rows that fit among others", _ROWS)
_OF_QUERIES = (_Kind("no related rows", 0), _Kind("a field without a value", _ROWS, empty=True))
_OF_UPSERTS = (_Kind("a record that is there already", _ROWS, there=True),)


def recipe_tests(wanted: Wanted, recipe: Recipe) -> tuple[GeneratedTest, ...]:
    """Return the tests of a recipe: rows that fit among rows that do not, no rows at all, and fields without a value.

    Args:
        wanted: Its inputs are what the tests give.
        recipe: What to do.
    """
    kinds = [_PLAIN]
    if any(isinstance(each, QueryStep) for each in recipe.steps):
        kinds += _OF_QUERIES
    if any(isinstance(each, UpsertStep) for each in recipe.steps):
        kinds += _OF_UPSERTS
    return tuple(_Case(wanted, recipe, each).test() for each in kinds)


class _Case:
    """One test in the making: records are added as the steps ask for them, then the steps are figured out over all."""

    def __init__(self, wanted: Wanted, recipe: Recipe, kind: _Kind) -> None:
        self._blueprint = wanted.blueprint
        self._recipe = recipe
        self._schemas = wanted.schemas
        self._kind = kind
        self._sample = Sample(wanted.schemas, wanted.prefixes)
        self._arguments = {each.api_name: self._argument(each) for each in wanted.blueprint.inputs}

    def test(self) -> GeneratedTest:
        building = self._figures()
        for step in self._recipe.steps:
            if isinstance(step, ReadStep):
                self._read(step, str(building.value(step.record)))
            elif isinstance(step, QueryStep):
                self._rows(step, building.conditions(step.where))
            elif isinstance(step, UpdateStep):
                self._sample.row(step.object, str(building.value(step.record)))
            elif isinstance(step, UpsertStep) and self._kind.there:
                source = next(each.source for each in step.values if each.field == step.key)
                row = self._sample.row(step.object, self._sample.new_id(step.object))
                row[step.key] = as_scalar(building.value(source))
            building.step(step)
        final = self._figures()
        for step in self._recipe.steps:
            final.step(step)
        return GeneratedTest(
            name=self._kind.name,
            arguments=self._arguments,
            records=self._sample.records(),
            effects=tuple(final.effects),
        )

    def _figures(self) -> Figures:
        return Figures(self._blueprint, self._schemas, self._arguments, self._sample.rows)

    def _argument(self, wanted: ActionInput) -> JsonScalar:
        if wanted.data_type in {"Id", "Reference"}:
            return self._sample.new_id(self._object_of(wanted))
        return self._sample.argument(wanted, self._blueprint.target_s_object or "")

    def _object_of(self, wanted: ActionInput) -> str:
        """Return the object an id belongs to: the one it is read or changed as, else what its field refers to."""
        source = FromInput(input=wanted.api_name)
        return (
            self._read_as(source) or self._referred(source) or self._blueprint.target_s_object or ""
        )

    def _read_as(self, source: FromInput | FromStep) -> str | None:
        """Return the object of the record that is read or changed by an id."""
        read = (each for each in self._recipe.steps if isinstance(each, ReadStep | UpdateStep))
        return next((each.object for each in read if each.record == source), None)

    def _referred(self, source: FromInput) -> str | None:
        """Return what the field refers to that an id is compared with or written to."""
        for step in self._recipe.steps:
            places: Sequence[object] = ()
            if isinstance(step, QueryStep):
                places = [each.field for each in step.where if each.source == source]
            elif isinstance(step, CreateStep | UpdateStep | UpsertStep):
                places = [each.field for each in step.values if each.source == source]
            else:
                continue
            schema = self._schemas.get(step.object)
            for name in places:
                held = schema.field(str(name)) if schema is not None else None
                if held is not None and held.reference_to:
                    return held.reference_to[0]
        return None

    def _read(self, step: ReadStep, key: str) -> None:
        row = self._sample.row(step.object, key)
        for name in step.fields:
            if name not in row:
                read_as = self._read_as(FromStep(step=step.name, field=name))
                held = self._sample.value(step.object, name)
                row[name] = self._sample.new_id(read_as) if read_as else held

    def _rows(self, step: QueryStep, where: Sequence[Condition]) -> None:
        rows = [self._fitting(step, where, at) for at in range(self._kind.rows)]
        for at, odd in enumerate(where):
            row = self._fitting(step, where, self._kind.rows + at)
            row[odd.field] = missing(odd, self._sample.value(step.object, odd.field, at))
        if self._kind.empty:
            for name in self._summed(step):
                rows[0][name] = None

    def _fitting(self, step: QueryStep, where: Sequence[Condition], at: int) -> SampleRow:
        row = self._sample.row(step.object, self._sample.new_id(step.object))
        for name in step.fields:
            row.setdefault(name, self._sample.value(step.object, name, at))
        for each in where:
            row[each.field] = fitting(each, self._sample.value(step.object, each.field, at))
        return row

    def _summed(self, step: QueryStep) -> set[str]:
        where = {each.field for each in step.where}
        made = (each for each in self._recipe.steps if isinstance(each, AggregateStep))
        return {each.field for each in made if each.rows == step.name and each.field} - where


def as_scalar(value: object) -> JsonScalar:
    """Return a value as a sample record holds it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
