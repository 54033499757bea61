"""The errors of SQLite and of the file system, as errors of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from actwright.errors import StoreError

_WAYS_OUT = {
    sqlite3.SQLITE_FULL: "Make room on the disk, then try again; nothing was written.",
    sqlite3.SQLITE_BUSY: "Another process is writing; try again, or end it. Nothing was written.",
    sqlite3.SQLITE_READONLY: "Give the user who runs this the right to write the file and its folder.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged: put it away, and bring back the newest backup.",
    sqlite3.SQLITE_NOTADB: "The file is no store: point ACTWRIGHT_HOME at another folder.",
}


@contextmanager
def mapped(name: str) -> Iterator[None]:
    """Turn the errors of SQLite and of the file system into ours.

    Args:
        name: The path of the file.

    Raises:
        StoreError: One came.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise told(error, name) from error


def told(error: sqlite3.Error | OSError, name: str) -> StoreError:
    """Return the error of the store that an error of SQLite or of the file system is.

    Args:
        error: What came.
        name: The path of the file.
    """
    if isinstance(error, OSError):
        return StoreError(
            f"The store cannot be opened: {error.strerror or error}.",
            where=name,
            hint="Point ACTWRIGHT_HOME at a folder you may write to.",
        )
    return StoreError(
        f"The store cannot be used: {error}.",
        where=name,
        hint=_WAYS_OUT.get(_code(error), "Check the file, the free space and who may write there."),
    )


def is_busy(error: BaseException | None) -> bool:
    """Tell whether an error says that somebody else was writing."""
    return _code(error) == sqlite3.SQLITE_BUSY


def _code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
