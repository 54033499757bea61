"""Values of a request checked against their fields, and turned into what the columns store."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from localorg.errors import ApiError, invalid_json
from localorg.ids import parse_id
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import wire_time

_EMAIL: Final = re.compile(r"[^@\s,;<>()\"\[\]]+@[^@\s,;<>()\"\[\].]+(?:\.[^@\s,;<>()\"\[\].]+)+")
_INT_LIMIT: Final = 2**31
_DEFAULT_PRECISION: Final = 18
_FORBIDDEN: Final = re.compile("[\x00\ud800-\udfff]")
_KINDS: Final = {
    str: "VALUE_STRING",
    int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT",
    dict: "START_OBJECT",
    list: "START_ARRAY",
}


def stored_value(field: FieldDef, value: object) -> object:
    """Return a request's value as its column stores it; None and the empty string clear the field.

    Raises:
        ApiError: The value has the wrong type, length, range, format or choice for the field.
    """
    if value is None or value == "":
        return None
    return _CONVERTERS.get(field.type, _text)(field, value)


def _wrong_type(field: FieldDef, value: object) -> ApiError:
    kind = "VALUE_TRUE" if value is True else "VALUE_FALSE" if value is False else ""
    kind = kind or _KINDS.get(type(value), "VALUE_NULL")
    shown = "" if isinstance(value, dict | list) else f" value {str(value)[:255]}"
    return ApiError(
        400,
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {field.type} from {kind}{shown} or request may be missing a"
        f" required field at field {field.name}",
        [field.name],
    )


def _text(field: FieldDef, value: object) -> object:
    if not isinstance(value, str):
        raise _wrong_type(field, value)
    if _FORBIDDEN.search(value):
        raise invalid_json(f"{field.name} holds a character that is not allowed in text")
    text = value if field.type == "textarea" else value.strip()
    if field.length and len(text) > field.length:
        message = f"{field.label}: data value too large: {text} (max length={field.length})"
        raise ApiError(400, "STRING_TOO_LONG", message, [field.name])
    return text or None


def _picklist(field: FieldDef, value: object) -> object:
    text = _text(field, value)
    if field.restricted_picklist and isinstance(text, str):
        allowed = {each.value.casefold(): each.value for each in field.picklist if each.active}
        chosen = text.split(";") if field.type == "multipicklist" else [text]
        for each in chosen:
            if each.casefold() not in allowed:
                message = f"{field.label}: bad value for restricted picklist field: {each}"
                code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
                raise ApiError(400, code, message, [field.name])
        return ";".join(allowed[each.casefold()] for each in chosen)
    return text


def _email(field: FieldDef, value: object) -> object:
    text = _text(field, value)
    if isinstance(text, str) and not _EMAIL.fullmatch(text):
        message = f"{field.label}: invalid email address: {text}"
        raise ApiError(400, "INVALID_EMAIL_ADDRESS", message, [field.name])
    return text


def _boolean(field: FieldDef, value: object) -> object:
    if not isinstance(value, bool):
        raise _wrong_type(field, value)
    return int(value)


def _int(field: FieldDef, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(field, value)
    if not -_INT_LIMIT <= value < _INT_LIMIT:
        raise _out_of_range(field, value)
    return value


def _number(field: FieldDef, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(field, value)
    whole = (field.precision or _DEFAULT_PRECISION) - field.scale
    if abs(value) >= 10**whole:
        raise _out_of_range(field, value)
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP)
    if abs(number) >= 10**whole:
        raise _out_of_range(field, value)
    return float(number)


def _out_of_range(field: FieldDef, value: object) -> ApiError:
    message = f"{field.label}: value outside of valid range on numeric field: {value}"
    return ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", message, [field.name])


def _date(field: FieldDef, value: object) -> object:
    text = _text(field, value)
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError as error:
        raise _wrong_type(field, value) from error


def _datetime(field: FieldDef, value: object) -> object:
    text = _text(field, value)
    try:
        moment = datetime.fromisoformat(str(text))
        return wire_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise _wrong_type(field, value) from error


def _time(field: FieldDef, value: object) -> object:
    text = _text(field, value)
    try:
        moment = time.fromisoformat(str(text).removesuffix("Z"))
    except ValueError as error:
        raise _wrong_type(field, value) from error
    if moment.tzinfo is not None:
        raise _wrong_type(field, value)
    return moment.isoformat("milliseconds") + "Z"


def _reference(field: FieldDef, value: object) -> object:
    record_id = parse_id(value)
    if record_id is None:
        shown = str(value)[:80]
        message = f"{field.label}: id value of incorrect type: {shown}"
        raise ApiError(400, "MALFORMED_ID", message, [field.name])
    return record_id


_CONVERTERS: Final[Mapping[str, Callable[[FieldDef, object], object]]] = {
    "picklist": _picklist,
    "multipicklist": _picklist,
    "email": _email,
    "boolean": _boolean,
    "int": _int,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "reference": _reference,
    "id": _reference,
}


def check_target(catalogue: Catalogue, field: FieldDef, record_id: str) -> ObjectDef:
    """Return the object a reference points to.

    Raises:
        ApiError: ``FIELD_INTEGRITY_EXCEPTION`` where the id's key prefix is not one the field may hold.
    """
    definition = catalogue.by_prefix(record_id[:3])
    if definition is None or definition.name not in field.reference_to:
        message = f"{field.label}: id value of incorrect type: {record_id}"
        raise ApiError(400, "FIELD_INTEGRITY_EXCEPTION", message, [field.name])
    return definition


def check_required(definition: ObjectDef, row: Mapping[str, object], names: set[str]) -> None:
    """Refuse a row in which a required field among ``names`` is empty.

    Raises:
        ApiError: ``REQUIRED_FIELD_MISSING``, naming all of them.
    """
    missing = [
        each.name
        for each in definition.fields
        if each.name in names and not each.nillable and row.get(each.name) is None
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise ApiError(400, "REQUIRED_FIELD_MISSING", message, missing)
