"""Type adapters: from a raw value of JSON or text to a field value, or an error that says why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Literal, get_args
from urllib.parse import urlsplit

import re2

from actwright.errors import ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.record_id import record_id
from actwright.org.value import Family, FieldValue, time_text, utc_text

DataType = Literal[
    "String",
    "TextArea",
    "LongTextArea",
    "Picklist",
    "MultiPicklist",
    "Id",
    "Reference",
    "Decimal",
    "Double",
    "Number",
    "Currency",
    "Percent",
    "Integer",
    "Long",
    "Boolean",
    "Date",
    "DateTime",
    "Time",
    "Email",
    "Phone",
    "Url",
]
"""The types an input may have."""

_BY_LOWER: dict[str, str] = {name.lower(): name for name in get_args(DataType)}
_LONGEST_TEXT = 131_072
_LONGEST_NUMBER = 40
_LONGEST_INTEGER = 132
"""Bits of the longest integer with that many digits."""
_INTEGER_BOUND = {"Integer": 2**31, "Long": 2**63}
_EMAIL = re2.compile(r"[^\s@,;<>()\[\]\\\"]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PHONE = re2.compile(r"[+(]{0,2}[0-9][0-9 ().\-/]{2,38}( ?(x|ext\.?) ?[0-9]{1,6})?")
_DATE = re2.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_DATETIME = re2.compile(_DATE.pattern + "[T ]" + _CLOCK + r"(Z|[+-][0-9]{2}:?[0-9]{2})")
_TIME = re2.compile(_CLOCK + "Z?")
_NUMBER = re2.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{0,18})?|\.[0-9]{1,18})")


def data_type(name: str) -> str:
    """Return the one spelling of a type name given in any case; an unknown name comes back as it is."""
    return _BY_LOWER.get(name.strip().lower(), name)


def adapt(
    kind: DataType, raw: JsonScalar, *, label: str, prefixes: tuple[str, ...] = ()
) -> FieldValue:
    """Return ``raw`` as a value of type ``kind``; None and text of nothing but blanks are no value.

    Args:
        kind: The input's type.
        raw: What the payload, the goal or the model gave.
        label: What to call the value in an error.
        prefixes: For ids, the key prefixes of the objects it may belong to.

    Raises:
        ValueInvalidError: The value does not fit; RecordIdError for ids.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    _check_readable(raw, label)
    if kind in {"Id", "Reference"}:
        return record_id(_text(raw, label).strip(), prefixes=prefixes, where=label)
    return _ADAPTERS[kind](raw, label)


def family_of_type(kind: DataType) -> Family:
    """Return what a type is made of."""
    return _TYPE_FAMILIES.get(kind, "string")


_TYPE_FAMILIES: dict[str, Family] = {
    "MultiPicklist": "multipicklist",
    "Id": "id",
    "Reference": "id",
    "Decimal": "decimal",
    "Double": "decimal",
    "Number": "decimal",
    "Currency": "decimal",
    "Percent": "decimal",
    "Integer": "integer",
    "Long": "integer",
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Time": "time",
}


def _fault(label: str, raw: object, expected: str, hint: str) -> ValueInvalidError:
    shown = repr(raw if isinstance(raw, (int, float)) else str(raw)[:60])
    return ValueInvalidError(
        f"{label}: {shown} is no {expected}.", where=label, hint=f"Give {hint}."
    )


def _check_readable(raw: JsonScalar, label: str) -> None:
    """Refuse what no type can take: text no field can hold, numbers too long to be written out."""
    if isinstance(raw, str):
        _check_text(raw, label)
    elif isinstance(raw, int) and raw.bit_length() > _LONGEST_INTEGER:
        raise ValueInvalidError(
            f"{label}: the number is too long.",
            where=label,
            hint=f"Give at most {_LONGEST_NUMBER} digits.",
        )
    elif isinstance(raw, float) and not isfinite(raw):
        raise _fault(label, raw, "number", "a number that is finite")


