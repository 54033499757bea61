"""Mistaken names: words taken for a record or a value that hold more than that, and that no answer may make forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.planning.offline.resolving import Resolver
from actwright.planning.planner import PlanningOutcome
from actwright.planning.refusals import SAY_WHICH, not_understood
from actwright.planning.rows.rows import is_plural
from actwright.planning.words.amounts import UNITS
from actwright.planning.words.lexicon import COORDINATORS, NEGATIONS, VERBS
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.reading import Reading, RecordPhrase
from actwright.planning.words.text import Token, tokenize

_JOINING = frozenset(word for words in COORDINATORS for word in words)
_CONDITIONS = frozenset(
    ["unless", "if", "except", "but", "only", "when", "whenever", "while", "until", "excluding"]
)
_COUNTS = (frozenset(UNITS) - {"one"}) | {
    "dozen",
    "couple",
    "several",
    "some",
    "few",
    "many",
    "most",
}
_TIMES = frozenset(["today", "tomorrow", "yesterday", "tonight", "before", "after", "since"])
_FURTHER = _JOINING | _CONDITIONS
"""Words behind which something else is said."""

_NO_NAME = _FURTHER | _COUNTS | _TIMES | NEGATIONS | {",", "to", "into"}
_HINT = (
    "Put a name in quotes where it holds and, to, a number or a verb; ask for one change at a time."
)

SAY_ALL = f"For many records, begin with all or every; a name that reads like them stands in quotes. {SAY_WHICH}"
"""What to say instead where a plural was taken for a name."""


def mistaken(
    goal: str, reading: Reading, resolver: Resolver, objects: ObjectIndex
) -> PlanningOutcome | None:
    """Return the refusal of a reading that takes words of the goal for a name or a value which hold more than that.

    A question about such words would lose the rest of them with its answer. What a quoted name holds is the name's own.

    Args:
        goal: The goal's words.
        reading: The reading that would be planned or asked about.
        resolver: Tells which records there are.
        objects: The org's objects by their words.
    """
    quoted = {each.text for each in tokenize(goal) if each.kind == "quoted"}
    words = (*_names(reading, resolver, objects), *_values(reading))
    strange = next((each for each in words if each not in quoted), None)
    if strange is None:
        return None
    return not_understood(strange, SAY_ALL if _holds_many(strange, objects) else _HINT, ())


def _names(reading: Reading, resolver: Resolver, objects: ObjectIndex) -> Iterator[str]:
    """Yield what no record is called, and no name would be."""
    for phrase in _phrases(reading):
        asked = phrase.origin == "goal" and not phrase.earlier and phrase.rows is None
        if asked and resolver.record(phrase, phrase.objects).status == "not_found":
            named = phrase.related.base if phrase.related is not None else phrase
            if _holds_more(named.words, objects):
                yield named.words


def _phrases(reading: Reading) -> Iterator[RecordPhrase]:
    found = [reading.record, *(each.record for each in reading.assignments)]
    found += [each.record for each in reading.links if not each.soft]
    found += [each.record for each in reading.rivals]
    yield from (each for each in found if each is not None)


def _values(reading: Reading) -> Iterator[str]:
    """Yield what is no value of its field, and goes on to say something else."""
    for each in reading.assignments:
        if each.origin == "goal" and each.problem is not None:
            tokens = tokenize(each.words)
            if len(tokens) > 1 and any(_plain(one) and one.key in _FURTHER for one in tokens):
                yield each.words


def _holds_more(words: str, objects: ObjectIndex) -> bool:
    tokens = tokenize(words)
    if any(_plain(each) and each.key in _NO_NAME for each in tokens):
        return True
    if len(tokens) > 1 and any(each.key in VERBS for each in tokens if _lower(each)):
        return True
    return _holds_many(words, objects)


def _holds_many(words: str, objects: ObjectIndex) -> bool:
    """Tell whether the words name records of an object in the plural."""
    tokens = tokenize(words)
    mentions = (objects.at(tokens, at, len(tokens)) for at, one in enumerate(tokens) if _lower(one))
    return any(each is not None and is_plural(each) for each in mentions)


def _lower(token: Token) -> bool:
    return token.kind == "word" and not token.capital


def _plain(token: Token) -> bool:
    return token.kind != "quoted"
