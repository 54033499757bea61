"""Values: from the goal's words, or from named data, to what one field can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actwright.blueprints.adapters import DataType, adapt
from actwright.blueprints.plan import Candidate
from actwright.errors import ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.amounts import has_currency_sign, is_percentage, number, plain
from actwright.planning.dates import date_at
from actwright.planning.matching import picklist_matches
from actwright.planning.reading import Problem
from actwright.planning.text import pieces, tokenize

_NUMBERS: dict[str, DataType] = {
    "currency": "Currency",
    "double": "Double",
    "percent": "Percent",
    "int": "Integer",
    "long": "Long",
}
_CHECKED: dict[str, DataType] = {
    "email": "Email",
    "phone": "Phone",
    "url": "Url",
    "datetime": "DateTime",
    "time": "Time",
}
_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_SHOWN = 25
TEXT_TYPES = frozenset({"string", "textarea", "encryptedstring", "combobox"})
"""Field types that hold any text."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A value that fits its field, and what had to be assumed for it."""

    value: JsonScalar
    note: str | None = None


def convert(field: FieldSchema, text: str, today: date) -> Converted | Problem:
    """Return ``text`` as a value of ``field``, or why it is none."""
    if field.type in _NUMBERS:
        return _number(field, text)
    reader = _READERS.get(field.type, _text)
    return reader(field, text, today)


def picklist_candidates(field: FieldSchema) -> tuple[Candidate, ...]:
    """Return the values a picklist offers, as answers to a question; none where any text would do."""
    if field.type == "combobox":
        return ()
    return tuple(
        Candidate(value=each.value, label=each.label[:300]) for each in field.active_values
    )[:_SHOWN]


def _unclear(field: FieldSchema, text: str, expected: str) -> Problem:
    return Problem("unclear", f"{text[:80]!r} is no {expected} that {field.label} could take.")


def _number(field: FieldSchema, text: str) -> Converted | Problem:
    value = number(text)
    if value is None:
        return _unclear(field, text, "number")
    if field.type != "percent" and is_percentage(text):
        return Problem(
            "unclear", f"{text[:80]!r} is a share, and {field.label} takes the number itself."
        )
    try:
        adapt(_NUMBERS[field.type], format(value, "f"), label=field.label)
    except ValueInvalidError:
        return _unclear(field, text, "number")
    foreign = has_currency_sign(text)
    note = f'"{text}" is {plain(value)} in the currency of the record' if foreign else None
    return Converted(plain(value), note)


def _date(field: FieldSchema, text: str, today: date) -> Converted | Problem:
    tokens = tokenize(text)
    mention = date_at(tokens, 0, today) if tokens else None
    if mention is None or mention.length != len(tokens):
        return _unclear(field, text, "date")
    return Converted(mention.day.isoformat())


def _picklist(field: FieldSchema, text: str, today: date) -> Converted | Problem:  # noqa: ARG001 - one signature for all readers
    found = picklist_matches(field, pieces(text))
    if field.type == "combobox":
        exact = (each.value for each in found if pieces(each.value) == pieces(text))
        return Converted(next(exact, text))
    if len(found) == 1:
        value = found[0].value
        partial = len(pieces(text)) < len(pieces(value))
        return Converted(value, f'"{text}" is the {field.label} {value}' if partial else None)
    if found:
        candidates = tuple(Candidate(value=each.value, label=each.label[:300]) for each in found)
        text = f"{text[:80]!r} could be several values of {field.label}."
        return Problem("no_value", text, candidates, several=True)
    return Problem(
        "no_value", f"{text[:80]!r} is no value of {field.label}.", picklist_candidates(field)
    )


def _several(field: FieldSchema, text: str, today: date) -> Converted | Problem:
    chosen: list[str] = []
    for each in text.replace(" and ", ";").replace(",", ";").split(";"):
        one = _picklist(field, each.strip(), today)
        if isinstance(one, Problem):
            return one
        chosen.append(str(one.value))
    return Converted(";".join(dict.fromkeys(chosen)))


def _boolean(field: FieldSchema, text: str, today: date) -> Converted | Problem:  # noqa: ARG001 - one signature for all readers
    word = text.strip().casefold()
    if word in _YES | _NO:
        return Converted(word in _YES)
    return _unclear(field, text, "yes or no")


def _checked(field: FieldSchema, text: str, today: date) -> Converted | Problem:  # noqa: ARG001 - one signature for all readers
    try:
        value = adapt(_CHECKED[field.type], text, label=field.label)
    except ValueInvalidError:
        return _unclear(field, text, field.type)
    return Converted(str(value)) if value is not None else _unclear(field, text, field.type)


def _text(field: FieldSchema, text: str, today: date) -> Converted | Problem:  # noqa: ARG001 - one signature for all readers
    if field.type not in TEXT_TYPES:
        return _unclear(field, text, field.type)
    if field.length and len(text) > field.length:
        return Problem(
            "unclear", f"{field.label} takes {field.length} characters; the text has {len(text)}."
        )
    return Converted(text)


_Reader = Callable[[FieldSchema, str, date], Converted | Problem]
_READERS: dict[str, _Reader] = {
    "date": _date,
    "picklist": _picklist,
    "combobox": _picklist,
    "multipicklist": _several,
    "boolean": _boolean,
    **dict.fromkeys(_CHECKED, _checked),
}
