"""Spending: how much was used of something that is limited by time, counted for all processes that share the store."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Spent:
    """One entry: when, and how much."""

    at: str
    count: int


def spend(transaction: Transaction, scope: str, count: int, *, holder: str, at: str) -> None:
    """Write down inside a transaction that ``holder`` has used ``count`` more of ``scope``."""
    transaction.execute(
        "INSERT INTO spent (scope, at, count, holder) VALUES (?, ?, ?, ?)",
        (scope, at, count, holder),
    )


def spent_since(transaction: Transaction, scope: str, since: str) -> tuple[Spent, ...]:
    """Return what was used of ``scope`` after the moment ``since``, oldest first."""
    rows = transaction.execute(
        "SELECT at, count FROM spent WHERE scope = ? AND at > ? ORDER BY at", (scope, since)
    ).fetchall()
    return tuple(Spent(*row) for row in rows)
