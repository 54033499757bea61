"""Hints: how to say a refused goal so that it can be planned. They guess at what was meant, which no plan ever does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from actwright.planning.words.lexicon import FIELD_WORDS, OPENINGS, POLITE, SWEEPING, VERBS
from actwright.planning.words.text import Token, pieces

_ASKING = frozenset(
    {"what", "which", "who", "whose", "when", "where", "why", "how", "is", "are", "does", "did"}
    | {"show", "list", "find", "get", "display", "count", "search", "tell", "give"}
)
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "months", "quarter", "year", "years"})
_MULTIPLYING = frozenset({"double", "triple", "halve", "quadruple"})
_ADDING = frozenset({"add", "subtract", "deduct", "take"})
_OPENING = 3
_SHORTEST = 4
_CLOSE = 0.8
_PLAIN_VERBS = frozenset({"change", "set", "update"})


def hint(tokens: Sequence[Token], verb: str | None, names: str, fields: Collection[str]) -> str:
    """Return the way out of a refusal.

    Args:
        tokens: The tokens of the goal.
        verb: The verb of the refused clause, if the planner knows it.
        names: The object to name in a query, by its API name.
        fields: The words that name fields of the objects the goal may be about.
    """
    keys = [each.key for each in tokens if each.kind != "quoted"]
    if verb is None and _ASKING & set(keys[:_OPENING]):
        query = f"SELECT Id, Name FROM {names}"  # noqa: S608 - shown to a person, sent nowhere
        return f'Planning is for changes; to read, use: actwright query "{query}".'
    if SWEEPING & set(keys):
        return (
            "Say which ones by owner, account, state, date or amount, such as: every open case of Acme older than"
            " 30 days. A word that is not understood never makes it more of them."
        )
    if _relative(tokens):
        return "No record is read while planning: say the new value itself, such as to 99000 or to 2026-12-31."
    return _misspelled(tokens, verb, fields) or _plain(tokens, verb)


def _relative(tokens: Sequence[Token]) -> bool:
    """Tell whether a change is measured from what is there now: ``by 10%``, ``by two weeks``, ``double the amount``."""
    if any(each.key in _MULTIPLYING for each in tokens[:_OPENING]):
        return True
    for at, each in enumerate(tokens):
        added = each.key in _ADDING and [one.kind for one in tokens[at + 1 : at + 2]] == ["number"]
        if added and any(one.key in {"to", "from"} for one in tokens[at + 2 : at + 4]):
            return True
        behind = tokens[at + 1 : at + 3]
        measured = any(one.kind == "number" or one.key in _UNITS for one in behind)
        if each.key == "by" and measured:
            return True
    return False


def _misspelled(tokens: Sequence[Token], verb: str | None, fields: Collection[str]) -> str | None:
    plain = [each.key for each in tokens if each.kind == "word" and len(each.key) >= _SHORTEST]
    known = {*VERBS, *(word for phrase in (*POLITE, *OPENINGS) for word in phrase)}
    if verb is None and tokens and tokens[0].key in plain[:1]:
        near = get_close_matches(plain[0], sorted(VERBS), n=1, cutoff=_CLOSE)
        if near and plain[0] not in known:
            return f"Did you mean {near[0]!r} instead of {plain[0][:40]!r}?"
    everyday = {word for phrases in FIELD_WORDS.values() for one in phrases for word in pieces(one)}
    words = {*fields, *everyday}
    lower = (each for each in tokens if each.key in plain and not each.capital)
    for each in lower:
        near = get_close_matches(each.key, sorted(words), n=1, cutoff=_CLOSE)
        if near and each.key not in words | known:
            return f"Did you mean {near[0]!r} instead of {each.key[:40]!r}?"
    return None


def _plain(tokens: Sequence[Token], verb: str | None) -> str:
    example = (
        'close "Acme Renewal" as won'
        if verb in _PLAIN_VERBS
        else 'change the amount of "Acme Renewal" to 99000'
    )
    quoted = any(each.kind == "quoted" for each in tokens)
    quotes = "" if quoted else ", and put names and texts in quotes"
    return f"Begin with what to do, name the record{quotes}. A goal that is understood: {example}."
