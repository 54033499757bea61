"""SOQL literals: one value, checked against its field's type, as it stands in a query."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from actwright.canonical import decimal_text
from actwright.errors import ValueInvalidError
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema
from actwright.org.value import Family, utc_text

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in map(chr, [*range(0x20), 0x7F])} | {
    ord("\\"): "\\\\",
    ord("'"): "\\'",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord("\b"): "\\b",
    ord("\f"): "\\f",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LARGEST_EXPONENT = 30
_ORDERED: frozenset[Family] = frozenset(
    {"string", "decimal", "integer", "date", "datetime", "time"}
)
_EQUALITY = frozenset({"=", "!="})
_COLLECTION = {"IN": "INCLUDES", "NOT IN": "EXCLUDES"}


def condition_value(field: FieldSchema, condition: Condition, where: str) -> str:
    r"""Return the operator and the literal of a condition, such as ``LIKE 'Ac%'`` or ``IN (1,2)``.

    In a ``LIKE`` pattern ``%`` and ``_`` are wildcards, ``\%`` and ``\_`` mean themselves, and any other backslash
    is a plain one.

    Raises:
        ValueInvalidError: The operator does not fit the field, or a value does not fit its type.
    """
    operator, value = condition.operator, condition.value
    if operator in _COLLECTION:
        return _collection(field, operator, value, where)
    if isinstance(value, tuple):
        raise _unfit("A list of values goes with IN or NOT IN only.", where)
    if value is None and operator not in _EQUALITY:
        raise _unfit(f"{operator} needs a value.", where)
    if operator == "LIKE":
        return f"LIKE {_pattern(field, value, where)}"
    if operator not in _EQUALITY and field.family not in _ORDERED:
        raise _unfit(f"{operator} does not go with a field of type {field.type}.", where)
    return f"{operator} {literal(value, field.family, where)}"


def literal(value: JsonScalar, family: Family, where: str) -> str:
    """Return one value as a SOQL literal of a family.

    Raises:
        ValueInvalidError: It is no value of that family.
    """
    if value is None:
        return "null"
    try:
        return _LITERALS[family](value)
    except (ValueError, ArithmeticError) as error:
        raise _unfit(f"{str(value)[:40]!r} is no {family}.", where) from error


def quoted(words: str) -> str:
    """Return text as a SOQL string, so escaped that it reads back as it was.

    Raises:
        ValueError: It holds half of a surrogate pair, which no encoding can carry.
    """
    words.encode()
    return f"'{words.translate(_ESCAPES)}'"


def _collection(
    field: FieldSchema, operator: str, value: JsonScalar | tuple[JsonScalar, ...], where: str
) -> str:
    values = value if isinstance(value, tuple) else (value,)
    if None in values:
        raise _unfit(f"{operator} takes no empty value.", where)
    if field.family == "multipicklist":
        operator = _COLLECTION[operator]
    return f"{operator} ({','.join(literal(each, field.family, where) for each in values)})"


def _pattern(field: FieldSchema, value: JsonScalar, where: str) -> str:
    if field.family != "string" or not isinstance(value, str):
        raise _unfit("LIKE compares text with a text pattern.", where)
    plain = literal(value, "string", where)
    return plain.replace("\\\\%", "\\%").replace("\\\\_", "\\_")


def _text(value: JsonScalar) -> str:
    if isinstance(value, bool):
        raise ValueError("a truth value is no text")  # noqa: TRY004 - literal() turns ValueErrors into ours
    return quoted(str(value))


def _id(value: JsonScalar) -> str:
    return f"'{record_id(str(value))}'"


def _number(value: JsonScalar) -> Decimal:
    if isinstance(value, bool):
        raise InvalidOperation
    number = Decimal(str(value).strip())
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise InvalidOperation
    return number


def _decimal(value: JsonScalar) -> str:
    return decimal_text(_number(value))


def _integer(value: JsonScalar) -> str:
    number = _number(value)
    if number != number.to_integral_value():
        raise InvalidOperation
    return str(int(number))


def _boolean(value: JsonScalar) -> str:
    word = str(value).lower() if isinstance(value, (bool, str)) else ""
    if word not in {"true", "false"}:
        raise ValueError(word)
    return word


def _date(value: JsonScalar) -> str:
    words = str(value)
    if _DAY.fullmatch(words) is None:
        raise ValueError(words)
    return date.fromisoformat(words).isoformat()


def _datetime(value: JsonScalar) -> str:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return utc_text(moment)


def _time(value: JsonScalar) -> str:
    moment = time.fromisoformat(str(value).removesuffix("Z"))
    if moment.tzinfo is not None:
        raise ValueError("a time of day has no zone")
    return moment.isoformat(timespec="milliseconds") + "Z"


_LITERALS: dict[Family, Callable[[JsonScalar], str]] = {
    "string": _text,
    "multipicklist": _text,
    "id": _id,
    "decimal": _decimal,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}


def _unfit(message: str, where: str) -> ValueInvalidError:
    return ValueInvalidError(
        message, where=where, hint="Correct the condition's value or operator."
    )
