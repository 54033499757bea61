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
from actwright.org.schema import FieldSchema
from actwright.planning.lookups import Finder, Match
from actwright.planning.reading import Link, Origin, Reading, RecordPhrase

Status = Literal["found", "ambiguous", "not_found"]
"""How many records a phrase names: one, several, none."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A record that an action of this plan is about, for later clauses to point back to."""

    action_id: ActionId
    object: str
    argument: Argument
    name: str
    origin: Origin = "goal"


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
    """

    phrase: RecordPhrase
    object: str = ""
    argument: Argument | None = None
    matches: tuple[Match, ...] = ()
    note: str | None = None
    name: str = ""

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

    def __init__(self, finder: Finder, spoken: Sequence[Spoken]) -> None:
        self._finder = finder
        self._spoken = spoken

    def record(self, phrase: RecordPhrase, objects: Iterable[str]) -> Resolved:
        """Return the record of one of ``objects`` that ``phrase`` names."""
        wanted = [each for each in objects if each in phrase.objects]
        if phrase.earlier:
            return self._earlier(phrase, wanted)
        if phrase.record_id is not None:
            return _by_id(phrase, wanted)
        matches = [match for name in wanted for match in self._finder.matches(name, phrase)]
        if len(matches) != 1:
            return Resolved(phrase, matches=tuple(matches))
        return _found(phrase, matches[0])

    def link(self, link: Link) -> tuple[Resolved, FieldSchema]:
        """Return the record a new one belongs to, and the field that takes it."""
        objects = tuple(dict.fromkeys(name for name, _ in link.options))
        resolved = self.record(link.record, objects)
        owner = resolved.object or (resolved.matches[0].object if resolved.matches else "")
        named = owner or next((each for each in objects if each in link.record.objects), "")
        fields = [field for name, field in link.options if name == named]
        return resolved, fields[0] if fields else link.options[0][1]

    def latest(self, objects: Iterable[str]) -> Spoken | None:
        """Return the record of one of ``objects`` that was spoken of last."""
        wanted = set(objects)
        return next((each for each in reversed(self._spoken) if each.object in wanted), None)

    def _earlier(self, phrase: RecordPhrase, wanted: Sequence[str]) -> Resolved:
        spoken = self.latest(wanted)
        if spoken is None:
            return Resolved(phrase)
        phrase = replace(phrase, origin=spoken.origin)
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
    for link in reading.links:
        yield from _pairs(link.record, dict.fromkeys(name for name, _ in link.options))


def namesake(reading: Reading) -> RecordPhrase:
    """Return the phrase that finds records which bear the name of the new one already."""
    names = [reading.assigned(each) for each in ("FirstName", "LastName")]
    if reading.assigned("LastName") is None:
        names = [reading.assigned("Name")]
    text = " ".join(str(each.value) for each in names if each is not None and each.value)
    return RecordPhrase(text, (text,) if text else (), (reading.object,))


def _pairs(phrase: RecordPhrase, objects: Iterable[str]) -> Iterator[tuple[str, RecordPhrase]]:
    if phrase.record_id is None and not phrase.earlier:
        yield from ((name, phrase) for name in objects if name in phrase.objects)


def _by_id(phrase: RecordPhrase, wanted: Sequence[str]) -> Resolved:
    if not wanted:
        return Resolved(phrase)
    argument = ValueArgument(value=phrase.record_id, provenance=phrase.origin, source=phrase.words)
    return Resolved(phrase, wanted[0], argument, name=phrase.words)


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
