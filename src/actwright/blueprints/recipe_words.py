"""A recipe in words: what each step does, for a docstring and for the person who reviews the code."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.recipe import Recipe
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
    Step,
    TextStep,
    UpdateStep,
    UpsertStep,
)

_FUNCTIONS = {
    "sum": "the sum of",
    "count": "the number of",
    "min": "the least",
    "max": "the greatest",
    "avg": "the average of",
}


def sentences(recipe: Recipe) -> tuple[str, ...]:
    """Return what the recipe does, a sentence for each step, in API names; fixed texts are not repeated."""
    return tuple(_sentence(recipe, each) for each in recipe.steps)


def headline(recipe: Recipe) -> str:
    """Return what the recipe is for in one sentence: what it writes, and what it is worked out from."""
    written = " and ".join(dict.fromkeys(_written(each) for each in recipe.write_steps))
    read = list(recipe.reads())
    return f"{written} from {_joined(read)}." if read else f"{written}."


def _written(step: CreateStep | UpdateStep | UpsertStep) -> str:
    verbs = {"create": "Create", "update": "Change", "upsert": "Create or change"}
    article = "an" if step.object[0] in "AEIOU" else "a"
    return f"{verbs[step.kind]} {article} {step.object}"


def _sentence(recipe: Recipe, step: Step) -> str:
    if isinstance(step, ReadStep):
        return f"Read {_joined(step.fields)} of the {step.object} that {_source(recipe, step.record)} names."
    if isinstance(step, QueryStep):
        tests = " and ".join(_condition(recipe, each) for each in step.where)
        return f"Read {_joined(step.fields)} of every {step.object} where {tests}."
    if isinstance(step, AggregateStep):
        return f"Work out {_aggregate(recipe, step)}."
    if isinstance(step, ArithmeticStep):
        left, right = (_source(recipe, each) for each in (step.left, step.right))
        return f"Work out {step.name} as {left} {step.operator} {right}."
    if isinstance(step, TextStep):
        values = [_source(recipe, each.source) for each in step.parts if _varies(each.source)]
        return f"Write the text {step.name}" + (f" with {_joined(values)}." if values else ".")
    return f"{_written(step)}{_whose(recipe, step)}: {_values(recipe, step.values)}."


def _varies(source: FromInput | FromStep | Constant) -> bool:
    return not isinstance(source, Constant)


def _whose(recipe: Recipe, step: CreateStep | UpdateStep | UpsertStep) -> str:
    if isinstance(step, UpdateStep):
        return f", the one that {_source(recipe, step.record)} names"
    return f" by {step.key}" if isinstance(step, UpsertStep) else ""


def _aggregate(recipe: Recipe, step: AggregateStep) -> str:
    rows = recipe.step(step.rows)
    what = f"{rows.object} rows" if isinstance(rows, QueryStep) else "rows"
    of = f"{step.field} over the {what}" if step.field else f"the {what}"
    return f"{step.name}, {_FUNCTIONS[step.function]} {of}"


def _values(recipe: Recipe, values: tuple[FieldSource, ...]) -> str:
    return ", ".join(f"{each.field} = {_source(recipe, each.source)}" for each in values)


def _condition(recipe: Recipe, condition: RecipeCondition) -> str:
    source = condition.source
    value = (
        f"one of {len(source)} fixed values"
        if isinstance(source, tuple)
        else _source(recipe, source)
    )
    return f"{condition.field} {condition.operator} {value}"


def _source(recipe: Recipe, source: FromInput | FromStep | Constant) -> str:
    if isinstance(source, FromInput):
        return source.input
    if isinstance(source, Constant):
        return _fixed(source)
    step = recipe.step(source.step)
    if isinstance(step, CreateStep):
        return f"the new {step.object}"
    return f"{source.step}.{source.field}" if source.field else source.step


def _fixed(source: Constant) -> str:
    if isinstance(source.constant, str):
        return "a fixed text"
    return "nothing" if source.constant is None else str(source.constant).lower()


def _joined(words: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
