"""The recipe: the logic of a generated action as typed steps, from which its code is written without a model.

A recipe knows nothing but records, fields and values that earlier steps gave. It holds no code and no query text, and it
is closed: what its steps cannot say needs a model, or a person. It writes at least once, and what it writes are effects.
"""

from __future__ import annotations

import keyword
from collections import Counter
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from actwright.blueprints.recipe_steps import (
    AggregateStep,
    Constant,
    CreateStep,
    FromInput,
    FromStep,
    QueryStep,
    ReadStep,
    Step,
    UpdateStep,
    UpsertStep,
    WriteStep,
    sources_of,
)
from actwright.contract import Contract

_RESERVED = frozenset({"org", "log", "http", "sum", "min", "max", "len", "round", "row", "produce"})
"""Names that mean something in the code."""


class Recipe(Contract):
    """The steps of a generated action, in order; each may use what the ones before it gave."""

    steps: tuple[Step, ...] = Field(min_length=1, max_length=40)

    @field_validator("steps")
    @classmethod
    def _named_well(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """Refuse names that clash with each other or mean something in the code."""
        counts = Counter(each.name for each in steps)
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            raise ValueError(f"two steps are called {twice[0]!r}")
        odd = [each for each in counts if keyword.iskeyword(each) or each in _RESERVED]
        if odd:
            raise ValueError(f"no step can be called {odd[0]!r}")
        return steps

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a recipe that writes nothing, or takes what no earlier step gives."""
        if not any(self.write_steps):
            raise ValueError("a recipe creates or changes at least one record")
        known: dict[str, Step] = {}
        for step in self.steps:
            for source in sources_of(step):
                _check_taken(step, source, known)
            if isinstance(step, AggregateStep):
                _check_rows(step, known.get(step.rows))
            if isinstance(step, CreateStep | UpdateStep | UpsertStep):
                _check_written(step)
            known[step.name] = step
        return self

    @property
    def write_steps(self) -> tuple[WriteStep, ...]:
        """The steps that create or change a record."""
        return tuple(
            each for each in self.steps if isinstance(each, CreateStep | UpdateStep | UpsertStep)
        )

    @property
    def inputs(self) -> frozenset[str]:
        """The inputs it takes."""
        every = (source for step in self.steps for source in sources_of(step))
        return frozenset(each.input for each in every if isinstance(each, FromInput))

    def step(self, name: str) -> Step | None:
        """Return the step of that name, or None."""
        return next((each for each in self.steps if each.name == name), None)

    def reads(self) -> dict[str, tuple[str, ...]]:
        """Return the fields it reads by object, those of its conditions included."""
        found: dict[str, dict[str, None]] = {}
        for step in self.steps:
            if isinstance(step, ReadStep):
                found.setdefault(step.object, {}).update(dict.fromkeys(step.fields))
            elif isinstance(step, QueryStep):
                names = (*step.fields, *(each.field for each in step.where))
                found.setdefault(step.object, {}).update(dict.fromkeys(names))
            elif isinstance(step, UpsertStep):
                found.setdefault(step.object, {}).update(dict.fromkeys(("Id", step.key)))
        return {name: tuple(fields) for name, fields in found.items()}

    def writes(self) -> tuple[tuple[Literal["CREATE", "UPDATE"], str, tuple[str, ...]], ...]:
        """Return what it writes: operation, object, fields. An upsert may be either."""
        made: list[tuple[Literal["CREATE", "UPDATE"], str, tuple[str, ...]]] = []
        for step in self.write_steps:
            fields = tuple(each.field for each in step.values)
            if not isinstance(step, UpdateStep):
                made.append(("CREATE", step.object, fields))
            if isinstance(step, UpsertStep):
                fields = tuple(each for each in fields if each != step.key)
            if not isinstance(step, CreateStep) and fields:
                made.append(("UPDATE", step.object, fields))
        return tuple(made)


def _check_taken(
    step: Step, source: FromInput | FromStep | Constant, known: dict[str, Step]
) -> None:
    if not isinstance(source, FromStep):
        return
    giver = known.get(source.step)
    if giver is None:
        raise ValueError(f"{step.name} takes {source.step!r}, which no earlier step gives")
    if isinstance(giver, QueryStep | UpdateStep | UpsertStep):
        raise ValueError(  # noqa: TRY004 - pydantic reads it
            f"{step.name} takes {source.step!r}, which is no single value"
        )
    if isinstance(giver, ReadStep) and source.field not in giver.fields:
        raise ValueError(f"{step.name} takes a field that {source.step!r} does not read")
    if not isinstance(giver, ReadStep) and source.field is not None:
        raise ValueError(f"{step.name} takes a field of {source.step!r}, which is one value")
    if isinstance(giver, CreateStep) and not isinstance(step, CreateStep | UpdateStep | UpsertStep):
        raise ValueError(  # noqa: TRY004 - pydantic reads it
            f"{step.name} takes the new record {source.step!r}, which is not there yet"
        )


def _check_rows(step: AggregateStep, rows: Step | None) -> None:
    if not isinstance(rows, QueryStep):
        raise ValueError(  # noqa: TRY004 - pydantic reads it
            f"{step.name} is made of {step.rows!r}, which are no rows read before"
        )
    if step.field is not None and step.field not in rows.fields:
        raise ValueError(f"{step.name} is made of a field that {step.rows!r} does not read")


def _check_written(step: WriteStep) -> None:
    counts = Counter(each.field.lower() for each in step.values)
    twice = [field for field, count in counts.items() if count > 1]
    if twice:
        raise ValueError(f"{step.name} writes {twice[0]!r} twice")
    if "id" in counts:
        raise ValueError(f"{step.name} writes an Id, which only the org gives")
