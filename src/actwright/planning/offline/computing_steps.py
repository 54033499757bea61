"""The steps of a computation: from anchors and computations to a recipe's reads, queries, aggregates and texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from actwright.blueprints.recipe import Recipe
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    Constant,
    CreateStep,
    FieldSource,
    Format,
    FromStep,
    QueryStep,
    ReadStep,
    RecipeCondition,
    Source,
    Step,
    TextPart,
    TextStep,
)
from actwright.org.query import Condition
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.offline.relating import parent_reference
from actwright.planning.words.reading import Computation
from actwright.planning.words.text import camel_words, pieces
from actwright.planning.words.values import TEXT_TYPES

_FORMATS: dict[str, Format] = {
    "currency": "money",
    "percent": "percent",
    "double": "number",
    "int": "number",
    "long": "number",
    "date": "date",
    "datetime": "moment",
}
_PREFIXES = {
    "sum": "total",
    "count": "number_of",
    "min": "least",
    "max": "greatest",
    "avg": "average",
}
_LONGEST_LABEL = 120
_LONGEST_NAME = 34
_SOFT = frozenset({"case", "match", "type", "task", "object", "id"})
"""Names a reader of the code would take for something else, or that the new record has."""


@dataclass(frozen=True, slots=True)
class Found:
    """The record a computation starts from: where its id comes from, and its object."""

    source: Source
    object: str


@dataclass
class Steps:
    """The steps of one recipe, as they come together; equal reads and queries become one.

    Attributes:
        schema: Gives an object's schema.
        values: What the new record holds.
    """

    schema: Callable[[str], ObjectSchema]
    values: list[FieldSource] = field(default_factory=list)
    _reads: dict[tuple[str, str], tuple[str, Source, dict[str, None]]] = field(default_factory=dict)
    _queries: dict[str, tuple[str, str, dict[str, None], tuple[RecipeCondition, ...]]] = field(
        default_factory=dict
    )
    _made: dict[str, Step] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def read(self, found: Found, field_name: str) -> FromStep:
        """Return the value of a record's field, read in one go with its other fields."""
        key = (found.object, repr(found.source))
        if key not in self._reads:
            self._reads[key] = (self._name(found.object), found.source, {})
        name, _, fields = self._reads[key]
        fields[field_name] = None
        return FromStep(step=name, field=field_name)

    def fill(self, target: FieldSchema, said: Computation, found: Found) -> None:
        """Let the new record's field hold what a computation comes to."""
        source = self._worked_out(said, found)
        if target.type in TEXT_TYPES:
            source = self._text(target, said, source)
        self.values.append(FieldSource(field=target.name, source=source))

    def recipe(self, target: str) -> Recipe:
        """Return the recipe that creates a record of ``target``."""
        reads = [
            ReadStep(name=name, object=each, record=source, fields=tuple(fields))
            for (each, _), (name, source, fields) in self._reads.items()
        ]
        queries = [
            QueryStep(name=name, object=each, fields=tuple(fields), where=where)
            for name, each, fields, where in self._queries.values()
        ]
        create = CreateStep(
            name=self._name(f"new {target}"), object=target, values=tuple(self.values)
        )
        return Recipe(steps=(*reads, *queries, *self._made.values(), create))

    def _worked_out(self, said: Computation, found: Found) -> FromStep:
        if said.function is None and said.field is not None:
            return self.read(found, said.field.name)
        rows = self._rows(said, found)
        what = said.field.name if said.field is not None else said.children.schema.label_plural
        prefix = _PREFIXES[said.function or "count"]
        step = AggregateStep(
            name=self._name(f"{prefix} {' '.join(camel_words(what.replace(' ', '_')))}"),
            function=said.function or "count",
            rows=rows,
            field=said.field.name if said.field is not None else None,
        )
        known = (each for each in self._made.values() if isinstance(each, AggregateStep))
        same = next((each for each in known if _alike(each, step)), None)
        made = same or step
        self._made[made.name] = made
        return FromStep(step=made.name)

    def _rows(self, said: Computation, found: Found) -> str:
        schema = said.children.schema
        link = parent_reference(schema, found.object)
        name = link.name if link is not None else ""
        own = RecipeCondition(field=name, source=found.source)
        where = (own, *(_condition(each) for each in said.where))
        key = f"{schema.name} {where!r}"
        if key not in self._queries:
            called = self._name(schema.label_plural or schema.name)
            self._queries[key] = (called, schema.name, {}, where)
        fields = self._queries[key][2]
        fields[said.field.name if said.field is not None else "Id"] = None
        return self._queries[key][0]

    def _text(self, target: FieldSchema, said: Computation, source: FromStep) -> FromStep:
        shown = (
            "number"
            if said.function == "count"
            else _FORMATS.get(said.field.type if said.field is not None else "", "text")
        )
        parts = (
            TextPart(source=Constant(constant=f"{label(said)}: ")),
            TextPart(source=source, format=shown),
        )
        step = TextStep(name=self._name(f"{' '.join(camel_words(target.name))} text"), parts=parts)
        self._made[step.name] = step
        return FromStep(step=step.name)

    def _name(self, words: str) -> str:
        """Return a name for the code that is not taken yet."""
        ascii_words = words.removesuffix("__c").encode("ascii", "ignore").decode("ascii")
        plain = "_".join(pieces(" ".join(camel_words(ascii_words.replace(" ", "_")))))[
            :_LONGEST_NAME
        ]
        name = plain if plain[:1].isalpha() else f"x_{plain}".rstrip("_")
        name = f"{name}_record" if name in _SOFT else name
        count, free = 1, name
        while free in self._names:
            count += 1
            free = f"{name}_{count}"
        self._names.add(free)
        return free


def label(said: Computation) -> str:
    """Return what a computed value is called in a text: the goal's own words."""
    words = " ".join(said.words.split())[:_LONGEST_LABEL]
    return words[:1].upper() + words[1:]


def _condition(condition: Condition) -> RecipeCondition:
    value = condition.value
    source = value if isinstance(value, tuple) else Constant(constant=value)
    return RecipeCondition(field=condition.field, operator=condition.operator, source=source)


def _alike(one: AggregateStep, other: AggregateStep) -> bool:
    return (one.function, one.rows, one.field) == (other.function, other.rows, other.field)
