"""What whoever looks after a store does with it: bring its tables up, give rights on them, copy it."""

from __future__ import annotations

from pathlib import Path

from actwright.errors import InputError
from actwright.store.facts import StoreFacts
from actwright.store.opening import open_database
from actwright.store.sqlite import SqliteDatabase


def facts_of(where: str | Path) -> StoreFacts:
    """Return what a store is, after bringing it up.

    Raises:
        StoreError: It cannot be opened.
    """
    database = open_database(where)
    try:
        return database.facts()
    finally:
        database.close()


def upgrade(where: str | Path, *, role: str | None) -> StoreFacts:
    """Make or bring up all tables of a store, those of the workers' queue too, and return what the store is then.

    Args:
        where: A path, or an address.
        role: Who is to have the rights of a worker on them; nobody where left out.

    Raises:
        InputError: There are no roles in a file.
        StoreError: The tables are somebody else's, or there is no such role.
    """
    database = open_database(where)
    try:
        if isinstance(database, SqliteDatabase):
            _check_no_role(role)
        else:
            from actwright.store.postgres import PostgresDatabase  # noqa: PLC0415 - an extra
            from actwright.store.wakes import prepare, schema_name  # noqa: PLC0415 - the same

            prepare(str(where))
            if role is not None and isinstance(database, PostgresDatabase):
                database.grant_to(role, queue=schema_name())
        return database.facts()
    finally:
        database.close()


def back_up(where: str | Path, file: Path) -> int:
    """Copy a store into a new file, and return how many bytes it has.

    Raises:
        InputError: The store is on a server, which has its own ways; or the file is there already.
        StoreError: The file cannot be written, or is not sound.
    """
    database = open_database(where)
    try:
        if not isinstance(database, SqliteDatabase):
            raise InputError(
                "A store on a server is backed up by the server's own means.",
                where=database.name,
                hint="pg_dump, or continuous archiving: docs/operations.md",
            )
        database.backup_to(file)
    finally:
        database.close()
    return file.stat().st_size


def _check_no_role(role: str | None) -> None:
    if role is not None:
        raise InputError(
            "A file has no roles: who may read and write it is said by its owner and mode.",
            where="--grant",
        )
