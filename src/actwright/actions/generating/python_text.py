"""Values and calls as Python text: every string is escaped, so that no word of a goal can become code."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actwright.org.query import JsonScalar

_WIDTH = 96
_STEP = "    "


def literal(value: JsonScalar | Sequence[JsonScalar]) -> str:
    """Return a constant as Python text; decimals become ``Decimal("1.5")``."""
    if isinstance(value, str):
        return f'"{escaped(value)}"'
    if isinstance(value, float):
        return f'Decimal("{Decimal(str(value))}")'
    if value is None or isinstance(value, bool | int):
        return repr(value)
    return f"[{', '.join(map(literal, value))}]"


def escaped(text: str) -> str:
    """Return text as it stands between double quotes: backslashes, quotes, and all that cannot be seen, escaped."""
    return "".join(_escaped(each) for each in text)


def _escaped(char: str) -> str:
    if char in '\\"':
        return f"\\{char}"
    return char if char.isprintable() else repr(char)[1:-1]


def in_f_string(text: str) -> str:
    """Return text as a literal part of an f-string."""
    return escaped(text).replace("{", "{{").replace("}", "}}")


def listed(items: Sequence[str], opening: str, closing: str, *, indent: int, before: int) -> str:
    """Return items in brackets: on one line where they fit, else one a line.

    Args:
        items: Python text each.
        opening: What stands before them: ``[``, ``org.get(``.
        closing: What stands behind them.
        indent: How deep the line is, in steps.
        before: How many characters stand before ``opening`` in its line.
    """
    flat = f"{opening}{', '.join(items)}{closing}"
    if "\n" not in flat and before + len(flat) <= _WIDTH:
        return flat
    inner = "".join(f"{_STEP * (indent + 1)}{each},\n" for each in items)
    return f"{opening}\n{inner}{_STEP * indent}{closing}"
