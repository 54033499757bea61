"""Which files telemetry, cassettes, reports and logs are in, and what may stand in each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.leaks.stores import is_database, unpacked

Sort = Literal["store", "telemetry", "shown"]
"""A database; what may hold neither secrets nor personal data; what a person was shown, which may hold no secret."""

PLANTED = ".planted"
"""A file of this name says that a test planted something in its folder, to prove that it would be found."""

_TELEMETRY_FOLDERS = frozenset({"telemetry", "traces", "cassettes"})
_TELEMETRY_ENDINGS = frozenset({".log", ".otlp", ".pb"})
_TEXTS = frozenset({".html", ".txt", ".xml", ".yaml"})
_STORE_ENDINGS = frozenset({".db", ".sqlite", ".sqlite3"})
_PRINTED = frozenset({"out", "err"})
_JOURNAL = b'{"header":{"actwright":"journal"'
"""How the archive of a journal begins, which holds before-images like the journal itself."""

_MARKS = (b"interactions:", b"<testsuite", b"<title>Regressions")
"""What stands near the beginning of a cassette, a JUnit report and a page of the gate."""

_CRASH = "actwright-crash-"
"""How the name of a crash report begins."""

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that is to be looked through.

    Attributes:
        path: Where it is.
        sort: What may stand in it.
    """

    path: Path
    sort: Sort

    def data(self) -> bytes:
        """Return what it holds, unpacked where it was packed."""
        return unpacked(self.path.read_bytes())


def artifacts(root: Path, planted: list[str]) -> Iterator[Artifact]:
    """Yield what is to be looked through below a folder, in the order of the paths; or the one file given.

    Args:
        root: The folder or file.
        planted: Is told each folder that is left out.
    """
    if root.is_file():
        yield Artifact(root, _told(root) or "telemetry")
        return
    for folder, folders, files in os.walk(root):
        if PLANTED in files:
            planted.append(os.path.relpath(folder, root))
            folders.clear()
            continue
        folders.sort()
        yield from _within(Path(folder), sorted(files))


def _within(folder: Path, files: list[str]) -> Iterator[Artifact]:
    for name in files:
        path = folder / name
        sort = _told(path) if path.is_file() else None
        if sort is not None:
            yield Artifact(path, sort)


def _told(path: Path) -> Sort | None:
    """Return what may stand in a file; in one that cannot be read, as little as may be."""
    try:
        return _sort(path)
    except OSError:
        return "telemetry"


def _sort(path: Path) -> Sort | None:
    """Return what may stand in a file, by its name and, where that does not tell, by how it begins."""
    if path.suffix in _STORE_ENDINGS:
        return "store" if is_database(path) else None
    if path.suffix == ".jsonl":
        return "shown" if _head(path).startswith(_JOURNAL) else "telemetry"
    named = path.suffix in _TELEMETRY_ENDINGS or path.name.startswith(_CRASH)
    if named or not _TELEMETRY_FOLDERS.isdisjoint(path.parts):
        return "telemetry"
    if path.suffix in _TEXTS:
        return "telemetry" if any(each in _head(path) for each in _MARKS) else "shown"
    return "shown" if path.name in _PRINTED else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
