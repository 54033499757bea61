"""Conditions of a reply: typed comparisons over fields the person can read, never a word of query text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.blueprints.derived import data_type_of
from actwright.errors import BlueprintError
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import is_record_id, record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.model.reply import ReplyCondition
from actwright.planning.model.reply_blueprints import ReplyFault
from actwright.planning.model.reply_values import adapted, spelled
from actwright.planning.words.amounts import plain
from actwright.planning.words.text import pieces

_SEVERAL = frozenset({"IN", "NOT IN"})
_EQUALITY = frozenset({"=", "!="})
_ORDERED = frozenset({"string", "decimal", "integer", "date", "datetime", "time"})
_SHORTEST_PATTERN = 2
_PICKLISTS = frozenset({"picklist", "multipicklist"})


class Given:
    """What the person gave: the words and the ids of the goal and of the data."""

    def __init__(self, goal: str, data: Mapping[str, JsonScalar]) -> None:
        texts = [goal, *(str(each) for each in data.values())]
        self._words = frozenset(word for text in texts for word in pieces(text))
        ids = (word for text in texts for word in text.replace('"', " ").split())
        self._ids = frozenset(record_id(each) for each in map(_bare, ids) if is_record_id(each))

    def says(self, text: str) -> bool:
        """Tell whether every word of ``text`` was given."""
        return all(each in self._words for each in pieces(text))

    def names(self, record: str) -> bool:
        """Tell whether an id was given."""
        return is_record_id(record) and record_id(record) in self._ids


def _bare(word: str) -> str:
    return word.strip(".,;:!?()[]{}<>'`/")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Reads the conditions of one reply.

    Attributes:
        visible: Returns the schema of an object the person may see; raises `ReplyFault` otherwise.
        given: What the person gave; a text or id in a condition must stand there.
    """

    visible: Callable[[str, str], ObjectSchema]
    given: Given

    def read(
        self, schema: ObjectSchema, where: Sequence[ReplyCondition], place: str
    ) -> tuple[Condition, ...]:
        """Return the conditions over ``schema``.

        Raises:
            ReplyFault: There is none, or one names a field, operator or value that does not fit.
        """
        if not schema.queryable:
            raise ReplyFault(f"{place}: {schema.name} records cannot be looked up")
        if not where:
            raise ReplyFault(f"{place}: it needs at least one condition")
        return tuple(self._condition(schema, each, place) for each in where)

    def _condition(self, schema: ObjectSchema, said: ReplyCondition, place: str) -> Condition:
        path, field = self._field(schema, said.field, place)
        place = f"{place}, {schema.name}.{path}"
        if not field.filterable:
            raise ReplyFault(f"{place}: it cannot be looked up by this field")
        _check_operator(field, said, place)
        values = tuple(self._value(field, each, said.operator, place) for each in said.values)
        if said.operator in _SEVERAL:
            return Condition(field=path, operator=said.operator, value=values)
        return Condition(field=path, operator=said.operator, value=values[0] if values else None)

    def _field(self, schema: ObjectSchema, path: str, place: str) -> tuple[str, FieldSchema]:
        *parents, last = path.split(".")
        here, spelling = schema, []
        for name in parents:
            link = _relationship(here, name)
            if link is None or len(link.reference_to) != 1:
                raise ReplyFault(f"{place}: {here.name} has no single parent {name[:80]!r}")
            spelling.append(str(link.relationship_name))
            here = self.visible(link.reference_to[0], place)
        field = here.field(last)
        if field is None:
            raise ReplyFault(f"{place}: {here.name} has no field {last[:80]!r} the person may read")
        return ".".join([*spelling, field.name]), field

    def _value(self, field: FieldSchema, said: str, operator: str, place: str) -> JsonScalar:
        try:
            kind = data_type_of(field)
        except BlueprintError as error:
            raise ReplyFault(f"{place}: {error.message}") from None
        value = adapted("String" if operator == "LIKE" else kind, said, place)
        if value is None:
            raise ReplyFault(f"{place}: an empty value; give no value to ask for an empty field")
        if isinstance(value, str):
            return self._text(field, value, operator, place)
        return plain(value) if isinstance(value, Decimal) else value

    def _text(self, field: FieldSchema, value: str, operator: str, place: str) -> str:
        if field.family == "id":
            if not self.given.names(value):
                raise ReplyFault(
                    f"{place}: a record id that stands neither in the goal nor in data"
                )
            return value
        if operator == "LIKE" and len("".join(pieces(value))) < _SHORTEST_PATTERN:
            raise ReplyFault(f"{place}: the pattern {value[:60]!r} would fit nearly every record")
        if operator != "LIKE" and field.type in _PICKLISTS and field.active_values:
            return spelled(value, field, place)
        if field.family == "string" and not self.given.says(value):
            raise ReplyFault(
                f"{place}: {value[:60]!r} stands neither in the goal nor in data; look records up by the person's"
                " own words, or ask"
            )
        return value


def _check_operator(field: FieldSchema, said: ReplyCondition, place: str) -> None:
    count, operator = len(said.values), said.operator
    if operator in _SEVERAL:
        fits = count >= 1
    else:
        fits = count == 1 or (count == 0 and operator in _EQUALITY)
    if not fits:
        raise ReplyFault(f"{place}: {operator} does not go with {count} values")
    if operator == "LIKE" and field.family != "string":
        raise ReplyFault(f"{place}: LIKE compares text, and this is a {field.type}")
    if operator in {"<", "<=", ">", ">="} and field.family not in _ORDERED:
        raise ReplyFault(f"{place}: {operator} does not go with a {field.type}")


def _relationship(schema: ObjectSchema, name: str) -> FieldSchema | None:
    wanted = name.lower()
    named = (each for each in schema.fields if each.relationship_name)
    return next((each for each in named if str(each.relationship_name).lower() == wanted), None)


def texts(where: Sequence[Condition]) -> Iterator[str]:
    """Yield every text the conditions compare with."""
    for each in where:
        values = each.value if isinstance(each.value, tuple) else (each.value,)
        yield from (one for one in values if isinstance(one, str))
