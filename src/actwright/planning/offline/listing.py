"""Lists: the items of a goal written one below the other, or numbered in one line."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.planning.words.text import Token

_BULLETS = frozenset({"-", "*", "+", "\N{BULLET}", "\N{EN DASH}", "\N{EM DASH}"})
_NUMBERING = frozenset({".", ")", ":"})


def items(goal: str, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], ...]:
    """Return the items of a goal that is written as a list, without their bullets and numbers; else all its tokens.

    A goal is a list where at least one of its lines begins with a bullet, or where its numbers count up from one.
    """
    marks = list(_marks(goal, tokens))
    if not marks:
        return (tokens,)
    begins = [0, *(at for at, _ in marks)]
    ends = [*(at for at, _ in marks), len(tokens)]
    lengths = [0, *(length for _, length in marks)]
    found = (
        tokens[begin + length : end]
        for begin, length, end in zip(begins, lengths, ends, strict=True)
    )
    return tuple(each for each in found if each)


def _marks(goal: str, tokens: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    """Yield where an item begins, and how many tokens its bullet or number takes."""
    wanted = 1
    for at, token in enumerate(tokens):
        line = _begins_line(goal, tokens, at)
        number = _number(tokens, at)
        if line and token.kind == "symbol" and token.text in _BULLETS:
            yield at, 1
        elif number == wanted and (line or wanted > 1):
            wanted += 1
            yield at, 2


def _begins_line(goal: str, tokens: tuple[Token, ...], at: int) -> bool:
    before = tokens[at - 1].end if at else 0
    return at == 0 or "\n" in goal[before : tokens[at].start]


def _number(tokens: tuple[Token, ...], at: int) -> int | None:
    """Return the number of an item that begins at ``at``: ``1.``, ``2)``."""
    token, behind = tokens[at], tokens[at + 1 : at + 2]
    marked = any(each.text in _NUMBERING and each.start == token.end for each in behind)
    plain = token.kind == "number" and token.text.isascii() and token.text.isdigit()
    return int(token.text) if plain and marked and len(token.text) < 3 else None  # noqa: PLR2004 - two digits
