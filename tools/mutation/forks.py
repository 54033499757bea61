"""Forks: silent processes that answer with an exit code, so many of them at a time."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_SECONDS = 120
"""How long a fork may compute."""

_CRASHED = 70


def forked(run: Callable[[], int]) -> int:
    """Run a function in a silent fork that exits with what it returns, and return the process id."""
    child = os.fork()
    if child:
        return child
    try:
        with _silenced():
            code = run()
    except BaseException:  # noqa: BLE001  whatever a mutant does, its process ends here
        code = _CRASHED
    os._exit(code)


def in_parallel(
    trials: Iterable[tuple[T, Callable[[], int]]], jobs: int
) -> Iterator[tuple[T, int]]:
    """Run each trial in a fork, ``jobs`` of them at a time, and yield its name with the exit code as they end.

    A fork that a signal ends, its own time limit included, has a negative exit code.
    """
    running: dict[int, T] = {}
    waiting = iter(trials)
    while True:
        for name, run in waiting:
            running[forked(_limited(run))] = name
            if len(running) >= jobs:
                break
        if not running:
            return
        child, status = os.wait()
        yield running.pop(child), os.waitstatus_to_exitcode(status)


def _limited(run: Callable[[], int]) -> Callable[[], int]:
    def limited() -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        return run()

    return limited


@contextmanager
def _silenced() -> Iterator[None]:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    yield
