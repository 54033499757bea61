"""JSON on stdout: readable, lossless, and unable to move a cursor or reorder the words around it."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from dataclasses import fields, is_dataclass

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width), surrogate, private and unassigned characters, and line separators."""

_SUSPECT = re.compile("[^\n\x20-\x7e]")


def document_text(value: object, *, encoding: str | None = "utf-8") -> str:
    r"""Return JSON-ready data as indented JSON with a line end.

    Characters a terminal might act on are written as ``\uXXXX``, which every JSON reader turns back.

    Args:
        value: What `json.dumps` takes, without NaN and Infinity.
        encoding: The stream's encoding; only ASCII is written where it is not a Unicode one.
    """
    return _written(value, 2, encoding)


def line_text(value: object, *, encoding: str | None = "utf-8") -> str:
    """Return JSON-ready data as JSON on one line with a line end, safe as `document_text` makes it.

    Args:
        value: As for `document_text`.
        encoding: As for `document_text`.
    """
    return _written(value, None, encoding)


def _written(value: object, indent: int | None, encoding: str | None) -> str:
    escaping = not _is_unicode(encoding)
    text = json.dumps(value, indent=indent, ensure_ascii=escaping, allow_nan=False)
    return f"{_SUSPECT.sub(_escaped, text)}\n"


def one_line(value: object) -> str:
    """Return JSON-ready data as JSON on one line, for a cell of a table."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def camel(value: object) -> object:
    """Return a dataclass as JSON-ready data with the wire's camelCase names, lists and inner ones included."""
    if is_dataclass(value) and not isinstance(value, type):
        named = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {_camel_case(name): camel(item) for name, item in named}
    return [camel(each) for each in value] if isinstance(value, (list, tuple)) else value


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if unicodedata.category(char) not in _ESCAPED:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _is_unicode(encoding: str | None) -> bool:
    try:
        return codecs.lookup(encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False
