"""Clauses read with one blueprint in mind: the one a person chose, or the one whose own words the clause opens with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from actwright.blueprints.library import LibraryEntry
from actwright.planning.offline.choosing import Chooser, spoken_words
from actwright.planning.offline.meant import less_constants
from actwright.planning.offline.understanding import Understood, understand_as
from actwright.planning.ranking.vocabulary import Vocabulary
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope


@dataclass(frozen=True)
class ChosenReader:
    """Reads clauses as what one curated blueprint takes.

    Attributes:
        entries: The library's blueprints.
        words: Their vocabularies, by key.
    """

    entries: Iterable[LibraryEntry]
    words: Mapping[str, Vocabulary]

    def with_entry(
        self, scope: Scope, entry: LibraryEntry, found: Understood, words: frozenset[str]
    ) -> Understood:
        """Keep the readings the chosen blueprint can carry out, or read the words as its arguments."""
        known = self.words[entry.key]
        readings = (less_constants(each, entry) for each in found.readings)
        fitting = tuple(
            replace(each, words=words | known.own) for each in readings if _carries(entry, each)
        )
        if fitting or entry.blueprint.target_s_object is None:
            return Understood(fitting)
        return understand_as(scope, entry, known, words)

    def opened(self, scope: Scope, words: frozenset[str]) -> Understood | None:
        """Read a clause that opens with a word only some curated blueprint knows."""
        opening = spoken_words(scope.parts(0, 1))
        for entry in self.entries:
            own = self.words[entry.key].own
            target = entry.blueprint.target_s_object
            known = target is not None and scope.objects.get(target) is not None
            if known and own and opening <= own <= words and entry.blueprint.operation != "CREATE":
                found = understand_as(scope, entry, self.words[entry.key], words)
                if found.readings and scope.end > 1:
                    return found
        return None


def _carries(entry: LibraryEntry, reading: Reading) -> bool:
    blueprint = entry.blueprint
    same = blueprint.target_s_object == reading.object and blueprint.operation == reading.operation
    fields = [each.field.name.lower() for each in reading.assignments]
    return same and Chooser.takes(blueprint, reading, fields)
