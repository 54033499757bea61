"""Literals: words taken for a text, which may ask for something to be worked out instead; such are never written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from actwright.errors import PlanningError
from actwright.planning.offline.anchoring import anchor_phrase
from actwright.planning.offline.computations import computation
from actwright.planning.offline.drafting import Draft
from actwright.planning.offline.functions import function_at, says_function
from actwright.planning.words.lexicon import DETERMINERS
from actwright.planning.words.reading import Assignment
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import tokenize
from actwright.planning.words.values import TEXT_TYPES

_COUNTING = frozenset({"of", "many"})
_REASONS = ("because", "because of", "reason", "reason is", "about")
_COUNTED = frozenset({"count", "sum"})
_TIMES = frozenset({"twice", "half", "double", "triple", "of", "times", "%", "exactly", "only"})
_NEAR = 3
_LONGEST = 80
"""Tokens of a text that is read for a computation; a longer one is prose."""


def check_literal(drafts: Iterable[Draft], scope: Scope) -> None:
    """Refuse a text that reads as a computation: who asks for a total wants the total, not its name.

    What the goal puts in quotes is a text, and so is what was handed in as data, or is said as a reason.

    Args:
        drafts: The actions of the goal.
        scope: The scope of any clause of the goal.

    Raises:
        PlanningError: A field would hold the words of a computation.
    """
    quoted = [each.text for each in tokenize(scope.goal) if each.kind == "quoted"]
    for draft in drafts:
        for each in draft.choice.reading.assignments:
            text = _said(each)
            known = any(text in one for one in quoted)
            if text and not known and not _reason(text, scope.goal) and _computes(text, scope):
                raise _unclear(each.field.label, text)


@contextmanager
def truly(drafts: Sequence[Draft]) -> Iterator[None]:
    """Tell what is truly wrong where a computation starts from a record that an earlier clause looked for in vain.

    Args:
        drafts: The actions of the earlier clauses.

    Raises:
        PlanningError: What the earlier clause asks, instead of what became unclear by it.
    """
    try:
        yield
    except PlanningError as error:
        lost = [one for each in drafts for one in each.questions if one.reason == "not_found"]
        if error.error_code != "computation_unclear" or not lost:
            raise
        raise PlanningError(
            f"{lost[0].text.partition(' Answer with ')[0]} Nothing was planned.",
            hint="Say the record as the org calls it; what is to be worked out starts from it.",
            code="computation_unclear",
        ) from error


def _said(assignment: Assignment) -> str:
    """Return the text the goal itself gives a field, empty where it gives none."""
    told = assignment.origin == "goal" and assignment.field.type in TEXT_TYPES
    return assignment.value if told and isinstance(assignment.value, str) else ""


def _reason(text: str, goal: str) -> bool:
    before = goal.casefold().partition(text.casefold())[0].rstrip(" :")
    return before.endswith(_REASONS)


def _computes(text: str, scope: Scope) -> bool:
    """Tell whether a text reads as a computation: whole, or as far as it names a function and what that goes over."""
    tokens = tokenize(text)
    inner = replace(scope, goal=text, tokens=tokens)
    while inner.end and (tokens[0].kind == "number" or inner.key(0) in _TIMES):
        tokens = tokens[1:]
        inner = replace(inner, tokens=tokens)
    if not 0 < inner.end <= _LONGEST:
        return False
    if computation(inner, 0, inner.end) is not None or _copies(inner):
        return True
    if any(_goes_over(inner, at) for at in _beginnings(inner)):
        return True
    owners = [at + 1 for at in range(inner.end) if tokens[at].possessive]
    counts = inner.key(inner.end - 1) in _COUNTED
    return any(
        (counts or says_function(inner, at, inner.end)) and anchor_phrase(inner, 0, at) is not None
        for at in owners
    )


def _beginnings(scope: Scope) -> Iterator[int]:
    """Yield where a function may begin: behind the article, or behind whose it is."""
    yield scope.skip(0, DETERMINERS)
    yield from (at + 1 for at in range(min(scope.end, _NEAR)) if scope.tokens[at].possessive)


def _goes_over(scope: Scope, at: int) -> bool:
    """Tell whether a function begins there that counts, or that is followed by records alone or with their field."""
    begun = function_at(scope, at)
    if begun is None:
        return False
    return scope.key(begun.stop - 1) in _COUNTING or any(
        _records_at(scope, place, named=at > 0) for place in range(begun.stop, scope.end)
    )


def _records_at(scope: Scope, at: int, *, named: bool) -> bool:
    mention = scope.objects.at(scope.tokens, at, scope.end)
    if mention is None or scope.objects.get(mention.object.name) is None:
        return False
    behind = at + mention.length
    if behind == scope.end:
        return named
    index = scope.fields(mention.object.name)
    return index.field_at(scope.tokens, behind, scope.end) is not None


def _copies(scope: Scope) -> bool:
    """Tell whether the whole text is ``the phone of Acme``: a field of a record."""
    at = scope.find(0, {"of"})
    anchor = anchor_phrase(scope, at + 1, scope.end) if 0 < at < scope.end - 1 else None
    first = scope.skip(0, DETERMINERS)
    for name in anchor.objects if anchor is not None else ():
        if first and scope.objects.get(name) is not None:
            mention = scope.fields(name).field_at(scope.tokens, first, at)
            if mention is not None and first + mention.length == at:
                return True
    return False


def _unclear(label: str, text: str) -> PlanningError:
    return PlanningError(
        f"{label[:80]} would hold the very words {text[:120]!r}, which ask for something to be worked out. "
        "That is worked out for new records only. Nothing was planned.",
        hint="Put the words in quotes if they are the text, or ask for a new record: "
        "a task whose description holds Acme's total open opportunity amount.",
        code="computation_unclear",
    )
