"""A backup of a store in a file, made while others write to it, and looked through before it counts as one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from actwright.errors import InputError, StoreError


def back_up(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database as it is at one moment into a new file.

    Args:
        source: A connection to it.
        path: The file to make; readable by its owner only. It is there whole, or not at all.

    Raises:
        InputError: There is such a file already.
        StoreError: The copy is not sound.
        OSError: The file cannot be made.
    """
    if path.exists():
        raise InputError(
            "There is a file already.", where=str(path), hint="Name a new file for each backup."
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    try:
        _copy(source, draft)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(
            f"The backup is not sound, and was thrown away: {found}",
            where=str(draft),
            hint="Look at the store itself: actwright verify",
        )
    _sync(draft)


def _sync(path: Path) -> None:
    """Wait until a file or what stands in a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
