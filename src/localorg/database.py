"""The org's one SQLite file: its tables, its connections and its transactions.

A request is one transaction and a row of it a savepoint. Writers queue behind one lock in this process and
behind SQLite's own lock between processes; readers never wait, as the file is in WAL mode.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from localorg.errors import ApiError
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import FieldDef, ObjectDef

MEMORY: Final = ":memory:"
BUSY_SECONDS: Final = 10.0
INSTANCE_WIDTH: Final = 6

_INTERNAL: Final = """
CREATE TABLE IF NOT EXISTS localorg_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS localorg_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS localorg_token (
    hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS localorg_job (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, state TEXT NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL, request TEXT NOT NULL,
    processed INTEGER NOT NULL, failed INTEGER NOT NULL, seconds REAL NOT NULL, message TEXT
);
CREATE TABLE IF NOT EXISTS localorg_job_upload (job_id TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS localorg_job_result (
    job_id TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, lines TEXT NOT NULL,
    PRIMARY KEY (job_id, kind, position)
);
"""
_INTEGER: Final = frozenset({"int", "boolean"})
_REAL: Final = frozenset({"double", "currency", "percent"})
_EXACT: Final = frozenset({"id", "reference", "date", "datetime", "time"})


def quoted(name: str) -> str:
    """Return a catalogue name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def stored_fields(definition: ObjectDef) -> tuple[FieldDef, ...]:
    """Return the fields of an object that have a column; compound addresses are put together on reading."""
    return tuple(each for each in definition.fields if each.type != "address")


def _column(field: FieldDef) -> str:
    name = quoted(field.name)
    if field.type == "id":
        return f"{name} TEXT PRIMARY KEY"
    if field.type in _INTEGER:
        return f"{name} INTEGER"
    if field.type in _REAL:
        return f"{name} REAL"
    exact = field.type in _EXACT or field.case_sensitive
    return f"{name} TEXT" if exact else f"{name} TEXT COLLATE NOCASE"


def _indexed(field: FieldDef) -> bool:
    audit = field.name in {"CreatedById", "LastModifiedById", "OwnerId"}
    compared = field.unique or field.external_id or field.name_field or field.type == "email"
    return compared or (field.type == "reference" and not audit)


class Database:
    """A local org's file, or its memory, behind read and write transactions."""

    def __init__(self, path: str, catalogue: Catalogue) -> None:
        self._path = path
        if path != MEMORY:
            # SQLite would make it readable to everybody, and its -wal and -shm like it.
            Path(path).touch(mode=0o600)
        self.catalogue = catalogue
        self._lock = threading.RLock()
        self._readers = threading.local()
        self._writer = self._connect()
        self.created = self._prepare()
        """Whether the file was new or empty when it was opened."""

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.create_function("fold", 1, _fold, deterministic=True)
        return connection

    def _prepare(self) -> bool:
        """Create what the catalogue has and the file lacks; say whether the file was empty."""
        with self.write() as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            for statement in _INTERNAL.split(";"):
                connection.execute(statement)
            if meta(connection, "instance") is None:
                set_meta(connection, "instance", _new_instance())
            fingerprint = hashlib.sha256(repr(list(self.catalogue.objects.values())).encode())
            if meta(connection, "schema") != fingerprint.hexdigest():
                for definition in self.catalogue.objects.values():
                    _create_table(connection, definition)
                set_meta(connection, "schema", fingerprint.hexdigest())
                touch_metadata(connection)
            return not tables

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one unchanging state of the org."""
        if self._path == MEMORY:
            with self.write() as connection:
                yield connection
            return
        connection = self._reader()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    def _reader(self) -> sqlite3.Connection:
        """Return this thread's own connection."""
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = self._connect()
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give the writing connection; commit at the end, roll back where an exception leaves.

        Raises:
            ApiError: ``UNABLE_TO_LOCK_ROW`` when another process holds the file too long.
        """
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise _locked() from error
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the writing connection; those of the readers end with their threads."""
        with self._lock:
            self._writer.close()


class Savepoint:
    """A part of a transaction that can be taken back."""

    def __init__(self) -> None:
        self.abandoned = False

    def abandon(self) -> None:
        """Take back what is written until the block ends."""
        self.abandoned = True


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[Savepoint]:
    """Keep what the block writes, unless an exception leaves it or it is abandoned."""
    connection.execute("SAVEPOINT localorg")
    mark = Savepoint()
    try:
        yield mark
    except BaseException:
        mark.abandon()
        raise
    finally:
        if mark.abandoned:
            connection.execute("ROLLBACK TO localorg")
        connection.execute("RELEASE localorg")


def meta(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a value the org keeps about itself."""
    row = connection.execute("SELECT value FROM localorg_meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Keep a value about the org itself."""
    connection.execute("INSERT OR REPLACE INTO localorg_meta VALUES (?, ?)", (name, value))


def metadata_time(connection: sqlite3.Connection) -> int:
    """Return the second at which a describe last changed, for anybody."""
    return int(meta(connection, "metadata_modified") or 0)


def touch_metadata(connection: sqlite3.Connection) -> None:
    """Note that schema, permissions or users changed.

    The header that carries the time has a grain of one second, so two changes in one second must still
    differ: the second one is dated ahead.
    """
    moved = max(int(time.time()), metadata_time(connection) + 1)
    set_meta(connection, "metadata_modified", str(moved))


def _create_table(connection: sqlite3.Connection, definition: ObjectDef) -> None:
    if definition.virtual:
        return
    table = quoted(definition.name)
    fields = stored_fields(definition)
    columns = ", ".join(map(_column, fields))
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
    present = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
    for field in fields:
        if field.name not in present:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {_column(field)}")
        if _indexed(field):
            index = quoted(f"{definition.name}.{field.name}")
            connection.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON {table} ({quoted(field.name)})"
            )


def _new_instance() -> str:
    """Return random letters and digits that set all ids of this org apart from those of every other."""
    return "".join(
        secrets.choice(string.ascii_letters + string.digits) for _ in range(INSTANCE_WIDTH)
    )


def _fold(value: str | float | None) -> str | float | None:
    return value.casefold() if isinstance(value, str) else value


def _locked() -> ApiError:
    return ApiError(
        400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records"
    )
