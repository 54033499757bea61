"""The library of curated blueprints: one JSON file each, its key being the file's stem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.document import read_json, validated
from actwright.errors import BlueprintError, InputError


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One curated blueprint and the key it is filed under."""

    key: str
    blueprint: ActionBlueprint
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that could not become a blueprint, and why."""

    path: Path
    error: InputError


@dataclass(frozen=True)
class Library:
    """The blueprints that were read, and the files that were not.

    A broken file never harms the rest: it is quarantined with its report.
    """

    entries: tuple[LibraryEntry, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()

    @cached_property
    def _by_word(self) -> dict[str, LibraryEntry]:
        return {word.lower(): entry for entry in self.entries for word in words(entry)}

    def find(self, word: str) -> LibraryEntry | None:
        """Return the entry with that key, name or alias, in any case, or None."""
        return self._by_word.get(word.lower())
