"""Stores: what may stand in which table, and every row of theirs, read without changing them."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_RECORD_TABLES = frozenset({"document", "claim", "journal", "run", "spent", "seal", "archived"})
"""What the record of plans and runs is in. It holds before-images and names by design."""

_TELEMETRY_KINDS = frozenset({"exchange", "planning"})
"""Documents that are telemetry."""

_MARK = "journal"
"""A table every store of ours has, and no other database here."""

_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a store.

    Attributes:
        data: The value, unpacked where it was packed.
        row: Its table and row.
        column: Its column.
        record: Whether it is part of the record of plans and runs, rather than of telemetry.
    """

    data: bytes
    row: str
    column: str
    record: bool

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.row}, column {self.column}"


def is_database(path: Path) -> bool:
    """Tell whether a file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def cells(path: Path) -> Iterator[Cell]:
    """Yield every text and every blob of a store; nothing where the database is none of ours.

    Raises:
        sqlite3.Error: It cannot be read.
    """
    address = f"file:{quote(str(path))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.text_factory = bytes
        tables = [each.decode() for each in _column(connection, _TABLES)]
        for table in tables if _MARK in tables else ():
            yield from _cells(connection, table)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


def _column(connection: sqlite3.Connection, query: str) -> Iterator[bytes]:
    return (row[0] for row in connection.execute(query))


def _cells(connection: sqlite3.Connection, table: str) -> Iterator[Cell]:
    quoted = table.replace('"', '""')
    rows = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - the name is the database's own, and quoted
    columns = [each[0] for each in rows.description]
    kind = columns.index("kind") if table == "document" else None
    for number, row in enumerate(rows, 1):
        telemetry = kind is not None and row[kind].decode() in _TELEMETRY_KINDS
        for column, value in zip(columns, row, strict=True):
            if isinstance(value, bytes):
                record = table in _RECORD_TABLES and not telemetry
                yield Cell(unpacked(value), f"table {table}, row {number}", column, record)


def unpacked(data: bytes) -> bytes:
    """Return what was packed with gzip or zlib as it was before; anything else as it is."""
    if data[:2] not in {b"\x1f\x8b", b"x\x9c", b"x\xda", b"x\x01"}:
        return data
    try:
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else zlib.decompress(data)
    except (OSError, EOFError, zlib.error):
        return data
