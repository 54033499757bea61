"""Field values: the few scalar types a record's field can hold, and their one form.

Inside the house a number with decimals is a ``Decimal``; dates, times and datetimes are ISO 8601 text, datetimes in
UTC (``2026-11-24T15:00:00Z``). A value travels with its family, which tells how to read it back and how it enters
the digest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, PlainSerializer

from actwright.canonical import decimal_text

Family = Literal[
    "string", "id", "decimal", "integer", "boolean", "date", "datetime", "time", "multipicklist"
]
"""What a type is made of, for reading, comparing and digesting."""

Unit = Literal["money", "percent"]
"""What a number counts, where its type tells."""

_FAMILIES: dict[str, Family] = {
    "id": "id",
    "reference": "id",
    "double": "decimal",
    "currency": "decimal",
    "percent": "decimal",
    "int": "integer",
    "long": "integer",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "multipicklist": "multipicklist",
}

_UNITS: dict[str, Unit] = {"currency": "money", "percent": "percent"}

_EXACT_DIGITS = 15

_FURTHEST_DIGIT = 400
"""How far from the point a number's first digit may stand: no field holds more, and ``1e999999999`` written out is a
gigabyte."""


def _number(value: Decimal) -> int | float | str:
    """Return a decimal as the JSON number that reads back exactly, or as text where none does."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    text = decimal_text(value)
    digits = text.lstrip("-0.").replace(".", "")
    return float(value) if len(digits) <= _EXACT_DIGITS else text


def _wire(value: object) -> object:
    return _number(value) if isinstance(value, Decimal) else value


def _exact(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, float) else value


FieldValue: TypeAlias = Annotated[
    bool | int | Decimal | str | None,
    BeforeValidator(_exact),
    PlainSerializer(_wire, when_used="json"),
]
"""What a field can hold."""


def family_of(field_type: str) -> Family:
    """Return the family of a describe type (``currency`` -> ``decimal``)."""
    return _FAMILIES.get(field_type, "string")


def unit_of(field_type: str) -> Unit | None:
    """Return what a number of a describe type counts (``currency`` -> ``money``), None where that is not told."""
    return _UNITS.get(field_type)


def in_family(value: object, family: Family) -> bool | int | Decimal | str | None:
    """Return a value of the org's JSON, or of a stored document, in its family's one form.

    Raises:
        ValueError: The value is not of that family.
    """
    if value is None or value == "":
        return None
    return _READERS.get(family, _read_text)(value, family)


def _read_boolean(value: object, family: Family) -> bool:
    if isinstance(value, bool):
        return value
    raise _unfit(value, family)


def _read_decimal(value: object, family: Family) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise _unfit(value, family)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _unfit(value, family) from None
    if not number.is_finite() or abs(number.adjusted()) > _FURTHEST_DIGIT:
        raise _unfit(value, family)
    return Decimal(decimal_text(number))


def _read_integer(value: object, family: Family) -> int:
    number = _read_decimal(value, family)
    if number != number.to_integral_value():
        raise _unfit(value, family)
    return int(number)


def _read_datetime(value: object, family: Family) -> str:
    if not isinstance(value, str):
        raise _unfit(value, family)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a zone")
    return utc_text(moment)


def _read_date(value: object, family: Family) -> str:
    if not isinstance(value, str):
        raise _unfit(value, family)
    return date.fromisoformat(value).isoformat()


def _read_time(value: object, family: Family) -> str:
    if not isinstance(value, str):
        raise _unfit(value, family)
    return time_text(time.fromisoformat(value.removesuffix("Z")))


def _read_text(value: object, family: Family) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float, Decimal)):
        return str(value)
    raise _unfit(value, family)


def _unfit(value: object, family: Family) -> ValueError:
    return ValueError(f"a {type(value).__name__} of this form is no {family}")


_READERS: dict[str, Callable[[object, Family], bool | int | Decimal | str]] = {
    "boolean": _read_boolean,
    "decimal": _read_decimal,
    "integer": _read_integer,
    "date": _read_date,
    "datetime": _read_datetime,
    "time": _read_time,
}


def utc_text(moment: datetime) -> str:
    """Return ``moment`` in UTC as ISO 8601 text, with milliseconds only where there are any."""
    moment = moment.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond // 1000 else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def time_text(moment: time) -> str:
    """Return a time of day as ISO 8601 text, with milliseconds only where there are any."""
    precision = "milliseconds" if moment.microsecond // 1000 else "seconds"
    return moment.isoformat(timespec=precision)


def digestible(value: FieldValue, family: Family) -> object:
    """Return ``value`` as it enters the digest: typed, so that text and date, number and text stay apart."""
    if value is None or isinstance(value, (bool, Decimal)):
        return value
    if family == "date":
        return date.fromisoformat(str(value))
    if family == "datetime":
        return datetime.fromisoformat(str(value))
    if family == "time":
        return time.fromisoformat(str(value).removesuffix("Z"))
    return Decimal(value) if family == "decimal" else value


def same_value(left: FieldValue, right: FieldValue) -> bool:
    """Tell whether two values of one field are the same, empty text counting as no value."""
    return (left if left != "" else None) == (right if right != "" else None)
