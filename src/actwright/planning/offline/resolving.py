"""Resolving the records a reading speaks of: to a lookup, an id, another action's output, or a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from actwright.blueprints.argument import (
    Argument,
    FromArgument,
    Lookup,
    LookupArgument,
    ValueArgument,
)
from actwright.blueprints.plan import ActionId
from actwright.org.query import Condition
from actwright.org.schema import FieldSchema
from actwright.planning.offline.relating import relation
from actwright.planning.rows.row_binding import BoundRows, are_clear, bound_rows
from actwright.planning.words.lookups import Finder, Match
from actwright.planning.words.reading import (
    Anchor,
    Link,
    Origin,
    Reading,
    RecordPhrase,
    Related,
    Rows,
)

MANY = "them"
"""What points back to rows."""

_MANY = frozenset({MANY, "they", "those", "these"})
"""Words that point back to rows; ``it`` and ``that deal`` point back to one record only."""

Status = Literal["found", "ambiguous", "not_found"]
"""How many records a phrase names: one, several, none."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A record that an action of this plan is about, for later clauses to point back to."""

    action_id: ActionId
    object: str
    argument: Argument | None
    name: str
    origin: Origin = "goal"
    rows: BoundRows | None = None
    """The rows, where it is about many records; the argument is none then."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a phrase came to.

    Attributes:
        phrase: The phrase.
        object: The object of the record found; empty where none was.
        argument: The argument that stands for it; None where it is open.
        matches: The records it names, where there are several.
        note: What was assumed.
        name: What the record is called in the goal's words.
        rows: The rows it came to, where the phrase means many records; the argument is the row's id then.
    """

    phrase: RecordPhrase
    object: str = ""
    argument: Argument | None = None
    matches: tuple[Match, ...] = ()
    note: str | None = None
    name: str = ""
    rows: BoundRows | None = None

    @property
    def origin(self) -> Origin:
        """Where the name stands."""
        return self.phrase.origin

    @property
    def status(self) -> Status:
        """How many records it came to."""
        if self.argument is not None:
            return "found"
        return "ambiguous" if self.matches else "not_found"


class Resolver:
    """Resolves phrases with what the finder found and what was spoken of before."""

    def __init__(self, finder: Finder, spoken: Sequence[Spoken], username: str = "") -> None:
        self._finder = finder
        self._spoken = spoken
        self._username = username

    @property
    def spoken(self) -> Sequence[Spoken]:
        """The records spoken of before, in order."""
        return self._spoken

    def record(self, phrase: RecordPhrase, objects: Iterable[str]) -> Resolved:
        """Return the record of one of ``objects`` that ``phrase`` names."""
        wanted = [each for each in objects if each in phrase.objects]
        if phrase.earlier:
            return self._earlier(phrase, wanted)
        if phrase.record_id is not None:
            return _by_id(phrase, wanted)
        told = self._told(phrase)
        if told is not None:
            return told
        matches = [match for name in wanted for match in self._finder.matches(name, phrase)]
        if len(matches) != 1:
            new = None if matches else self._by_new_name(phrase, wanted)
            return new or Resolved(phrase, matches=tuple(matches))
        return _found(phrase, matches[0])

    def _told(self, phrase: RecordPhrase) -> Resolved | None:
        """Return what a phrase comes to that names no record by itself: rows, a related record, the person who speaks."""
        if phrase.rows is not None:
            return self._rows(phrase, phrase.rows)
        if phrase.related is not None:
            return self._related(phrase, phrase.related)
        return _myself(phrase, self._username) if phrase.me else None

    def _by_new_name(self, phrase: RecordPhrase, wanted: Sequence[str]) -> Resolved | None:
        """Return the record of that name which an earlier action of this plan makes, where nobody else bears it."""
        names = {each.casefold() for each in phrase.names}
        for each in reversed(self._spoken):
            made = isinstance(each.argument, FromArgument) and each.rows is None
            if made and each.object in wanted and each.name.casefold() in names:
                note = f'"{phrase.words}" refers to the record of action {each.action_id}'
                return Resolved(phrase, each.object, each.argument, note=note, name=each.name)
        return None

    def link(self, link: Link) -> tuple[Resolved, FieldSchema]:
        """Return the record a new one belongs to, and the field that takes it."""
        objects = tuple(dict.fromkeys(name for name, _ in link.options))
        resolved = self.record(link.record, objects)
        owner = resolved.object or (resolved.matches[0].object if resolved.matches else "")
        named = owner or next((each for each in objects if each in link.record.objects), "")
        fields = [field for name, field in link.options if name == named]
        return resolved, fields[0] if fields else link.options[0][1]

    def _rows(self, phrase: RecordPhrase, rows: Rows) -> Resolved:
        """Return the rows, or nothing where a record they are told by is unclear, which the drafter then says."""
        if not are_clear(rows, self._finder):
            return Resolved(phrase)
        bound = bound_rows(rows, self._finder)
        return Resolved(phrase, rows.object, FromArgument(from_="row.Id"), rows=bound)

    def _related(self, phrase: RecordPhrase, wanted: Related) -> Resolved:
        found = relation(wanted, self._finder)
        if found is None:
            return Resolved(phrase)
        rows = self._finder.related(found)
        if len(rows) != 1:
            return Resolved(phrase, matches=rows)
        argument = LookupArgument(lookup=found.lookup, source=phrase.words[:300])
        note = f'"{phrase.words}" is the {found.kind} {rows[0].name}'
        return Resolved(phrase, found.object, argument, note=note, name=rows[0].name)

    def latest(self, objects: Iterable[str]) -> Spoken | None:
        """Return the record of one of ``objects`` that was spoken of last."""
        wanted = set(objects)
        return next((each for each in reversed(self._spoken) if each.object in wanted), None)

    def age(self, name: str) -> int:
        """Return how many records were spoken of after the latest of the object ``name``."""
        behind = (at for at, each in enumerate(reversed(self._spoken)) if each.object == name)
        return next(behind, len(self._spoken))

    def _several(self) -> bool:
        """Tell whether several records were spoken of, so that ``them`` is not the last one alone."""
        first = self._spoken[0].argument if self._spoken else None
        return any(each.argument != first for each in self._spoken)

    def _earlier(self, phrase: RecordPhrase, wanted: Sequence[str]) -> Resolved:
        spoken = self.latest(wanted)
        if spoken is None or (spoken.rows is not None and phrase.words.casefold() not in _MANY):
            return Resolved(phrase)
        if spoken.rows is None and phrase.words.casefold() == "them" and self._several():
            return Resolved(phrase)
        phrase = replace(phrase, origin=spoken.origin)
        if spoken.rows is not None:
            note = f'"{phrase.words}" refers to the rows of action {spoken.action_id}'
            row = FromArgument(from_="row.Id")
            return Resolved(phrase, spoken.object, row, note=note, rows=spoken.rows)
        note = f'"{phrase.words}" refers to the record of action {spoken.action_id}'
        return Resolved(phrase, spoken.object, spoken.argument, note=note, name=spoken.name)


