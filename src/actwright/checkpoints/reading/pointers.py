"""Pointers: the records that name a new one in a plain lookup, which the org would empty when that record goes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actwright.canonical import digest
from actwright.errors import InputError, NotFoundError, OrgRefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, InUse
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, RecordQuery
from actwright.org.schema import FieldSchema, ObjectSchema

MOST_READ = 2_000
"""Records of one kind that are read beside the run's own, for up to 200 new ones; with more, all of those are in use."""

_MOST_ROWS = 50_000
_RECORDS_PER_QUERY = 200
_QUERIES_PER_CALL = 5
_MOST_KINDS_NAMED = 3
_ID_LENGTH = 15


@dataclass(frozen=True, slots=True)
class Pointer:
    """A record that points to a new one.

    Attributes:
        record_id: The record that points.
        field: The field it does so by.
        kind: Its object.
        follows: Whether nobody writes that field: the org derives it from another one.
    """

    record_id: str
    field: str
    kind: ObjectSchema
    follows: bool


@dataclass(frozen=True, slots=True)
class Pointers:
    """What points to the records that a run made.

    Attributes:
        found: What does, by the first 15 characters of the id of the record pointed to.
        unsure: What is not known exactly, in words, in the same way.
    """

    found: Mapping[str, Sequence[Pointer]] = field(default_factory=dict)
    unsure: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def words(self, record_id: str, spared: Callable[[Pointer], bool]) -> str:
        """Return what points to a record, such as ``3 Tasks of others point to it``; empty where nothing does.

        Args:
            record_id: The record.
            spared: Tells of a pointer that it does not count.
        """
        key = record_id[:_ID_LENGTH]
        kinds: dict[str, set[str]] = defaultdict(set)
        labels: dict[str, ObjectSchema] = {}
        for each in self.found.get(key, ()):
            if not spared(each):
                kinds[each.kind.name].add(each.record_id)
                labels[each.kind.name] = each.kind
        counts = [_counted(labels[name], len(ids)) for name, ids in kinds.items()]
        told = [*self.unsure.get(key, ())]
        if counts:
            one = sum(map(len, kinds.values())) == 1
            told.insert(0, f"{_listed(counts)} of others {'points' if one else 'point'} to it")
        return "; ".join(told[:_MOST_KINDS_NAMED])

    def in_use(self, record_id: str, spared: Callable[[Pointer], bool]) -> InUse | None:
        """Return what points to a record, as a delete of it shows; None where nothing does.

        Args:
            record_id: The record.
            spared: Tells of a pointer that it does not count.
        """
        words = self.words(record_id, spared)
        if not words:
            return None
        key = record_id[:_ID_LENGTH]
        known = (each for each in self.found.get(key, ()) if not spared(each))
        pairs = sorted([each.kind.name, each.field, each.record_id] for each in known)
        return InUse(words=words, records=digest([pairs, sorted(self.unsure.get(key, ()))]))

    def targets(self, record_id: str, records: Iterator[str]) -> set[str]:
        """Return those of some records that a record points to."""
        return {
            each
            for each in records
            if any(one.record_id == record_id for one in self.found.get(each[:_ID_LENGTH], ()))
        }


@dataclass(frozen=True, slots=True)
class _Ask:
    """A question for what points to some records by one field."""

    targets: tuple[str, ...]
    kind: ObjectSchema
    link: FieldSchema
    most: int

    def query(self) -> RecordQuery:
        """Return the query: one record more than are read, so that more show."""
        where = (Condition(field=self.link.name, operator="IN", value=self.targets),)
        fields = ("Id", self.link.name)
        return RecordQuery(object=self.kind.name, fields=fields, where=where, limit=self.most)

    def pointers(self, rows: Sequence[Record]) -> Iterator[tuple[str, Pointer]]:
        """Yield what points to which record."""
        follows = not (self.link.createable or self.link.updateable)
        for each in rows:
            pointer = Pointer(each.id, self.link.name, self.kind, follows)
            yield str(each.values.get(self.link.name))[:_ID_LENGTH], pointer

    def doubt(self, rows: Sequence[Record] | None) -> str | None:
        """Return what an answer leaves open; None where it is whole."""
        kind = inert(self.kind.label_plural, limit=80)
        if rows is None:
            return f"the org does not tell whether {kind} point to it"
        if len(rows) < self.most:
            return None
        to = "it" if len(self.targets) == 1 else "it or to others of the run's records"
        return f"more than {MOST_READ:,} {kind} point to {to}"


