"""Lookups, tried while planning: ids and names only, many questions in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from actwright.org.lookup import Lookup
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, Ordering, RecordQuery
from actwright.org.schema import ObjectSchema
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.reading import RecordPhrase
from actwright.planning.words.text import pieces
from actwright.planning.words.ways import QUEUE, Way, together, ways

_FOUND_LIMIT = 20
_NEAR_LIMIT = 20
_NEAR_SHOWN = 5
_NEAR_WORDS = 3
_NEAR_RATIO = 0.5
_CONTAINED = 0.95
_SHORTEST_NEAR_WORD = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A record a phrase names: its id and name, what it belongs to, and the conditions that find it."""

    object: str
    id: str
    name: str
    context: str
    where: tuple[Condition, ...]

    @property
    def label(self) -> str:
        """The name with a little context, for a person to choose by."""
        return f"{self.name} ({self.context})"[:300]


@dataclass(frozen=True, slots=True)
class Relation:
    """A record reached from another one: the lookup, its object, the path to its name, and what it is called as."""

    lookup: Lookup
    object: str
    name_path: str
    kind: str


class Finder:
    """Finds the records that phrases name; remembers every answer, so that each question is asked once."""

    def __init__(
        self, org: OrgReader, objects: ObjectIndex, fields: Callable[[str], FieldIndex]
    ) -> None:
        self._org = org
        self._objects = objects
        self._fields = fields
        self._found: dict[tuple[str, tuple[str, ...]], tuple[Match, ...]] = {}
        self._near: dict[tuple[str, tuple[str, ...]], tuple[Match, ...]] = {}
        self._related: dict[Relation, tuple[Match, ...]] = {}

    def look_up(self, wanted: Iterable[tuple[str, RecordPhrase]]) -> None:
        """Ask the org for all phrases at once.

        Args:
            wanted: Object and phrase; ids and pronouns are passed over.
        """
        asked: dict[tuple[str, tuple[str, ...]], tuple[Way, ...]] = {}
        for name, phrase in wanted:
            key = (name, phrase.names)
            if phrase.names and key not in self._found and key not in asked:
                asked[key] = tuple(ways(self._schema(name), phrase))
        shared = together(way for each in asked.values() for way in each)
        answers = self._ask(tuple(dict.fromkeys(shared.values())))
        for key, own in asked.items():
            found = (self._matches(way, answers[shared[way]]) for way in own)
            self._found[key] = next((each for each in found if each), ())

    def matches(self, name: str, phrase: RecordPhrase) -> tuple[Match, ...]:
        """Return the records of one object that ``phrase`` names, as looked up before."""
        return self._found.get((name, phrase.names), ())

    def look_near(self, wanted: Iterable[tuple[str, RecordPhrase]]) -> None:
        """Ask the org, all at once, for records whose names share a word with a phrase."""
        asked: dict[tuple[str, tuple[str, ...]], list[tuple[Way, str]]] = {}
        for name, phrase in wanted:
            key = (name, phrase.names)
            if phrase.names and key not in self._near and key not in asked:
                first = next(iter(ways(self._schema(name), phrase)), None)
                words = _significant(phrase.names[0]) if first else ()
                asked[key] = [(first, word) for word in words if first]
        queries = [self._like(way, word) for each in asked.values() for way, word in each]
        answers = iter(self._org.query(queries) if queries else ())
        for key, own in asked.items():
            rows = [(way, next(answers)) for way, _ in own]
            found = {each.id: each for way, row in rows for each in self._any(way, row)}
            self._near[key] = _nearest(key[1][0], found.values())

    def near(self, name: str, phrase: RecordPhrase) -> tuple[Match, ...]:
        """Return records of one object whose names come near, nearest first."""
        self.look_near([(name, phrase)])
        return self._near.get((name, phrase.names), ())

    def related(self, wanted: Relation) -> tuple[Match, ...]:
        """Return the records a relation leads to, by id and name; an empty reference leads to none."""
        if wanted not in self._related:
            lookup = wanted.lookup
            fields = tuple(dict.fromkeys(("Id", lookup.field, wanted.name_path)))
            query = RecordQuery(
                object=lookup.object, fields=fields, where=lookup.where, limit=_FOUND_LIMIT
            )
            (rows,) = self._org.query([query])
            held = (
                (row.id if lookup.field == "Id" else row.values.get(lookup.field), row)
                for row in rows
            )
            self._related[wanted] = tuple(
                Match(
                    wanted.object, str(key), str(row.values.get(wanted.name_path)), wanted.kind, ()
                )
                for key, row in held
                if key is not None
            )
        return self._related[wanted]

    def schema(self, name: str) -> ObjectSchema | None:
        """Return an object's schema, or None where the person may not see the object."""
        return self._schema(name) if self._objects.get(name) is not None else None

    def label(self, name: str) -> str:
        """Return what people call a record of one object."""
        return self._schema(name).label

    def _schema(self, name: str) -> ObjectSchema:
        return self._fields(name).schema

    def _ask(self, wanted: Sequence[Way]) -> dict[Way, Sequence[Record]]:
        queries = [
            self._query(each, each.where(), _FOUND_LIMIT * len(each.names)) for each in wanted
        ]
        return dict(zip(wanted, self._org.query(queries) if queries else (), strict=True))

    def _like(self, way: Way, word: str) -> RecordQuery:
        condition = Condition(field=way.field, operator="LIKE", value=f"%{word}%")
        return self._query(way, (condition, *way.extra), _NEAR_LIMIT)

    def _query(self, way: Way, where: tuple[Condition, ...], limit: int) -> RecordQuery:
        fields = tuple(dict.fromkeys(("Id", way.field, *self._context_fields(way.object))))
        order = (Ordering(field=way.field), Ordering(field="Id"))
        return RecordQuery(object=way.object, fields=fields, where=where, order=order, limit=limit)

    def _context_fields(self, name: str) -> tuple[str, ...]:
        account = self._schema(name).field("AccountId")
        visible = self._objects.get("Account") is not None
        named = account is not None and account.relationship_name == "Account"
        return ("Account.Name",) if visible and named else ()

    def _matches(self, way: Way, rows: Iterable[Record]) -> tuple[Match, ...]:
        found = tuple(self._any(way, rows))
        for name in way.names:
            named = tuple(each for each in found if each.name.casefold() == name.casefold())
            if named:
                return named
        wanted = pieces(way.names[0])
        begun = (each for each in found if pieces(each.name)[: len(wanted)] == wanted)
        return tuple(begun) if way.prefix and wanted else ()

    def _any(self, way: Way, rows: Iterable[Record]) -> Iterator[Match]:
        schema = self._schema(way.object)
        for row in rows:
            name = str(row.values.get(way.field) or row.id)
            parents = (row.values.get(each) for each in self._context_fields(way.object))
            label = "Queue" if way.extra == (QUEUE,) else schema.label
            context = ", ".join((label, *(str(each) for each in parents if each)))
            where = (Condition(field=way.field, value=name), *way.extra)
            yield Match(way.object, row.id, name, context, where)


def _significant(name: str) -> tuple[str, ...]:
    words = [each for each in pieces(name) if len(each) >= _SHORTEST_NEAR_WORD]
    return tuple(sorted(dict.fromkeys(words), key=lambda each: (-len(each), each))[:_NEAR_WORDS])


def _nearest(name: str, found: Iterable[Match]) -> tuple[Match, ...]:
    wanted = name.casefold()
    near = [each for each in found if _likeness(wanted, each.name) >= _NEAR_RATIO]
    near.sort(key=lambda each: (-_likeness(wanted, each.name), each.name, each.id))
    return tuple(near[:_NEAR_SHOWN])


def _likeness(wanted: str, name: str) -> float:
    if set(pieces(wanted)) <= set(pieces(name)):
        return _CONTAINED
    return SequenceMatcher(None, wanted, name.casefold()).ratio()
