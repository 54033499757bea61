"""The store: a durable append against the raw one, and 50 writers at once against one commit for all of them.

Floors are measured in the same run, on the same disk, with the dialect's own library: an fsynced, hash-chained row; 50
such rows in one commit; and the same where 50 threads meet for it, since waking 50 threads alone takes Python longer.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import psycopg
from tests.postgres import PostgresServer

from actwright.store.database import Database, Transaction
from actwright.store.postgres import PostgresDatabase
from actwright.store.sqlite import SqliteDatabase

Row = dict[str, object]
Event = tuple[str, int, str, str, str, str, str, str, int]

_REPEATS, _APPENDS, _WRITERS, _ROUNDS = 5, 200, 50, 20
_SEQUENTIAL_BARS = {"SQLite": 1.3, "PostgreSQL": 1.5}
_CONCURRENT_BAR = 3.0
_INSERT = (
    "INSERT INTO journal (run_id, seq, at, kind, actor, data, prev_hash, hash, version) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_INSERT_ON_SERVER = (
    "INSERT INTO journal (run_id, seq, at, kind, actor, data, prev_hash, hash, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
)
_DATA = '{"effects":["a1.1","a1.2"],"groupId":"g1","key":"run_0:1:g1:1","stage":1}' * 4


def run() -> list[Row]:
    """Return what an append costs, alone and in company, on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        return _sqlite(Path(folder)) + _postgres()


def _sqlite(folder: Path) -> list[Row]:
    database = SqliteDatabase(folder / "actwright.db")
    raw = sqlite3.connect(folder / "actwright.db", isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA synchronous = FULL")
    try:
        return _compared("SQLite", database, lambda rows: _raw(raw, rows))
    finally:
        raw.close()
        database.close()


def _postgres() -> list[Row]:
    server = PostgresServer.started(os.getpid())
    try:
        database = PostgresDatabase(server.address())
        raw = psycopg.connect(
            server.address(), autocommit=True, cursor_factory=psycopg.RawCursor[tuple[object, ...]]
        )
        try:
            return _compared("PostgreSQL", database, lambda rows: _raw_on_server(raw, rows))
        finally:
            raw.close()
            database.close()
    finally:
        server.end()


def _raw_on_server(connection: psycopg.Connection[tuple[object, ...]], rows: list[Event]) -> None:
    connection.execute("BEGIN")
    for each in rows:
        connection.execute(_INSERT_ON_SERVER, each)
    connection.execute("COMMIT")


def _raw(connection: sqlite3.Connection, rows: list[Event]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for each in rows:
        connection.execute(_INSERT, each)
    connection.execute("COMMIT")


def _compared(what: str, database: Database, raw: Callable[[list[Event]], None]) -> list[Row]:
    """Measure floors and ours by turns, so that both see the same disk."""
    floors: list[float] = []
    ours: list[float] = []
    shared, met, threads, loops = [], [], [], []
    for _ in range(_REPEATS):
        floors += _timed(lambda row: raw([row]))
        ours += _timed(lambda row: _committed(database, row))
        shared.append(_floor_of_many(raw))
        met.append(_floor_of_threads(raw))
        threads.append(_threads(database))
        loops.append(asyncio.run(_coroutines(database)))
    floor, median = statistics.median(floors), statistics.median(ours)
    together, meeting = statistics.median(shared), statistics.median(met)
    return [
        _row(f"{what}, raw append", floor * 1e3, "ms"),
        _row(f"{what}, raw append, p99", _p99(floors) * 1e3, "ms"),
        _row(f"{what}, append", median * 1e3, "ms"),
        _row(f"{what}, append, p99", _p99(ours) * 1e3, "ms"),
        _row(f"{what}, append over raw append", median / floor, "x", _SEQUENTIAL_BARS[what]),
        _row(f"{what}, {_WRITERS} appends in one raw commit", together * 1e3, "ms"),
        _over(f"{what}, {_WRITERS} coroutines at once over that", loops, together),
        _row(f"{what}, {_WRITERS} threads meeting for one raw commit", meeting * 1e3, "ms"),
        _over(f"{what}, {_WRITERS} threads at once over that", threads, meeting),
    ]


def _over(name: str, times: list[float], floor: float) -> Row:
    return _row(name, statistics.median(times) / floor, "x", _CONCURRENT_BAR)


def _timed(append: Callable[[Event], None]) -> list[float]:
    times = []
    for each in _chain(_APPENDS):
        started = time.perf_counter()
        append(each)
        times.append(time.perf_counter() - started)
    return times


def _floor_of_many(raw: Callable[[list[Event]], None]) -> float:
    """Return the seconds of a round in which one commit carries one row of each writer."""
    chains = [list(_chain(_ROUNDS)) for _ in range(_WRITERS)]
    started = time.perf_counter()
    for rows in zip(*chains, strict=True):
        raw(list(rows))
    return (time.perf_counter() - started) / _ROUNDS


def _floor_of_threads(raw: Callable[[list[Event]], None]) -> float:
    """Return the seconds of such a round where each writer is a thread, and waits for the commit."""
    chains = [list(_chain(_ROUNDS)) for _ in range(_WRITERS)]
    rounds = zip(*chains, strict=True)
    barrier = Barrier(_WRITERS, action=lambda: raw(list(next(rounds))))
    with ThreadPoolExecutor(_WRITERS) as pool:
        started = time.perf_counter()
        for each in [pool.submit(_meet, barrier) for _ in chains]:
            each.result()
        return (time.perf_counter() - started) / _ROUNDS


def _meet(barrier: Barrier) -> None:
    for _ in range(_ROUNDS):
        barrier.wait()


def _threads(database: Database) -> float:
    chains = [list(_chain(_ROUNDS)) for _ in range(_WRITERS)]
    with ThreadPoolExecutor(_WRITERS) as pool:
        started = time.perf_counter()
        for each in [pool.submit(_commit_all, database, chain) for chain in chains]:
            each.result()
        return (time.perf_counter() - started) / _ROUNDS


def _commit_all(database: Database, chain: list[Event]) -> None:
    for each in chain:
        _committed(database, each)


async def _coroutines(database: Database) -> float:
    chains = [list(_chain(_ROUNDS)) for _ in range(_WRITERS)]
    started = time.perf_counter()
    await asyncio.gather(*(_acommit_all(database, chain) for chain in chains))
    return (time.perf_counter() - started) / _ROUNDS


async def _acommit_all(database: Database, chain: list[Event]) -> None:
    for each in chain:
        assert await database.acommit(_writing(each)) == 1


def _committed(database: Database, row: Event) -> None:
    assert database.commit(_writing(row)) == 1


def _writing(row: Event) -> Callable[[Transaction], int]:
    return lambda transaction: transaction.execute(_INSERT, row).rowcount


_runs = iter(range(10**9))


def _chain(count: int) -> Iterator[Event]:
    """Yield the events of a new run, each hashed over the one before."""
    run_id, prev = f"run_{next(_runs):020x}", "0" * 64
    for seq in range(1, count + 1):
        hashed = sha256(f"{prev}{seq}{_DATA}".encode()).hexdigest()
        yield (
            run_id,
            seq,
            "2026-11-21T12:00:00.000Z",
            "group_settled",
            "a",
            _DATA,
            prev,
            hashed,
            1,
        )
        prev = hashed


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _row(name: str, value: float, unit: str, bar: float | None = None) -> Row:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "bar": bar,
        "better": "lower",
        "holds": bar is None or value <= bar,
    }
