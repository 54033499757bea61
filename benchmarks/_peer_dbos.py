"""DBOS on the engines' common workload, in a process of its own: ten trivial steps in a row, each recorded."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID

from benchmarks._workload import STEPS, report


@DBOS.step()
def _step(count: int) -> int:
    return count + 1


@DBOS.workflow()
def _workflow() -> int:
    count = 0
    for _ in range(STEPS):
        count = _step(count)
    return count


def main(where: str) -> None:
    """Carry the workload out on a store, and report."""
    config: DBOSConfig = {
        "name": "benchmark",
        "system_database_url": _address(where),
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    report(_carry_out)
    os._exit(0)  # its own leaving takes a second


def _carry_out(number: int) -> None:
    with SetWorkflowID(f"w{number}"):
        assert _workflow() == STEPS


def _address(where: str) -> str:
    """Return the store's address; an SQLite file gets the journal mode that serves DBOS best."""
    if where.startswith("postgresql://"):
        return where
    path = Path(where) / "dbos.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return f"sqlite:///{path}"


if __name__ == "__main__":
    main(sys.argv[1])
