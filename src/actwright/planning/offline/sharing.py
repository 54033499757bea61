"""Sharing: several records named one by one that the same is asked for, as clauses of their own.

``close cases 00001001 and 00001003`` and ``assign the account Globex and the opportunity Globex Pilot to Bob`` say by
the plural, or by an object word before each, that several records are meant; a bare ``A and B`` may be one name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from actwright.planning.offline.clause import Clause
from actwright.planning.rows.rows import is_plural
from actwright.planning.words.lexicon import DETERMINERS, NEGATIONS, SWEEPING
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token

_JOINS = frozenset({"and", ","})
_WHOLE = SWEEPING | NEGATIONS | {"but", "excluding", "other", "apart"}
"""Words before a list that it must stay whole behind: ``all cases except case 1 and case 2`` leaves out both."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class _Named:
    """One record of a list: the tokens that say its object, those of its name, and the position behind it."""

    kind: tuple[Token, ...]
    name: tuple[Token, ...]
    stop: int
    plural: bool


def shared(part: Clause, goal: str, objects: ObjectIndex) -> tuple[Clause, ...]:
    """Return one clause for each record that ``part`` names; itself alone where it names one, or no list."""
    tokens = part.tokens
    for at in range(len(tokens)):
        if tokens[at].key in _WHOLE and tokens[at].kind != "quoted":
            return (part,)
        first = _named(tokens, at, objects)
        if first is not None:
            return _spread(part, goal, _list(tokens, first, objects), (at, len(tokens)))
    return (part,)


def _list(tokens: tuple[Token, ...], first: _Named, objects: ObjectIndex) -> list[_Named]:
    """Return the records of the list that begins with ``first``: alone where nothing says that there are several."""
    found = [first]
    while len(found) < _MOST:
        at = start = found[-1].stop
        while at < len(tokens) and tokens[at].key in _JOINS and tokens[at].kind != "quoted":
            at += 1
        named = _named(tokens, at, objects) if at > start else None
        if named is None and first.plural and at > start:
            name = _name(tokens, at)
            named = _Named(first.kind, name, at + len(name), plural=True) if name else None
        if named is None:
            break
        found.append(named)
    return found


def _spread(
    part: Clause, goal: str, found: list[_Named], span: tuple[int, int]
) -> tuple[Clause, ...]:
    if len(found) == 1:
        return (part,)
    before, rest = part.tokens[: span[0]], part.tokens[found[-1].stop :]
    clauses = []
    for each in found:
        tokens = (*before, *each.kind, *each.name, *rest)
        text = f"{part.said} {' '.join(goal[one.start : one.end] for one in tokens)}"
        clauses.append(replace(part, text=text, tokens=tokens))
    return tuple(clauses)


def _named(tokens: tuple[Token, ...], at: int, objects: ObjectIndex) -> _Named | None:
    """Return the record named from ``at`` on, with its object before it: ``the account Globex``."""
    start = at + (at < len(tokens) and tokens[at].key in DETERMINERS)
    mention = objects.at(tokens, start, len(tokens)) if start < len(tokens) else None
    if mention is None or any(each.possessive for each in tokens[start : start + mention.length]):
        return None
    behind = start + mention.length
    name = _name(tokens, behind)
    kind = tokens[start:behind]
    return _Named(kind, name, behind + len(name), is_plural(mention)) if name else None


def _name(tokens: tuple[Token, ...], at: int) -> tuple[Token, ...]:
    """Return the tokens of a name: a quoted one, a number, or a run of words with capitals."""
    if at < len(tokens) and (tokens[at].kind == "quoted" or tokens[at].text.isdigit()):
        return tokens[at : at + 1]
    stop = at
    while stop < len(tokens) and tokens[stop].capital and not tokens[stop].possessive:
        stop += 1
    return tokens[at:stop]
