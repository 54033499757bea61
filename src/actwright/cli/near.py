"""Near misses: the keys a word for a blueprint may have been meant as."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actwright.blueprints.library import Library

_MOST = 3
_NEAR = 0.6
_LONGEST = 120


def near_keys(word: str, library: Library) -> tuple[str, ...]:
    """Return the keys of the blueprints whose key, name or alias comes nearest to a word, nearest first.

    Words count before letters: ``close_opportunity`` comes near ``opportunity_close_lost``.
    """
    from actwright.blueprints.library import words  # noqa: PLC0415 - slow to import
    from actwright.planning.words.text import pieces  # noqa: PLC0415 - same reason

    asked = word[:_LONGEST].casefold()
    said = frozenset(pieces(asked.replace("_", " ")))

    def likeness(called: str) -> float:
        own = frozenset(pieces(called.replace("_", " ")))
        shared = 2 * len(said & own) / ((len(said) + len(own)) or 1)
        return max(shared, SequenceMatcher(None, asked, called).ratio())

    scored = [(max(map(likeness, words(each))), each.key) for each in library.entries]
    near = sorted(
        (each for each in scored if each[0] >= _NEAR), key=lambda each: (-each[0], each[1])
    )
    return tuple(key for _, key in near[:_MOST])
