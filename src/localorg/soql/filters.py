"""Conditions of a query as SQL. Every value becomes a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from localorg.errors import ApiError
from localorg.ids import parse_id
from localorg.schema.model import FieldDef
from localorg.session import Session, wire_time
from localorg.soql.ast import (
    Comparison,
    Condition,
    DateLiteral,
    Junction,
    Negation,
    Pattern,
    Query,
    Scalar,
)
from localorg.soql.literals import days_of
from localorg.soql.scope import Column, Scope

_NUMBERS: Final = frozenset({"int", "double", "currency", "percent"})
_IDS: Final = frozenset({"id", "reference"})
_EQUALITY: Final = frozenset({"=", "!=", "IN", "NOT IN"})
_LONGEST_TEXT: Final = 4000


@dataclass
class Parameters:
    """The values of one statement, by generated name."""

    values: dict[str, object] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """Keep a value; return its placeholder."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f":{name}"


@dataclass
class Filters:
    """Turns conditions into SQL that is always true or false, never null."""

    scope: Scope
    parameters: Parameters
    semi_join: Callable[[Query], str]

    @property
    def _session(self) -> Session:
        return self.scope.session

    def condition(self, condition: Condition) -> str:
        """Return SQL for a whole condition.

        Raises:
            ApiError: A field cannot be filtered, or a value does not fit its field.
        """
        if isinstance(condition, Negation):
            return f"(NOT {self.condition(condition.condition)})"
        if isinstance(condition, Junction):
            parts = [self.condition(each) for each in condition.conditions]
            return f"({f' {condition.word} '.join(parts)})"
        return f"COALESCE({self._comparison(condition)}, 0)"

    def _comparison(self, comparison: Comparison) -> str:
        column = self.scope.column(comparison.path)
        operator, value = comparison.operator, comparison.value
        self._check_filterable(column, operator)
        if isinstance(value, Query):
            inside = f"{column.sql} IN ({self.semi_join(value)})"
            return inside if operator == "IN" else f"NOT COALESCE({inside}, 0)"
        if isinstance(value, tuple):
            return self._membership(column, value, inside=operator == "IN")
        if isinstance(value, Pattern):
            return self._like(column, value)
        if operator == "!=":
            return f"NOT COALESCE({self._compare(column, '=', value)}, 0)"
        return self._compare(column, operator, value)

    @staticmethod
    def _check_filterable(column: Column, operator: str) -> None:
        kind = column.field.type
        if not column.field.filterable or kind == "address" or column.owner.virtual:
            message = f"field '{column.field.name}' can not be filtered in a query call"
            raise ApiError(400, "INVALID_FIELD", message)
        text_only = operator == "LIKE" and kind in _NUMBERS | _IDS | {"boolean"}
        equality_only = kind in _IDS | {"boolean"} and operator not in _EQUALITY
        if text_only or equality_only:
            message = f"invalid operator on {kind} field"
            raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", message)

    def _membership(self, column: Column, members: tuple[Scalar, ...], *, inside: bool) -> str:
        if any(isinstance(each, DateLiteral) for each in members):
            joined = " OR ".join(self._compare(column, "=", each) for each in members)
        else:
            joined = self._in_list(column, members)
        return f"({joined})" if inside else f"NOT COALESCE(({joined}), 0)"

    def _in_list(self, column: Column, members: tuple[Scalar, ...]) -> str:
        values = [self._stored(column.field, each) for each in members]
        present = [each for each in values if each is not None]
        folds = any(_must_fold(column.field, each) for each in present)
        subject = self._subject(column, folds=folds)
        marks = ", ".join(self.parameters.add(_folded(each) if folds else each) for each in present)
        listed = f"{subject} IN ({marks})"
        return listed if len(present) == len(values) else f"{listed} OR {column.sql} IS NULL"

    def _like(self, column: Column, pattern: Pattern) -> str:
        _check_length(pattern.text)
        folds = _must_fold(column.field, pattern.text)
        text = pattern.text.casefold() if folds else pattern.text
        mark = self.parameters.add(text)
        return f"{self._subject(column, folds=folds)} LIKE {mark} ESCAPE '\\'"

    @staticmethod
    def _subject(column: Column, *, folds: bool) -> str:
        if folds:
            return f"fold({column.sql})"
        exact = _NUMBERS | _IDS | {"boolean", "date", "datetime", "time"}
        told_apart = column.field.type in exact or column.field.case_sensitive
        return column.sql if told_apart else f"{column.sql} COLLATE NOCASE"

    def _compare(self, column: Column, operator: str, value: Scalar) -> str:
        if isinstance(value, DateLiteral):
            return self._within(column, operator, value)
        stored = self._stored(column.field, value)
        if stored is None:
            if operator != "=":
                raise _mistyped(column.field)
            return f"{column.sql} IS NULL"
        folds = _must_fold(column.field, stored)
        mark = self.parameters.add(_folded(stored) if folds else stored)
        return f"{self._subject(column, folds=folds)} {operator} {mark}"

    def _within(self, column: Column, operator: str, literal: DateLiteral) -> str:
        if column.field.type not in {"date", "datetime"}:
            raise _mistyped(column.field)
        try:
            days = days_of(literal, self._session.today)
            start, end = (self._stored(column.field, self._edge(column, day)) for day in days)
        except (ValueError, OverflowError) as error:
            raise _mistyped(column.field) from error
        if operator == "=":
            first, last = self.parameters.add(start), self.parameters.add(end)
            return f"({column.sql} >= {first} AND {column.sql} < {last})"
        bound = start if operator in {"<", ">="} else end
        shown = {"<=": "<", ">": ">="}.get(operator, operator)
        return f"{column.sql} {shown} {self.parameters.add(bound)}"

    def _edge(self, column: Column, day: date) -> date | datetime:
        if column.field.type == "date":
            return day
        return datetime.combine(day, time(), self._session.timezone).astimezone(UTC)

    def _stored(self, field: FieldDef, value: Scalar) -> object:
        """Return a literal as its column stores it; null and the empty string are None."""
        if field.type in _IDS:
            return None if value is None else _record_id(value)
        if value is None or value == "":
            return None
        converter = _STORED.get(field.type, _text)
        stored = converter(value)
        if stored is None:
            raise _mistyped(field)
        return stored


