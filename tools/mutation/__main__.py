"""Run ``python -m tools.mutation [PACKAGE ...] [--only MODULE] [--sample N] [--jobs N]``: mutate, test, count, list.

A package is ``guardrails`` or ``checkpoints``; both where none is named. Exit code 1 where fewer than 85 percent of the
mutants are noticed.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.mutation.collected import swapped
from tools.mutation.forks import in_parallel
from tools.mutation.mutants import Mutant, mutants
from tools.mutation.trial import fresh
from tools.mutation.watching import Watched, watch

ROOT = Path(__file__).parents[2]
BAR = 0.85


@dataclass(frozen=True, slots=True)
class Suite:
    """What a package is tested with.

    Attributes:
        tests: Files and folders.
        options: Options of pytest.
        beneath: What is imported once, before the forks: modules that are not mutated and import none that are.
    """

    tests: tuple[str, ...]
    options: tuple[str, ...]
    beneath: tuple[str, ...]


_OVER_LOCAL_ORG = (
    *("archive", "arguments", "cascade", "confirmation", "deep_over_local_org", "payload"),
    *("production", "rows_over_local_org", "vetting"),
)
"""Tests of checkpoints that start a local org, which takes longer than a trial; the others are to do without them."""

_SUITES = {
    "guardrails": Suite(
        tests=("tests/guardrails",),
        options=(
            "--confcutdir=tests/guardrails",
            "--ignore=tests/guardrails/test_over_local_org.py",
        ),
        beneath=("actwright.blueprints.plan", "actwright.store.documents"),
    ),
    "checkpoints": Suite(
        tests=("tests/checkpoints", "tests/planning/response"),
        options=tuple(f"--ignore=tests/checkpoints/test_{each}.py" for each in _OVER_LOCAL_ORG),
        beneath=("actwright.guardrails.verdict", "actwright.actions.factory"),
    ),
}


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a package's mutants."""

    killed: int
    survivors: tuple[Mutant, ...]

    @property
    def rate(self) -> float:
        """The share of mutants that a test noticed."""
        return self.killed / max(self.killed + len(self.survivors), 1)


def main() -> int:
    """Mutate and test the packages named."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", choices=[[], *_SUITES], help="what to mutate")
    parser.add_argument("--only", default="", help="modules whose path contains this")
    parser.add_argument(
        "--sample", type=int, default=0, help="so many mutants, drawn alike each time"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT / "src"))
    os.chdir(ROOT)
    compileall.compile_dir(ROOT / "src", quiet=2)
    scores = [
        scored(each, only=given.only, sample=given.sample, jobs=given.jobs)
        for each in given.packages or _SUITES
    ]
    return 0 if all(each.rate >= BAR for each in scores) else 1


def scored(package: str, *, only: str, sample: int, jobs: int) -> Score:
    """Try a package's mutants, print those that no test notices, and return the score."""
    suite, folder = _SUITES[package], ROOT / "src" / "actwright" / package
    for name in suite.beneath:
        importlib.import_module(name)
    tests = (*suite.options, *suite.tests)
    watched = watch(folder, tests)
    if not watched.green:
        _say(f"{package}: the tests fail without any mutant; see pytest {' '.join(tests)}")
        return Score(0, ())
    files = sorted(it for it in folder.rglob("*.py") if only in it.relative_to(folder).as_posix())
    tried = [mutant for each in files for mutant in mutants(each)]
    if 0 < sample < len(tried):
        tried = random.Random(0).sample(tried, sample)  # noqa: S311  the same sample each time
    survivors = []
    for done, (mutant, alive) in enumerate(_tried(tried, folder, watched, suite, jobs), start=1):
        survivors += [mutant] if alive else []
        if alive:
            _say(f"  survived {mutant}")
        if done % 100 == 0:
            _say(f"  {done} of {len(tried)}, {len(survivors)} survived")
    score = Score(len(tried) - len(survivors), tuple(survivors))
    _report(package, folder, tried, score)
    return score


def _tried(
    tried: Sequence[Mutant], folder: Path, watched: Watched, suite: Suite, jobs: int
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant with whether it survived: first those that functions can be swapped for, then the others."""
    done = set()
    for mutant, alive in swapped(tried, folder, watched, (*suite.options, *suite.tests), jobs):
        done.add(mutant)
        yield mutant, alive
    trials = (
        (each, partial(_fresh, each, watched, suite.options)) for each in tried if each not in done
    )
    for mutant, code in in_parallel(trials, jobs):
        yield mutant, code == 0


def _fresh(mutant: Mutant, watched: Watched, options: Sequence[str]) -> int:
    orders = (watched.callers(mutant), watched.others(mutant))
    return fresh(mutant, _module(mutant.path), options, orders)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def _report(package: str, folder: Path, tried: Sequence[Mutant], score: Score) -> None:
    total, alive = (
        Counter(each.path.relative_to(folder).as_posix() for each in some)
        for some in (tried, score.survivors)
    )
    for name in sorted(total, key=lambda it: (-alive[it], it)):
        _say(f"  {name:28} {total[name] - alive[name]:5} of {total[name]:5}")
    _say(f"{package}: {score.killed} of {len(tried)} killed, {score.rate:.1%} (bar {BAR:.0%})")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