def pointers_to(made: Mapping[str, Sequence[str]], reader: OrgReader, own: int) -> Pointers:
    """Return what points to records that a run made, by fields that the org would empty.

    Only what the person may see is found. What the org derives and nobody can be granted to write is not asked for.

    Args:
        made: The ids of the records, by object.
        reader: The org.
        own: How many records the run wrote to: so many may point to one of them beside those of others.

    Raises:
        NotFoundError: An object is hidden by now.
        OrgError: The org cannot be asked.
    """
    asked = list(_asked(made, reader, min(MOST_READ + own + 1, _MOST_ROWS)))
    found: dict[str, list[Pointer]] = defaultdict(list)
    unsure: dict[str, list[str]] = defaultdict(list)
    for ask, rows in zip(asked, _answers(asked, reader), strict=True):
        doubt = ask.doubt(rows)
        for each in ask.targets if doubt else ():
            unsure[each[:_ID_LENGTH]].append(str(doubt))
        for target, pointer in ask.pointers(rows or ()):
            found[target].append(pointer)
    return Pointers(found, unsure)


def with_pointers(
    reader: OrgReader, effects: Sequence[Effect], among: Sequence[Effect]
) -> tuple[Effect, ...]:
    """Return the effects, every delete with what of others points to its record.

    What goes as well, or is led elsewhere, does not count.

    Args:
        reader: The org.
        effects: What is deleted, among other things.
        among: All that happens together with it, before and after.

    Raises:
        NotFoundError: An object is hidden by now.
        OrgError: The org cannot be asked.
    """
    pointers = pointers_to(_deleted(effects), reader, len(among))
    gone = {each.record_id for each in among if each.operation == "DELETE"}
    led = {(each.record_id, one.field) for each in among for one in each.changes}
    written = {each.record_id for each in among}

    def spared(one: Pointer) -> bool:
        """Tell whether it goes too, or no longer points there by then."""
        follows = one.follows and one.record_id in written
        return one.record_id in gone or (one.record_id, one.field) in led or follows

    return tuple(
        each.model_copy(update={"in_use": pointers.in_use(each.record_id, spared)})
        if each.operation == "DELETE" and each.record_id
        else each
        for each in effects
    )


def calls_for_pointers(reader: OrgReader, effects: Sequence[Effect]) -> int:
    """Return how many API calls looking for what points to the records to be deleted takes."""
    return math.ceil(len(list(_asked(_deleted(effects), reader, 1))) / _QUERIES_PER_CALL)


def _deleted(effects: Sequence[Effect]) -> Mapping[str, Sequence[str]]:
    """Return the ids of the records that are deleted, by object."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in effects:
        if each.operation == "DELETE" and each.record_id:
            found[each.object].append(each.record_id)
    return found


def _answers(asked: Sequence[_Ask], reader: OrgReader) -> Sequence[Sequence[Record] | None]:
    """Return the rows of each question; None for one that the org refuses, which must not spoil the others."""
    if not asked:
        return ()
    try:
        return reader.query([each.query() for each in asked])
    except (InputError, OrgRefusedError):
        return [_alone(each, reader) for each in asked]


def _alone(ask: _Ask, reader: OrgReader) -> Sequence[Record] | None:
    try:
        (rows,) = reader.query([ask.query()])
    except (InputError, OrgRefusedError):
        return None
    return rows


def _asked(made: Mapping[str, Sequence[str]], reader: OrgReader, most: int) -> Iterator[_Ask]:
    for name, ids in made.items():
        for kind, link in _links(reader, name):
            for start in range(0, len(ids), _RECORDS_PER_QUERY):
                yield _Ask(tuple(ids[start : start + _RECORDS_PER_QUERY]), kind, link, most)


def _links(reader: OrgReader, name: str) -> Iterator[tuple[ObjectSchema, FieldSchema]]:
    """Yield the fields that may point to an object, as far as they can be asked for and anybody writes them."""
    for each in reader.describe(name).lookups:
        try:
            kind = reader.describe(each.object)
        except NotFoundError:
            continue
        link = kind.field(each.field)
        if link is None or not (kind.queryable and link.filterable):
            continue
        if link.createable or link.updateable or link.permissionable:
            yield kind, link


def _counted(kind: ObjectSchema, count: int) -> str:
    return f"{count:,} {inert(kind.label if count == 1 else kind.label_plural, limit=80)}"


def _listed(counts: Sequence[str]) -> str:
    """Return the kinds in a row; of many, the first few and how many more."""
    more = len(counts) - _MOST_KINDS_NAMED
    shown = ", ".join(counts[:_MOST_KINDS_NAMED])
    return (
        f"{shown} and more of {more:,} other kind{'' if more == 1 else 's'}" if more > 0 else shown
    )
