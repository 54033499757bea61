"""How long ``actwright --help`` takes, as a person at a prompt feels it: process start to process end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

BAR_SECONDS = 0.3
_RUNS = 7


def run() -> list[dict[str, object]]:
    """Return one row: the median seconds of ``actwright --help`` over seven runs, after one to warm the disk."""
    _seconds()
    median = statistics.median(_seconds() for _ in range(_RUNS))
    return [
        {
            "name": "actwright --help",
            "value": round(median, 4),
            "unit": "s",
            "bar": BAR_SECONDS,
            "better": "lower",
            "holds": median < BAR_SECONDS,
        }
    ]


def _seconds() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "actwright", "--help"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "80"},
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    for row in run():
        print(row)
