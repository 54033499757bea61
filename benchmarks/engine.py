"""A durable step against its floor: a hash-chained row on the disk; alone, and fifty runs at once whose commits are shared."""

from __future__ import annotations

from benchmarks._rounds import measured
from benchmarks._row import Row, row
from benchmarks._workload import AT_ONCE, STEPS

_ALONE, _TOGETHER = 2.0, 3.0


def run() -> list[Row]:
    """Return the figures on a file, with their bars, and on a server."""
    return [*_sqlite(), *_postgres()]


def _sqlite() -> list[Row]:
    found = measured(("floor", "peer_actwright"), "sqlite")
    ours, floor = found["peer_actwright"], found["floor"]
    alone = ours["sequential"]["p50"] / floor["sequential"]["p50"]
    together = floor["concurrent"]["per_second"] / ours["concurrent"]["per_second"]
    return [
        row("SQLite, a durable step", ours["sequential"]["p50"] / STEPS, "ms"),
        row("SQLite, a durable step against one synced append", alone, "x", _ALONE),
        row(
            f"SQLite, runs of {STEPS} steps, {AT_ONCE} at once",
            ours["concurrent"]["per_second"],
            "/s",
            None,
            "higher",
        ),
        row(f"SQLite, {AT_ONCE} runs at once against shared commits", together, "x", _TOGETHER),
    ]


def _postgres() -> list[Row]:
    found = measured(("floor", "peer_actwright"), "postgres")
    ours, floor = found["peer_actwright"], found["floor"]
    alone = ours["sequential"]["p50"] / floor["sequential"]["p50"]
    return [
        row("Postgres, a durable step", ours["sequential"]["p50"] / STEPS, "ms"),
        row("Postgres, a durable step against one synced append", alone, "x"),
        row(
            f"Postgres, runs of {STEPS} steps, {AT_ONCE} at once",
            ours["concurrent"]["per_second"],
            "/s",
            None,
            "higher",
        ),
    ]
