"""The steps of a recipe: what it reads, works out and writes, and where each value comes from. There is no other kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from actwright.contract import Contract
from actwright.org.query import FieldPath, JsonScalar, ObjectName, Operator

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")]
"""A field or an input."""

StepName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What a step's result is called: a name of the code too."""

Function = Literal["sum", "count", "min", "max", "avg"]
"""How rows become one value; fields without a value do not count."""

Format = Literal["text", "money", "number", "percent", "date", "moment"]
"""How a value stands in a text: no locale, ``1,234.50`` for money, ``2026-12-31`` for a day, and ``2026-12-31 09:30 UTC``
for a moment."""


class FromInput(Contract):
    """The value of an input of the blueprint."""

    input: Name


class FromStep(Contract):
    """What an earlier step gave: a value, or a field of the record it read."""

    step: StepName
    field: Name | None = None


class Constant(Contract):
    """A value that is always the same."""

    constant: JsonScalar


def _shape(value: object) -> Literal["input", "step", "constant"]:
    for kind, model in (("input", FromInput), ("step", FromStep)):
        if isinstance(value, model) or (isinstance(value, dict) and kind in value):
            return "input" if kind == "input" else "step"
    return "constant"


Source: TypeAlias = Annotated[
    Annotated[FromInput, Tag("input")]
    | Annotated[FromStep, Tag("step")]
    | Annotated[Constant, Tag("constant")],
    Discriminator(_shape),
]
"""Where a value comes from."""


class FieldSource(Contract):
    """A field, and where its value comes from."""

    field: Name
    source: Source


class RecipeCondition(Contract):
    """One comparison of a field of the rows, or of a record above them, with a value."""

    field: FieldPath
    operator: Operator = "="
    source: Source | tuple[JsonScalar, ...]
    """One value, or for ``IN`` and ``NOT IN`` the listed ones."""

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        """Refuse several values where one is compared, and one where several are."""
        if isinstance(self.source, tuple) != (self.operator in {"IN", "NOT IN"}):
            raise ValueError(f"{self.operator} does not go with that many values")
        return self


class ReadStep(Contract):
    """Reads fields of one record by its id."""

    kind: Literal["read"] = "read"
    name: StepName
    object: ObjectName
    record: Source
    fields: tuple[Name, ...] = Field(min_length=1, max_length=50)


class QueryStep(Contract):
    """Reads fields of every row that fits all conditions; too many rows are an error, never cut off."""

    kind: Literal["query"] = "query"
    name: StepName
    object: ObjectName
    fields: tuple[Name, ...] = Field(min_length=1, max_length=50)
    where: tuple[RecipeCondition, ...] = Field(min_length=1, max_length=20)


class AggregateStep(Contract):
    """Makes one value of a field over rows: of no rows a sum and a count are 0, all else is no value."""

    kind: Literal["aggregate"] = "aggregate"
    name: StepName
    function: Function
    rows: StepName
    field: Name | None = None
    """None only for a count, which then counts the rows."""

    @model_validator(mode="after")
    def _of_a_field(self) -> Self:
        """Refuse to calculate over no field."""
        if self.field is None and self.function != "count":
            raise ValueError(f"{self.function} needs a field")
        return self


class ArithmeticStep(Contract):
    """Calculates with two numbers; where one has no value, or is divided by 0, there is no value."""

    kind: Literal["arithmetic"] = "arithmetic"
    name: StepName
    left: Source
    operator: Literal["+", "-", "*", "/"]
    right: Source


class TextPart(Contract):
    """A piece of a text: a value as it is written."""

    source: Source
    format: Format = "text"


class TextStep(Contract):
    """Puts a text together; a value that is not there is written as ``none``."""

    kind: Literal["text"] = "text"
    name: StepName
    parts: tuple[TextPart, ...] = Field(min_length=1, max_length=20)


class CreateStep(Contract):
    """Creates a record; a later step may take its id as a reference."""

    kind: Literal["create"] = "create"
    name: StepName
    object: ObjectName
    values: tuple[FieldSource, ...] = Field(min_length=1, max_length=100)


class UpdateStep(Contract):
    """Changes fields of one record."""

    kind: Literal["update"] = "update"
    name: StepName
    object: ObjectName
    record: Source
    values: tuple[FieldSource, ...] = Field(min_length=1, max_length=100)


class UpsertStep(Contract):
    """Changes the one record whose key field has a value, or creates it."""

    kind: Literal["upsert"] = "upsert"
    name: StepName
    object: ObjectName
    key: Name
    values: tuple[FieldSource, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        """Refuse an upsert that says no value for its key."""
        if self.key not in {each.field for each in self.values}:
            raise ValueError(f"an upsert by {self.key} needs its value")
        return self


Step: TypeAlias = Annotated[
    ReadStep
    | QueryStep
    | AggregateStep
    | ArithmeticStep
    | TextStep
    | CreateStep
    | UpdateStep
    | UpsertStep,
    Field(discriminator="kind"),
]
"""One thing a recipe does."""

WriteStep: TypeAlias = CreateStep | UpdateStep | UpsertStep


def sources_of(step: Step) -> Iterator[FromInput | FromStep | Constant]:
    """Yield where a step's values come from."""
    if isinstance(step, ReadStep | UpdateStep):
        yield step.record
    if isinstance(step, CreateStep | UpdateStep | UpsertStep):
        yield from (each.source for each in step.values)
    elif isinstance(step, QueryStep):
        yield from (each.source for each in step.where if not isinstance(each.source, tuple))
    elif isinstance(step, ArithmeticStep):
        yield from (step.left, step.right)
    elif isinstance(step, TextStep):
        yield from (each.source for each in step.parts)
