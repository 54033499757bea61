"""Clauses: the parts of a goal that ask for one action each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.planning.lexicon import ASKING, COORDINATORS, POLITE, VERBS
from actwright.planning.text import Token

_NOUNS = {("close", "date")}
"""A verb and a noun that together name a field."""
_BREAKS = frozenset({";", ".", ",", "\n"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the goal.

    Attributes:
        text: Its words.
        verb: Its verb in base form; None where it does not begin with one the planner knows.
        tokens: What stands behind the verb, or all of it where there is none.
        asking: Whether it opens as a polite question, which a question mark may end.
    """

    text: str
    verb: str | None
    tokens: tuple[Token, ...]
    asking: bool = False


def clauses(goal: str, tokens: tuple[Token, ...]) -> tuple[Clause, ...]:
    """Return the clauses of a goal, in order; every token but coordinators belongs to one."""
    starts = [0, *_starts(tokens)]
    spans = zip(starts, [*starts[1:], len(tokens)], strict=True)
    return tuple(_clause(goal, tokens[start:stop]) for start, stop in spans if stop > start)


def _starts(tokens: tuple[Token, ...]) -> Iterator[int]:
    """Yield where a clause begins: behind a break or a coordinator, at a verb in lower case."""
    for at in range(1, len(tokens)):
        if _break_length(tokens, at) and not _break_length(tokens, at - 1):
            behind = _behind_breaks(tokens, at)
            sentence = any(each.text in {".", ";"} for each in tokens[at:behind])
            if behind < len(tokens) and _begins(tokens, behind, sentence=sentence):
                yield at


def _begins(tokens: tuple[Token, ...], at: int, *, sentence: bool) -> bool:
    start = at + _polite_length(tokens, at)
    if start >= len(tokens) or tokens[start].kind != "word":
        return False
    verb, behind = tokens[start], tokens[start + 1 : start + 2]
    if verb.key not in VERBS or verb.possessive or not behind:
        return False
    if (verb.key, behind[0].key) in _NOUNS:
        return False
    return sentence or not verb.capital


def _break_length(tokens: tuple[Token, ...], at: int) -> int:
    if at >= len(tokens):
        return 0
    if tokens[at].kind == "symbol" and tokens[at].text in _BREAKS:
        return 1
    keys = tuple(each.key if each.kind != "quoted" else "" for each in tokens[at : at + 2])
    return next((len(each) for each in COORDINATORS if keys[: len(each)] == each), 0)


def _behind_breaks(tokens: tuple[Token, ...], at: int) -> int:
    while length := _break_length(tokens, at):
        at += length
    return at


def _polite_length(tokens: tuple[Token, ...], at: int) -> int:
    start = at
    while True:
        keys = tuple(each.key for each in tokens[at : at + 5])
        step = max((len(each) for each in POLITE if keys[: len(each)] == each), default=0)
        if step == 0:
            return at - start
        at += step
        while at < len(tokens) and tokens[at].text == ",":
            at += 1


def _clause(goal: str, tokens: tuple[Token, ...]) -> Clause:
    start = _behind_breaks(tokens, 0)
    body = tokens[start:]
    if not body:
        return Clause(goal[tokens[0].start : tokens[-1].end], None, ())
    text = goal[body[0].start : body[-1].end]
    polite = _polite_length(body, 0)
    verb = body[polite] if polite < len(body) else None
    if verb is None or verb.kind != "word" or verb.key not in VERBS or verb.possessive:
        return Clause(text, None, body)
    asking = any(each.key in ASKING for each in body[:polite])
    rest = body[polite + 1 :]
    if asking and rest and rest[-1].text == "?":
        rest = rest[:-1]
    return Clause(text, verb.key, rest, asking)
