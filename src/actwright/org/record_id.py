"""Salesforce record ids: 15 case-sensitive characters, or 18 with a checksum.

An id is the one piece of text that ends up in a URL, so nothing but a checked id may be called one. The checksum is
Salesforce's own: each five characters give one of 32 symbols, a bit for each upper-case letter.
"""

from __future__ import annotations

import re

from actwright.errors import RecordIdError

_SHAPE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", re.ASCII)
_SHORT, _LONG = 15, 18
_SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def checksum(id15: str) -> str:
    """Return the three characters that make an 18-character id of a 15-character one."""
    symbols = ""
    for start in (0, 5, 10):
        bits = sum(
            1 << place for place, char in enumerate(id15[start : start + 5]) if "A" <= char <= "Z"
        )
        symbols += _SYMBOLS[bits]
    return symbols


def is_record_id(text: str) -> bool:
    """Tell whether ``text`` is a well-formed record id whose checksum, if any, is right."""
    if _SHAPE.fullmatch(text) is None:
        return False
    return len(text) == _SHORT or checksum(text[:_SHORT]) == text[_SHORT:].upper()


def record_id(text: str, *, prefixes: tuple[str, ...] = (), where: str | None = None) -> str:
    """Return ``text`` as an 18-character record id.

    Args:
        text: A 15- or 18-character id.
        prefixes: Key prefixes of the objects it may belong to; empty means any.
        where: What to name in the error, such as an input's label.

    Raises:
        RecordIdError: The shape, the checksum or the key prefix is wrong.
    """
    if _SHAPE.fullmatch(text) is None:
        raise RecordIdError(
            f"{text[:40]!r} is not a record id: it needs 15 or 18 letters and digits.",
            where=where,
            hint="Copy the id from the record's address, or name the record instead.",
        )
    if len(text) == _LONG and checksum(text[:_SHORT]) != text[_SHORT:].upper():
        raise RecordIdError(
            f"{text!r} is not a record id: its last three characters do not match the rest.",
            where=where,
            hint="Copy the id again; one of its characters is wrong.",
        )
    if prefixes and text[:3] not in prefixes:
        raise RecordIdError(
            f"{text!r} is the id of another object: it starts with {text[:3]!r}, "
            f"expected {' or '.join(map(repr, prefixes))}.",
            where=where,
            hint="Use the id of a record of the right object.",
        )
    return text[:_SHORT] + checksum(text[:_SHORT])
