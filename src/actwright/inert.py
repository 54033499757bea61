"""Inert text: what a goal, a record or a model wrote, made safe to show beside our own words."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width), surrogate, private, unassigned characters, and line separators."""


_BLANK = re.compile(
    "[\u00a0\u034f\u115f\u1160\u1680\u17b4\u17b5\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
"""Characters that show nothing, or change how another shows, though they count as letters, marks or blanks."""


def inert(text: str, *, limit: int = 200) -> str:
    """Return ``text`` on one line, without anything that could move the cursor, reorder or hide words.

    Args:
        text: What somebody else wrote.
        limit: The most characters to keep; the cut is shown.
    """
    spaced = " ".join(text[: limit * 4].split())
    if (
        len(spaced) <= limit
        and len(text) <= limit * 4
        and spaced.isascii()
        and spaced.isprintable()
    ):
        return spaced
    shown = (char for char in spaced if unicodedata.category(char) not in _UNSAFE)
    safe = " ".join("".join(shown).split())
    return safe if len(safe) <= limit and len(text) <= limit * 4 else f"{safe[: limit - 1]}…"


def visible(text: str, *, limit: int = 120) -> str:
    """Return a value on one line with nothing hidden: what cannot be seen is written as an escape, a cut is counted.

    Args:
        text: The value, exactly as it would be written.
        limit: The most characters to show.
    """
    shown = "".join(_escaped(char) for char in text[:limit])
    return shown if len(text) <= limit else f"{shown}… ({len(text)} characters)"


def _escaped(char: str) -> str:
    seen = unicodedata.category(char) not in _UNSAFE and not _BLANK.fullmatch(char)
    if seen and char != "\\":
        return char
    return char.encode("unicode_escape").decode("ascii")
