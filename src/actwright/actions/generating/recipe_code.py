"""The code of a recipe: one typed function, written as a person would, and always the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from actwright.actions.generated.surface import signature_of
from actwright.actions.generating.python_text import in_f_string, listed, literal
from actwright.blueprints.blueprint import ActionBlueprint
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
    TextPart,
    TextStep,
    UpdateStep,
    UpsertStep,
    sources_of,
)
from actwright.blueprints.recipe_words import headline, sentences
from actwright.org.schema import ObjectSchema

TEMPLATE = "recipe-2"
"""Changes whenever the same recipe may become other code."""

_IMPORTS = {"datetime": ("date", "datetime"), "decimal": ("Decimal",)}
_FORMATS = {"text": "", "money": ":,.2f", "number": ":,", "percent": ":,"}


def code_of(blueprint: ActionBlueprint, recipe: Recipe, schemas: Mapping[str, ObjectSchema]) -> str:
    """Return the function that does what a recipe says.

    Args:
        blueprint: Its inputs are the function's parameters.
        recipe: What to do.
        schemas: The objects it is about, which tell whole numbers from others.
    """
    body = list(_Writer(blueprint, recipe, schemas).lines())
    told = "\n".join(f"    - {each}" for each in sentences(recipe))
    signature = signature_of(blueprint, passed_on(blueprint, recipe))
    lines = "\n".join(f"    {each}" if each else "" for line in body for each in line.split("\n"))
    docstring = f'    """{headline(recipe)}\n\n{told}\n    """'
    whole = f"{signature.rstrip(':')}:\n{docstring}\n{lines}\n"
    used = [
        f"from {module} import {', '.join(found)}"
        for module, names in _IMPORTS.items()
        if (found := [each for each in names if _names(f"{signature}\n{lines}", each)])
    ]
    imports = "\n".join(used)
    return f"{imports}\n\nimport org\n\n\n{whole}" if imports else f"import org\n\n\n{whole}"


def passed_on(blueprint: ActionBlueprint, recipe: Recipe) -> tuple[str, ...]:
    """Return the inputs a recipe only passes on: as an id, into a field, or into a condition that compares for equality.

    Code need not see them, and a value it never saw keeps the provenance it came with.
    """
    seen = {
        source.input
        for step in recipe.steps
        for source in sources_of(step)
        if isinstance(source, FromInput) and isinstance(step, ArithmeticStep | TextStep)
    }
    seen |= {
        each.source.input
        for step in recipe.steps
        if isinstance(step, QueryStep)
        for each in step.where
        if isinstance(each.source, FromInput) and each.operator != "="
    }
    inputs = (each for each in blueprint.inputs if each.required)
    return tuple(each.api_name for each in inputs if each.api_name not in seen)


def _names(code: str, name: str) -> bool:
    """Tell whether code calls something by that name, or annotates with it."""
    return re.search(rf"\b{name}\(|: {name}\b", code) is not None


class _Writer:
    """Writes the statements of one recipe; lines within a statement are indented as if it began at the margin."""

    def __init__(
        self, blueprint: ActionBlueprint, recipe: Recipe, schemas: Mapping[str, ObjectSchema]
    ) -> None:
        self._recipe = recipe
        self._schemas = schemas
        self._checked: set[str] = set()
        self._optional = {each.api_name for each in blueprint.inputs if not each.required}
        self._taken = {each.name for each in recipe.steps} | {
            each.api_name for each in blueprint.inputs
        }

    def lines(self) -> Iterator[str]:
        for step in self._recipe.steps:
            yield from self._step(step)

    def _step(self, step: Step) -> Iterator[str]:
        if isinstance(step, ReadStep):
            yield from self._present(step.record)
            arguments = [literal(step.object), self._value(step.record), literal(step.fields)]
            yield self._call(step.name, "org.get(", arguments)
        elif isinstance(step, QueryStep):
            yield from self._query(step.name, step.object, step.fields, step.where)
        elif isinstance(step, AggregateStep):
            yield from self._aggregate(step)
        elif isinstance(step, ArithmeticStep):
            yield self._arithmetic(step)
        elif isinstance(step, TextStep):
            yield from self._text(step)
        else:
            yield from self._write(step)

    def _query(
        self, name: str, target: str, fields: tuple[str, ...], where: tuple[RecipeCondition, ...]
    ) -> Iterator[str]:
        for each in where:
            if not isinstance(each.source, tuple):
                yield from self._present(each.source)
        tests = [self._condition(each) for each in where]
        before = len("    where=")
        where_text = listed(tests, "[", "]", indent=1, before=before)
        arguments = [literal(target), literal(fields), f"where={where_text}"]
        yield self._call(name, "org.query(", arguments)

    def _condition(self, condition: RecipeCondition) -> str:
        source = condition.source
        value = literal(source) if isinstance(source, tuple) else self._value(source)
        return f"[{literal(condition.field)}, {literal(condition.operator)}, {value}]"

    def _aggregate(self, step: AggregateStep) -> Iterator[str]:
        if step.field is None:
            yield f"{step.name} = len({step.rows})"
            return
        values, field = self._helper(f"{step.name}_values"), literal(step.field)
        yield f"{values} = [row[{field}] for row in {step.rows} if row[{field}] is not None]"
        zero = "0" if self._whole(step) else "Decimal(0)"
        total = f"sum({values}, {zero})"
        made = {
            "count": f"len({values})",
            "sum": total,
            "min": f"min({values}) if {values} else None",
            "max": f"max({values}) if {values} else None",
            "avg": f"round(sum({values}, Decimal(0)) / len({values}), 2) if {values} else None",
        }
        yield f"{step.name} = {made[step.function]}"

    def _helper(self, name: str) -> str:
        """Return a name for a value in between, which nothing else is called by."""
        while name in self._taken:
            name = f"{name}_"
        self._taken.add(name)
        return name

    def _whole(self, step: AggregateStep) -> bool:
        rows = self._recipe.step(step.rows)
        schema = self._schemas.get(rows.object) if isinstance(rows, QueryStep) else None
        field = schema.field(step.field or "") if schema else None
        return field is not None and field.family == "integer"

    def _arithmetic(self, step: ArithmeticStep) -> str:
        left, right = self._value(step.left), self._value(step.right)
        made = f"{left} {step.operator} {right}"
        open_sides = [self._value(each) for each in (step.left, step.right) if self._nullable(each)]
        tests = [f"{each} is None" for each in open_sides]
        if step.operator == "/":
            made = f"round({made}, 2)"
            tests.append(f"{right} == 0")
        return (
            f"{step.name} = None if {' or '.join(tests)} else {made}"
            if tests
            else f"{step.name} = {made}"
        )

    def _text(self, step: TextStep) -> Iterator[str]:
        shown: list[str] = []
        for number, part in enumerate(step.parts, 1):
            if isinstance(part.source, Constant):
                shown.append(in_f_string(str(part.source.constant)))
            elif self._nullable(part.source):
                name = self._helper(f"{step.name}_part_{number}")
                value = self._value(part.source)
                yield f'{name} = "none" if {value} is None else f"{_shown(part, _inner(value))}"'
                shown.append(f"{{{name}}}")
            else:
                shown.append(_shown(part, _inner(self._value(part.source))))
        text = "".join(shown)
        yield f'{step.name} = f"{text}"'

    def _write(self, step: CreateStep | UpdateStep | UpsertStep) -> Iterator[str]:
        if isinstance(step, UpsertStep):
            yield from self._upsert(step)
        elif isinstance(step, UpdateStep):
            yield from self._present(step.record)
            where = [literal(step.object), self._value(step.record)]
            yield self._call(None, "org.update(", [*where, self._values(step.values)])
        else:
            used = any(_takes(each, step.name) for each in self._recipe.write_steps)
            arguments = [literal(step.object), self._values(step.values)]
            yield self._call(step.name if used else None, "org.create(", arguments)

    def _upsert(self, step: UpsertStep) -> Iterator[str]:
        source = next(each.source for each in step.values if each.field == step.key)
        rest = tuple(each for each in step.values if each.field != step.key)
        yield from self._query(
            step.name, step.object, ("Id",), (RecipeCondition(field=step.key, source=source),)
        )
        yield f"if len({step.name}) > 1:"
        yield f"    raise ValueError({literal(f'Several {step.object} records have this {step.key}.')})"
        if rest:
            changed = [literal(step.object), f'{step.name}[0]["Id"]', self._values(rest, indent=2)]
            yield f"if {step.name}:"
            yield "    " + listed(changed, "org.update(", ")", indent=1, before=8)
            yield "else:"
        else:
            yield f"if not {step.name}:"
        created = [literal(step.object), self._values(step.values, indent=2)]
        yield "    " + listed(created, "org.create(", ")", indent=1, before=8)

    def _present(self, source: FromInput | FromStep | Constant) -> Iterator[str]:
        """Yield the statement that breaks off where a value to go by is not there: it would match what nobody meant."""
        value = self._value(source)
        if not self._nullable(source) or value in self._checked:
            return
        self._checked.add(value)
        step = self._recipe.step(source.step) if isinstance(source, FromStep) else None
        what = (
            f"The {step.object} has no {source.field}."
            if isinstance(step, ReadStep) and isinstance(source, FromStep)
            else "A value to go by is empty."
        )
        yield f"if {value} is None:\n    raise ValueError({literal(what)})"

    def _nullable(self, source: FromInput | FromStep | Constant) -> bool:
        if isinstance(source, FromInput):
            return source.input in self._optional
        if isinstance(source, Constant):
            return False
        step = self._recipe.step(source.step)
        if isinstance(step, ReadStep):
            return source.field != "Id"
        sure = isinstance(step, AggregateStep) and step.function in {"sum", "count"}
        return not sure and isinstance(step, AggregateStep | ArithmeticStep)

    def _value(self, source: FromInput | FromStep | Constant) -> str:
        if isinstance(source, FromInput):
            return source.input
        if isinstance(source, Constant):
            return literal(source.constant)
        return source.step if source.field is None else f"{source.step}[{literal(source.field)}]"

    def _values(self, values: tuple[FieldSource, ...], *, indent: int = 1) -> str:
        items = [f"{literal(each.field)}: {self._value(each.source)}" for each in values]
        return listed(items, "{", "}", indent=indent, before=4 * (indent + 1))

    @staticmethod
    def _call(name: str | None, function: str, arguments: list[str]) -> str:
        before = f"{name} = " if name else ""
        return before + listed(arguments, function, ")", indent=0, before=len(before) + 4)


def _shown(part: TextPart, value: str) -> str:
    if part.format == "date":
        return f"{{{value}.isoformat()}}"
    if part.format == "moment":
        return f"{{{value}.strftime('%Y-%m-%d %H:%M')}} UTC"
    percent = "%" if part.format == "percent" else ""
    return f"{{{value}{_FORMATS[part.format]}}}{percent}"


def _inner(value: str) -> str:
    """Return Python text as it may stand within an f-string's double quotes."""
    return value.replace('"', "'")


def _takes(step: Step, name: str) -> bool:
    values = step.values if isinstance(step, CreateStep | UpdateStep | UpsertStep) else ()
    return any(isinstance(each.source, FromStep) and each.source.step == name for each in values)
