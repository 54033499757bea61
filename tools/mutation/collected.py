"""Collected tests: imported once, and run in a fork for each mutant whose functions can be swapped."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import CodeType, FrameType

import pytest

from tools.mutation.forks import forked, in_parallel
from tools.mutation.mutants import Mutant
from tools.mutation.session import run_tests
from tools.mutation.swapping import Live, Place, swaps
from tools.mutation.watching import Watched

_UNTRIED = 75
"""The exit code of a trial that needs a fresh import."""


def swapped(
    tried: Sequence[Mutant], package: Path, watched: Watched, tests: Sequence[str], jobs: int
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant that can be tried without a fresh import, with whether it survived.

    Args:
        tried: The mutants.
        package: The folder they are of.
        watched: What the tests call.
        tests: Arguments of pytest: files, folders, options.
        jobs: How many to try at a time.
    """
    reading, writing = os.pipe()

    def run() -> int:
        with os.fdopen(writing, "w", buffering=1) as pipe:

            def tell(place: int, alive: bool) -> None:  # noqa: FBT001  one answer of two
                pipe.write(f"{place} {int(alive)}\n")

            loop = _Loop(tried, package, watched, jobs, tell)
            sys.setprofile(loop.note)
            return run_tests(tests, loop)

    child = forked(run)
    os.close(writing)
    with os.fdopen(reading) as lines:
        for line in lines:
            place, alive = line.split()
            yield tried[int(place)], alive == "1"
    os.waitpid(child, 0)


@dataclass
class _Loop:
    """Takes the place of pytest's loop over the tests: a fork for each mutant."""

    tried: Sequence[Mutant]
    package: Path
    watched: Watched
    jobs: int
    tell: Callable[[int, bool], None]
    ran: set[Place] = field(default_factory=set)

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note a function of the package that runs while the tests are imported."""
        if event == "call":
            self.ran.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant."""
        sys.setprofile(None)
        gc.unfreeze()  # what the tests have frozen could not be found
        live = Live.found(self.package, frozenset(self.ran))
        gc.freeze()
        trials = (
            (place, partial(self._trial, each, live, session))
            for place, each in enumerate(self.tried)
        )
        for place, code in in_parallel(trials, self.jobs):
            if code != _UNTRIED:
                self.tell(place, code == 0)
        return True

    def _trial(self, mutant: Mutant, live: Live, session: pytest.Session) -> int:
        chosen = self.watched.callers(mutant)
        if mutant.function is None:
            chosen += self.watched.others(mutant)
        found = swaps(_compiled(mutant.path), _code(mutant.text(), mutant.path))
        if not chosen or found is None or not live.take(found):
            return _UNTRIED
        return int(_noticed(session, chosen))


def _noticed(session: pytest.Session, chosen: Sequence[str]) -> bool:
    """Run tests in this order up to the first that fails, and return whether one does."""
    by_name = {each.nodeid: each for each in session.items}
    items: list[pytest.Item | None] = [by_name[each] for each in chosen]
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


@cache
def _compiled(path: Path) -> CodeType:
    return _code(path.read_text(encoding="utf-8"), path)


def _code(text: str, path: Path) -> CodeType:
    return compile(text, str(path), "exec")
