"""Swapping: what a mutant changes in functions that are imported already, and how they are given it."""

from __future__ import annotations

import gc
import inspect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

Swap = tuple[CodeType, CodeType]
"""A function's code, before and after."""

Place = tuple[str, int]
"""File and first line of a function."""

_Key = tuple[str, str, tuple[tuple[int | None, ...], ...]]


def swaps(before: CodeType, after: CodeType) -> list[Swap] | None:
    """Return the outermost functions that differ between two codes of a module, in order.

    None where anything outside of functions differs: decorators, defaults, what stands at module and class level. None as
    well where a function closes over other names than before, since Python refuses such a swap.
    """
    if _shape(before) != _shape(after):
        return None
    found: list[Swap] = []
    for old, new in zip(_inner(before), _inner(after), strict=True):
        if _is_function(old):
            if old.co_freevars != new.co_freevars:
                return None
            found += [(old, new)] if old != new else []
        elif (deeper := swaps(old, new)) is None:
            return None
        else:
            found += deeper
    return found


@dataclass(frozen=True, slots=True)
class Live:
    """The functions of a package that are imported.

    Attributes:
        functions: By file, name and place.
        ran: The functions that ran while the tests were imported: their answers are in use, and no swap changes them.
    """

    functions: dict[_Key, list[FunctionType]]
    ran: frozenset[Place]

    @classmethod
    def found(cls, package: Path, ran: frozenset[Place]) -> Live:
        """Find every function of a package's files, those within decorators, models and validators included."""
        functions = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(
                str(package)
            ):
                functions[_key(each.__code__)].append(each)
        return cls(dict(functions), ran)

    def take(self, found: Sequence[Swap]) -> bool:
        """Give functions their new code; False, and nothing done, where that would not do what a fresh import does."""
        if not found or not all(self._can(before) for before, _ in found):
            return False
        for before, after in found:
            for each in self.functions[_key(before)]:
                each.__code__ = after
        return True

    def _can(self, before: CodeType) -> bool:
        ran = any((each.co_filename, each.co_firstlineno) in self.ran for each in _within(before))
        return not ran and _key(before) in self.functions


def _key(code: CodeType) -> _Key:
    return code.co_filename, code.co_qualname, tuple(code.co_positions())


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def _inner(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in _inner(code):
        yield from _within(each)


def _shape(code: CodeType) -> tuple[object, ...]:
    """Return what a module or class does by itself, whatever its functions do."""
    constants = tuple(
        (each.co_qualname, _is_function(each))
        if isinstance(each, CodeType)
        else (type(each).__name__, repr(each))
        for each in code.co_consts
    )
    return code.co_code, code.co_names, code.co_freevars, code.co_exceptiontable, constants
