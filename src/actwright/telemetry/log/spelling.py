"""Spelling: a text as somebody reads it, escapes undone and accents left out, and where each of its words stands."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

Span = tuple[int, int]
"""From the first character to the one behind the last."""

_OTHER = r"[A-Za-z][\u0300-\u036f]+|[^\x00-\x7f][\u0300-\u036f\u3099\u309a\u1161-\u11ff]*"
_ESCAPES = (
    r"\\{1,8}u[dD][89abAB][0-9a-fA-F]{2}\\{1,8}u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\{1,8}u[0-9a-fA-F]{4}|\\{1,8}x[0-9a-fA-F]{2}|\\{1,8}[bfnrt]"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|(?:%[0-9a-fA-F]{2}){1,40}"
)
_AS_IT_STANDS = re.compile(_OTHER)
_UNESCAPED = re.compile(f"{_ESCAPES}|{_OTHER}")
_ESCAPING = re.compile(r"[\\&%]")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W_a-zA-Z\d]+")
_LONGEST_NAME = 40
"""A longer word with digits is no name with others, but an id or a digest."""


class Word(NamedTuple):
    """A word of a reading: where it stands there, in small letters, and whether it is a part of a longer one."""

    start: int
    end: int
    text: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a text, and whether it reads as it is written."""

    start: int
    end: int
    same: bool


class Reading:
    """One way to read a text.

    Args:
        text: The text. Hostile input; reading takes time in proportion to its length.
        form: What of it is written otherwise than it is read.
    """

    def __init__(self, text: str, form: re.Pattern[str] = _AS_IT_STANDS) -> None:
        self._pieces: list[_Piece] = []
        self._starts: list[int] = []
        plain, length = list[str](), 0
        for piece, said in _pieces(text, form):
            self._pieces.append(piece)
            self._starts.append(length)
            plain.append(said)
            length += len(said)
        self.plain = "".join(plain)
        """The text as it is read."""

    def span(self, start: int, end: int) -> Span:
        """Return where in the text a stretch of the reading stands."""
        first, last = (bisect_right(self._starts, at) - 1 for at in (start, end - 1))
        begin, close = self._pieces[first], self._pieces[last]
        return (
            begin.start + (start - self._starts[first] if begin.same else 0),
            close.start + (end - self._starts[last]) if close.same else close.end,
        )

    def words(self) -> list[Word]:
        """Return its words."""
        return [Word(*each.span(), each[0].casefold()) for each in _WORD.finditer(self.plain)]

    def parts(self, words: list[Word]) -> list[Word]:
        """Return its words with those taken apart that are written in one: ``NotifyJaneSmith``; empty where none is."""
        taken = [part for each in words for part in self._apart(each)]
        return taken if len(taken) > len(words) else []

    def _apart(self, word: Word) -> Iterator[Word]:
        said = self.plain[word.start : word.end]
        found = list(_PART.finditer(said))
        is_id = len(said) > _LONGEST_NAME and any(map(str.isdigit, said))
        if len(found) < 2 or is_id:  # noqa: PLR2004 - one is the word itself
            yield word
            return
        for each in found:
            start, end = each.span()
            yield Word(word.start + start, word.start + end, each[0].casefold(), is_part=True)


def readings(text: str) -> tuple[Reading, ...]:
    r"""Return the ways to read a text: as it stands, and with escapes undone, since ``\n`` may also begin a name."""
    if _ESCAPING.search(text) is None:
        return (Reading(text),)
    return Reading(text), Reading(text, _UNESCAPED)


def _pieces(text: str, form: re.Pattern[str]) -> Iterator[tuple[_Piece, str]]:
    at = 0
    for found in form.finditer(text):
        start, end = found.span()
        if start > at:
            yield _Piece(at, start, same=True), text[at:start]
        yield _Piece(start, end, same=False), _read(found[0])
        at = end
    if at < len(text):
        yield _Piece(at, len(text), same=True), text[at:]


def _read(written: str) -> str:
    """Return what an escape or a letter with accents is read as."""
    if written.startswith("&"):
        return _bare(html.unescape(written))
    if written.startswith("%"):
        return _bare(unquote(written, errors="replace"))
    if not written.startswith("\\"):
        return _bare(written)
    codes = re.findall(r"[ux]([0-9a-fA-F]{2,4})", written)
    units = b"".join(int(each, 16).to_bytes(2, "big") for each in codes)
    return _bare(units.decode("utf-16-be", "replace")) if codes else " "


def _bare(letters: str) -> str:
    """Return letters in one form, those that have capitals without their accents."""
    return "".join(map(_bare_letter, unicodedata.normalize("NFKC", letters)))


def _bare_letter(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    if first.lower() != first.upper():
        return first
    return "" if unicodedata.category(letter) in {"Mn", "Cf"} else letter
