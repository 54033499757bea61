"""Which cases of chaos a run of the suite takes: every third one, in turn, so that three commits in a row take them all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.examples import ALL

Case = TypeVar("Case")

SAMPLED = 3
"""One in so many of a test's cases is run, unless all are asked for: ``make chaos``."""

KILLS = int(os.environ.get("ACTWRIGHT_CHAOS_KILLS", "40"))
"""How many random moments a process is killed at, before sampling; ``make chaos`` takes 200."""

_ROOT = Path(__file__).parents[2]


@cache
def turn() -> int:
    """Return whose turn it is: the number of the commit, so that a run can be had again; 0 outside of a repository.

    A shallow clone does not know the number, so the commit's own name stands in for it.
    """
    try:
        name, shallow = _git("rev-parse", "HEAD", "--is-shallow-repository").split()
        return int(name[:8], 16) if shallow == "true" else int(_git("rev-list", "--count", "HEAD"))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def chosen(cases: Sequence[Case]) -> list[Case]:
    """Return the cases of one test that are run; a test is never left out as a whole."""
    if ALL or len(cases) < SAMPLED:
        return list(cases)
    # Each six begin elsewhere, so that no turn has only the first of two or of three ways of everything.
    return [
        each for at, each in enumerate(cases) if (at + at // (2 * SAMPLED) - turn()) % SAMPLED == 0
    ]


def header() -> str:
    """Say which cases are run, for the head of a report."""
    kills = f"{KILLS if ALL else KILLS // SAMPLED} random kills"
    if ALL:
        return f"chaos: every case, {kills} of turn {turn()}"
    part = turn() % SAMPLED + 1
    return f"chaos: part {part} of {SAMPLED} of the cases, {kills} (turn {turn()}); the next commits take the others"


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=_ROOT, check=True, capture_output=True, text=True
    ).stdout
