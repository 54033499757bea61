"""Watching: which tests call which function, and how long they take."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest

from tools.mutation.forks import forked
from tools.mutation.mutants import Mutant
from tools.mutation.session import run_tests

_MUTABLE = {"__main__", "__mp_main__", "actwright", "tests", "tools"}
"""What no fresh trial may find imported: it may have got hold of the module that is mutated."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a package's tests did without any mutant.

    Attributes:
        calls: For each test, quickest first, file and first line of every function it calls.
        green: Whether all of them pass.
    """

    calls: dict[str, list[tuple[str, int]]]
    green: bool

    def callers(self, mutant: Mutant) -> list[str]:
        """Return the tests that call the mutated function; at module and class level, any function of the module."""
        file, (first, last) = str(mutant.path), mutant.function or (0, sys.maxsize)
        return [
            test
            for test, seen in self.calls.items()
            if any(each == file and first <= line <= last for each, line in seen)
        ]

    def others(self, mutant: Mutant) -> list[str]:
        """Return all the other tests: any of them may use what a module or class is made of without calling it."""
        callers = set(self.callers(mutant))
        return [test for test in self.calls if test not in callers]


@dataclass
class _Watcher:
    """Notes which functions of a package each test calls, and how long it takes."""

    package: str
    calls: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watch one test, its fixtures included."""
        seen, started = self.calls[item.nodeid], time.perf_counter()

        def note(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(self.package):
                seen.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

        sys.setprofile(note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            self.seconds[item.nodeid] = time.perf_counter() - started


def watch(package: Path, tests: Sequence[str]) -> Watched:
    """Run all tests once, and return what each calls and whether all of them pass.

    ``tests`` are arguments of pytest: files, folders, options.

    What the tests import from elsewhere is imported here as well, so that no trial has to do so again.
    """
    reading, writing = os.pipe()

    def run() -> int:
        watcher = _Watcher(str(package))
        code = run_tests(tests, watcher)
        ordered = sorted(watcher.calls, key=lambda each: watcher.seconds[each])
        found = {each: sorted(watcher.calls[each]) for each in ordered}
        with os.fdopen(writing, "w") as pipe:
            json.dump((found, list(sys.modules)), pipe)
        return code

    child = forked(run)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found, modules = json.load(pipe)
    _, status = os.waitpid(child, 0)
    for name in modules:
        if name.partition(".")[0] not in _MUTABLE:
            with suppress(Exception):
                importlib.import_module(name)
    calls = {name: [(file, line) for file, line in seen] for name, seen in found.items()}
    return Watched(calls, os.waitstatus_to_exitcode(status) == 0)
