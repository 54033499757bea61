"""Whether a value fits its field: type, length, precision, scale, range; and whether it can be sent as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from actwright.blueprints.adapters import DataType, adapt
from actwright.errors import ValueInvalidError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import printable, shown
from actwright.org.schema import FieldSchema
from actwright.org.value import FieldValue

_DIGITS = 18
"""The platform keeps no number of more digits, whatever a field's describe leaves out."""
_INTEGER_BOUNDS = {"int": 2**31, "long": 2**63}
_REFERENCE = "@{"
_FIRST_DAY, _LAST_DAY = "1700-01-01", "4000-12-31"
_TEXT_TYPES: Mapping[str, DataType] = {
    "date": "Date",
    "datetime": "DateTime",
    "time": "Time",
    "email": "Email",
}


@dataclass(frozen=True, slots=True)
class _Misfit:
    code: str
    says: str
    hint: str


def value_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each value that does not fit its field; ids and picklists have checks of their own."""
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None or change.linked_to is not None or change.after is None:
            continue
        misfit = _misfit(field, change.after)
        if misfit is not None:
            yield found(
                context,
                misfit.code,
                f"{field_title(context, field.name)}: {misfit.says}",
                field=field.name,
                hint=misfit.hint,
            )


def text_reference_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each text that the call carrying the whole plan would read as a reference."""
    for change in context.effect.changes:
        if isinstance(change.after, str) and _REFERENCE in change.after:
            yield found(
                context,
                "text_reference",
                f"{field_title(context, change.field)}: the text holds {shown(_REFERENCE)}, which the org would take "
                "for a reference to another record of the same call.",
                field=change.field,
                hint=f"Write the text without {_REFERENCE}, for example with a space between the two characters.",
            )


def plain_number(value: FieldValue) -> Decimal | None:
    """Return a finite number as a Decimal; None for anything else, true and false included."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def _misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    return _CHECKS.get(field.family, _text_misfit)(field, value)


def _wrong_type(field: FieldSchema, value: FieldValue, expected: str) -> _Misfit:
    return _Misfit(
        "value_type_wrong",
        f"{shown(value)} is no {expected} (field type {field.type}).",
        f"Give a {expected}.",
    )


def _decimal_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    number = plain_number(value)
    if number is None:
        return _wrong_type(field, value, "number")
    whole, decimals = _digits(number)
    room = (field.precision or _DIGITS) - field.scale
    if whole > room:
        return _Misfit(
            "number_too_large",
            f"{shown(value)} has more than {room} digits before the decimal point (precision).",
            f"Give a number below 1 followed by {room} zeros.",
        )
    if decimals > field.scale:
        return _Misfit(
            "number_too_precise",
            f"{shown(value)} has {decimals} decimals and the field keeps {field.scale} (scale); the org would"
            " store another number than the one confirmed.",
            f"Round the number to {field.scale} decimals.",
        )
    return None


def _digits(number: Decimal) -> tuple[int, int]:
    """Return how many digits stand before and behind the decimal point, outer zeros left out."""
    if number == 0:
        return 0, 0
    _, digits, exponent = number.as_tuple()
    exponent = int(exponent)
    trailing = 0
    while digits[-1 - trailing] == 0:
        trailing += 1
    return max(number.adjusted() + 1, 0), max(-(exponent + trailing), 0)


def _integer_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    number = plain_number(value)
    if number is None:
        return _wrong_type(field, value, "whole number")
    bound = _INTEGER_BOUNDS[field.type]
    if not -bound <= number < bound:
        return _Misfit(
            "integer_out_of_range",
            f"{shown(value)} lies outside of {-bound} to {bound - 1} (integer range).",
            "Give a smaller number.",
        )
    if number != number.to_integral_value():
        return _wrong_type(field, value, "whole number")
    return None


def _boolean_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    return None if isinstance(value, bool) else _wrong_type(field, value, "true or false")


def _text_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    if not isinstance(value, str):
        return _wrong_type(field, value, "text")
    if field.length and len(value) > field.length:
        return _Misfit(
            "value_too_long",
            f"the text has {len(value)} characters, and the field holds {field.length} (length).",
            f"Shorten it to {field.length} characters.",
        )
    return _format_misfit(field, value)


def _format_misfit(field: FieldSchema, value: str) -> _Misfit | None:
    try:
        text = value.removesuffix("Z") if field.type == "time" else value
        adapt(_TEXT_TYPES.get(field.type, "String"), text, label="value")
    except ValueInvalidError as error:
        says = printable(error.message.removeprefix("value: "), 300)
        return _Misfit("value_type_wrong", says, error.hint or "Give another value.")
    return None


def _day_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    misfit = _text_misfit(field, value)
    if misfit is None and not _FIRST_DAY <= str(value)[: len(_LAST_DAY)] <= _LAST_DAY:
        return _Misfit(
            "date_out_of_calendar",
            f"{shown(value)} lies outside of {_FIRST_DAY} to {_LAST_DAY}, the days the org knows.",
            "Give a date in that range.",
        )
    return misfit


def _id_misfit(field: FieldSchema, value: FieldValue) -> _Misfit | None:
    return None if isinstance(value, str) else _wrong_type(field, value, "record id")


_CHECKS: Mapping[str, Callable[[FieldSchema, FieldValue], _Misfit | None]] = {
    "decimal": _decimal_misfit,
    "integer": _integer_misfit,
    "boolean": _boolean_misfit,
    "date": _day_misfit,
    "datetime": _day_misfit,
    "id": _id_misfit,
}
