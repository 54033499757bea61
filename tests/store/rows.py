"""Rows for tests of the store: a document to add, a journal row, and what is there."""

from __future__ import annotations

from collections.abc import Callable

from actwright.store.database import Database, Transaction

ADD = "INSERT INTO document (kind, id, body, at) VALUES ('plan', ?, '{}', 'now')"


def adding(name: str) -> Callable[[Transaction], str]:
    """Return a work that adds a document and returns its name."""

    def work(transaction: Transaction) -> str:
        transaction.execute(ADD, (name,))
        return name

    return work


def running(statement: str) -> Callable[[Transaction], int]:
    """Return a work that runs a statement and returns how many rows it wrote."""
    return lambda transaction: transaction.execute(statement).rowcount


def fill(database: Database, *, owner: bool = True) -> None:
    """Put one row into each table; not into the archive's, where that is not the owner's doing."""
    with database.write() as rows:
        rows.execute(ADD, ("plan_1",))
        rows.execute("INSERT INTO claim VALUES ('c', 'k', 'h', 'now')")
        rows.execute("INSERT INTO journal VALUES ('r', 1, 'a', 'k', 'x', '{}', '0', '1', 1)")
        rows.execute("INSERT INTO spent VALUES ('s', 'now', 1, 'h')")
        rows.execute("INSERT INTO seal VALUES (1, 'now', '0', '{}', '1', 's')")
        if owner:
            rows.execute("INSERT INTO archived VALUES ('gone', 1, '1', 'now', 'f', '0')")


def names(database: Database) -> list[str]:
    """Return the names of the documents, in order."""
    with database.read() as rows:
        found = rows.execute("SELECT id FROM document ORDER BY id").fetchall()
    return [str(each[0]) for each in found]
