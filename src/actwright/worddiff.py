"""Word diffs: which words of a text would go, which would come, and which stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from typing import Literal

PieceKind = Literal["same", "gone", "new"]

_UNITS = tuple(
    re.compile(each)
    for each in (r"\s+|\w+|[^\w\s]", r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*", r"[^\n]*\n|[^\n]+")
)
"""What texts are compared by, from fine to coarse: words, sentences, lines."""

_MOST_PAIRS = 1_000_000
"""More pairs than this are not compared one by one: a page must not wait for them."""

_ALIKE = 0.3
"""The share of a text that must stay for a diff to be easier to read than both texts side by side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stays, goes or comes."""

    kind: PieceKind
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as one: what stays and goes is the old text, what stays and comes the new one."""
    return tuple(
        _joined(_without_islands([each for each in _compared(before, after) if each.text]))
    )


def alike(pieces: Sequence[Piece]) -> bool:
    """Tell whether enough stays for a word diff to be easier to read than the two texts beside each other."""
    lengths = {"same": 0, "gone": 0, "new": 0}
    for each in pieces:
        lengths[each.kind] += len(each.text)
    longer = lengths["same"] + max(lengths["gone"], lengths["new"])
    return lengths["same"] > longer * _ALIKE


def _compared(before: str, after: str, coarsest: int = len(_UNITS)) -> Iterator[Piece]:
    """Yield the pieces of two texts, by the finest units that are few enough, and then finer inside what differs."""
    for level, unit in enumerate(_UNITS[:coarsest]):
        old, new = unit.findall(before), unit.findall(after)
        head = _shared(old, new)
        tail = _shared(old[head:][::-1], new[head:][::-1])
        middle = old[head : len(old) - tail], new[head : len(new) - tail]
        if len(middle[0]) * len(middle[1]) <= _MOST_PAIRS:
            yield Piece("same", "".join(old[:head]))
            yield from _aligned(*middle, level)
            yield Piece("same", "".join(old[len(old) - tail :]))
            return
    yield from (Piece("gone", before), Piece("new", after))


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _aligned(old: Sequence[str], new: Sequence[str], level: int) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, start, end, first, last in matcher.get_opcodes():
        gone, come = "".join(old[start:end]), "".join(new[first:last])
        if what == "equal":
            yield Piece("same", gone)
        elif what == "replace" and level:
            yield from _compared(gone, come, level)
        else:
            yield from (Piece("gone", gone), Piece("new", come))


def _without_islands(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces with blanks between two changed words given to both, so that phrases stay whole."""
    for at, each in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1
        if each.kind == "same" and each.text.isspace() and inside:
            yield from (Piece("gone", each.text), Piece("new", each.text))
        else:
            yield each


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces with what goes before what comes, each stretch in one piece."""
    for changed, stretch in groupby(pieces, key=lambda each: each.kind != "same"):
        found = list(stretch)
        for kind in ("gone", "new") if changed else ("same",):
            text = "".join(each.text for each in found if each.kind == kind)
            if text:
                yield Piece(kind, text)
