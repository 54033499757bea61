"""A folder of documents an org gave, kept beyond one process: one file each, replaced whole, never trusted blindly."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")

_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}

FORMAT = 4
"""Grows when a kept document's shape changes; files of another format are ignored and written anew."""


@dataclass(frozen=True)
class Kept(Generic[T]):
    """One document, when it was last known to be current, and the org's ``Last-Modified`` for it."""

    fetched_at: datetime
    last_modified: str | None
    document: T
    format: int = FORMAT


class CacheFolder:
    """Documents by name in one folder, for one org, one user and one API version.

    Args:
        path: The folder; made when the first document is written. None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self, name: str, kind: type[T]) -> Kept[T] | None:
        """Return a kept document, or None where there is none, or none that can be read."""
        if self._path is None:
            return None
        try:
            kept = _adapter(kind).validate_json((self._path / f"{name}.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return kept if kept.format == FORMAT else None

    def write(self, name: str, kind: type[T], kept: Kept[T]) -> None:
        """Keep a document, in place of an older one; a folder that cannot be written to keeps nothing."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                _replace(self._path, f"{name}.json", _adapter(kind).dump_json(kept))

    def drop(self, name: str) -> None:
        """Forget a document."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                (self._path / f"{name}.json").unlink(missing_ok=True)


def _replace(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(folder / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _adapter(kind: type[T]) -> TypeAdapter[Kept[T]]:
    """Return the reader and writer for kept documents of a kind; building one is slow, so it is done once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(Kept[kind])  # type: ignore[valid-type]
    return _ADAPTERS[kind]
