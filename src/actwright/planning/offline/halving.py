"""Halving: a clause whose verb is said once for several changes, or for several new records, as clauses of their own."""

from __future__ import annotations

from collections.abc import Callable

from actwright.planning.offline.clause import Clause
from actwright.planning.offline.sharing import shared
from actwright.planning.offline.understanding import Understood
from actwright.planning.words.lexicon import VERBS
from actwright.planning.words.objects import ObjectIndex

_AND = frozenset({"and"})
_CREATION_JOINS = frozenset({"and", ",", "plus"})
_LONGEST = 80
"""Tokens of a clause that says several things with one verb; a longer one would take too long to cut everywhere."""

_ANOTHER = frozenset({"a", "an", "another", "one"})
"""How a further new record begins that shares the verb of the one before it."""

Reader = Callable[[Clause], Understood]
"""What tells how a clause can be understood."""


def halves(part: Clause, goal: str, understand: Reader, objects: ObjectIndex) -> tuple[Clause, ...]:
    """Return ``set A's amount to 5 and B's to 6`` and ``create an account X and a contact Y`` as two clauses each.

    Records that are named one by one, ``close cases 00001001 and 00001003``, become one clause each, too.
    """
    if len(part.tokens) > _LONGEST:
        return (part,)
    manners = VERBS.get(part.verb or "", frozenset())
    created = _creations(part, goal, understand) if "create" in manners else ()
    if created:
        return created
    changes = _changes(part, goal, understand) if "set" in manners else (part,)
    if len(changes) > 1 or "create" in manners:
        return changes
    single = shared(part, goal, objects)
    return single if all(understand(each).readings for each in single) else (part,)


def _changes(part: Clause, goal: str, understand: Reader) -> tuple[Clause, ...]:
    for first, second in part.halves(goal, _AND):
        if understand(second).apart and understand(first).apart:
            return (first, *_changes(second, goal, understand))
    return (part,)


def _creations(part: Clause, goal: str, understand: Reader) -> tuple[Clause, ...]:
    """Return the new records of a clause; none where it says a single one, or is not understood in parts either."""
    if understand(part).readings:
        return ()
    for first, second in part.halves(goal, _CREATION_JOINS):
        if second.tokens[0].key in _ANOTHER and understand(first).creates:
            rest = _creations(second, goal, understand) or (second,)
            if understand(rest[0]).creates:
                return (first, *rest)
    return ()
