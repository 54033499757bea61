"""Lookups of a reply, tried while planning: what finds no record, or several, becomes a question to the person.

Ids and names are read here and shown to the person alone. No request to a model is made after this point for the same
plan, so that no record's name can reach one that was not in the goal or the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.blueprints.argument import LookupArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Candidate, Question
from actwright.errors import InputError
from actwright.inert import inert
from actwright.org.lookup import Lookup, find
from actwright.org.ports import OrgReader, Record
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_conditions import texts
from actwright.planning.questions import ambiguous, as_candidates, not_found, question
from actwright.planning.words.lookups import Finder, Match
from actwright.planning.words.reading import RecordPhrase

_SHOWN = 10


@dataclass(frozen=True)
class Records:
    """Tries the lookups of a plan.

    Attributes:
        org: The org.
        finder: Finds records whose names come near.
    """

    org: OrgReader
    finder: Finder

    def tried(self, sketches: Sequence[Sketch]) -> tuple[Question, ...]:
        """Return a question for each lookup that does not find exactly one record.

        Raises:
            OrgError: The org cannot be asked.
        """
        wanted = list(_lookups(sketches))
        found = self._found(list(dict.fromkeys(each[2] for each in wanted)))
        asked = (self._question(*each, found.get(each[2])) for each in wanted)
        return tuple(each for each in asked if each is not None)

    def _found(self, lookups: Sequence[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
        """Ask for all lookups together; where one cannot be asked, halve them until it stands alone."""
        if not lookups:
            return {}
        try:
            return find(self.org, lookups)
        except InputError:
            middle = len(lookups) // 2
            if not middle:
                return {}
            return {**self._found(lookups[:middle]), **self._found(lookups[middle:])}

    def _question(
        self,
        sketch: Sketch,
        wanted: ActionInput,
        lookup: Lookup,
        records: tuple[Record, ...] | None,
    ) -> Question | None:
        words = inert(", ".join(texts(lookup.where)) or str(lookup), limit=80)
        if records is None:
            return question(sketch.id, wanted, "unclear", f"{wanted.label} cannot be looked up.")
        if len(records) == 1:
            return None
        if records:
            options = self._several(lookup, records)
            return question(sketch.id, wanted, "ambiguous", ambiguous(words, len(records)), options)
        near = self._near(lookup)
        label = self.finder.label(lookup.object)
        return question(
            sketch.id, wanted, "not_found", not_found(words, [label]), as_candidates(near)
        )

    def _several(self, lookup: Lookup, records: Sequence[Record]) -> tuple[Candidate, ...]:
        """Return the records as candidates, with a little context where the finder knows some."""
        phrase = _phrase(lookup)
        if phrase is not None:
            self.finder.look_up([(lookup.object, phrase)])
        known = {
            each.id: each.label
            for each in (self.finder.matches(lookup.object, phrase) if phrase else ())
        }
        named = self.org.describe(lookup.object).name_field
        own = named.name if named is not None else None
        return tuple(
            Candidate(value=each.id, label=inert(known.get(each.id) or _name(each, own), limit=300))
            for each in records[:_SHOWN]
        )

    def _near(self, lookup: Lookup) -> Sequence[Match]:
        phrase = _phrase(lookup)
        return self.finder.near(lookup.object, phrase) if phrase is not None else ()


def _lookups(sketches: Sequence[Sketch]) -> Iterator[tuple[Sketch, ActionInput, Lookup]]:
    for sketch in sketches:
        for wanted in sketch.chosen.blueprint.inputs:
            argument = sketch.arguments.get(wanted.api_name)
            if isinstance(argument, LookupArgument):
                yield sketch, wanted, argument.lookup


def _phrase(lookup: Lookup) -> RecordPhrase | None:
    """Return the words a lookup names its record by, where it compares a text of its own."""
    own = [each for each in lookup.where if "." not in each.field]
    words = next(iter(texts(own)), "").strip("%")
    return RecordPhrase(words, (words,), (lookup.object,)) if words else None


def _name(record: Record, name_field: str | None) -> str:
    name = record.values.get(name_field) if name_field else None
    return f"{name} ({record.id})" if name is not None else record.id
