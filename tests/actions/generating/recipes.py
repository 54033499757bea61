"""Recipes in short, and blueprints that carry them."""

from __future__ import annotations

from tests.memory_org import demo_schemas

from actwright.actions.generating.generator import Wanted
from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.recipe import Recipe
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    Constant,
    CreateStep,
    FieldSource,
    Format,
    FromInput,
    FromStep,
    Function,
    QueryStep,
    ReadStep,
    RecipeCondition,
    Source,
    TextPart,
    TextStep,
)

PREFIXES = {name: each.key_prefix for name, each in demo_schemas().items()}


def given(name: str) -> FromInput:
    """Return the value of an input."""
    return FromInput(input=name)


def of(step: str, field: str | None = None) -> FromStep:
    """Return what an earlier step gave."""
    return FromStep(step=step, field=field)


def filled(**sources: Source) -> tuple[FieldSource, ...]:
    """Return fields with their sources."""
    return tuple(FieldSource(field=name, source=each) for name, each in sources.items())


def where(field: str, source: Source) -> RecipeCondition:
    """Return the condition that a field equals a value."""
    return RecipeCondition(field=field, source=source)


def constant(value: str | float | bool | None) -> Constant:  # noqa: FBT001 - it is the value
    """Return a value that is always the same."""
    return Constant(constant=value)


def wanted(target: str, *steps: object, **inputs: DataType) -> Wanted:
    """Return an action somebody wants code for; inputs by name and type, all required."""
    recipe = Recipe.model_validate({"steps": steps})
    blueprint = ActionBlueprint(
        name="Sample",
        label="Sample",
        operation="CALL",
        category="GENERATED",
        target_s_object=target,
        inputs=tuple(
            ActionInput(api_name=name, data_type=kind, required=True, usage="PARAMETER")
            for name, kind in inputs.items()
        ),
        recipe=recipe,
    )
    return Wanted(blueprint, demo_schemas(), PREFIXES)


def open_deals(*fields: str) -> QueryStep:
    """Return the open opportunities of the case's account."""
    return QueryStep(
        name="deals",
        object="Opportunity",
        fields=fields,
        where=(
            where("AccountId", of("case_record", "AccountId")),
            where("IsClosed", constant(value=False)),
        ),
    )


CASE = ReadStep(
    name="case_record", object="Case", record=given("CaseId"), fields=("AccountId", "Subject")
)
"""Reads the case an input names."""


def told(function: Function, field: str | None, text: str = "Total: ") -> Wanted:
    """Return a task that tells an aggregate over the open opportunities of a case's account."""
    shown = TextStep(
        name="description",
        parts=(
            TextPart(source=constant(text)),
            TextPart(source=of("figure"), format=_format(None if function == "count" else field)),
        ),
    )
    return wanted(
        "Task",
        CASE,
        open_deals(*([field] if field else ["Id"])),
        AggregateStep(name="figure", function=function, rows="deals", field=field),
        shown,
        CreateStep(
            name="new_task",
            object="Task",
            values=filled(
                Description=of("description"),
                Subject=of("case_record", "Subject"),
                WhatId=given("CaseId"),
            ),
        ),
        CaseId="Id",
    )


def _format(field: str | None) -> Format:
    formats: dict[str | None, Format] = {
        "Amount": "money",
        "CloseDate": "date",
        "LastModifiedDate": "moment",
    }
    return formats.get(field, "number")
