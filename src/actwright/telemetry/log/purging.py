"""Purging: entries of the log, with all they refer to, taken out of the store for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from actwright.clock import timestamp
from actwright.errors import StoreError
from actwright.store.blobs import PurgeableBlobs
from actwright.store.database import Database, Transaction
from actwright.store.documents import claim, holder_of
from actwright.telemetry.log.people import stored_name

_AT_ONCE = 200
"""How many go in one transaction: others write in between."""
_DAILY = "telemetry_purge"
_REFERRED = "SELECT digest FROM payload WHERE owner"
_LEFT_OVER = (
    "SELECT DISTINCT owner FROM payload WHERE owner NOT IN (SELECT id FROM exchange) LIMIT ?"
)
"""What an exchange said that was taken out while it was still being planned with."""
_GOING = (
    "DELETE FROM payload WHERE owner",
    "DELETE FROM exchange_text WHERE id",
    "DELETE FROM exchange WHERE id",
)
_PLANNING_GOING = "DELETE FROM planning WHERE id"

Condition: TypeAlias = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was taken out.

    Attributes:
        exchanges: How many exchanges.
        plannings: How many planning calls.
        payloads: How many long texts.
    """

    exchanges: int = 0
    plannings: int = 0
    payloads: int = 0


class Purge:
    """Takes entries out of the log; plans, previews, confirmations and the journal stay as they are.

    Long texts go before the rows that refer to them, so that none is left that no row names, and outside of any
    transaction, so that nobody who writes waits for a slow bucket. One that an entry came to refer to meanwhile is put
    back: the writer keeps it behind the row that refers to it.

    Args:
        database: The store.
        blobs: Where long texts are kept.
        settled: Called before anything is taken out, so that nothing comes in behind it.
    """

    def __init__(
        self,
        database: Database,
        blobs: PurgeableBlobs,
        settled: Callable[[], object] = lambda: None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._settled = settled

    def __call__(self, *, before: str | None = None, user: str | None = None) -> Purged:
        """Take out the entries before a moment, and those of a person; all there are where neither is named.

        Args:
            before: A timestamp, or the beginning of one, such as a date; entries of that moment and later ones stay.
            user: Whose entries go; everybody's where left out.

        Raises:
            StoreError: The store or the blobs cannot be written; what went before that stays gone.
        """
        self._settled()
        condition = _condition(before, user)
        exchanges = payloads = plannings = 0
        while True:
            ids = self._chosen(condition)
            texts = self._gone(ids)
            exchanges, payloads = exchanges + len(ids), payloads + texts
            if len(ids) < _AT_ONCE:
                break
        while owners := self._left_over():
            payloads += self._gone(owners)
        while True:
            gone = self._database.commit(lambda rows: _plannings(rows, condition))
            plannings += gone
            if gone < _AT_ONCE:
                return Purged(exchanges, plannings, payloads)

    def daily(self, days: int, now: datetime) -> Purged | None:
        """Take out what is older than ``days``, once a day; None where that was done today.

        Args:
            days: How long entries are kept.
            now: The present moment.

        Raises:
            StoreError: The store or the blobs cannot be written.
        """
        at = timestamp(now)
        if holder_of(self._database, _DAILY, at[:10]) or not self._database.commit(
            lambda rows: claim(rows, _DAILY, at[:10], holder="telemetry", at=at)
        ):
            return None
        return self(before=timestamp(now - timedelta(days=days)))

    def _chosen(self, condition: Condition) -> tuple[str, ...]:
        with self._database.read() as rows:
            return _ids(rows, "exchange", condition)

    def _left_over(self) -> tuple[str, ...]:
        with self._database.read() as rows:
            return _column(rows, _LEFT_OVER, (_AT_ONCE,))

    def _gone(self, ids: tuple[str, ...]) -> int:
        """Take out exchanges with all they refer to, and return how many long texts went."""
        if not ids:
            return 0
        with self._database.read() as rows:
            named = _column(rows, f"{_REFERRED} IN {_marks(ids)}", ids)
            digests = [each for each in dict.fromkeys(named) if not _is_used(rows, each, ids)]
        removed = {each: self._removed(each) for each in digests}
        self._database.commit(lambda rows: _delete(rows, ids))
        with self._database.read() as rows:
            wanted = [each for each in digests if _is_used(rows, each)]
        for each in wanted:
            content = removed.pop(each)
            if content is not None:
                self._blobs.put(content)
        return len(removed)

    def _removed(self, digest: str) -> bytes | None:
        """Remove a long text, and return what it was; None where it was gone already, or damaged."""
        try:
            content = self._blobs.get(digest)
        except StoreError:
            content = None
        self._blobs.remove(digest)
        return content


def _delete(rows: Transaction, ids: tuple[str, ...]) -> None:
    for statement in _GOING:
        rows.execute(f"{statement} IN {_marks(ids)}", ids)


def _plannings(rows: Transaction, condition: Condition) -> int:
    ids = _ids(rows, "planning", condition)
    if ids:
        rows.execute(f"{_PLANNING_GOING} IN {_marks(ids)}", ids)
    return len(ids)


def _condition(before: str | None, user: str | None) -> Condition:
    tests = {"at < ?": before, "username = ?": None if user is None else stored_name(user)}
    asked = {test: value for test, value in tests.items() if value is not None}
    return " AND ".join(asked) or "1 = 1", tuple(asked.values())


def _ids(rows: Transaction, table: str, condition: Condition) -> tuple[str, ...]:
    where, given = condition
    sql = f"SELECT id FROM {table} WHERE {where} ORDER BY seq LIMIT ?"  # noqa: S608 - our own words
    return _column(rows, sql, (*given, _AT_ONCE))


def _column(rows: Transaction, sql: str, given: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(str(each[0]) for each in rows.execute(sql, given).fetchall())


def _marks(ids: tuple[str, ...]) -> str:
    return f"({', '.join('?' * len(ids))})"


def _is_used(rows: Transaction, digest: str, beside: tuple[str, ...] = ()) -> bool:
    """Tell whether an entry refers to a long text, other than these."""
    sql = f"SELECT 1 FROM payload WHERE digest = ? AND owner NOT IN {_marks(beside)} LIMIT 1"  # noqa: S608 - our own words
    if not beside:
        sql = "SELECT 1 FROM payload WHERE digest = ? LIMIT 1"
    return rows.execute(sql, (digest, *beside)).fetchone() is not None
