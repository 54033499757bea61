"""The workload all engines are measured with, and how it is measured: one after the other, then fifty at once."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

STEPS = 10
WORKFLOWS = 100
AT_ONCE = 50

START: Mapping[str, object] = {
    "goal": "ten trivial steps",
    "planId": "plan_benchmark",
    "previewId": "preview_benchmark",
    "confirmationId": "confirmation_benchmark",
    "digest": "0" * 64,
    "user": "alice@demo.example",
    "org": "00D000000000001EAA",
    "locale": "en_US",
    "zone": "UTC",
}
"""What the first event of a run says of it."""

_WARM_UP = 5


def report(carry_out: Callable[[int], None]) -> None:
    """Measure workflows that block, and print what was found.

    Args:
        carry_out: Carries one workflow out, by its number.
    """
    numbers = itertools.count()
    for _ in range(_WARM_UP):
        carry_out(next(numbers))
    alone, alone_seconds = _timed(lambda: [_one(carry_out, next(numbers)) for _ in _all()])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(carry_out, [next(numbers) for _ in range(AT_ONCE)]))
        chosen = [next(numbers) for _ in _all()]
        together, seconds = _timed(
            lambda: list(pool.map(lambda each: _one(carry_out, each), chosen))
        )
    tell(alone, alone_seconds, together, seconds)


def tell(
    alone: Sequence[float], alone_seconds: float, together: Sequence[float], seconds: float
) -> None:
    """Print the figures of one round: milliseconds of each workflow, and seconds of all."""
    figures = {
        "sequential": _figures(alone, alone_seconds),
        "concurrent": _figures(together, seconds),
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")
    sys.stdout.flush()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _figures(milliseconds: Sequence[float], seconds: float) -> dict[str, float]:
    return {
        "per_second": len(milliseconds) / seconds,
        "p50": percentile(milliseconds, 0.5),
        "p99": percentile(milliseconds, 0.99),
    }


def _one(carry_out: Callable[[int], None], number: int) -> float:
    started = time.perf_counter()
    carry_out(number)
    return (time.perf_counter() - started) * 1000


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def _all() -> range:
    return range(WORKFLOWS)
