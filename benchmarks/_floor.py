"""The floor under every durable engine: the rows a run of ten steps leaves, hash-chained and put on the disk, nothing else.

As the engine does it, the outcome of a step and the intent of the next one share a commit, and the run's own row, which
is the lock of its chain, moves with them. Alone each commit is on the disk before the next one is begun; of fifty runs at
once, all that wait at the same moment share one.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from actwright.runs.record.envelope import OrchestratorResult
from benchmarks._workload import AT_ONCE, START, STEPS, WORKFLOWS, tell

Head = tuple[int, str]
"""The number and the hash of a run's newest event."""
Append = Callable[[str, int, Head], Head]
"""Appends the events of a run's commit behind a head, and returns the new one; to be committed by whoever calls it."""

_GENESIS = 0, "0" * 64
_COMMITS = STEPS + 2
"""The start of a run, then the intent of its first step, then the outcome of each with what comes next."""

_TABLES = (
    """CREATE TABLE journal (
    run_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
    data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run_id, seq)
)""",
    """CREATE TABLE run (
    run_id TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL
)""",
)
_INSERT = "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_START = "INSERT INTO run (seq, hash, at, run_id) VALUES (?, ?, ?, ?)"
_MOVE = "UPDATE run SET seq = ?, hash = ?, at = ? WHERE run_id = ? AND seq = ? AND hash = ?"


def main(where: str) -> None:
    """Measure ten appends of two events a run, one commit each; then the same of fifty runs at once, their commits shared."""
    with _store(where) as connection:
        append = _appending(connection)
        alone, seconds = _timed(lambda: [_one(connection, append, n) for n in range(WORKFLOWS)])
        started = time.perf_counter()
        together = asyncio.run(_together(connection, append))
        tell(alone, seconds, together, time.perf_counter() - started)


def _one(connection: Any, append: Append, number: int) -> float:
    started, head = time.perf_counter(), _GENESIS
    for commit in range(_COMMITS):
        connection.execute("BEGIN")
        head = append(f"alone {number}", commit, head)
        connection.execute("COMMIT")
    return (time.perf_counter() - started) * 1000


async def _together(connection: Any, append: Append) -> list[float]:
    """Let fifty runs append at once; all that wait at the same moment share one commit, in the thread they wait in."""
    waiting: list[tuple[str, int, Head, asyncio.Future[Head]]] = []
    room, loop = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop()

    def commit() -> None:
        batch, waiting[:] = list(waiting), []
        connection.execute("BEGIN")
        heads = [append(*each[:3]) for each in batch]
        connection.execute("COMMIT")
        for each, found in zip(batch, heads, strict=True):
            each[3].set_result(found)

    async def one(number: int) -> float:
        async with room:
            started, head = time.perf_counter(), _GENESIS
            for place in range(_COMMITS):
                future: asyncio.Future[Head] = loop.create_future()
                waiting.append((f"together {number}", place, head, future))
                if len(waiting) == 1:
                    loop.call_soon(commit)
                head = await future
            return (time.perf_counter() - started) * 1000

    return await asyncio.gather(*(one(number) for number in range(WORKFLOWS)))


def _appending(connection: Any) -> Append:
    def append(run_id: str, commit: int, head: Head) -> Head:
        (seq, last), at = head, datetime.now(UTC).isoformat(timespec="milliseconds")
        rows: list[object] = []
        events = _events(run_id, commit)
        for kind, data in events:
            seq, before = seq + 1, last
            text = json.dumps(data, separators=(",", ":"), sort_keys=True)
            last = sha256(f"{before}{run_id}{seq}{at}{kind}{text}".encode()).hexdigest()
            rows += (run_id, seq, at, kind, "Alice Archer", text, before, last)
        moved = (seq, last, at, run_id)
        if commit:
            connection.execute(connection.marked(_MOVE), (*moved, *head))
        else:
            connection.execute(connection.marked(_START), moved)
        more = ", (?, ?, ?, ?, ?, ?, ?, ?)" * (len(events) - 1)
        connection.execute(connection.marked(f"{_INSERT}{more}"), rows)
        return seq, last

    return append


def _events(run_id: str, commit: int) -> Sequence[tuple[str, Mapping[str, object]]]:
    """Return what a run's commit writes, as the engine's events hold it."""
    if commit == 0:
        return [("run_started", START)]
    step, last = commit - 2, commit == _COMMITS - 1
    following = _ENDED if last else ("group_intended", _intent(run_id, step + 1))
    return [following] if step < 0 else [("group_settled", _outcome(step)), following]


def _intent(run_id: str, step: int) -> dict[str, object]:
    key = f"{run_id}:1:g{step}:1"
    named = {"groupId": f"g{step}", "stage": 1, "effects": [f"e{step}"]}
    return {**named, "attempt": 1, "key": key, "recovery": ""}


def _outcome(step: int) -> dict[str, object]:
    effect: dict[str, object] = {"effectId": f"e{step}", "status": "done", "recordId": None}
    told = {"apiCalls": 0, "jobId": None, "durationMs": 0.123, "error": None, "stage": 1}
    outcome = {**effect, "created": False, "faults": (), "outputs": {}}
    return {**told, "groupId": f"g{step}", "outcomes": (outcome,)}


_ENVELOPE = OrchestratorResult(success=True, effects_total=STEPS).model_dump(mode="json")
_ENDED = "run_ended", {"envelope": _ENVELOPE, "reason": "", "status": "completed"}


class _Connection:
    """Either store, as far as the floor needs it."""

    def __init__(self, execute: Callable[..., object], marked: Callable[[str], str]) -> None:
        self.execute = execute
        self.marked = marked


@contextmanager
def _store(where: str) -> Iterator[_Connection]:
    if where.startswith("postgresql://"):
        import psycopg  # noqa: PLC0415 - an extra

        with psycopg.connect(where, autocommit=True) as server:
            for each in _TABLES:
                server.execute(each.encode())
            yield _Connection(server.execute, lambda sql: sql.replace("?", "%s"))
        return
    file = sqlite3.connect(Path(where) / "floor.db", isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    for each in _TABLES:
        file.execute(f"{each} STRICT, WITHOUT ROWID".replace("BIGINT", "INTEGER"))
    yield _Connection(file.execute, str)
    file.close()


def _timed(work: Callable[[], list[float]]) -> tuple[list[float], float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1])