def _text(value: Scalar) -> str | None:
    if not isinstance(value, str):
        return None
    _check_length(value)
    return value


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, Decimal) else None


def _boolean(value: Scalar) -> int | None:
    return int(value) if isinstance(value, bool) else None


def _date(value: Scalar) -> str | None:
    if isinstance(value, datetime) or not isinstance(value, date):
        return None
    return value.isoformat()


def _datetime(value: Scalar) -> str | None:
    return wire_time(value) if isinstance(value, datetime) else None


_STORED: Final[Mapping[str, Callable[[Scalar], object]]] = {
    **dict.fromkeys(_NUMBERS, _number),
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
_OTHERS: Final = _NUMBERS | {"boolean", "date", "datetime"}
"""Types whose literals stand without quotes."""


def _record_id(value: Scalar) -> str:
    found = parse_id(value)
    if found is None:
        shown = value if isinstance(value, str) else "a value without quotes"
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {shown[:80]}")
    return found


def _must_fold(field: FieldDef, value: object) -> bool:
    r"""SQLite ignores case in ASCII only, and its comparisons without case end at a ``\0``."""
    if field.case_sensitive or not isinstance(value, str):
        return False
    return not value.isascii() or "\0" in value


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _check_length(text: str) -> None:
    if len(text) > _LONGEST_TEXT:
        message = f"a filter's text cannot be longer than {_LONGEST_TEXT} characters"
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", message)


def _mistyped(field: FieldDef) -> ApiError:
    textual = field.type not in _OTHERS
    quotes = "should be" if textual else "should not be"
    kind = "string" if textual else field.type
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {kind} and"
        f" {quotes} enclosed in quotes"
    )
    return ApiError(400, "INVALID_FIELD", message)
