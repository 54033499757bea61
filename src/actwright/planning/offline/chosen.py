"""Clauses read with one blueprint in mind: the one a person chose, or the one whose own words the clause opens with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from actwright.blueprints.library import LibraryEntry
from actwright.planning.offline.choosing import Chooser, spoken_words
from actwright.planning.offline.meant import less_constants
from actwright.planning.offline.understanding import Understood, understand_as
from actwright.planning.ranking.vocabulary import Vocabulary
from actwright.planning.words.lexicon import FILLERS, INERT_SYMBOLS
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import pieces, stem


@dataclass(frozen=True, slots=True)
class Opened:
    """A clause that is said in one curated blueprint's own words, and what it may mean."""

    entry: LibraryEntry
    found: Understood


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
        self,
        scope: Scope,
        entry: LibraryEntry,
        found: Understood,
        words: frozenset[str],
        *,
        strict: bool,
    ) -> Understood:
        """Keep the readings the chosen blueprint can carry out, or read the words as its arguments.

        Where ``strict`` is set, no reading says anything beside what the blueprint takes.
        """
        known = self.words[entry.key]
        readings = (less_constants(each, entry) for each in found.readings)
        fitting = tuple(
            replace(each, words=words | known.own) for each in readings if _carries(entry, each)
        )
        if fitting or entry.blueprint.target_s_object is None:
            return Understood(fitting)
        read = understand_as(scope, entry, known, words)
        able = (each for each in read.readings if not strict or _carries(entry, each))
        return replace(read, readings=tuple(able))

    def opened(self, scope: Scope, said: str, words: frozenset[str]) -> Opened | None:
        """Read a clause that begins and ends as one curated blueprint is called, and no other.

        Args:
            scope: The clause.
            said: What says its verb; empty where it begins with none.
            words: The stems of the clause's words.
        """
        called = [*self._by_synonym(scope, pieces(said))]
        longest = max((length for _, length, _ in called), default=0)
        best = {entry.key: (entry, inner) for entry, length, inner in called if length == longest}
        if len(best) > 1:
            return None
        for entry, inner in best.values():
            found = understand_as(inner, entry, self.words[entry.key], words)
            if found.readings:
                return Opened(entry, found)
        return None if said else self._by_own_words(scope, words)

    def _by_own_words(self, scope: Scope, words: frozenset[str]) -> Opened | None:
        """Read a clause that opens with a word only some curated blueprint's label knows."""
        opening = spoken_words(scope.parts(0, 1))
        for entry in self._changing(scope):
            own = self.words[entry.key].own
            if own and opening <= own <= words:
                found = understand_as(scope, entry, self.words[entry.key], words)
                if found.readings and scope.end > 1:
                    return Opened(entry, found)
        return None

    def _by_synonym(
        self, scope: Scope, said: tuple[str, ...]
    ) -> Iterator[tuple[LibraryEntry, int, Scope]]:
        """Yield each blueprint one of whose synonyms stands around the clause's record, its words, and what is between."""
        start = scope.skip(0, FILLERS)
        for entry in self._changing(scope):
            for each in entry.blueprint.synonyms:
                wanted = pieces(each)
                described = stem(wanted[0]) in self.words[entry.key].object if wanted else True
                if described or wanted[: len(said)] != said:
                    continue
                inner = _between(scope, start, wanted[len(said) :], begun=bool(said))
                if inner is not None:
                    yield entry, len(wanted), inner

    def _changing(self, scope: Scope) -> Iterator[LibraryEntry]:
        for entry in self.entries:
            target = entry.blueprint.target_s_object
            known = target is not None and scope.objects.get(target) is not None
            if known and entry.blueprint.operation != "CREATE":
                yield entry


def _between(scope: Scope, start: int, wanted: tuple[str, ...], *, begun: bool) -> Scope | None:
    """Return what stands between the first of the ``wanted`` words and the last, which begin and end the clause."""
    stop = scope.end
    while stop > start and scope.key(stop - 1) in INERT_SYMBOLS | FILLERS:
        stop -= 1
    for cut in range(len(wanted), -1 if begun else 0, -1):
        first, last = start + cut, stop - (len(wanted) - cut)
        spoken = tuple(scope.key(at) for at in (*range(start, first), *range(last, stop)))
        if first < last and spoken == wanted:
            return replace(scope, tokens=scope.tokens[first:last])
    return None


def _carries(entry: LibraryEntry, reading: Reading) -> bool:
    blueprint = entry.blueprint
    same = blueprint.target_s_object == reading.object and blueprint.operation == reading.operation
    fields = [each.field.name.lower() for each in reading.assignments]
    return same and Chooser.takes(blueprint, reading, fields)
