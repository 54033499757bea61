"""Rounds: each engine in a process of its own on a fresh store, one after the other, five times over."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Figures: TypeAlias = Mapping[str, Mapping[str, float]]
"""Of one engine on one store: ``sequential`` and ``concurrent``, each with ``per_second``, ``p50`` and ``p99``."""

Store = Literal["sqlite", "postgres"]
ROUNDS = 5


def measured(engines: Sequence[str], store: Store) -> Mapping[str, Figures]:
    """Return the median figures of engines over five rounds, taken in turns.

    Args:
        engines: Names of modules beside this one, without their underscore.
        store: What they keep their state in.
    """
    return _measured(tuple(engines), store)


@cache
def _measured(engines: tuple[str, ...], store: Store) -> Mapping[str, Figures]:
    found: dict[str, list[Figures]] = {each: [] for each in engines}
    with _stores(store) as fresh:
        for _ in range(ROUNDS):
            for each in engines:
                found[each].append(_round(each, next(fresh)))
    return {each: _medians(rounds) for each, rounds in found.items()}


def _round(engine: str, where: str) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks._{engine}", where],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _medians(rounds: Sequence[Figures]) -> Figures:
    return {
        mode: {
            name: statistics.median(each[mode][name] for each in rounds)
            for name in ("per_second", "p50", "p99")
        }
        for mode in ("sequential", "concurrent")
    }


@contextmanager
def _stores(store: Store) -> Iterator[Iterator[str]]:
    if store == "sqlite":
        folder = Path(tempfile.mkdtemp())
        yield (str(_made(folder / str(number))) for number in range(10_000))
        shutil.rmtree(folder)
        return
    with postgres() as fresh:
        yield (fresh(f"round_{number}") for number in range(10_000))


@contextmanager
def postgres() -> Iterator[Callable[[str], str]]:
    """Start a cluster of its own that syncs every commit; yields what makes a database and returns its address."""
    from tests.postgres import PostgresServer  # noqa: PLC0415 - only where it is installed

    server = PostgresServer.started(os.getpid())
    durable = ("fsync", "synchronous_commit", "full_page_writes")
    server.execute(
        *(f"ALTER SYSTEM SET {each} = on" for each in durable), "SELECT pg_reload_conf()"
    )

    def fresh(name: str) -> str:
        server.execute(f"CREATE DATABASE {name}")
        return server.address(name)

    try:
        yield fresh
    finally:
        server.end()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
