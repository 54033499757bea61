"""A text as a reader sees it: one kind of digit, dash and blank, nothing invisible; and the way back to the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")


@dataclass(frozen=True, slots=True)
class Legible:
    """A text made legible.

    Attributes:
        text: The legible text.
        places: For each of its characters, the place in the original; None where the two are the same.
    """

    text: str
    places: tuple[int, ...] | None = None

    @property
    def spaced(self) -> str:
        """The text with underscores as blanks, so that what stands between two of them is a word of its own."""
        return self.text.replace("_", " ")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original a span of the legible text stands."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def legible(text: str) -> Legible:
    """Return a text in compatibility form, with ASCII digits and dashes, and without what cannot be seen."""
    if text.isascii():
        return Legible(text)
    parts = [(part, place) for place, char in enumerate(text) for part in _read(char)]
    return Legible("".join(part for part, _ in parts), tuple(place for _, place in parts))


def _read(char: str) -> str:
    if char.isascii():
        return char
    if char in _DASHES:
        return "-"
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char)
