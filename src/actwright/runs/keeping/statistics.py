"""Statistics of the journal: how much there is, how it grows, and what has been left lying."""

from __future__ import annotations

from datetime import timedelta

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.store.database import Database, Transaction
from actwright.store.offloading import OFFLOADED

_DAYS = 30


class Day(Contract):
    """One day, in UTC."""

    day: str
    runs: int
    """Runs that were started."""


class JournalStatistics(Contract):
    """What is in a store's journal."""

    runs: dict[str, int]
    """Runs by status."""
    archived: int
    """Runs that were moved out to files."""
    events: int
    bytes: int
    """Characters of the events' data as the journal holds them."""
    offloaded: int
    """Events whose data is kept in the blob store."""
    seals: int
    sealed_at: str | None
    """When the newest seal was made."""
    unsealed: int
    """Runs that moved since."""
    oldest_unfinished: str | None
    """The run that has been open for longest."""
    oldest_unfinished_since: str | None
    days: tuple[Day, ...]
    """The last thirty days on which runs were started, newest first."""


def statistics(database: Database, clock: Clock) -> JournalStatistics:
    """Return what is in a store's journal.

    Raises:
        StoreError: The store cannot be read.
    """
    since = timestamp(clock.now() - timedelta(days=_DAYS))
    with database.read() as transaction:
        events, size, offloaded = _sizes(transaction)
        oldest, oldest_since = _oldest(transaction)
        return JournalStatistics(
            runs={
                str(status): int(count)
                for status, count in transaction.execute(
                    "SELECT status, count(*) FROM run GROUP BY status ORDER BY status"
                ).fetchall()
            },
            archived=_number(transaction, "SELECT count(*) FROM archived"),
            events=events,
            bytes=size,
            offloaded=offloaded,
            seals=_number(transaction, "SELECT count(*) FROM seal"),
            sealed_at=_text(transaction, "SELECT at FROM seal ORDER BY number DESC LIMIT 1"),
            unsealed=_number(transaction, "SELECT count(*) FROM run WHERE sealed < seq"),
            oldest_unfinished=oldest,
            oldest_unfinished_since=oldest_since,
            days=_days(transaction, since),
        )


def _sizes(transaction: Transaction) -> tuple[int, int, int]:
    row = transaction.execute(
        "SELECT count(*), coalesce(sum(length(data)), 0), "
        "coalesce(sum(CASE WHEN data LIKE ? THEN 1 ELSE 0 END), 0) FROM journal",
        (f'{{"{OFFLOADED}":%',),
    ).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def _oldest(transaction: Transaction) -> tuple[str | None, str | None]:
    row = transaction.execute(
        "SELECT run_id, started_at FROM run WHERE ended_at IS NULL ORDER BY started_at, run_id LIMIT 1"
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else (None, None)


def _days(transaction: Transaction, since: str) -> tuple[Day, ...]:
    rows = transaction.execute(
        "SELECT substr(started_at, 1, 10) AS day, count(*) FROM run WHERE started_at >= ? "
        "GROUP BY substr(started_at, 1, 10) ORDER BY day DESC",
        (since,),
    ).fetchall()
    return tuple(Day(day=day, runs=count) for day, count in rows)


def _number(transaction: Transaction, sql: str) -> int:
    row = transaction.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _text(transaction: Transaction, sql: str) -> str | None:
    row = transaction.execute(sql).fetchone()
    return None if row is None else str(row[0])
