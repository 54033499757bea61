"""The personal data of the demo org, read from its seed: names, addresses, phone numbers, streets, birthdates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import re2

from localorg.seed.demo import demo_rows
from tools.leaks.needle import Needle

_PEOPLE = frozenset({"Contact", "Lead", "User"})
_ALSO_WORDS = frozenset({"Admin"})
"""Last names that stand in every text about software."""

_AT = r"(?:@|%40|\\{1,4}(?:u0040|x40)|&#(?:64|x40);)"
_ESCAPED_BLANK = r"\\{1,4}(?:[nrt]|u0020|u00a0)|%20|%0A|&#32;|&nbsp;"
"""A blank as JSON, web addresses and HTML escape it."""
_BLANK = rf"(?:[\s+]|{_ESCAPED_BLANK}){{1,4}}"
_GAP = rf"(?:[\s.()/+-]|{_ESCAPED_BLANK}){{0,2}}"
_BEFORE = r"(?:\b|\\[nrt]|\\u00[0-9a-f]{2}|%[0-9A-F]{2})"
"""A word begins: also behind an escape, whose last letter is none of the word's."""


def personal_needles() -> Iterator[Needle]:
    """Yield every personal datum of the demo org, each once, named by the field it stands in."""
    found: dict[str, str] = {}
    for name, fields in demo_rows(dt.date(2026, 1, 1)):
        for field, value in fields.items():
            form = _form(name, field)
            if form is not None and isinstance(value, str) and value:
                found.setdefault(form(value), f"a value of {name}.{field}")
    for pattern, what in found.items():
        if pattern:
            yield Needle("personal", what, pattern)


def _form(name: str, field: str) -> Callable[[str], str] | None:
    """Return how a field's values are looked for; None where they are nobody's."""
    for ending, form in _BY_ENDING.items():
        if field.endswith(ending):
            return form
    return _BY_NAME.get(field) if name in _PEOPLE else None


def _name(value: str) -> str:
    """Return a whole name's form: in any case, and with anything small between its words."""
    between = rf"(?:[\s._+%-]|{_ESCAPED_BLANK}){{0,3}}"
    return rf"(?i:{_BEFORE}" + between.join(map(re2.escape, value.split())) + r"\b)"


def _last_name(value: str) -> str:
    """Return a last name's form: as it is written, since many are words as well."""
    return "" if value in _ALSO_WORDS else rf"{_BEFORE}{re2.escape(value)}\b"


def _address(value: str) -> str:
    before, _, domain = value.partition("@")
    return rf"(?i:\b{re2.escape(before)}{_AT}{re2.escape(domain)}\b)"


def _phone(value: str) -> str:
    """Return a phone number's form: its groups, with or without the country's code."""
    groups = value.split()[1:]
    return r"\b1?" + _GAP.join(map(re2.escape, groups)) + r"\b"


def _plain(value: str) -> str:
    return rf"(?i:{_BEFORE}" + _BLANK.join(map(re2.escape, value.split())) + r"\b)"


_BY_ENDING: dict[str, Callable[[str], str]] = {
    "Email": _address,
    "Username": _address,
    "Phone": _phone,
    "Street": _plain,
    "Birthdate": _plain,
}
_BY_NAME: dict[str, Callable[[str], str]] = {"Name": _name, "LastName": _last_name}