def _check_text(text: str, label: str) -> None:
    if len(text) > _LONGEST_TEXT:
        raise ValueInvalidError(
            f"{label}: the text has {len(text)} characters, at most {_LONGEST_TEXT} are allowed.",
            where=label,
            hint="Shorten it.",
        )
    if any(char < " " and char not in "\n\r\t" for char in text) or "\x7f" in text:
        raise ValueInvalidError(
            f"{label}: the text holds control characters.", where=label, hint="Remove them."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueInvalidError(
            f"{label}: the text holds half a character (a lone surrogate).",
            where=label,
            hint="Send whole characters, in UTF-8.",
        ) from None


def _text(raw: JsonScalar, label: str) -> str:
    if isinstance(raw, bool):
        raise _fault(label, raw, "text", "text")
    return _plain_float(raw) if isinstance(raw, float) else str(raw)


def _line(raw: JsonScalar, label: str) -> str:
    """Return text without blanks at its ends, which the org takes off a line anyway."""
    return _text(raw, label).strip()


def _decimal(raw: JsonScalar, label: str) -> Decimal:
    expected, hint = "number", "digits with an optional decimal point, such as 99000 or 12.5"
    text = str(raw).strip()
    if isinstance(raw, float):
        text = _plain_float(raw)
    if isinstance(raw, bool) or len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise _fault(label, raw, expected, hint)
    return Decimal(text)


def _plain_float(raw: float) -> str:
    return format(Decimal(repr(raw)), "f")


def _percent(raw: JsonScalar, label: str) -> Decimal:
    return _decimal(raw.strip().removesuffix("%") if isinstance(raw, str) else raw, label)


def _integer_of(kind: str) -> Callable[[JsonScalar, str], int]:
    def convert(raw: JsonScalar, label: str) -> int:
        value = _decimal(raw, label)
        bound = _INTEGER_BOUND[kind]
        if value != value.to_integral_value() or not -bound <= value < bound:
            raise _fault(label, raw, "whole number in range", "a whole number without decimals")
        return int(value)

    return convert


def _boolean(raw: JsonScalar, label: str) -> bool:
    if isinstance(raw, bool):
        return raw
    answer = {"true": True, "false": False}.get(str(raw).strip().lower())
    if answer is None or not isinstance(raw, str):
        raise _fault(label, raw, "yes-or-no value", "true or false")
    return answer


def _date(raw: JsonScalar, label: str) -> str:
    try:
        if isinstance(raw, str) and _DATE.fullmatch(raw.strip()):
            return date.fromisoformat(raw.strip()).isoformat()
    except ValueError:
        pass
    raise _fault(label, raw, "date", "year-month-day, such as 2026-11-24")


def _datetime(raw: JsonScalar, label: str) -> str:
    try:
        if isinstance(raw, str) and _DATETIME.fullmatch(raw.strip()):
            return utc_text(datetime.fromisoformat(raw.strip()))
    except (ValueError, OverflowError):
        pass
    raise _fault(
        label, raw, "point in time", "ISO 8601 with a zone, such as 2026-11-24T15:00:00+01:00"
    )


def _time(raw: JsonScalar, label: str) -> str:
    try:
        if isinstance(raw, str) and _TIME.fullmatch(raw.strip()):
            return time_text(time.fromisoformat(raw.strip().removesuffix("Z")))
    except ValueError:
        pass
    raise _fault(label, raw, "time of day", "hours and minutes, such as 15:30")


def _email(raw: JsonScalar, label: str) -> str:
    text = _text(raw, label).strip()
    if not _EMAIL.fullmatch(text):
        raise _fault(label, raw, "email address", "an address such as jane@example.com")
    return text


def _phone(raw: JsonScalar, label: str) -> str:
    text = _text(raw, label).strip()
    if not _PHONE.fullmatch(text):
        raise _fault(label, raw, "phone number", "digits, such as +1 212 555 0100")
    return text


def _url(raw: JsonScalar, label: str) -> str:
    text = _text(raw, label).strip()
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        fits = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        fits = fits and parts.port != 0 and parts.password is None
    except ValueError:
        fits = False
    if not fits or any(char.isspace() for char in text):
        raise _fault(label, raw, "web address", "an address such as https://example.com")
    return text


def _multipicklist(raw: JsonScalar, label: str) -> str:
    values = [each.strip() for each in _text(raw, label).split(";") if each.strip()]
    if not values or len(set(values)) != len(values):
        raise _fault(label, raw, "list of values", "different values separated by ';'")
    return ";".join(values)


_ADAPTERS: dict[str, Callable[[JsonScalar, str], FieldValue]] = {
    "String": _line,
    "TextArea": _text,
    "LongTextArea": _text,
    "Picklist": _line,
    "MultiPicklist": _multipicklist,
    "Decimal": _decimal,
    "Double": _decimal,
    "Number": _decimal,
    "Currency": _decimal,
    "Percent": _percent,
    "Integer": _integer_of("Integer"),
    "Long": _integer_of("Long"),
    "Boolean": _boolean,
    "Date": _date,
    "DateTime": _datetime,
    "Time": _time,
    "Email": _email,
    "Phone": _phone,
    "Url": _url,
}
