"""Inert text: what a goal, a record or a model wrote, made safe to show beside our own words."""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width), surrogate, private, unassigned characters, and line separators."""


def inert(text: str, *, limit: int = 200) -> str:
    """Return ``text`` on one line, without anything that could move the cursor, reorder or hide words.

    Args:
        text: What somebody else wrote.
        limit: The most characters to keep; the cut is shown.
    """
    spaced = " ".join(text[: limit * 4].split())
    shown = (char for char in spaced if unicodedata.category(char) not in _UNSAFE)
    safe = " ".join("".join(shown).split())
    return safe if len(safe) <= limit and len(text) <= limit * 4 else f"{safe[: limit - 1]}…"
