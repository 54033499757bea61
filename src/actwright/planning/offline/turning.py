"""Turns of a clause: where a text without quotes ends because the words may say when, or for what, it does not hold."""

from __future__ import annotations

from actwright.planning.words.scope import Scope

_ASIDE = frozenset(
    {
        "but",
        "unless",
        "except",
        "excluding",
        "if",
        "only",
        "keep",
        "keeping",
        "otherwise",
        "provided",
    }
)
_ANOTHER = frozenset({"not", "of", "for"})
"""Words behind ``and`` that lead on to something else than the text."""

_JOINS = frozenset({",", "and"})
_CONDITIONAL = (("but", "only"), ("but", "not"), ("only", "if"), ("only", "when"), ("unless",))


def turns(scope: Scope, at: int) -> bool:
    """Tell whether a condition, an exception or another record may begin at ``at``, which no value says."""
    key = scope.key(at)
    if key in _JOINS:
        return scope.key(scope.skip(at, _JOINS)) in _ANOTHER | _ASIDE
    return key in _ASIDE


def conditional(scope: Scope, at: int) -> bool:
    """Tell whether words begin at ``at`` that say when a new record is wanted, and hardly what it says: ``only if``."""
    pair = (scope.key(at), scope.key(at + 1))
    return any(pair[: len(each)] == each for each in _CONDITIONAL)
