"""Values on their way into the code and out of it: exact Python types inside, the house's one form outside."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from actwright.canonical import decimal_text
from actwright.errors import ImplementationError
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.value import Family, FieldValue, in_family, utc_text

Plain: TypeAlias = "bool | int | Decimal | str | date | datetime | None"
"""A value as the code sees it."""

_PLAIN = frozenset({bool, int, Decimal, str})


def for_code(value: FieldValue, family: Family) -> Plain:
    """Return a field's value as the code sees it: numbers exact, dates as dates, moments in UTC.

    Raises:
        ValueError: The value is not of its family.
    """
    told = in_family(value, family)
    if told is None:
        return None
    if family == "date":
        return date.fromisoformat(str(told))
    if family == "datetime":
        return datetime.fromisoformat(str(told))
    return told


def from_code(value: object, where: str) -> FieldValue:
    """Return a value of the code in the house's form.

    Args:
        value: What the code gave.
        where: The object and field it is for.

    Raises:
        ImplementationError: It is of no type a field can have.
    """
    kind = type(value)
    if value is None or kind in _PLAIN:
        return value  # type: ignore[return-value]  # the exact types have just been checked
    if isinstance(value, float) and kind is float:
        return Decimal(repr(value))
    if isinstance(value, datetime) and kind is datetime:
        if value.tzinfo is None:
            raise _unfit(where, "a moment without a time zone")
        try:
            return utc_text(value)
        except OverflowError:
            raise _unfit(where, "a moment beyond the years there are in UTC") from None
    if isinstance(value, date) and kind is date:
        return value.isoformat()
    raise _unfit(where, f"a {inert(kind.__name__, limit=40)}")


def for_condition(value: FieldValue) -> JsonScalar:
    """Return a value as a condition of a query carries it."""
    if isinstance(value, Decimal):
        return (
            int(value)
            if value == value.to_integral_value() and abs(value) < 2**53
            else decimal_text(value)
        )
    return value


def _unfit(where: str, what: str) -> ImplementationError:
    return ImplementationError(
        f"{inert(where)} was given {what}.",
        where=inert(where),
        hint="Give text, a number, a truth value, a date, or a moment with its zone.",
        code="value_invalid",
    )
