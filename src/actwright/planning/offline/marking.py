"""Marks: where a clause says what a field is to hold, ``whose description holds``, ``with a subject that says``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actwright.planning.offline.clause import Clause
from actwright.planning.words.lexicon import DETERMINERS
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import Token

_OPENING = frozenset({"whose", "with", "where", "its"})
_HOLDING = (
    ("is", "set", "to"),
    ("set", "to"),
    ("equal", "to"),
    *(
        (each,)
        for each in ("holds", "is", "says", "shows", "contains", "states", "gives", "equals")
    ),
    *((each,) for each in ("holding", "saying", "showing", "containing", "stating", "giving", "=")),
)
_WHICH = frozenset({"that", "which"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a field is said to hold something.

    Attributes:
        at: Where that begins.
        field: Where the field's words begin.
        holds: Where they end, and what says that it holds something begins.
        value: Where the value begins.
    """

    at: int
    field: int
    holds: int
    value: int


def may_compute(clause: Clause) -> bool:
    """Tell whether the clause may say a field and what it is to hold, worked out."""
    keys = [each.key for each in clause.tokens if each.kind != "quoted"]
    holds = any(each[-1] in keys for each in _HOLDING)
    possessive = any(each.possessive for each in clause.tokens)
    return bool(_OPENING & set(keys)) and holds and (possessive or "of" in keys or "has" in keys)


def marks(scope: Scope, begin: int) -> Iterator[Mark]:
    """Yield each mark of a clause from ``begin`` on."""
    for at in range(begin, scope.end):
        if scope.key(at) not in _OPENING:
            continue
        field = scope.skip(at + 1, DETERMINERS | {"whose", "with"})
        for value in range(field + 1, min(field + 6, scope.end)):
            said = scope.skip(value, _WHICH)
            keys = tuple(scope.key(said + ahead) for ahead in range(3))
            length = next((len(each) for each in _HOLDING if keys[: len(each)] == each), 0)
            if length:
                joined = at - 1 if scope.key(at - 1) in {"and", ","} else at
                yield Mark(joined, field, value, said + length)
                break


def plainly(scope: Scope) -> Scope:
    """Return the clause with ``whose subject is 'Review'`` said as ``, subject 'Review'``."""
    tokens = list(scope.tokens)
    for each in reversed(list(marks(scope, 0))):
        start = scope.tokens[each.at].start
        comma = Token(",", start, start + 1, "symbol", ())
        tokens[each.at : each.value] = [comma, *scope.tokens[each.field : each.holds]]
    return replace(scope, tokens=tuple(tokens))
