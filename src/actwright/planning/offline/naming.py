"""Named data: which action and which field a name such as ``amount`` or ``a1.WhatId`` belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import UTC, date, tzinfo

from actwright.blueprints.adapters import adapt
from actwright.blueprints.derived import data_type_of
from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.plan import ActionId
from actwright.blueprints.writable import needed_on_create
from actwright.canonical import canonical_bytes
from actwright.errors import BlueprintError, DocumentError, PlanningError, ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id, record_id
from actwright.org.schema import FieldSchema
from actwright.planning.answers import GIVEN
from actwright.planning.offline.answering import Answered
from actwright.planning.offline.contradictions import contrary
from actwright.planning.offline.scheduling import point_of
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.reading import Assignment, Link, Problem, Reading, RecordPhrase, Rival
from actwright.planning.words.text import hidden, pieces
from actwright.planning.words.values import convert

_LONGEST_NAME = 255
_MOST_DATA = 500
_DATA_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}", re.ASCII)


def action_ids(number: int) -> tuple[ActionId, ActionId]:
    """Return the ids of a clause's action, and of the one that carries what its blueprint has no input for."""
    return f"a{number}", f"a{number}b"


@dataclass(frozen=True)
class DataFiller:
    """Fills readings with named data.

    Attributes:
        entries: The curated blueprints, whose inputs may bear names of their own.
        objects: The org's objects.
        today: The date in the person's zone.
        zone: The person's zone, in which times of day are meant.
        answered: The questions that data answers, by its name.
    """

    entries: tuple[LibraryEntry, ...]
    objects: ObjectIndex
    today: date
    zone: tzinfo = UTC
    answered: Mapping[str, Answered] = dataclass_field(default_factory=dict)

    def fill(
        self, clauses: Sequence[Sequence[Reading]], data: Mapping[str, JsonScalar]
    ) -> tuple[list[list[Reading]], set[str]]:
        """Return the readings of every clause with data filled in, and the names that found a place.

        Raises:
            PlanningError: A name could belong to several actions (``data_ambiguous``).
        """
        filled = [list(each) for each in clauses]
        used: set[str] = set()
        for name, value in sorted(data.items(), key=lambda each: _order(each[0])):
            address = name.removeprefix(GIVEN)
            places = self._places(filled, address)
            if len(places) > 1:
                raise _ambiguous(name, places)
            for at in places:
                head, _, rest = address.partition(".")
                bare = rest if head in action_ids(at + 1) else address
                filled[at] = self._filled(filled[at], bare, value, name)
                used.add(name)
        return filled, used

    def _places(self, clauses: Sequence[Sequence[Reading]], name: str) -> list[int]:
        head, dot, bare = name.partition(".")
        numbers = range(len(clauses))
        if dot:
            named = [at for at in numbers if head in action_ids(at + 1)]
            return [at for at in named if self._knows(clauses[at], bare)]
        able = [at for at in numbers if self._knows(clauses[at], name)]
        asked = [at for at in able if any(self._lacks(each, name) for each in clauses[at])]
        return asked if len(able) > 1 and asked else able

    def _knows(self, readings: Sequence[Reading], name: str) -> bool:
        return any(_is_record(each, name) or self.field(each, name) for each in readings)

    def _lacks(self, reading: Reading, name: str) -> bool:
        """Tell whether the reading waits for the value: it is required, or was named without one."""
        if _is_record(reading, name):
            return reading.record is None
        field = self.field(reading, name)
        if field is None:
            return False
        said = reading.assigned(field.name)
        if said is not None:
            return said.problem is not None or said.empty
        return reading.operation == "CREATE" and needed_on_create(reading.index.schema, field)

    def _filled(
        self, readings: Sequence[Reading], bare: str, value: JsonScalar, name: str
    ) -> list[Reading]:
        answer = self.answered.get(name)
        bound = answer.objects(self.objects) if answer is not None else frozenset[str]()
        kept = [each for each in readings if not bound or each.object in bound]
        found = [self._with(each, bare, value, name) for each in kept]
        return [each for each in found if each is not None]

    def _with(self, reading: Reading, bare: str, value: JsonScalar, name: str) -> Reading | None:
        """Return the reading with the data in it; what answers a question stands against what the goal says."""
        answer = self.answered.get(name)
        rival = (name, value) if answer is None or answer.searched else None
        if _is_record(reading, bare):
            phrase = self._phrase(value, (reading.object,), name)
            if phrase is None:
                return reading if answer is not None else None
            noted = _rivalled(reading, "Id", reading.record, rival)
            return replace(noted, record=phrase, strong=True)
        field = self.field(reading, bare)
        if field is None:
            return None
        given = self.assignment(field, value, name, reading.assigned(field.name))
        said = reading.assigned(field.name)
        record = said.record if said is not None else _linked(reading, field)
        noted = _rivalled(_unlinked(reading, field), field.name, record, rival)
        return noted.assign(given if answer is not None else contrary(said, given, name, value))

    def field(self, reading: Reading, name: str) -> FieldSchema | None:
        """Return the field of the reading's object that ``name`` means, by field or by a curated input."""
        found = reading.index.by_name(name)
        if found is not None:
            return None if found.type == "id" else found
        wanted = "".join(pieces(name.replace("_", " ")))
        for entry in self.entries:
            if entry.blueprint.target_s_object != reading.object:
                continue
            for each in entry.blueprint.inputs:
                called = {
                    "".join(pieces(text.replace("_", " "))) for text in (each.api_name, each.label)
                }
                if each.is_field and wanted in called:
                    return reading.index.schema.field(each.field_api_name)
        return None

    def assignment(
        self, field: FieldSchema, value: JsonScalar, name: str, said: Assignment | None = None
    ) -> Assignment:
        """Return what ``field`` is to hold by the data called ``name``; ``said`` is what the goal says of it."""
        if field.type == "reference":
            known = tuple(each for each in field.reference_to if self.objects.get(each))
            phrase = self._phrase(value, known, name)
            problem = (
                None if phrase else Problem("unclear", f"{str(value)[:80]!r} names no record.")
            )
            return Assignment(field, name, record=phrase, problem=problem, origin="data")
        point = self._point(field, value, said)
        if point is not None:
            return replace(point, words=name, origin="data")
        found = self._value(field, value)
        if isinstance(found, Problem):
            return Assignment(field, name, problem=found, origin="data")
        return Assignment(field, name, value=found, origin="data")

    def _point(
        self, field: FieldSchema, value: JsonScalar, said: Assignment | None
    ) -> Assignment | None:
        """Read ``Tuesday 3pm``, or ``3pm`` where the goal says the day, as a point in time."""
        if field.type != "datetime" or not isinstance(value, str):
            return None
        return point_of(field, value, self.today, self.zone, said.words if said else "")

    def _value(self, field: FieldSchema, value: JsonScalar) -> JsonScalar | Problem:
        if isinstance(value, str):
            found = convert(field, value, self.today)
            return found if isinstance(found, Problem) else found.value
        try:
            adapt(data_type_of(field), value, label=field.label)
        except (ValueInvalidError, BlueprintError) as error:
            return Problem("unclear", error.message[:400])
        return value

    def _phrase(
        self, value: JsonScalar, objects: tuple[str, ...], name: str
    ) -> RecordPhrase | None:
        text = value.strip() if isinstance(value, str) else ""
        if any(hidden(each) or each in "\n\r\t" for each in text):
            raise PlanningError(
                "A record's name holds a character that cannot be seen.",
                where=name[:80],
                hint="Type the name again, or give the record's id.",
                code="data_unreadable",
            )
        if not text or len(text) > _LONGEST_NAME:
            return None
        owner = self.objects.by_prefix(text) if is_record_id(text) else None
        if owner is None or not any(char.isdigit() for char in text):
            return RecordPhrase(text, (text,), objects, origin="data")
        if owner.name not in objects:
            return None
        answer = self.answered.get(name)
        called = answer.name_of(text, owner.label) if answer is not None else ""
        names = (called,) if called else ()
        return RecordPhrase(text, names, (owner.name,), record_id(text), origin="data")


