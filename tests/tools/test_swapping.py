"""Swapping: what a mutant changes reaches models, validators and decorated functions; the rest asks for a fresh import."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from tools.mutation.collected import swapped
from tools.mutation.forks import in_parallel
from tools.mutation.mutants import Mutant, mutants
from tools.mutation.swapping import Live, swaps
from tools.mutation.trial import fresh
from tools.mutation.watching import Watched, watch

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

MODULE = '''"""A module."""

from pydantic import BaseModel, Field, field_validator


class Range(BaseModel):
    """A model."""

    least: int = Field(default=0, ge=0)

    @field_validator("least")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("odd")
        return value

    def narrow(self) -> bool:
        return self.least > 10


def limit() -> int:
    return 7


LIMIT = limit()


def unseen() -> int:
    return 3
'''

TESTS = '''"""Tests."""

import pytest

from ranged_{name} import LIMIT, Range


def test_default():
    assert Range().least == 0
    assert LIMIT == 7


def test_odd():
    with pytest.raises(ValueError):
        Range(least=3)
    assert Range(least=4).least == 4


def test_narrow():
    assert not Range(least=10).narrow()
    assert Range.model_construct(least=11).narrow()
'''


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file of a module that nothing else has the name of, beside its tests."""
    package = tmp_path / "package"
    package.mkdir()
    path = package / f"ranged_{tmp_path.name}.py"
    path.write_text(MODULE, encoding="utf-8")
    told = TESTS.replace("{name}", tmp_path.name)
    (tmp_path / "test_ranged.py").write_text(told, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def options(path: Path) -> tuple[str, ...]:
    """Give pytest's options for the module's tests."""
    return ("-c", "/dev/null", f"--rootdir={Path.cwd()}", "-o", f"pythonpath={path.parent}")


@pytest.fixture
def watched(path: Path, options: tuple[str, ...]) -> Watched:
    """Give what the module's tests call."""
    return watch(path.parent, (*options, "test_ranged.py"))


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _mutant(path: Path, operator: str, line: str) -> Mutant:
    number = MODULE.splitlines().index(line) + 1
    return next(it for it in mutants(path) if (it.operator, it.line) == (operator, number))


def _taken(path: Path, mutant: Mutant, ran: Sequence[tuple[str, int]] = ()) -> bool:
    before, after = (
        compile(text, str(path), "exec")
        for text in (path.read_text(encoding="utf-8"), mutant.text())
    )
    found = swaps(before, after)
    return found is not None and Live.found(path.parent, frozenset(ran)).take(found)


def test_a_validator_is_swapped_where_pydantic_keeps_it(path: Path) -> None:
    """After the swap, a model that was built before no longer gets what its validator returned."""
    module = _imported(path)
    assert module.Range(least=4).least == 4
    assert _taken(path, _mutant(path, "ReturnNone", "        return value"))
    assert module.Range(least=4).least is None


def test_a_method_of_a_model_is_swapped(path: Path) -> None:
    """A model's method answers as the mutant does, on an instance from before the swap too."""
    one = _imported(path).Range(least=10)
    assert not one.narrow()
    mutant = _mutant(path, "ReplaceComparisonOperator_Gt_GtE", "        return self.least > 10")
    assert _taken(path, mutant)
    assert one.narrow()


@pytest.mark.parametrize(
    ("operator", "line"),
    [
        ("NumberReplacer", "    least: int = Field(default=0, ge=0)"),
        ("RemoveDecorator", '    @field_validator("least")'),
    ],
)
def test_what_stands_at_class_level_is_not_swapped(path: Path, operator: str, line: str) -> None:
    """Defaults and decorators are in use once a class is imported: they ask for a fresh import."""
    module = _imported(path)
    assert not _taken(path, _mutant(path, operator, line))
    assert module.Range().least == 0


def test_a_function_that_ran_at_import_is_not_swapped(path: Path) -> None:
    """What it answered is in use already."""
    module = _imported(path)
    mutant = _mutant(path, "NumberReplacer", "    return 7")
    line = MODULE.splitlines().index("def limit() -> int:") + 1
    assert not _taken(path, mutant, [(str(path), line)])
    assert module.limit() == module.LIMIT
    assert _taken(path, mutant)
    assert module.limit() != module.LIMIT


def test_every_kind_of_mutant_is_noticed(
    path: Path, options: tuple[str, ...], watched: Watched
) -> None:
    """Swapped or imported afresh, what a test checks is killed: methods, validators, decorators, defaults, constants."""
    assert watched.green
    tried = list(mutants(path))
    told = dict(swapped(tried, path.parent, watched, (*options, "test_ranged.py"), jobs=2))
    assert _mutant(path, "ReturnNone", "        return value") in told
    left = [each for each in tried if each not in told]
    assert _mutant(path, "NumberReplacer", "    return 7") in left
    trials = (
        (
            each,
            partial(fresh, each, path.stem, options, (watched.callers(each), watched.others(each))),
        )
        for each in left
    )
    told |= {mutant: code == 0 for mutant, code in in_parallel(trials, 2)}
    lines = MODULE.splitlines()
    killed, survived = (
        {lines[mutant.line - 1].strip() for mutant, alive in told.items() if alive is outcome}
        for outcome in (False, True)
    )
    default = "least: int = Field(default=0, ge=0)"
    assert set(told) == set(tried)
    assert survived == {"return 3", "@classmethod", default}
    assert {"return value", '@field_validator("least")', default, "return 7"} <= killed