def queries(reading: Reading) -> Iterator[tuple[str, RecordPhrase]]:
    """Yield each object and phrase that has to be looked up for ``reading``."""
    phrases = [each.record for each in reading.assignments if each.record is not None]
    if reading.record is not None:
        yield from _pairs(reading.record, (reading.object,))
    for phrase in phrases:
        yield from _pairs(phrase, phrase.objects)
    if reading.operation == "CREATE":
        yield from _pairs(namesake(reading), (reading.object,))
    for rival in reading.rivals:
        yield from _pairs(rival.record, rival.record.objects)
    for link in reading.links:
        yield from _pairs(link.record, dict.fromkeys(name for name, _ in link.options))
    for anchor in anchors(reading):
        if anchor.record is not None:
            yield from _pairs(anchor.record, anchor.record.objects)


def anchors(reading: Reading) -> Iterator[Anchor]:
    """Yield each record that something is worked out from."""
    computed = reading.computed
    if computed is None:
        return
    for each in (*(one.anchor for _, one in computed.fields), computed.owner):
        anchor = each
        while anchor is not None:
            yield anchor
            anchor = anchor.through


def namesake(reading: Reading) -> RecordPhrase:
    """Return the phrase that finds records which bear the name of the new one already."""
    names = [reading.assigned(each) for each in ("FirstName", "LastName")]
    if reading.assigned("LastName") is None:
        names = [reading.assigned("Name")]
    text = " ".join(str(each.value) for each in names if each is not None and each.value)
    return RecordPhrase(text, (text,) if text else (), (reading.object,))


def _pairs(phrase: RecordPhrase, objects: Iterable[str]) -> Iterator[tuple[str, RecordPhrase]]:
    for record in phrase.rows.records if phrase.rows is not None else ():
        for each in (record.record, *record.others):
            yield from _pairs(each, each.objects)
    if phrase.related is not None:
        yield from _pairs(phrase.related.base, phrase.related.base.objects)
    if phrase.record_id is None and not phrase.earlier:
        yield from ((name, phrase) for name in objects if name in phrase.objects)


def _by_id(phrase: RecordPhrase, wanted: Sequence[str]) -> Resolved:
    if not wanted:
        return Resolved(phrase)
    argument = ValueArgument(value=phrase.record_id, provenance=phrase.origin, source=phrase.words)
    return Resolved(phrase, wanted[0], argument, name=next(iter(phrase.names), ""))


def _myself(phrase: RecordPhrase, username: str) -> Resolved:
    """Return the person who speaks, looked up by the one name that no other user bears."""
    if not username:
        return Resolved(phrase)
    where = (Condition(field="Username", value=username),)
    argument = LookupArgument(lookup=Lookup(object="User", where=where), source=phrase.words)
    return Resolved(phrase, "User", argument, note=f'"{phrase.words}" is {username}', name=username)


def _found(phrase: RecordPhrase, match: Match) -> Resolved:
    argument = LookupArgument(
        lookup=Lookup(object=match.object, where=match.where), source=phrase.words[:300]
    )
    said = next((each for each in phrase.names if each.casefold() == match.name.casefold()), None)
    kind = match.context.split(",", maxsplit=1)[0].lower()
    called = "number" if said is not None and said.isdigit() else "name"
    note = (
        f'"{said}" is the {kind} of that {called}'
        if said is not None
        else f'"{phrase.words}" is the {kind} {match.name}'
    )
    return Resolved(phrase, match.object, argument, note=note, name=said or match.name)


def output_of(action_id: str) -> FromArgument:
    """Return the argument that takes the id of the record another action creates."""
    return FromArgument(from_=f"actions.{action_id}.output.id")
