"""What a goal says not to do: ``but leave the close date as it is``, ``without changing the owner``, ``don't create a task``.

The negated parts are taken out before the goal is read as actions, and every action is held against them. A negated
part that is not understood ends the planning: it could have forbidden anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.planning.words.lexicon import DETERMINERS, VERBS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token

_DO_NOT = (
    *((first, "not") for first in ("do", "must", "should", "may", "can")),
    *((word,) for word in ("don't", "dont", "never", "mustn't", "shouldn't")),
)
_HARMLESS = frozenset({"forget", "hesitate", "worry", "mind"})
_LEADING = frozenset(
    {"but", "and", ",", "please", "just", "also", "so", "though", "however", "only"}
)
_STOPS = frozenset({".", ";", "!", "?"})
_KEEP = frozenset({"leave", "keep"})
_AS_IT_IS = (
    ("as", "it", "is"),
    ("as", "they", "are"),
    ("as", "is"),
    ("where", "it", "is"),
    ("the", "same"),
    *((word,) for word in ("alone", "unchanged", "untouched", "intact")),
)
CHANGING = frozenset(
    {"touch", "change", "modify", "alter", "affect", "overwrite", "update", "edit"}
)
"""Verbs of a negation that mean any change."""


@dataclass(frozen=True, slots=True)
class Negation:
    """One part of the goal that says what not to do.

    Attributes:
        words: The words, as they stand.
        tokens: What stands behind the negation, its verb first; a field alone where something is to be left as it is.
    """

    words: str
    tokens: tuple[Token, ...]

    def picks(self, index: FieldIndex, objects: ObjectIndex) -> bool:
        """Tell whether it speaks of some records of an object, rather than of fields or of new records alone."""
        verb = base(self.tokens[0])
        creating = verb is not None and "create" in VERBS.get(verb, frozenset())
        named = any(
            each.capital or each.kind in {"quoted", "number"}
            for each in self.tokens[verb is not None :]
        )
        spoken = index.schema.name in {each.name for each in objects.mentioned(self.tokens)}
        return named or (spoken and not creating)


@dataclass(frozen=True, slots=True)
class Parted:
    """A goal in two: the tokens that ask for something, and what it says not to do."""

    tokens: tuple[Token, ...]
    negations: tuple[Negation, ...]


def parted(goal: str, tokens: tuple[Token, ...]) -> Parted:
    """Return the goal without its negated parts, and those."""
    kept: list[Token] = []
    negations: list[Negation] = []
    at = 0
    while at < len(tokens):
        behind = None if _in_text(tokens, at) else _opening(tokens, at)
        stop = _end(tokens, behind) if behind is not None else at
        inner = _inner(tokens, at, behind, stop) if behind is not None else None
        if inner is None:
            kept.append(tokens[at])
            at += 1
            continue
        while kept and kept[-1].key in _LEADING and kept[-1].kind != "quoted":
            kept.pop()
        words = goal[tokens[at].start : tokens[stop - 1].end]
        negations.append(Negation(words, inner))
        at = stop
    return Parted(tuple(kept), tuple(negations))


def _in_text(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a text to write down goes on at ``at``: behind a colon, up to the end of its sentence."""
    before = [each.key for each in tokens[:at] if each.kind == "symbol"]
    marks = [each for each in before if each in _STOPS | {":"}]
    return marks[-1:] == [":"]


def _opening(tokens: Sequence[Token], at: int) -> int | None:
    """Return where what is negated begins, if a negation begins at ``at``."""
    keys = tuple("" if each.kind == "quoted" else each.key for each in tokens[at : at + 3])
    for mark in _DO_NOT:
        behind = at + len(mark)
        if keys[: len(mark)] == mark and behind < len(tokens):
            return None if tokens[behind].key in _HARMLESS else behind
    if keys[:1] == ("without",) and len(keys) > 1 and base(tokens[at + 1]) is not None:
        return at + 1
    if keys[:1] == ("not",) and at and tokens[at - 1].key in {",", "and"}:
        return at + 1 if _is_value(tokens, at + 1) else None
    if keys[:2] == ("but", "not") and keys[2:3] and keys[2] in DETERMINERS:
        return at + 2
    return at + 1 if keys[0] in _KEEP else None


def _is_value(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether ``not 45k`` ends a sentence or a clause: another value than the one that is meant."""
    if at >= len(tokens) or not (
        tokens[at].capital or tokens[at].kind in {"quoted", "number", "date"}
    ):
        return False
    stop = at
    while (
        stop < len(tokens)
        and (tokens[stop].capital or tokens[stop].kind != "word")
        and tokens[stop].key not in _STOPS
    ):
        stop += 1
    return stop == len(tokens) or tokens[stop].key in _STOPS


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return where a negation ends: at a full stop, or where a break leads on to another verb.

    ``and`` alone is no such break: ``don't create a task and close it`` could forbid both.
    """
    for at in range(start + 1, len(tokens)):
        if tokens[at].kind != "quoted" and tokens[at].key in _STOPS:
            return at
        behind = at
        while behind < len(tokens) and tokens[behind].key in _LEADING | {"then", "instead"}:
            behind += 1
        gerund = tokens[start].key.endswith("ing") or behind - at > 1 or tokens[at].key != "and"
        if behind > at and behind < len(tokens) and gerund and _begins(tokens, behind):
            return at
    return len(tokens)


def _begins(tokens: Sequence[Token], at: int) -> bool:
    verb = tokens[at].key in VERBS and not tokens[at].possessive and not tokens[at].capital
    date = tokens[at].key == "close" and [each.key for each in tokens[at + 1 : at + 2]] == ["date"]
    return (verb and not date) or _opening(tokens, at) is not None


def _inner(tokens: Sequence[Token], at: int, behind: int, stop: int) -> tuple[Token, ...] | None:
    """Return what is negated; of ``leave X as it is`` the X, and nothing where nothing is left as it is."""
    if stop <= behind:
        return None
    if tokens[at].key not in _KEEP:
        return tuple(tokens[behind:stop])
    keys = tuple(each.key for each in tokens[:stop])
    mark = next((each for each in _AS_IT_IS if keys[-len(each) :] == each), None)
    inner = tuple(tokens[behind : stop - len(mark)]) if mark else ()
    return inner or None


def base(token: Token) -> str | None:
    """Return the verb a word stands for, ``creating`` for ``create``, or None where it is none."""
    if token.kind != "word":
        return None
    if token.key in VERBS or token.key in CHANGING:
        return token.key
    if not token.key.endswith("ing"):
        return None
    begun = token.key.removesuffix("ing")
    undoubled = begun[:-1] if begun[-1:] == begun[-2:-1] else begun
    forms = (begun, f"{begun}e", undoubled)
    return next((each for each in forms if each in VERBS or each in CHANGING), None)
