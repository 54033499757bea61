"""Spending: how much was used of something that is limited by time, counted for all processes that share the store."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """One entry: when, and how much."""

    at: str
    count: int


def spend(connection: sqlite3.Connection, scope: str, count: int, *, holder: str, at: str) -> None:
    """Write down inside a transaction that ``holder`` has used ``count`` more of ``scope``."""
    connection.execute(
        "INSERT INTO spent (scope, at, count, holder) VALUES (?, ?, ?, ?)",
        (scope, at, count, holder),
    )


def spent_since(connection: sqlite3.Connection, scope: str, since: str) -> tuple[Spent, ...]:
    """Return what was used of ``scope`` after the moment ``since``, oldest first."""
    rows = connection.execute(
        "SELECT at, count FROM spent WHERE scope = ? AND at > ? ORDER BY at", (scope, since)
    ).fetchall()
    return tuple(Spent(*row) for row in rows)
