"""Importing blueprints: documents of any known shape become entries of a library, or are held back with the reason.

Nothing is ever weakened on the way. A document that does what an earlier one does becomes an alias of it only where
the earlier one guards at least as much; one that the library knows already is compared with it, and told what it
would add.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.comparing import (
    Signature,
    differences,
    guardrail_words,
    signature,
    unguarded,
)
from actwright.blueprints.finding import LintFinding
from actwright.blueprints.legacy import from_legacy, is_legacy
from actwright.blueprints.library import Library, LibraryEntry, is_key, words
from actwright.blueprints.mending import mended
from actwright.blueprints.sources import SourceEntry, read_sources
from actwright.document import plain_name, validated
from actwright.errors import BlueprintError, InputError

ImportStatus = Literal["imported", "alias", "known", "unchanged", "quarantined"]
"""``imported``: a blueprint of its own. ``alias``: another name for an earlier one of the same import. ``known``: the
library has it. ``unchanged``: the file is there already, with the same content. ``quarantined``: held back."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}", re.ASCII)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class ImportItem:
    """What became of one document.

    Attributes:
        where: File, and row or entry inside it.
        status: What became of it.
        key: The key it goes by; empty where nobody could tell.
        blueprint: The blueprint, in the contract's shape; None where there is none.
        of: The key it is an alias of, is known as, or clashes with.
        notes: What was changed on the way, and how it differs from the one it was compared with.
        error: Why it was held back.
    """

    where: str
    status: ImportStatus
    key: str = ""
    blueprint: ActionBlueprint | None = None
    of: str = ""
    notes: tuple[LintFinding, ...] = ()
    error: InputError | None = None

    def held_back(self, error: InputError, *notes: LintFinding, of: str = "") -> ImportItem:
        """Return the item as one that is not imported, and why."""
        held: ImportStatus = "quarantined"
        return replace(self, status=held, error=error, notes=(*self.notes, *notes), of=of)


def gather(paths: Iterable[Path], library: Library, folder: Path) -> tuple[ImportItem, ...]:
    """Return what becomes of every document in ``paths``, in their order; nothing is written.

    Args:
        paths: JSON files, CSV files, and folders of them.
        library: The blueprints that are known already.
        folder: Where the imported ones go; a known one from there is the file to be written, and no stranger to it.
    """
    gathering = _Gathering(library, folder.resolve())
    for source in read_sources(paths):
        gathering.take(source)
    return tuple(gathering.items)


