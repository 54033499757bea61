"""Values: from the goal's words, or from named data, to what one field can hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from actwright.blueprints.adapters import DataType, adapt
from actwright.blueprints.plan import Candidate
from actwright.errors import ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema, PicklistValue
from actwright.planning.words.amounts import has_currency_sign, is_percentage, number, plain
from actwright.planning.words.confidence import Doubt
from actwright.planning.words.dates import DateMention, date_at
from actwright.planning.words.lexicon import ORDINARY
from actwright.planning.words.matching import picklist_matches
from actwright.planning.words.month_days import FULL_MONTHS, FULL_WEEKDAYS, period_length
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.spelling import near_words
from actwright.planning.words.text import Token, pieces, tokenize

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
_YES = frozenset({"true", "yes", "on", "checked", "ticked", "enabled"})
_NO = frozenset({"false", "no", "off", "unchecked", "unticked", "disabled"})
_TWO_NUMBERS = re.compile(r"\d[.,]\d")
DATE_WORDS = frozenset({"today", "tomorrow", "yesterday", *FULL_WEEKDAYS, *FULL_MONTHS})
"""The words of a date that are long enough to be misspelt."""

_SHOWN = 25
_WHOLE = 100
"""Percent; no more than that is a probability or a discount, while a field of one's own may hold a growth."""
_ALIKE = 0.6
_LONGEST_WORD = 60
_MOST_WORDS = 6
"""Words a value may have and still be one with a slip in it."""
NUMBER_TYPES = frozenset(_NUMBERS)
"""Field types that hold a number."""

TEXT_TYPES = frozenset({"string", "textarea", "encryptedstring", "combobox"})
"""Field types that hold any text."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A value that fits its field, what had to be assumed for it, and what that leaves to doubt."""

    value: JsonScalar
    note: str | None = None
    doubts: tuple[Doubt, ...] = ()


def assigned(
    field: FieldSchema, words: str, found: Converted, *, implied: bool = False
) -> Assignment:
    """Return the assignment of a converted value.

    Args:
        field: The field.
        words: The words that say the value.
        found: The value.
        implied: Whether only the verb says it.
    """
    doubts: tuple[Doubt, ...] = (*found.doubts, "implied") if implied else found.doubts
    return Assignment(
        field, words, value=found.value, note=found.note, implied=implied, doubts=doubts
    )


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
    if value is None and _TWO_NUMBERS.search(text):
        said = f"{text[:80]!r} could be two numbers; write the digits of {field.label} plainly."
        return Problem("unclear", said)
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


def beyond_whole(field: FieldSchema, text: str, value: JsonScalar) -> Problem | None:
    """Return why a share of less than nothing, or of more than the whole, is asked again; None where it is neither."""
    share = field.type == "percent" and not field.custom and isinstance(value, int | float)
    if not share or 0 <= float(str(value)) <= _WHOLE:
        return None
    said = f"{text[:80]!r} is no share between 0 and {_WHOLE} %, which {field.label} takes."
    return Problem("unclear", said)


def _date(field: FieldSchema, text: str, today: date) -> Converted | Problem:
    tokens = tokenize(text)
    mention = date_at(tokens, 0, today) if tokens else None
    if mention is None:
        return _misspelt_date(field, tokens, today) or _no_date(field, text, tokens)
    if mention.length != len(tokens):
        return _unclear(field, text, "date")
    return unsaid_year(field, text, mention) or Converted(mention.day.isoformat())


def unsaid_year(field: FieldSchema, text: str, mention: DateMention) -> Problem | None:
    """Return why a day that has just gone by asks for its year; None where there is no doubt about the year."""
    if not mention.just_past:
        return None
    said = f"{text[:80]!r} has just gone by, and the next one is {mention.day}: say the year for {field.label}."
    return Problem("unclear", said)


def _no_date(field: FieldSchema, text: str, tokens: tuple[Token, ...]) -> Problem:
    if tokens and period_length(tokens, 0) == len(tokens):
        return Problem("unclear", f"{text[:80]!r} is no one day for {field.label}.")
    return _unclear(field, text, "date")


def _misspelt_date(field: FieldSchema, tokens: tuple[Token, ...], today: date) -> Converted | None:
    """Read ``tommorow`` and ``next Tusday``: one misspelt name of a day, and then a date."""
    if len(tokens) > _MOST_WORDS:
        return None
    for at, each in enumerate(tokens):
        near = near_words(each.key, DATE_WORDS) if each.key not in DATE_WORDS | ORDINARY else ()
        if each.kind != "word" or len(near) != 1:
            continue
        read = (*tokens[:at], *tokenize(near[0]), *tokens[at + 1 :])
        mention = date_at(read, 0, today)
        if mention is not None and mention.length == len(tokens) and not mention.just_past:
            note = f"read {each.text[:60]!r} as {near[0]}, and so {field.label} is {mention.day}"
            return Converted(mention.day.isoformat(), note, ("spelling",))
    return None


def _picklist(field: FieldSchema, text: str, today: date) -> Converted | Problem:  # noqa: ARG001 - one signature for all readers
    found = picklist_matches(field, pieces(text))
    if field.type == "combobox":
        exact = (each.value for each in found if pieces(each.value) == pieces(text))
        return Converted(next(exact, text))
    if len(found) == 1:
        value = found[0].value
        partial = len(pieces(text)) < len(pieces(value))
        if not partial:
            return Converted(value)
        return Converted(value, f'"{text}" is the {field.label} {value}', ("approximate",))
    if not found:
        found = _misspelt(field, pieces(text))
        if len(found) == 1:
            note = f"read {text[:80]!r} as the {field.label} {found[0].value}"
            return Converted(found[0].value, note, ("spelling",))
    if found:
        candidates = tuple(Candidate(value=each.value, label=each.label[:300]) for each in found)
        text = f"{text[:80]!r} could be several values of {field.label}."
        return Problem("no_value", text, candidates, several=True)
    said = f"{text[:80]!r} is no value of {field.label}."
    return Problem("no_value", said, _nearest_first(text, picklist_candidates(field)))


def _misspelt(field: FieldSchema, words: Sequence[str]) -> tuple[PicklistValue, ...]:
    """Return the values that ``words`` name with a slip: each word is known, or one slip away from a single known one."""
    if len(words) > _MOST_WORDS:
        return ()
    known = {
        each
        for value in field.active_values
        for each in (*pieces(value.value), *pieces(value.label))
    }
    read = []
    for each in words:
        near = (each,) if each in known else near_words(each, known) if each not in ORDINARY else ()
        if len(near) != 1:
            return ()
        read.append(near[0])
    return picklist_matches(field, read) if read else ()


def _nearest_first(text: str, offered: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return candidates with those first that look like what was said; the rest stay in the picklist's order."""
    if len(text) > _LONGEST_WORD:
        return offered

    def far(each: Candidate) -> float:
        likeness = SequenceMatcher(None, text.casefold(), each.label.casefold()).ratio()
        return -likeness if likeness >= _ALIKE else 0.0

    return tuple(sorted(offered, key=far))


def _several(field: FieldSchema, text: str, today: date) -> Converted | Problem:
    chosen: list[str] = []
    for each in re.split(r"\s*(?:;|,|&|\band\b)\s*", text.strip(" ,;&")):
        one = _picklist(field, each, today) if each else None
        if isinstance(one, Problem):
            return one
        if one is not None:
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
