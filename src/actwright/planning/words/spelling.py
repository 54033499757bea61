"""Misspelt words: a verb, or the name of an object, a field or a value, that is one slip away from the one that is known.

Only what cannot be anything else is read as another word: exactly one known word is near, the word is neither quoted
nor begins with a capital as names do, and it is no English word of its own (``clone`` is not ``close``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, islice

from actwright.planning.words.lexicon import ORDINARY, SUBJECTS, VERBS
from actwright.planning.words.text import Token, pieces

_SHORTEST, _LONG = 4, 8
_MOST = 3
_TURNING = frozenset({"un", "in", "im", "ir", "il", "dis", "de", "non", "re"})
"""Beginnings that turn a word into its opposite, or into another errand: ``unescalated`` is no slip for ``escalated``."""
_INFLECTIONS = ("s", "d", "r", "n", "y", "ed", "er", "es", "ly", "ing")


@dataclass(frozen=True, slots=True)
class Respelling:
    """A word of the goal, by the position of its token, and the known word it is read as."""

    at: int
    written: str
    read: str

    @property
    def note(self) -> str:
        """The assumption, for the plan."""
        return f"read {self.written[:60]!r} as {self.read}"


def respellings(
    tokens: Sequence[Token], known: Collection[str]
) -> Iterator[tuple[Respelling, ...]]:
    """Yield the ways to read misspelt words, fewest first; nothing where no word, or more than a few, could be one.

    Args:
        tokens: The goal's tokens.
        known: Every word that names an object, a field or a value; the verbs are known anyway.
    """
    words = {*known, *VERBS} - set(SUBJECTS)
    every = {*words, *SUBJECTS, *ORDINARY}
    near = cache(lambda key: near_words(key, words))
    candidates = (_respelt(tokens, at, near, every) for at in range(len(tokens)))
    found = [*islice((each for each in candidates if each is not None), _MOST + 1)]
    if len(found) <= _MOST:
        for size in range(1, len(found) + 1):
            yield from combinations(found, size)


def respelt(tokens: Sequence[Token], chosen: Sequence[Respelling]) -> tuple[Token, ...]:
    """Return the tokens with the misspelt words read as the known ones; each keeps what was written."""
    read = {each.at: each.read for each in chosen}
    return tuple(
        replace(each, text=read[at], parts=pieces(read[at]), written=each.text)
        if at in read
        else each
        for at, each in enumerate(tokens)
    )


def near_words(word: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known words one slip away from ``word``, or two for a long one; nothing for a short one, sorted."""
    if len(word) < _SHORTEST:
        return ()
    slips = 2 if len(word) >= _LONG else 1
    likely = (each for each in known if len(each) >= _SHORTEST and not _turned(word, each))
    near = {each: distance(word, each, slips) for each in likely}
    least = min(near.values(), default=slips + 1)
    return tuple(sorted(each for each, far in near.items() if far == least <= slips))


def _turned(first: str, second: str) -> bool:
    """Tell whether one word is the other behind a beginning that turns its meaning round."""
    short, long = sorted((first, second), key=len)
    return long.endswith(short) and long.removesuffix(short) in _TURNING


def distance(first: str, second: str, most: int) -> int:
    """Return how many letters were left out, put in, mistaken or swapped with the next; ``most + 1`` where more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        last, before, row = before, row, [at]
        for to, other in enumerate(second, 1):
            steps = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == second[to - 2] and first[at - 2] == other:
                steps = min(steps, last[to - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _respelt(
    tokens: Sequence[Token],
    at: int,
    near: Callable[[str], tuple[str, ...]],
    every: Collection[str],
) -> Respelling | None:
    token = tokens[at]
    shouted = token.text.isupper() and len(token.text) > 1
    if token.kind != "word" or token.possessive or (token.capital and at and not shouted):
        return None
    if token.key in every or not token.key.isalpha() or _inflected(token.key, every):
        return None
    read = near(token.key)
    return Respelling(at, token.text, read[0]) if len(read) == 1 else None


def _inflected(word: str, known: Collection[str]) -> bool:
    """Tell whether a word is a form of a known one: ``closed`` says something else than ``close``."""
    stems = (word.removesuffix(each) for each in _INFLECTIONS if word.endswith(each))
    return any(each in known or f"{each}e" in known for each in stems)
