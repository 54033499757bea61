"""Indexes over the library and the org's schema, built once and kept for as long as what they index stays the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actwright.blueprints.derived import (
    create_blueprint,
    delete_blueprint,
    derived_key,
    update_blueprint,
)
from actwright.blueprints.library import Library
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema, ObjectSummary
from actwright.planning.ranking.profile import Profile, ProfileIndex, profile
from actwright.planning.ranking.vocabulary import Vocabulary, vocabularies
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex

_KEPT = 512


class Indexes:
    """Keeps indexes for one planner. An index is rebuilt as soon as the org hands out another schema."""

    def __init__(self) -> None:
        self._objects: tuple[Sequence[ObjectSummary], ObjectIndex] | None = None
        self._fields: dict[int, FieldIndex] = {}
        self._words: tuple[Library, dict[str, Vocabulary]] | None = None
        self._profiles: tuple[Library, ProfileIndex] | None = None
        self._derived: dict[int, tuple[ObjectSchema, tuple[Profile, ...]]] = {}

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

    def profiles(self, library: Library) -> ProfileIndex:
        """Return what every curated blueprint is recognised by."""
        kept = self._profiles
        if kept is None or kept[0] is not library:
            made = ProfileIndex(profile(each.key, each.blueprint) for each in library.entries)
            kept = self._profiles = (library, made)
        return kept[1]

    def derived(self, org: OrgReader, name: str) -> tuple[Profile, ...]:
        """Return the profiles of the blueprints that create, update and delete a record of an object."""
        schema = org.describe(name)
        kept = self._derived.get(id(schema))
        if kept is None or kept[0] is not schema:
            if len(self._derived) >= _KEPT:
                self._derived.clear()
            kept = self._derived[id(schema)] = (schema, _derived_profiles(schema))
        return kept[1]


def _derived_profiles(schema: ObjectSchema) -> tuple[Profile, ...]:
    return (
        profile(derived_key(schema.name, "CREATE"), create_blueprint(schema), "derived"),
        profile(derived_key(schema.name, "UPDATE"), update_blueprint(schema), "derived"),
        profile(derived_key(schema.name, "DELETE"), delete_blueprint(schema), "derived"),
    )
