"""Binding: reading values and records off places of one goal, by the very readers that plan without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from actwright.blueprints.adapters import adapt
from actwright.blueprints.argument import LookupArgument
from actwright.blueprints.derived import data_type_of
from actwright.errors import BlueprintError, NotFoundError, ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id, record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.cache.shape import Shape
from actwright.planning.cache.template import Place, Words
from actwright.planning.offline.resolving import Resolver
from actwright.planning.planner import PlanningRequest
from actwright.planning.provenance.utterance import READ, read
from actwright.planning.words.lexicon import (
    FIELD_WORDS,
    INERT_SYMBOLS,
    NEGATIONS,
    OBJECT_WORDS,
    PRONOUNS,
    STATES,
    SWEEPING,
    VERBS,
)
from actwright.planning.words.lookups import Finder
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.reading import Origin, RecordPhrase
from actwright.planning.words.text import tokenize
from actwright.planning.words.values import TEXT_TYPES, Converted

READABLE = READ | TEXT_TYPES | {"reference", "id"}
"""Field types whose values are read off places; what any other holds is a word of the shape, or nothing."""

_SPOKEN = (
    frozenset(VERBS)
    | frozenset(STATES)
    | NEGATIONS
    | PRONOUNS
    | SWEEPING
    | INERT_SYMBOLS
    | frozenset(OBJECT_WORDS)
    | frozenset(word for each in FIELD_WORDS.values() for phrase in each for word in phrase.split())
)


class NotBoundError(Exception):
    """A value cannot be read off its place, or is not sure to be meant as before."""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value, and what a planner would tell about it."""

    value: JsonScalar
    note: str | None = None