def _order(name: str) -> int:
    """Return when a datum is filled in: what says no action first, answers last."""
    return 0 if "." not in name else 1 if name.startswith(GIVEN) else 2


def _is_record(reading: Reading, name: str) -> bool:
    compact = "".join(pieces(name.replace("_", " ")))
    wanted = {"id", "record", f"{reading.object.lower()}id"}
    return reading.operation != "CREATE" and compact in wanted


def _unlinked(reading: Reading, field: FieldSchema) -> Reading:
    kept = (each for each in reading.links if not _takes(each, field))
    return replace(reading, links=tuple(kept))


def _linked(reading: Reading, field: FieldSchema) -> RecordPhrase | None:
    return next((each.record for each in reading.links if _takes(each, field)), None)


def _takes(link: Link, field: FieldSchema) -> bool:
    return any(field.name == one.name for _, one in link.options)


def _rivalled(
    reading: Reading, field: str, said: RecordPhrase | None, given: tuple[str, JsonScalar] | None
) -> Reading:
    """Return the reading with the goal's own record beside the one data gives; without any where data is an answer."""
    kept = tuple(each for each in reading.rivals if each.field != field)
    if said is not None and given is not None and said.origin == "goal":
        kept = (*kept, Rival(field, said, *given))
    return replace(reading, rivals=kept)


def _ambiguous(name: str, places: Sequence[int]) -> PlanningError:
    ways = " or ".join(f"a{at + 1}.{name}" for at in places)
    return PlanningError(
        f"The data {name[:80]!r} could belong to several actions.",
        where=name[:80],
        hint=f"Say which one: {ways}.",
        code="data_ambiguous",
    )


def screen_data(data: Mapping[str, JsonScalar]) -> None:
    """Refuse data no document could hold.

    Raises:
        PlanningError: There are too many, or one holds half a character or a number that is not finite.
    """
    if len(data) > _MOST_DATA:
        raise PlanningError(
            f"There are {len(data)} named data; a plan holds at most {_MOST_DATA}.",
            hint="Hand in only what the goal needs.",
            code="data_unreadable",
        )
    odd = next((each for each in data if not _DATA_NAME.fullmatch(each)), None)
    if odd is not None:
        raise PlanningError(
            f"{odd[:80]!r} cannot be the name of data.",
            hint="Use letters, digits, _, - and dots, a letter first: amount, a1.WhatId.",
            code="data_unreadable",
        )
    try:
        canonical_bytes(dict(data))
    except DocumentError as error:
        raise PlanningError(
            "The named data holds a value no document can carry.",
            where=error.where,
            hint="Remove lone surrogates and numbers that are not finite.",
            code="data_unreadable",
        ) from error
