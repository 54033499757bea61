"""The database: SQLite in WAL mode, every commit synced to disk, several processes at once.

It knows rows, not meanings: documents never change once written, a claim can be made once, journal rows only grow, and
what was spent stays spent.
Triggers hold that against anything that opens the file with SQL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actwright.errors import StoreError

_VERSION = 2
_BUSY_SECONDS = 15.0

_TABLES = (
    """CREATE TABLE document (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, body TEXT NOT NULL, at TEXT NOT NULL,
        UNIQUE (kind, id)
    ) STRICT""",
    "CREATE INDEX document_by_parent ON document (kind, parent)",
    """CREATE TABLE claim (
        kind TEXT NOT NULL, key TEXT NOT NULL, holder TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE journal (
        run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
        actor TEXT NOT NULL, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX journal_by_kind ON journal (kind, at)",
)

_TABLES_SINCE_2 = (
    """CREATE TABLE spent (
        scope TEXT NOT NULL, at TEXT NOT NULL, count INTEGER NOT NULL, holder TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX spent_by_scope ON spent (scope, at)",
)


def _guards(*tables: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


_STEPS = (
    (*_TABLES, *_guards("document", "claim", "journal")),
    (*_TABLES_SINCE_2, *_guards("spent")),
)
"""What makes a store of each version out of the one before it."""


class Database:
    """One open database file, shared by the threads of this process.

    Args:
        path: The file; made with its folder where missing, readable by its owner only.

    Raises:
        StoreError: The file cannot be opened, is no database, or was written by a newer program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._mapped():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that holds the write lock; it commits on leaving, and rolls back on any error."""
        with self._lock, self._mapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for a single reading statement."""
        with self._lock, self._mapped():
            yield self._connection

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        version = self._version()
        if version < _VERSION:
            version = self._bring_up()
        if version != _VERSION:
            raise StoreError(
                f"The store has version {version}, this program knows {_VERSION}.",
                where=str(self.path),
                hint="Upgrade Actwright, or point ACTWRIGHT_HOME at another folder.",
            )

    def _bring_up(self) -> int:
        """Make the tables a new or an older store lacks, unless another process has done so meanwhile."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            version = self._version()
            for statement in (each for step in _STEPS[version:] for each in step):
                self._connection.execute(statement)
            version = max(version, _VERSION)
            self._connection.execute(f"PRAGMA user_version = {version}")
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        return version

    def _roll_back(self) -> None:
        """Roll back, unless SQLite has done so itself, as it does where the disk is full."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        """Turn the errors of SQLite and of the file system into ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"The store cannot be used: {error}.",
                where=str(self.path),
                hint="Check the file, the free space and who may write there.",
            ) from error
        except OSError as error:
            raise StoreError(
                f"The store cannot be opened: {error.strerror or error}.",
                where=str(self.path),
                hint="Point ACTWRIGHT_HOME at a folder you may write to.",
            ) from error
