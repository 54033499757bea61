"""Fresh trials: one module's text is replaced before anything imports it, and then chosen tests are run."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from tools.mutation.mutants import Mutant
from tools.mutation.session import run_tests


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
    """Keeps the tests of a trial, quickest first, and nothing else."""

    order: Sequence[str]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort and drop."""
        places = {name: place for place, name in enumerate(self.order)}
        items[:] = sorted(
            (each for each in items if each.nodeid in places), key=lambda it: places[it.nodeid]
        )


def fresh(
    mutant: Mutant, name: str, options: Sequence[str], orders: Sequence[Sequence[str]]
) -> int:
    """Try one mutant in this process, and return 0 where no test notices.

    Args:
        mutant: The mutant.
        name: The dotted name of its module.
        options: Options of pytest.
        orders: Tests to run, in this order; the later ones are imported only where the earlier ones notice nothing.
    """
    sys.meta_path.insert(0, _Replaced(name, mutant.path, mutant.text()))
    for order in filter(None, orders):
        files = sorted({each.partition("::")[0] for each in order})
        if code := run_tests(["-x", *options, *files], _Chosen(order)):
            return code
    return 0
