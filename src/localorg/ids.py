"""Record ids: a key prefix, the org's own instance, a counter in base 62, and three characters of checksum.

The first fifteen characters are case-sensitive; the three at the end say which of them are capitals, so that
an id whose case was lost is noticed. Requests may carry either form; the org stores and answers the long one.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Final

from localorg.database import meta
from localorg.errors import ApiError

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHAPE: Final = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SHORT: Final = 15
_COUNTER_WIDTH: Final = 6


def checksum(short: str) -> str:
    """Return the three check characters of a 15-character id."""
    return "".join(
        _CHECK[sum(1 << bit for bit, char in enumerate(chunk) if "A" <= char <= "Z")]
        for chunk in (short[0:5], short[5:10], short[10:15])
    )


def new_id(connection: sqlite3.Connection, prefix: str) -> str:
    """Return the id of the org's next record under a key prefix, inside the running write transaction."""
    return make_id(prefix, meta(connection, "instance") or "", next_number(connection, "id"))


def make_id(prefix: str, instance: str, number: int) -> str:
    """Return the 18-character id of the record numbered ``number`` under a key prefix.

    ``instance`` stands between the two in every id of one org, six letters and digits, and in no other org's.
    """
    digits = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    short = prefix + instance + digits.rjust(_COUNTER_WIDTH, "0")
    return short + checksum(short)


def parse_id(text: object) -> str | None:
    """Return the 18-character form of ``text``, or None where it is no id or its checksum is wrong."""
    if not isinstance(text, str) or not _SHAPE.fullmatch(text):
        return None
    short = text[:_SHORT]
    full = short + checksum(short)
    return full if len(text) == _SHORT or text == full else None


def require_id(text: str) -> str:
    """Return the 18-character form of ``text``.

    Raises:
        ApiError: ``MALFORMED_ID`` where it is no id or its checksum is wrong.
    """
    record_id = parse_id(text)
    if record_id is None:
        raise ApiError(400, "MALFORMED_ID", f"malformed id {text[:80]}")
    return record_id


def next_number(connection: sqlite3.Connection, counter: str, start: int = 1) -> int:
    """Take the next number of a named counter, inside the running write transaction."""
    row = connection.execute(
        "INSERT INTO localorg_counter (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        (counter, start),
    ).fetchone()
    return int(row[0])


def further_number(connection: sqlite3.Connection, counter: str) -> int | None:
    """Take the next number of a named counter, or None where nothing was taken from it yet."""
    row = connection.execute(
        "UPDATE localorg_counter SET value = value + 1 WHERE name = ? RETURNING value", (counter,)
    ).fetchone()
    return None if row is None else int(row[0])
