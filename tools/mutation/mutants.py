"""Mutants: one module's text with one small thing in it made wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-untyped]  # it has no types
from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]  # likewise

from tools.mutation.operators import operators

Place = tuple[int, int]
"""Line and column."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant.

    Attributes:
        path: The module's file.
        operator: What was changed.
        occurrence: Which of the operator's places in the module it is.
        line: Where.
        function: First and last line of the innermost function around it; None at module and class level.
    """

    path: Path
    operator: str
    occurrence: int
    line: int
    function: tuple[int, int] | None

    def text(self) -> str:
        """Return the module's mutated text."""
        mutated = mutate_code(_source(self.path), operators()[self.operator], self.occurrence)
        return str(mutated)

    def __str__(self) -> str:
        changed = self.text().splitlines()[self.line - 1].strip()
        return f"{self.path.name}:{self.line} {self.operator}: {changed}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module, but those no test could notice.

    That is, of annotations, which nothing runs, and of ``frozen`` and ``slots``, without which a dataclass answers alike.
    """
    source = _source(path)
    tree = ast.parse(source)
    idle, functions = [*_annotations(tree), *_frozen(tree)], list(_functions(tree))
    nodes = list(ast_nodes(get_ast(source)))
    for name, operator in operators().items():
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(places):
            if not any(first <= start < last for first, last in idle):
                around = [each for each in functions if each[0] <= start[0] <= each[1]]
                inner = max(around, default=None)
                yield Mutant(path, name, occurrence, start[0], inner)


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _annotations(tree: ast.AST) -> Iterator[tuple[Place, Place]]:
    for node in ast.walk(tree):
        noted = [getattr(node, name, None) for name in ("annotation", "returns")]
        if isinstance(node, ast.AnnAssign) and _is_alias(node):
            noted.append(node.value)
        for each in noted:
            if isinstance(each, ast.expr) and each.end_lineno and each.end_col_offset:
                start, end = (each.lineno, each.col_offset), (each.end_lineno, each.end_col_offset)
                yield start, end


def _frozen(tree: ast.AST) -> Iterator[tuple[Place, Place]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"frozen", "slots"} and node.end_lineno:
            yield (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset or 0)


def _is_alias(node: ast.AnnAssign) -> bool:
    return isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias"


def _functions(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Yield where each function stands; not those that keep their answers, since only one test is seen to call them."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            marks = node.decorator_list
            if not any("cache" in ast.unparse(each) for each in marks):
                yield min([node.lineno, *(each.lineno for each in marks)]), node.end_lineno
