"""Additions: words that ask for an action the plan does not hold, which an edit cannot add."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.planning.response.subject import Subject
from actwright.planning.words.lexicon import VERBS
from actwright.planning.words.scope import Scope

_ANOTHER = frozenset(
    {"a", "an", "another", "one", "two", "three", "some", "more", "new", "me", "us"}
)
_SAYING = frozenset({"second", "third", "further", "additional", "short", "quick", "follow-up"})
"""What may stand before the thing that is to be added."""

_MEANING_MORE = frozenset({"make", "raise", "open", "file", "enter", "new", "draft"})
"""Verbs that make records, and say other things too: only what is named behind them tells."""

_ERRANDS = frozenset(
    {"call", "phone", "ring", "email", "mail", "meet", "visit", "message", "notify", "invite"}
    | {"tell", "ask", "remind", "send", "contact", "text"}
)
"""What people do at some time, and a plan would hold as a task."""

_PERSONS = frozenset({"me", "us", "him", "her", "them"})


def is_addition(scope: Scope, at: int, subjects: Sequence[Subject]) -> bool:
    """Tell whether the words from ``at`` on ask for another action: ``create a call for Monday``, ``call John``.

    ``schedule the call for Monday`` is about what the plan holds already, and ``add a description`` about a value.

    Args:
        scope: The words.
        at: The first token.
        subjects: The actions of the plan.
    """
    word = scope.key(at)
    if word in _ERRANDS and _is_person(scope, at + 1):
        return True
    makes = "create" in VERBS.get(word, ())
    if not makes and word not in {"another", "additional"}:
        return False
    begin = at + makes
    thing = scope.skip(begin, _ANOTHER | _SAYING)
    if scope.objects.at(scope.tokens, thing, scope.end) is not None:
        return True
    named = any(each.index.field_at(scope.tokens, thing, scope.end) for each in subjects)
    return thing > begin and thing < scope.end and not named and word not in _MEANING_MORE


def _is_person(scope: Scope, at: int) -> bool:
    """Tell whether somebody is named: a word in capitals that is no day, or ``me``."""
    if scope.key(at) in _PERSONS:
        return True
    if at >= scope.end or scope.tokens[at].kind != "word" or scope.date_at(at) is not None:
        return False
    return scope.tokens[at].capital and scope.objects.at(scope.tokens, at, scope.end) is None