@dataclass(frozen=True)
class Setting:
    """One goal, and all that its places are read with.

    Attributes:
        request: The goal, its data, the library and the org.
        shape: The goal's shape.
        today: The date in the person's zone.
        zone: The person's zone.
        objects: The org's objects by their words.
        fields: Gives an object's fields by their words; describes the object when first asked.
        finder: Finds records by name.
    """

    request: PlanningRequest
    shape: Shape
    today: date
    zone: tzinfo
    objects: ObjectIndex
    fields: Callable[[str], FieldIndex]
    finder: Finder

    @property
    def data(self) -> Mapping[str, JsonScalar]:
        """The named data."""
        return self.request.data

    def schema(self, name: str) -> ObjectSchema:
        """Return an object's schema.

        Raises:
            NotBoundError: The object is hidden or does not exist.
        """
        try:
            return self.fields(name).schema
        except NotFoundError as error:
            raise NotBoundError(error.message) from error

    def field_at(self, name: str, path: str) -> FieldSchema:
        """Return the field at a path from one object, such as ``Account.Name``.

        Raises:
            NotBoundError: There is none that the person may see, or its owner is not sure.
        """
        schema, (*parents, last) = self.schema(name), path.split(".")
        for each in parents:
            link = next((one for one in schema.fields if one.relationship_name == each), None)
            if link is None or len(link.reference_to) != 1:
                raise NotBoundError(f"{each} leads to no single object")
            schema = self.schema(link.reference_to[0])
        field = schema.field(last)
        if field is None:
            raise NotBoundError(f"{path} is hidden")
        return field

    def text(self, place: Place) -> str:
        """Return what stands at a place, as text.

        Raises:
            NotBoundError: It is data that are no text, or behind the goal's end.
        """
        if place.data is None:
            if not place.start < place.stop <= len(self.shape.elements):
                raise NotBoundError("there is no such place")
            return self.shape.text(place.start, place.stop)
        value = self.data.get(place.data)
        if not isinstance(value, str) or not value.strip():
            raise NotBoundError(f"the data {place.data} are no text")
        return value.strip()

    def words(self, words: Words) -> str | None:
        """Return a source."""
        return words.text if words.place is None else self.text(words.place)[:300]

    def value(self, place: Place, field: FieldSchema) -> ReadValue:
        """Return what stands at a place as a value of ``field``.

        Raises:
            NotBoundError: It is none.
        """
        if field.type in {"reference", "id"}:
            return ReadValue(self._id(place))
        if place.data is None:
            return self._read(self.text(place), field, place)
        value = self.data.get(place.data)
        if isinstance(value, str):
            return ReadValue(self._read(value, field, place).value)
        return ReadValue(_fitting(field, value))

    def _read(self, text: str, field: FieldSchema, place: Place) -> ReadValue:
        plain = text if self._quoted(place) else " ".join(text.split())
        found = read(field, plain, self.today, self.zone)
        if not isinstance(found, Converted) or found.value in {None, ""}:
            raise NotBoundError(f"{field.label} cannot hold what stands there")
        note = found.note
        if field.type == "date" and plain != found.value:
            note = f'"{text}" is {found.value} in {self.zone}'
        return ReadValue(found.value, note)

    def _quoted(self, place: Place) -> bool:
        single = place.data is None and place.stop - place.start == 1
        return single and self.shape.elements[place.start].kind == "quoted"

    def _id(self, place: Place) -> str:
        text = self.text(place)
        if not is_record_id(text) or not any(each.isdigit() for each in text):
            raise NotBoundError("no record id stands there")
        return record_id(text)

    def phrase(
        self, place: Place, objects: Iterable[str], words: str | None = None
    ) -> RecordPhrase:
        """Return what stands at a place as a phrase that names a record of one of ``objects``."""
        text = self.text(place)
        name = text if self._quoted(place) else " ".join(text.split())
        origin: Origin = "goal" if place.data is None else "data"
        return RecordPhrase(words or text, (name,), tuple(objects), origin=origin)

    def record(self, phrase: RecordPhrase, name: str) -> tuple[LookupArgument, str | None]:
        """Return the lookup of the one record a phrase names, as looked up before, and what is told about it.

        Raises:
            NotBoundError: It names none, or several.
        """
        resolved = Resolver(self.finder, ()).record(phrase, (name,))
        if not isinstance(resolved.argument, LookupArgument):
            raise NotBoundError(f"{len(resolved.matches)} records are called so")
        return resolved.argument, resolved.note

    def counts(self, phrase: RecordPhrase) -> dict[str, int]:
        """Return how many records of each object a phrase names, as looked up before: none, one, or 2 for several."""
        found = {each: self.finder.matches(each, phrase) for each in phrase.objects}
        return {name: min(len(each), 2) for name, each in found.items()}

    def check_plain(self, place: Place, objects: Iterable[str]) -> None:
        """Accept a name that is nothing but a name.

        Raises:
            NotBoundError: One of its words is a verb, names an object, or a field or value of one of ``objects``, so
                that a planner could have read it in another way.
        """
        if place.data is not None or self._quoted(place):
            return
        indexes = [self.fields(each) for each in objects if self.objects.get(each)]
        for text in self._slot_texts(place):
            tokens = tokenize(text)
            spoken = any(each.key in _SPOKEN for each in tokens) or self.objects.mentioned(tokens)
            named = (
                index.field_at(tokens, at, len(tokens)) or index.values_at(tokens, at, len(tokens))
                for index in indexes
                for at in range(len(tokens))
            )
            if spoken or any(named):
                raise NotBoundError(f"{text[:40]!a} may be more than a name")

    def _slot_texts(self, place: Place) -> Iterator[str]:
        elements = self.shape.elements[place.start : place.stop]
        yield from (each.text for each in elements if each.kind == "name")


def _fitting(field: FieldSchema, value: JsonScalar) -> JsonScalar:
    try:
        fits = (
            value is not None and adapt(data_type_of(field), value, label=field.label) is not None
        )
    except (ValueInvalidError, BlueprintError) as error:
        raise NotBoundError(error.message) from error
    if not fits:
        raise NotBoundError(f"{field.label} takes no such value")
    return value
