"""Conditions of a query as SQL. Every value becomes a parameter."""

from __future__ import annotations

from collections.abc import Callable
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
    FieldPath,
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
        self._check_filterable(column, comparison)
        operator, value = comparison.operator, comparison.value
        if isinstance(value, Query):
            inside = f"{column.sql} IN ({self.semi_join(value)})"
            return inside if operator == "IN" else f"NOT COALESCE({inside}, 0)"
        if isinstance(value, tuple):
            return self._membership(column, operator == "IN", value, comparison.path)
        if isinstance(value, Pattern):
            return self._like(column, value)
        if operator == "!=":
            return f"NOT COALESCE({self._compare(column, '=', value, comparison.path)}, 0)"
        return self._compare(column, operator, value, comparison.path)

    def _check_filterable(self, column: Column, comparison: Comparison) -> None:
        kind, operator = column.field.type, comparison.operator
        name = column.field.name
        if not column.field.filterable or kind == "address" or name.startswith("Has"):
            self._check_own(column, name)
        text_only = operator == "LIKE" and (kind in _NUMBERS | _IDS or kind == "boolean")
        equality_only = kind in {"id", "reference", "boolean"} and operator not in _EQUALITY
        if text_only or equality_only:
            message = f"invalid operator on {kind} field"
            raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", message)

    @staticmethod
    def _check_own(column: Column, name: str) -> None:
        if column.owner.virtual or not column.field.filterable or column.field.type == "address":
            message = f"field '{name}' can not be filtered in a query call"
            raise ApiError(400, "INVALID_FIELD", message)

    def _membership(
        self, column: Column, inside: bool, members: tuple[Scalar, ...], path: FieldPath
    ) -> str:
        if any(isinstance(each, DateLiteral) for each in members):
            joined = " OR ".join(self._compare(column, "=", each, path) for each in members)
        else:
            joined = self._in_list(column, members, path)
        return f"({joined})" if inside else f"NOT COALESCE(({joined}), 0)"

    def _in_list(self, column: Column, members: tuple[Scalar, ...], path: FieldPath) -> str:
        values = [self._stored(column.field, each, path) for each in members]
        present = [each for each in values if each is not None]
        folds = any(_must_fold(each) for each in present)
        subject = self._subject(column, folds=folds)
        marks = ", ".join(
            self.parameters.add(_folded(each) if folds else each) for each in present
        )
        listed = f"{subject} IN ({marks})"
        return listed if len(present) == len(values) else f"{listed} OR {column.sql} IS NULL"

    def _like(self, column: Column, pattern: Pattern) -> str:
        _check_length(pattern.text)
        folds = _must_fold(pattern.text)
        text = pattern.text.casefold() if folds else pattern.text
        mark = self.parameters.add(text)
        return f"{self._subject(column, folds=folds)} LIKE {mark} ESCAPE '\\'"

    @staticmethod
    def _subject(column: Column, *, folds: bool) -> str:
        if folds:
            return f"fold({column.sql})"
        exact = _NUMBERS | _IDS | {"boolean", "date", "datetime", "time"}
        return column.sql if column.field.type in exact else f"{column.sql} COLLATE NOCASE"

    def _compare(self, column: Column, operator: str, value: Scalar, path: FieldPath) -> str:
        if isinstance(value, DateLiteral):
            return self._within(column, operator, value, path)
        stored = self._stored(column.field, value, path)
        if stored is None:
            if operator != "=":
                raise _mistyped(column.field, "a value")
            return f"{column.sql} IS NULL"
        folds = _must_fold(stored)
        mark = self.parameters.add(_folded(stored) if folds else stored)
        return f"{self._subject(column, folds=folds)} {operator} {mark}"

    def _within(self, column: Column, operator: str, literal: DateLiteral, path: FieldPath) -> str:
        if column.field.type not in {"date", "datetime"}:
            raise _mistyped(column.field, column.field.type)
        try:
            days = days_of(literal, self._session.today)
        except (ValueError, OverflowError) as error:
            raise _mistyped(column.field, "a date inside the calendar") from error
        start, end = (self._stored(column.field, self._edge(column, day), path) for day in days)
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

    def _stored(self, field: FieldDef, value: Scalar, path: FieldPath) -> object:
        """Return a literal as its column stores it; null and the empty string are None."""
        if value is None or (value == "" and field.type not in _IDS):
            return None
        if field.type in _IDS:
            return _record_id(value)
        if field.type in _NUMBERS and isinstance(value, Decimal):
            return float(value)
        if field.type == "boolean" and isinstance(value, bool):
            return int(value)
        if field.type == "datetime" and isinstance(value, datetime):
            return wire_time(value)
        if field.type == "date" and isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if field.type in _OTHERS or not isinstance(value, str):
            raise _mistyped(field, path.parts[-1])
        _check_length(value)
        return value


_OTHERS: Final = _NUMBERS | {"boolean", "date", "datetime", "time", "address"}


def _record_id(value: Scalar) -> str:
    found = parse_id(value)
    if found is None:
        shown = value if isinstance(value, str) else "a value without quotes"
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {shown[:80]}")
    return found


def _must_fold(value: object) -> bool:
    r"""SQLite ignores case in ASCII only, and its comparisons without case end at a ``\0``."""
    return isinstance(value, str) and (not value.isascii() or "\0" in value)


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _check_length(text: str) -> None:
    if len(text) > _LONGEST_TEXT:
        message = f"a filter's text cannot be longer than {_LONGEST_TEXT} characters"
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", message)


def _mistyped(field: FieldDef, _expected: str) -> ApiError:
    textual = field.type not in _OTHERS
    quotes = "should be" if textual else "should not be"
    kind = "string" if textual else field.type
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {kind} and"
        f" {quotes} enclosed in quotes"
    )
    return ApiError(400, "INVALID_FIELD", message)
