"""Indexes over the library and the org's schema, built once and kept for as long as what they index stays the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actwright.blueprints.library import Library
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSummary
from actwright.planning.matching import FieldIndex
from actwright.planning.objects import ObjectIndex
from actwright.planning.vocabulary import Vocabulary, vocabularies

_KEPT = 512


class Indexes:
    """Keeps indexes for one planner. An index is rebuilt as soon as the org hands out another schema."""

    def __init__(self) -> None:
        self._objects: tuple[Sequence[ObjectSummary], ObjectIndex] | None = None
        self._fields: dict[int, FieldIndex] = {}
        self._words: tuple[Library, dict[str, Vocabulary]] | None = None

    def objects(self, org: OrgReader) -> ObjectIndex:
        """Return the org's objects by their words."""
        listed = org.objects()
        kept = self._objects
        if kept is None or (kept[0] is not listed and kept[0] != listed):
            kept = self._objects = (listed, ObjectIndex(listed))
        return kept[1]

    def fields(self, org: OrgReader) -> Callable[[str], FieldIndex]:
        """Return what gives an object's fields by their words; it describes an object once for each goal."""
        described: dict[str, FieldIndex] = {}

        def of(name: str) -> FieldIndex:
            if name not in described:
                schema = org.describe(name)
                found = self._fields.get(id(schema))
                if found is None or found.schema is not schema:
                    if len(self._fields) >= _KEPT:
                        self._fields.clear()
                    found = self._fields[id(schema)] = FieldIndex(schema)
                described[name] = found
            return described[name]

        return of

    def words(self, library: Library) -> dict[str, Vocabulary]:
        """Return the vocabulary of every curated blueprint, by key."""
        kept = self._words
        if kept is None or kept[0] is not library:
            kept = self._words = (library, vocabularies(library.entries))
        return kept[1]
