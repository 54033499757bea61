"""How long ``actwright --help`` and ``actwright ps`` take, as a person at a prompt feels it: process start to process end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks._row import Row, row

BAR_SECONDS = 0.3
_RUNS = 7


def run() -> list[Row]:
    """Return the median seconds of both over seven runs each, after one to warm the disk."""
    with tempfile.TemporaryDirectory() as home:
        return [
            row("actwright --help", _median("--help"), "s", BAR_SECONDS),
            row("actwright ps, nothing in the store", _median("ps", "--home", home), "s"),
        ]


def _median(*arguments: str) -> float:
    _seconds(arguments)
    return statistics.median(_seconds(arguments) for _ in range(_RUNS))


def _seconds(arguments: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "actwright", *arguments],
        check=True,
        capture_output=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    return time.perf_counter() - started
