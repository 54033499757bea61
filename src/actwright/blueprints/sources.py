"""Where imported blueprints come from: JSON files, CSV files and folders of them, cut into single documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from actwright.blueprints.csv_rows import csv_documents
from actwright.canonical import Json
from actwright.document import plain_name, read_json
from actwright.errors import BlueprintError, DocumentError, InputError

_SUFFIXES = frozenset({".json", ".csv"})
most_entries = 10_000
"""The most blueprints one import takes."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One document that may become a blueprint.

    Attributes:
        where: The place it stands at: file, and row or position inside it.
        document: Its JSON; None where it could not be read.
        key: The key its file or its array gives it; empty where neither does.
        error: Why it could not be read.
    """

    where: str
    document: Json = None
    key: str = ""
    error: InputError | None = None


def read_sources(paths: Iterable[Path]) -> Iterator[SourceEntry]:
    """Yield every document in ``paths``, in their order; a folder's files by name, hidden ones passed over.

    A file nobody can read is yielded with its error, so that the others are read all the same.
    """
    count = 0
    for path in paths:
        for entry in _entries(path):
            count += 1
            if count > most_entries:
                message = f"More than {most_entries} blueprints: the rest was not read."
                hint = "Import them folder by folder."
                yield SourceEntry(
                    str(path), error=DocumentError(message, where=str(path), hint=hint)
                )
                return
            yield entry


def _entries(path: Path) -> Iterator[SourceEntry]:
    if not path.is_dir():
        yield from _of_file(path)
        return
    try:
        files = _files(path)
    except InputError as error:
        yield SourceEntry(str(path), error=error)
        return
    for each in files:
        yield from _of_file(each)


def _files(folder: Path) -> list[Path]:
    try:
        found = [each for each in folder.iterdir() if each.suffix.lower() in _SUFFIXES]
    except OSError as error:
        raise DocumentError(
            f"The folder cannot be read: {error.strerror or error}.", where=str(folder)
        ) from error
    shown = sorted(each for each in found if each.name[0] != ".")
    if not shown:
        raise DocumentError(
            "The folder holds no .json or .csv file.",
            where=str(folder),
            hint="Name another folder.",
        )
    return shown


def _of_file(path: Path) -> Iterator[SourceEntry]:
    try:
        yield from list(_documents(path))
    except InputError as error:
        yield SourceEntry(str(path), error=error)


def _documents(path: Path) -> Iterator[SourceEntry]:
    suffix = path.suffix.lower()
    if not path.exists():
        raise DocumentError(
            "There is no such file or folder.", where=str(path), hint="Check its name."
        )
    if suffix not in _SUFFIXES:
        raise DocumentError(
            "Only .json and .csv files hold blueprints.", where=str(path), hint="Rename the file."
        )
    if suffix == ".json":
        yield from _split(read_json(path), str(path), path.stem)
        return
    for where, key, document in csv_documents(path):
        yield from _split(document, where, key)


def _split(document: Json, where: str, key: str) -> Iterator[SourceEntry]:
    """Yield a document by itself, or the entries of an array, each named by its own ``name``."""
    if not isinstance(document, list):
        yield _unwrapped(document, where, key)
        return
    for at, each in enumerate(document):
        place = f"{where}, entry {at + 1}"
        name = each.get("name") if isinstance(each, dict) else None
        yield _unwrapped(each, place, name if isinstance(name, str) else "")


def _unwrapped(document: Json, where: str, key: str) -> SourceEntry:
    """Return an entry, with the blueprint and the tags of ``{name, tags, blueprint}`` put together."""
    if not isinstance(document, dict):
        return SourceEntry(where, error=_no_object(where))
    inner = document.get("blueprint")
    if not isinstance(inner, dict):
        return SourceEntry(where, document, key)
    unknown = sorted(document.keys() - {"name", "tags", "blueprint"})
    if unknown:
        return SourceEntry(where, error=_not_beside(where, unknown[0]))
    shared: dict[str, Json] = {
        name: document[name] for name in ("name", "tags") if name in document
    }
    return SourceEntry(where, {**shared, **inner}, key)


def _no_object(where: str) -> BlueprintError:
    return BlueprintError(
        "A blueprint is a JSON object.", where=where, hint="docs/blueprints.md shows the shapes."
    )


def _not_beside(where: str, name: str) -> BlueprintError:
    return BlueprintError(
        f"Beside blueprint there may stand name and tags, not {plain_name(name)}.",
        where=where,
        hint="Move it into the blueprint.",
    )
