"""Contradictions: named data that says something else than the goal. Neither silently wins: the person is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from actwright.blueprints.plan import Candidate
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.planning.words.lookups import Finder, Match
from actwright.planning.words.reading import Assignment, Problem, RecordPhrase, Rival

_SHOWN = 60


def contrary(
    said: Assignment | None, given: Assignment, name: str, value: JsonScalar
) -> Assignment:
    """Return what data gives, or the question which of the two is meant where the goal says another value.

    Args:
        said: What the goal says of the field; None where it says nothing.
        given: What the data says of it.
        name: The name of the data.
        value: Its value.
    """
    if said is None or said.origin != "goal" or said.problem is not None or said.empty:
        return given
    if given.problem is not None or said.record is not None or _same(said.value, given.value):
        return given
    candidates = tuple(_candidate(each.value) for each in (said, given) if each.value is not None)
    text = sentence(said.words, name, value)
    return replace(given, value=None, problem=Problem("unclear", text, candidates))


def sentence(words: str, name: str, value: JsonScalar) -> str:
    """Return the sentence that names both."""
    shown = inert(str(value)[:_SHOWN])
    return f"The goal says {words[:_SHOWN]!r}, the data {name[:_SHOWN]}={shown}."


def rivals(known: Iterable[Rival], field: str) -> tuple[Rival, ...]:
    """Return what the goal names for ``field`` where data names something, too."""
    return tuple(each for each in known if each.field.lower() == field.lower())


def contradicted(
    known: Iterable[Rival], field: str, given: RecordPhrase, finder: Finder
) -> tuple[Rival, tuple[Match, ...]] | None:
    """Return the record the goal names for ``field`` and both records, where it is another one than data names."""
    for each in rivals(known, field):
        if given.origin == "data":
            said, chosen = _found(each.record, finder), _found(given, finder)
            one = chosen[0].id if len(chosen) == 1 else given.record_id
            if len(said) == 1 and one is not None and said[0].id != one:
                return each, (*said, *(chosen or (_by_id(given, one),)))
    return None


def _by_id(given: RecordPhrase, record_id: str) -> Match:
    name = next(iter(given.names), record_id)
    return Match(given.objects[0], record_id, name, "the record of that id", ())


def _found(phrase: RecordPhrase, finder: Finder) -> tuple[Match, ...]:
    return tuple(match for name in phrase.objects for match in finder.matches(name, phrase))


def _same(first: JsonScalar, second: JsonScalar) -> bool:
    if first == second or str(first).casefold() == str(second).casefold():
        return True
    try:
        return Decimal(str(first)) == Decimal(str(second))
    except InvalidOperation:
        return False


def _candidate(value: JsonScalar) -> Candidate:
    return Candidate(value=value, label=str(value)[:300])
