"""Rebuilding the register from the journal: after an upgrade, or where its rows were damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext, suppress

from actwright.runs.record.offloading import Offloading
from actwright.runs.record.projection import Columns, changes
from actwright.runs.record.scanning import pages
from actwright.store.database import Database, Transaction


def catch_up(database: Database, offloading: Offloading) -> int:
    """Make the register of a store that was written before there was one; return how many rows were made.

    Raises:
        StoreError: The store cannot be read or written.
    """
    with database.read() as transaction:
        # A hash stands in the rows only, and in no index: rows that cannot be read show as soon as a store is opened.
        written, known = transaction.execute(
            "SELECT (SELECT hash FROM journal LIMIT 1), (SELECT run_id FROM run LIMIT 1)"
        ).fetchone()
    return rebuild(database, offloading) if written is not None and known is None else 0


def rebuild(database: Database, offloading: Offloading) -> int:
    """Make every row of the register again, leases left as they are; return how many runs there are.

    Raises:
        StoreError: The store cannot be read or written.
        JournalDamagedError: Offloaded data the register needs is missing.
    """
    with database.write() as transaction:
        if database.dialect == "postgres":
            transaction.execute("LOCK TABLE run IN EXCLUSIVE MODE")
        rows = projected(transaction, offloading)
        sealed = sealed_heads(transaction)
        for run_id, columns in rows.items():
            seq, _ = sealed.get(run_id, (0, ""))
            write_row(transaction, run_id, columns | {"sealed": seq})
    return len(rows)


def contradicted(database: Database, offloading: Offloading, run_id: str) -> tuple[str, ...]:
    """Return the columns of a run's row that are not as its events make them; none where the run moves meanwhile.

    Raises:
        StoreError: The store cannot be read.
        JournalDamagedError: Offloaded data is missing.
    """
    with database.read() as transaction:
        before = _row(transaction, run_id)
        expected = projected(transaction, offloading, run_id).get(run_id, {})
        after = _row(transaction, run_id)
    if before is None or before != after:
        return ()
    return tuple(name for name in _COMPARED if name in expected and before[name] != expected[name])


def _row(transaction: Transaction, run_id: str) -> Columns | None:
    row = transaction.execute(
        f"SELECT {', '.join(_COMPARED)} FROM run WHERE run_id = ?",  # noqa: S608 - our own names
        (run_id,),
    ).fetchone()
    return None if row is None else dict(zip(_COMPARED, row, strict=True))


def sealed_heads(transaction: Transaction) -> dict[str, tuple[int, str]]:
    """Return the newest sealed head of every run that was sealed, as far as the seals can be read."""
    found: dict[str, tuple[int, str]] = {}
    for (body,) in transaction.execute("SELECT body FROM seal ORDER BY number").fetchall():
        # A seal that was damaged keeps no store from being opened; whoever verifies is told of it.
        with suppress(ValueError, TypeError, KeyError):
            found |= {run_id: (seq, hash_) for run_id, seq, hash_ in json.loads(body)["heads"]}
    return found


def projected(
    transaction: Transaction, offloading: Offloading, run_id: str | None = None
) -> Mapping[str, Columns]:
    """Return what the register's rows have to say, by run, as the journal has it.

    Args:
        transaction: Where it is read.
        offloading: Where large data is.
        run_id: Only this run.

    Raises:
        JournalDamagedError: Offloaded data is missing.
    """
    rows: dict[str, Columns] = {}
    columns = "run_id, seq, at, kind, actor, data, hash"
    for page in pages(lambda: nullcontext(transaction), columns, run_id=run_id):
        for run, seq, at, kind, actor, text, hash_ in page:
            data = offloading.read(text, run_id=run, seq=seq)
            moved = changes([(kind, data)], actor=actor, at=at)
            rows[run] = rows.get(run, {}) | moved | {"seq": seq, "hash": hash_, "updated_at": at}
    return rows


_COMPARED = (
    "seq", "status", "reason", "goal", "org", "username", "plan_id", "preview_id", "approver", "undoes",
    "waiting_for", "started_at", "ended_at", "wake_at", "deadline", "zone", "effects_done", "effects_total",
)  # fmt: skip
"""All that the events alone make of a row."""

_EMPTY: Columns = {
    "status": "running",
    "goal": "",
    "org": "",
    "username": "",
    "plan_id": "",
    "preview_id": "",
    "approver": "",
    "started_at": "",
}
"""What a row needs whose run has lost its first event."""


def write_row(transaction: Transaction, run_id: str, columns: Columns) -> None:
    """Make the row of a run, or make it anew; columns that are not named keep what they hold."""
    columns = _EMPTY | columns
    names = ", ".join(columns)
    marks = ", ".join("?" * (len(columns) + 1))
    moved = ", ".join(f"{each} = excluded.{each}" for each in columns)
    transaction.execute(
        f"INSERT INTO run (run_id, {names}) VALUES ({marks}) "  # noqa: S608 - our own names
        f"ON CONFLICT (run_id) DO UPDATE SET {moved}",
        (run_id, *columns.values()),
    )
