"""The whole regression gate over the repository's own recordings, as CI runs it: process start to process end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks._row import Row, row

BAR_SECONDS = 20.0
_ROOT = Path(__file__).parents[1]
_AT_LEAST = 200
_RUNS = 3


def run() -> list[Row]:
    """Return the median seconds of three runs, and how many recordings were played; the bar is for 200."""
    recordings = len(list((_ROOT / "cassettes" / "scripted").glob("*.yaml")))
    assert recordings >= _AT_LEAST, "too few recordings to hold the bar against"
    seconds = statistics.median(_seconds() for _ in range(_RUNS))
    return [
        row(f"regress check, {recordings} recordings", seconds, "s", BAR_SECONDS),
        row("regress check, each recording", seconds * 1000 / recordings, "ms"),
    ]


def _seconds() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "actwright", "regress", "check"],
        check=True,
        cwd=_ROOT,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "80"},
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    for each in run():
        print(each)
