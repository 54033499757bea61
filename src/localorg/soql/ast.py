"""The tree of a SOQL query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "LIKE", "IN", "NOT IN"]
Function = Literal["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"]


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A field, or a parent's field: ``Account.Owner.Name``. ``position`` is its offset in the text."""

    parts: tuple[str, ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over rows. Without a path it is ``COUNT()``."""

    function: Function
    path: FieldPath | None
    alias: str | None = None
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Subquery:
    """The rows of a child relationship, selected beside their parent."""

    query: Query


@dataclass(frozen=True, slots=True)
class Pattern:
    """What LIKE compares with: ``%`` and ``_`` are wildcards, a backslash makes the next character plain."""

    text: str


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """A named range of days such as ``THIS_WEEK`` or ``LAST_N_DAYS:30``."""

    name: str
    count: int | None = None


Scalar: TypeAlias = str | Decimal | bool | date | datetime | DateLiteral | Pattern | None
SelectItem: TypeAlias = FieldPath | Aggregate | Subquery


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field compared with a value, with several, or with the rows of a semi-join."""

    path: FieldPath
    operator: Operator
    value: Scalar | tuple[Scalar, ...] | Query


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by one word."""

    word: Literal["AND", "OR"]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that must not hold."""

    condition: Condition


Condition: TypeAlias = Comparison | Junction | Negation


@dataclass(frozen=True, slots=True)
class Order:
    """One key of the order; nulls come first unless said otherwise, as on the platform."""

    path: FieldPath
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query, or one in brackets."""

    select: tuple[SelectItem, ...]
    source: str
    where: Condition | None = None
    group: tuple[FieldPath, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
    position: int = field(default=0, compare=False)
    """The offset of the source's name in the text."""
