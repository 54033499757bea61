"""Trials: a forked process that runs chosen tests, with one module's text replaced."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tools.mutation.mutants import Mutant

_SECONDS = 60
"""How long a trial may take before its first test; from there on each test has its own limit."""

_SECONDS_A_TEST = 20

_MUTABLE = {"__main__", "__mp_main__", "actwright", "tests", "tools"}
"""What no trial may find imported: it may have got hold of the module that is mutated."""
_OPTIONS = (
    *("-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"),
    f"--timeout={_SECONDS_A_TEST}",
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

Calls = dict[str, list[tuple[str, int]]]
"""For each test, file and first line of every function it calls."""


class _Replaced(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a text instead of its file."""

    def __init__(self, name: str, path: Path, text: str) -> None:
        self._name, self._path, self._text = name, path, text

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the one module's spec."""
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the text as the module."""
        exec(compile(self._text, str(self._path), "exec"), module.__dict__)  # noqa: S102  a mutant


@dataclass
class _Chosen:
    """Keeps the tests of a trial, quickest first, and nothing else; all of them where none are named."""

    order: Sequence[str] | None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort and drop."""
        if self.order is not None:
            places = {name: place for place, name in enumerate(self.order)}
            items[:] = sorted(
                (each for each in items if each.nodeid in places), key=lambda it: places[it.nodeid]
            )


@dataclass
class _Watcher:
    """Notes which functions of a package each test calls, and how long it takes."""

    package: str
    calls: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
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


def watch(package: Path, tests: Collection[str]) -> tuple[Calls, bool]:
    """Run all tests once, and return what each calls, quickest test first, and whether all of them pass.

    ``tests`` are arguments of pytest: files, folders, options.

    What the tests import from elsewhere is imported here as well, so that no trial has to do so again.
    """
    reading, writing = os.pipe()

    def run() -> int:
        watcher = _Watcher(str(package))
        code = _pytest(tests, None, watcher)
        ordered = sorted(watcher.calls, key=lambda each: watcher.seconds[each])
        found = {each: sorted(watcher.calls[each]) for each in ordered}
        with os.fdopen(writing, "w") as pipe:
            json.dump((found, list(sys.modules)), pipe)
        return code

    child = _forked(run)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found, modules = json.load(pipe)
    _, status = os.waitpid(child, 0)
    for name in modules:
        if name.partition(".")[0] not in _MUTABLE:
            with suppress(Exception):
                importlib.import_module(name)
    calls = {name: [(file, line) for file, line in seen] for name, seen in found.items()}
    return calls, os.waitstatus_to_exitcode(status) == 0


def start(mutant: Mutant, name: str, options: Sequence[str], order: Sequence[str]) -> int:
    """Start a trial of one mutant, and return its process id; it exits with 0 where no test notices.

    Args:
        mutant: The mutant.
        name: The dotted name of its module.
        options: Options of pytest.
        order: The tests to run, in this order.
    """

    def run() -> int:
        signal.alarm(_SECONDS)
        sys.meta_path.insert(0, _Replaced(name, mutant.path, mutant.text()))
        files = sorted({each.partition("::")[0] for each in order})
        return _pytest([*options, *files], order)

    return _forked(run)


def _pytest(arguments: Collection[str], order: Sequence[str] | None, *plugins: object) -> int:
    settings.register_profile(
        "mutation",
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutation")
    stop = () if order is None else ("-x",)
    return int(pytest.main([*_OPTIONS, *stop, *arguments], plugins=[_Chosen(order), *plugins]))


def _forked(run: Callable[[], int]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        with _silenced():
            code = run()
    except BaseException:  # noqa: BLE001  whatever a mutant does, its process ends here
        code = 70
    os._exit(code)


@contextmanager
def _silenced() -> Any:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    yield
