"""The library of curated blueprints: one JSON file each, its key being the file's stem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.bundled import bundled
from actwright.document import read_json, validated
from actwright.errors import BlueprintError, ConfigError, InputError

_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)


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
    """The blueprints that were read, in the order of their keys, and the files that were not.

    A broken file never harms the rest: it is quarantined with its report.
    """

    entries: tuple[LibraryEntry, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()

    @cached_property
    def _by_word(self) -> dict[str, LibraryEntry]:
        return {word: entry for entry in self.entries for word in words(entry)}

    def find(self, word: str) -> LibraryEntry | None:
        """Return the entry with that key, name or alias, in any case, or None."""
        return self._by_word.get(word.casefold())


def is_key(text: str) -> bool:
    """Tell whether ``text`` can be a key: lower-case letters, digits and underscores, a letter first."""
    return _KEY.fullmatch(text) is not None


def words(entry: LibraryEntry) -> tuple[str, ...]:
    """Return what an entry may be called: its key, its name and its aliases, case-folded, each once."""
    blueprint = entry.blueprint
    called = (entry.key, blueprint.name, *blueprint.aliases)
    return tuple(dict.fromkeys(each.casefold() for each in called))


def bundled_directory() -> Path:
    """Return the directory of the curated files that come with Actwright.

    Raises:
        ConfigError: It is not there; the installation is damaged.
    """
    return bundled("blueprints")


def load_library(directories: Sequence[Path] | None = None) -> Library:
    """Return the blueprints in the JSON files of ``directories``.

    Files are read in the given order of directories, then by name; hidden files are passed over. Of two files that
    claim one key, name or alias, the first one counts.

    Args:
        directories: Where to look; the curated files alone where left out.

    Raises:
        ConfigError: A directory is not there.
    """
    wanted = (bundled_directory(),) if directories is None else directories
    entries: dict[str, LibraryEntry] = {}
    quarantined: list[Quarantined] = []
    for path in _files(wanted):
        try:
            _admit(_read(path), entries)
        except InputError as error:
            quarantined.append(Quarantined(path, error))
    unique = {each.key: each for each in entries.values()}
    return Library(tuple(unique[key] for key in sorted(unique)), tuple(quarantined))


def _files(directories: Iterable[Path]) -> Iterable[Path]:
    for directory in directories:
        if not directory.is_dir():
            raise ConfigError(
                "The directory of blueprints does not exist.",
                where=str(directory),
                hint="Create it, or correct its path in the configuration.",
            )
        yield from sorted(each for each in directory.glob("*.json") if each.name[0] != ".")


def _read(path: Path) -> LibraryEntry:
    if not is_key(path.stem):
        raise BlueprintError(
            f"{path.stem[:80]!r} cannot be a key.",
            where=str(path),
            hint="Rename the file: lower-case letters, digits and underscores, a letter first.",
        )
    blueprint = validated(ActionBlueprint, read_json(path), where=str(path), error=BlueprintError)
    return LibraryEntry(path.stem, blueprint, path)


def _admit(entry: LibraryEntry, admitted: dict[str, LibraryEntry]) -> None:
    """Enter ``entry`` under each of its words, or refuse it where one of them is taken."""
    for word in words(entry):
        holder = admitted.get(word)
        if holder is not None:
            raise BlueprintError(
                f"{entry.path} claims {word!r}, which {holder.path} has already.",
                where=str(entry.path),
                hint="Give each blueprint a key, a name and aliases of its own.",
                code="blueprint_clash",
            )
    admitted |= dict.fromkeys(words(entry), entry)
