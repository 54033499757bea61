"""Opening the store that the settings name: a file, or a database on a server."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from actwright.errors import ConfigError
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase


def open_database(where: str | Path) -> Database:
    """Open a database, and bring its tables up where they are missing or older.

    Args:
        where: The path of an SQLite file; or a ``postgresql://`` address, which needs the extra ``postgres``.

    Raises:
        ConfigError: The extra is not installed.
        StoreError: It cannot be opened or reached, or was written by a newer program.
    """
    if isinstance(where, str) and where.startswith(("postgresql://", "postgres://")):
        _check_installed()
        from actwright.store.postgres import PostgresDatabase  # noqa: PLC0415 - an extra, and slow

        return PostgresDatabase(where)
    return SqliteDatabase(Path(where))


def _check_installed() -> None:
    if find_spec("psycopg") is None:
        raise ConfigError(
            "A store on a PostgreSQL server needs psycopg.",
            where="ACTWRIGHT_DATABASE_URL",
            hint="pip install 'actwright[postgres]'",
        )
