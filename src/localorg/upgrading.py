"""An org from before an object was in the catalogue, given the rights its people would have had from the start."""

from __future__ import annotations

import sqlite3

from localorg.database import Database
from localorg.seed.rights import LEDGER_USER, LEDGER_USERS, ledger_rows
from localorg.seeding import store_seed


def grant_ledger(database: Database) -> None:
    """Give a demo org the ledger's permission set where it has none; does nothing for orgs of other people."""
    with database.write() as connection:
        if _has_set(connection):
            return
        people = _people(connection)
        if set(LEDGER_USERS) <= people.keys():
            store_seed(connection, database.catalogue, ledger_rows(database.catalogue), people)


def _has_set(connection: sqlite3.Connection) -> bool:
    found = connection.execute('SELECT 1 FROM "PermissionSet" WHERE "Name" = ?', (LEDGER_USER,))
    return found.fetchone() is not None


def _people(connection: sqlite3.Connection) -> dict[str, str]:
    return {
        str(row["Alias"]): str(row["Id"])
        for row in connection.execute('SELECT "Alias", "Id" FROM "User"')
    }