@dataclass
class _Gathering:
    """The items so far, and what the imported ones are called and do."""

    library: Library
    folder: Path
    items: list[ImportItem] = field(default_factory=list)
    _words: dict[str, int] = field(default_factory=dict)
    _signatures: dict[Signature, int] = field(default_factory=dict)
    _known: dict[Signature, LibraryEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in reversed(self.library.entries):
            self._known[signature(entry.blueprint)] = entry

    def take(self, source: SourceEntry) -> None:
        """Add the item for one document."""
        item = ImportItem(source.where, "imported", source.key if is_key(source.key) else "")
        try:
            entry, notes = _read(source)
        except InputError as error:
            self.items.append(item.held_back(error))
            return
        item = replace(item, key=entry.key, blueprint=entry.blueprint, notes=notes)
        self.items.append(self._compared(item, entry))

    def _compared(self, item: ImportItem, entry: LibraryEntry) -> ImportItem:
        found = [self.library.find(each) for each in words(entry)]
        others = [each for each in found if each is not None and not self._is_file_of(entry, each)]
        if others:
            return self._held_by_library(item, entry, others[0])
        same = self._known.get(signature(entry.blueprint))
        foreign = same is not None and not self._is_file_of(entry, same)
        if same and foreign and not unguarded(same.blueprint, entry.blueprint):
            hint = f"Call it {same.key}, or add {entry.key} to its aliases."
            note = _note("duplicate_of_library", f"{same.key} does the same.", hint)
            return replace(item, status="known", of=same.key, notes=(*item.notes, note))
        return self._among_imported(item, entry)

    def _is_file_of(self, entry: LibraryEntry, known: LibraryEntry) -> bool:
        """Tell whether the library's blueprint stands in the very file the new one is to be written to."""
        path = known.path.resolve() if known.path is not None else None
        return known.key == entry.key and path == self.folder / f"{entry.key}.json"

    def _held_by_library(
        self, item: ImportItem, entry: LibraryEntry, holder: LibraryEntry
    ) -> ImportItem:
        notes = tuple(_comparison(holder.blueprint, entry.blueprint))
        same_kind = signature(holder.blueprint)[:2] == signature(entry.blueprint)[:2]
        if same_kind and self.library.find(entry.key) is holder:
            return replace(item, status="known", of=holder.key, notes=(*item.notes, *notes))
        return item.held_back(_clash(entry, holder.key, "the library"), *notes, of=holder.key)

    def _among_imported(self, item: ImportItem, entry: LibraryEntry) -> ImportItem:
        taken = {self._words[each] for each in words(entry) if each in self._words}
        at = self._signatures.get(signature(entry.blueprint))
        first = self.items[at].blueprint if at is not None else None
        missing = unguarded(first, entry.blueprint) if first is not None else ()
        if at is not None and not missing and taken <= {at}:
            return self._alias(item, entry, at)
        if taken:
            return self._clashing(item, entry, self.items[min(taken)])
        if at is not None:
            note = _stricter(self.items[at].key, missing[0].type)
            item = replace(item, notes=(*item.notes, note))
        self._words |= dict.fromkeys(words(entry), len(self.items))
        self._signatures.setdefault(signature(entry.blueprint), len(self.items))
        return item

    def _clashing(self, item: ImportItem, entry: LibraryEntry, first: ImportItem) -> ImportItem:
        notes = _comparison(first.blueprint, entry.blueprint) if first.blueprint else ()
        return item.held_back(_clash(entry, first.key, first.where), *notes, of=first.key)

    def _alias(self, item: ImportItem, entry: LibraryEntry, at: int) -> ImportItem:
        """Enter what the document is called among the aliases of the first one that does the same."""
        first = self.items[at]
        if first.blueprint is None:
            return item
        called = {each.casefold() for each in (first.key, first.blueprint.name)}
        names = (
            *first.blueprint.aliases,
            entry.key,
            entry.blueprint.name,
            *entry.blueprint.aliases,
        )
        aliases = {each.casefold(): each for each in names if each.casefold() not in called}
        document = first.blueprint.model_dump(mode="json") | {"aliases": list(aliases.values())}
        try:
            merged = validated(ActionBlueprint, document, where=first.key, error=BlueprintError)
        except BlueprintError as error:
            return item.held_back(error, of=first.key)
        self.items[at] = replace(first, blueprint=merged)
        self._words |= dict.fromkeys(words(entry), at)
        return replace(item, status="alias", of=first.key)


def _read(source: SourceEntry) -> tuple[LibraryEntry, tuple[LintFinding, ...]]:
    """Return a document as an entry, and what was mended."""
    if source.error is not None:
        raise source.error
    if not isinstance(source.document, dict):
        raise BlueprintError("A blueprint is a JSON object.", where=source.where)
    document = source.document
    if is_legacy(document):
        document = from_legacy(document, source.key)
    blueprint = validated(ActionBlueprint, document, where=source.where, error=BlueprintError)
    blueprint, notes = mended(blueprint)
    return LibraryEntry(_key(source.key, blueprint.name), blueprint), notes


def _key(given: str, name: str) -> str:
    """Return the key: what the file or the array calls it, in lower case, else the blueprint's own name.

    Only letters, digits, ``_`` and ``.`` ever get into a key, so that no key leads out of a folder.
    """
    word = given if _NAME.fullmatch(given) else name
    key = _CAMEL.sub("_", word).replace(".", "_").lower()[:80]
    if not is_key(key):
        raise BlueprintError(
            f"{plain_name(word)!r} cannot be a key.",
            hint="Name it in lower-case letters, digits and underscores, a letter first.",
        )
    return key


def _comparison(known: ActionBlueprint, offered: ActionBlueprint) -> Iterator[LintFinding]:
    for each in unguarded(known, offered):
        hint = "Add it there if it is meant."
        yield _note("adds_guardrail", f"It would add {guardrail_words(each)}.", hint)
    told = list(differences(known, offered))
    if told and signature(known) != signature(offered):
        yield _note("differs", f"It differs: {'; '.join(told)}.", "Keep the one you mean.")


def _stricter(key: str, kind: str) -> LintFinding:
    message = f"{key} does the same without {kind}: this one is kept beside it."
    return _note("duplicate_but_stricter", message, "Give one of them the guardrails of both.")


def _note(rule: str, message: str, hint: str) -> LintFinding:
    return LintFinding(rule, "warning", "", message, hint)


def _clash(entry: LibraryEntry, key: str, where: str) -> BlueprintError:
    return BlueprintError(
        f"{entry.key} goes by a key, a name or an alias that {key} has already ({where}).",
        hint="Give each blueprint a key, a name and aliases of its own.",
        code="blueprint_clash",
    )
