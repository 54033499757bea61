"""Amounts that rows are told by: ``over 50k``, ``worth at least $1m``, ``5k or more``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.org.query import Condition, Operator
from actwright.org.schema import FieldSchema
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import RowTest
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import Converted, convert

_COMPARING: tuple[tuple[tuple[str, ...], Operator], ...] = (
    (("no", "more", "than"), "<="),
    (("no", "less", "than"), ">="),
    (("more", "than"), ">"),
    (("greater", "than"), ">"),
    (("larger", "than"), ">"),
    (("bigger", "than"), ">"),
    (("higher", "than"), ">"),
    (("less", "than"), "<"),
    (("smaller", "than"), "<"),
    (("lower", "than"), "<"),
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("up", "to"), "<="),
    (("over",), ">"),
    (("above",), ">"),
    (("exceeding",), ">"),
    (("under",), "<"),
    (("below",), "<"),
)
_LONGEST_NUMBER = 3


@dataclass(frozen=True, slots=True)
class SaidTest:
    """A test of the rows, and the position behind its words."""

    test: RowTest
    stop: int


class RowAmounts:
    """Reads numbers that the rows of one object are told by out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index

    def at(self, at: int, stop: int) -> SaidTest | None:
        """Read ``over 50k``, ``worth at least $1m``, ``of less than 10000``: the amount, where there is one."""
        field = self._index.schema.field("Amount")
        start = self._scope.skip(at, {"worth", "of", "valued", "with", "amounting"})
        if field is None or field.type != "currency" or not field.filterable:
            return None
        worth = self._scope.key(at) == "worth"
        return next((each for each in self.compared(field, start, stop, plain=worth)), None)

    def compared(
        self, field: FieldSchema, at: int, stop: int, *, plain: bool = True
    ) -> Iterator[SaidTest]:
        """Yield ``over 50k``, ``50k or more`` and, where it is ``plain`` that the field is meant, ``50k``.

        Args:
            field: The field that holds the number.
            at: Where the words begin.
            stop: Where they end at the latest.
            plain: Whether a number alone says something.
        """
        if self._scope.key(at) == "between":
            yield from self._between(field, at + 1, stop)
            return
        operator, start = self._operator(at)
        if operator is None and not plain:
            return
        found = self._value(field, start, stop)
        if found is not None:
            yield self._number(field, operator, *found)

    def _between(self, field: FieldSchema, at: int, stop: int) -> Iterator[SaidTest]:
        """Read ``between 20k and 50k``; in ``between 20 and 50k`` nobody can tell what the first number counts."""
        first = self._value(field, at, stop)
        if first is None or self._scope.key(first[1]) != "and":
            return
        second = self._value(field, first[1] + 1, stop)
        if second is None or first[0] > second[0]:
            return
        scaled = [self._scaled(at, first[1]), self._scaled(first[1] + 1, second[1])]
        if scaled[0] == scaled[1]:
            bounds: tuple[tuple[Operator, float], ...] = ((">=", first[0]), ("<=", second[0]))
            where = tuple(
                Condition(field=field.name, operator=sign, value=value) for sign, value in bounds
            )
            yield SaidTest(RowTest(where), second[1])

    def _scaled(self, start: int, stop: int) -> bool:
        """Tell whether a number is said in thousands or millions."""
        return any(each.isalpha() for each in self._scope.text(start, stop))

    def _value(self, field: FieldSchema, start: int, stop: int) -> tuple[float, int] | None:
        """Return the number that begins at ``start``, and the position behind it."""
        for end in range(min(start + _LONGEST_NUMBER, stop), start, -1):
            found = convert(field, self._scope.text(start, end), self._scope.today)
            if isinstance(found, Converted) and isinstance(found.value, int | float):
                return found.value, end
        return None

    def _number(
        self, field: FieldSchema, operator: Operator | None, value: float, end: int
    ) -> SaidTest:
        behind = (self._scope.key(end), self._scope.key(end + 1))
        open_end: dict[tuple[str, str], Operator] = {("or", "more"): ">=", ("or", "less"): "<="}
        if operator is None and behind in open_end:
            operator, end = open_end[behind], end + 2
        chosen: Operator = operator or "="
        where = Condition(field=field.name, operator=chosen, value=value)
        return SaidTest(RowTest((where,)), end)

    def _operator(self, at: int) -> tuple[Operator | None, int]:
        keys = tuple(self._scope.key(at + ahead) for ahead in range(3))
        for words, operator in _COMPARING:
            if keys[: len(words)] == words:
                return operator, at + len(words)
        return None, at
