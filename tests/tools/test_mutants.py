"""The mutants: they reach into models, validators and decorated functions, and leave annotations alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tools.mutation.mutants import Mutant, mutants

MODULE = '''"""A module."""

from typing import Annotated

from pydantic import BaseModel, Field, field_validator, model_validator

Name = Annotated[str | None, "named"]


class Range(BaseModel):
    """A model."""

    least: int = Field(default=0, ge=0)

    @field_validator("least")
    @classmethod
    def _even(cls, value: int | None) -> int | None:
        if value is not None and value % 2:
            raise ValueError("odd")
        return value

    @model_validator(mode="after")
    def _small(self) -> "Range":
        if self.least > 10:
            raise ValueError("large")
        return self

    @property
    def all(self) -> list[int]:
        return [each for each in range(self.least) if each not in (1, 2)]


def loop(values):
    for each in values:
        try:
            yield -each
        except ValueError:
            break
'''


@pytest.fixture
def made(tmp_path: Path) -> list[Mutant]:
    """Give the mutants of the module."""
    path = tmp_path / "module.py"
    path.write_text(MODULE, encoding="utf-8")
    return list(mutants(path))


def test_each_mutant_is_another_valid_module(made: list[Mutant]) -> None:
    """A mutant differs from the module in what it does, and Python reads it; no two are the same."""
    texts = [each.text() for each in made]
    assert len(made) > 30
    assert len(set(texts)) == len(texts)
    assert ast.dump(ast.parse(MODULE)) not in {ast.dump(ast.parse(each)) for each in texts}


def test_methods_of_models_and_validators_are_mutated(made: list[Mutant]) -> None:
    """What stands inside decorated methods of a class is changed, and so are the decorators and class-level defaults."""
    lines = MODULE.splitlines()
    changed = {(each.operator, lines[each.line - 1].strip()) for each in made}
    assert {
        ("RemoveDecorator", '@field_validator("least")'),
        ("RemoveDecorator", '@model_validator(mode="after")'),
        ("ReplaceComparisonOperator_IsNot_Is", "if value is not None and value % 2:"),
        ("ReplaceAndWithOr", "if value is not None and value % 2:"),
        ("ReplaceComparisonOperator_Gt_GtE", "if self.least > 10:"),
        ("ReturnNone", "return value"),
        ("NumberReplacer", "least: int = Field(default=0, ge=0)"),
        ("NegateMembership", "return [each for each in range(self.least) if each not in (1, 2)]"),
        (
            "NegateComprehensionCondition",
            "return [each for each in range(self.least) if each not in (1, 2)]",
        ),
        ("ExceptionReplacer", "except ValueError:"),
        ("ReplaceBreakWithContinue", "break"),
        ("ZeroIterationForLoop", "for each in values:"),
    } <= changed


def test_annotations_are_left_alone(made: list[Mutant]) -> None:
    """``int | None`` is no code that runs: a mutant of it could not be noticed."""
    lines = MODULE.splitlines()
    assert not [
        each for each in made if "BitOr" in each.operator and "def " in lines[each.line - 1]
    ]


def test_a_mutant_knows_its_function(made: list[Mutant]) -> None:
    """The innermost function counts from its first decorator to its last line; the class level has none."""
    by_line = {each.line: each.function for each in made}
    lines = MODULE.splitlines()
    validator = lines.index('    @field_validator("least")') + 1
    assert by_line[validator] == (validator, validator + 5)
    assert by_line[lines.index("    least: int = Field(default=0, ge=0)") + 1] is None


def test_a_mutant_says_what_it_is(made: list[Mutant]) -> None:
    """File, line, operator and the changed line are named."""
    one = next(each for each in made if each.operator == "ReplaceComparisonOperator_Gt_GtE")
    assert str(one).endswith("ReplaceComparisonOperator_Gt_GtE: if self.least >= 10:")
    assert str(one).startswith(f"module.py:{one.line} ")
