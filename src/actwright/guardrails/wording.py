"""How findings speak: names, people and values in messages, with hostile text made harmless."""

from __future__ import annotations

from decimal import Decimal

from actwright.guardrails.issue import Issue
from actwright.org.value import FieldValue

_LONGEST_NAME = 80
_LONGEST_VALUE = 60
_LONGEST_SENTENCE = 500
_WIDEST_INTEGER = 256


def printable(text: str, limit: int = _LONGEST_NAME) -> str:
    """Return ``text`` on one line, cut to ``limit`` characters, with what cannot be seen written as escapes."""
    cut = text if len(text) <= limit else f"{text[:limit]}..."
    if cut.isprintable():
        return cut
    return "".join(each if each.isprintable() else _escaped(each) for each in cut)


def api_name(name: str) -> str:
    """Return an API name so that a look-alike letter shows: anything outside ASCII is written as an escape."""
    cut = printable(name)
    return (
        cut
        if cut.isascii()
        else "".join(each if each.isascii() else _escaped(each) for each in cut)
    )


def shown(value: FieldValue) -> str:
    """Return a field value for a message: text in quotes and cut, numbers as they are, no value as ``nothing``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{printable(value, _LONGEST_VALUE)}"'
    if isinstance(value, int) and value.bit_length() > _WIDEST_INTEGER:
        return "a number of more than 70 digits"
    return _number(value)


def is_blank(value: FieldValue) -> bool:
    """Tell whether a value is none at all, or text of nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def listed(values: list[str], most: int = 10) -> str:
    """Return the first ``most`` values in quotes, and how many more there are."""
    head = ", ".join(f'"{printable(each, _LONGEST_VALUE)}"' for each in values[:most])
    more = len(values) - most
    return f"{head} and {more} more" if more > 0 else head


def with_own_message(issue: Issue, message: str | None) -> str:
    """Return a guardrail's own message in front of the default one, which keeps naming what failed."""
    own = printable((message or "").strip(), _LONGEST_SENTENCE)
    if not own:
        return issue.message
    stop = "" if own[-1] in ".!?" else "."
    return f"{own}{stop} {issue.message}"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _number(value: int | Decimal) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
