"""How fast the journal is appended to, sealed and verified, against the floor of the same machine and run.

The floor of an append is one hash-chained row and one commit that is on the disk, in a bare SQLite file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from actwright.clock import SystemClock
from actwright.runs.keeping.seal_key import SealKey
from actwright.runs.keeping.sealing import Sealing
from actwright.runs.keeping.verifying import verify
from actwright.runs.record.journal import Entry, Journal
from actwright.store.sqlite import SqliteDatabase
from benchmarks._row import Row, row

_REPETITIONS = 5
_APPENDS = 500
_RUNS = 10_000
_GROUPS = 10
_STARTED: Entry = (
    "run_started",
    {
        "goal": "Close the deal", "planId": "plan_1", "previewId": "prv_1", "confirmationId": "cnf_1",
        "digest": "d" * 64, "user": "alice", "org": "00D000000000001AAA",
    },
)  # fmt: skip
_OUTCOME: Entry = (
    "group_settled",
    {
        "groupId": "g1", "stage": 1, "durationMs": 81.5, "error": None,
        "outcomes": [{"effectId": "a1.1", "status": "done", "recordId": "006000000000001AAA"}],
    },
)  # fmt: skip
_INTENT: Entry = (
    "group_intended",
    {"groupId": "g2", "effects": ["a2.1"], "stage": 1, "attempt": 1, "key": "run_1:1:g2:1"},
)
_ENDED: Entry = ("run_ended", {"envelope": {"success": True}, "status": "completed"})


def run() -> list[Row]:
    """Return the rows of append, seal and verify."""
    with TemporaryDirectory() as folder:
        floor, append = _appends(Path(folder))
        rows = [
            row(
                "journal: append of outcome and intent, sequential, median",
                *_compared(floor, append),
            ),
            row("journal: the same append, p99", *_compared(floor, append, p99=True)),
        ]
    with TemporaryDirectory() as folder:
        return rows + _kept(Path(folder))


def _appends(folder: Path) -> tuple[list[float], list[float]]:
    """Return the seconds of each append to a bare file, and to the journal, taken in turns."""
    floor: list[float] = []
    append: list[float] = []
    with _bare(folder / "bare.db") as write, _journal(folder / "journal.db") as journal:
        head = journal.append("run_1", [_STARTED], actor="Alice Archer", after=None)
        for _ in range(_REPETITIONS * _APPENDS):
            begun = perf_counter()
            write()
            floor.append(perf_counter() - begun)
            begun = perf_counter()
            head = journal.append("run_1", [_OUTCOME, _INTENT], actor="Alice Archer", after=head)
            append.append(perf_counter() - begun)
    return floor, append


@contextmanager
def _bare(path: Path) -> Iterator[Callable[[], None]]:
    """Give a way to write one hash-chained row into a bare file."""
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    file.execute("CREATE TABLE row (seq INTEGER PRIMARY KEY, data TEXT, hash TEXT)")
    numbers, data, last = count(1), str(_OUTCOME) + str(_INTENT), ""

    def write() -> None:
        nonlocal last
        last = hashlib.sha256(f"{last}{data}".encode()).hexdigest()
        file.execute("BEGIN IMMEDIATE")
        file.execute("INSERT INTO row VALUES (?, ?, ?)", (next(numbers), data, last))
        file.execute("COMMIT")

    yield write
    file.close()


@contextmanager
def _journal(path: Path) -> Iterator[Journal]:
    database = SqliteDatabase(path)
    yield Journal(database, SystemClock())
    database.close()


def _compared(
    floor: list[float], append: list[float], *, p99: bool = False
) -> tuple[float, str, float]:
    of = _p99 if p99 else median
    return of(append) / of(floor), "x floor", 2.0


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _kept(folder: Path) -> list[Row]:
    """Return the rows of sealing and verifying a store of many runs."""
    key = SealKey(folder / "seal.key")
    with _journal(folder / "kept.db") as journal:
        _fill(journal)
        begun = perf_counter()
        Sealing(journal.database, SystemClock(), key).seal()
        sealing = perf_counter() - begun
        speeds = []
        for _ in range(_REPETITIONS):
            begun = perf_counter()
            found = verify(journal.database, journal.offloading, public=key.public)
            speeds.append(found.events / (perf_counter() - begun))
            assert found.whole
            assert found.runs == _RUNS
    return [
        row(f"journal: sealing {_RUNS:,} runs at once", sealing * 1000, "ms", None),
        row("journal: verify of a whole store", median(speeds), "events/s", 200_000, "higher"),
    ]


def _fill(journal: Journal) -> None:
    for start in range(0, _RUNS, 500):
        with journal.database.write() as transaction:
            for number in range(start, start + 500):
                entries = [_STARTED, *[_INTENT, _OUTCOME] * _GROUPS, _ENDED]
                journal.append_within(
                    transaction, f"run_{number:020}", entries, actor="Alice Archer", after=None
                )


if __name__ == "__main__":
    for each in run():
        print(each)
