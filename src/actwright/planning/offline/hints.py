"""Hints: how to say a refused goal so that it can be planned. They guess at what was meant, which no plan ever does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from actwright.planning.refusals import SAY_WHICH
from actwright.planning.words.lexicon import (
    FIELD_WORDS,
    OPENINGS,
    ORDINARY,
    POLITE,
    SWEEPING,
    VERBS,
)
from actwright.planning.words.spelling import near_words
from actwright.planning.words.text import Token, pieces

_ASKING = frozenset(
    {"what", "which", "who", "whose", "when", "where", "why", "how", "is", "are", "does", "did"}
    | {"show", "list", "find", "get", "display", "count", "search", "tell", "give"}
)
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "months", "quarter", "year", "years"})
_MULTIPLYING = frozenset({"double", "triple", "halve", "quadruple"})
_ADDING = frozenset({"add", "subtract", "deduct", "take"})
_OPENING = 3
_PLAIN_VERBS = frozenset({"change", "set", "update"})
_EXCEPTING = frozenset({"except", "excluding", "but"})
_ASIDE = _EXCEPTING | {"unless", "if", "only"}
_BEYOND = frozenset(
    {"merge", "convert", "send", "email", "mail", "export", "import", "print", "share", "copy"}
)
"""Verbs people ask for that no blueprint of an org's records is."""

NEW_EXAMPLES = {
    "Account": 'create the account "Hooli"',
    "Campaign": 'create the campaign "Partner Day"',
    "Case": 'create a case for Acme: "Printer is broken", high priority',
    "Contact": 'create a contact "Ann Lee" for Acme',
    "Event": 'schedule a meeting with "John Smith" next Tuesday at 14:00',
    "Lead": 'create a lead "Ann Lee" at Fabrikam',
    "Opportunity": 'create an opportunity "Acme Pilot" for Acme in Prospecting closing next Friday',
    "Task": 'create a task for Alice: "Prepare the demo", due next Friday',
}
"""A goal for a new record of each object that is understood."""

CHANGE_EXAMPLES = {
    "Account": 'change the phone of the account "Acme" to +1 555 0100',
    "Campaign": 'set the status of the campaign "Spring Launch" to Completed',
    "Case": "close case 00001001",
    "Contact": 'change the phone of "John Smith" to +1 555 0100',
    "Lead": 'assign the lead "Jane Doe" to Bob',
    "Opportunity": 'change the amount of "Acme Renewal" to 99000',
    "Task": 'change the due date of the task "Send quote" to next Friday',
}
"""A goal for a record of each object that is there already."""

OTHER_EXAMPLE = 'close "Acme Renewal" as won'
"""What is shown to whom the amount of a deal would be the very form that was refused."""


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
    if _relative(tokens):
        return "No record is read while planning: say the new value itself, such as to 99000 or to 2026-12-31."
    if _ASIDE & set(keys):
        return _without_conditions(keys)
    if SWEEPING & set(keys):
        return SAY_WHICH
    beyond = next((each for each in keys[:_OPENING] if verb is None and each in _BEYOND), None)
    if beyond is not None:
        return (
            f"{beyond!r} is nothing that can be planned: records are created, changed and deleted."
            " `actwright blueprints list` shows what there is."
        )
    return _misspelled(tokens, verb, fields) or _plain(tokens, verb, names)


def _without_conditions(keys: Sequence[str]) -> str:
    """Return what to say instead of an exception, or of a condition, that stands where none is read."""
    if SWEEPING & set(keys) and _EXCEPTING & set(keys):
        return (
            "Say which ones are not meant right behind the records, such as: set the priority of all cases of Acme"
            " except 00001001 to High."
        )
    return (
        "No condition and no exception is planned: say what is to change without it. Where it belongs to a text, put the"
        " text in quotes."
    )


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
    plain = [each for each in tokens if each.kind == "word"]
    known = {*VERBS, *(word for phrase in (*POLITE, *OPENINGS) for word in phrase)}
    if verb is None and tokens and plain[:1] == [tokens[0]] and tokens[0].key not in known:
        near = near_words(tokens[0].key, VERBS)
        if near:
            return _instead(near[0], tokens[0])
    everyday = chain.from_iterable(FIELD_WORDS.values())
    words = {*fields, *(word for phrase in everyday for word in pieces(phrase))}
    for each in plain:
        if each.capital or each.key in words | known | ORDINARY:
            continue
        near = near_words(each.key, words)
        if near:
            return _instead(near[0], each)
    return None


def _instead(word: str, written: Token) -> str:
    return f"Did you mean {word!r} instead of {written.key[:40]!r}?"


def _plain(tokens: Sequence[Token], verb: str | None, names: str) -> str:
    quoted = any(each.kind == "quoted" for each in tokens)
    quotes = "" if quoted else ", and put names and texts in quotes"
    return (
        f"Begin with what to do, name the record{quotes}."
        f" A goal that is understood: {_example(verb, names)}."
    )


def _example(verb: str | None, names: str) -> str:
    """Return a goal that is understood: for a record of the object that was named, and new or not as the verb has it."""
    creating = "create" in VERBS.get(verb or "", frozenset()) and verb not in _PLAIN_VERBS
    examples = (NEW_EXAMPLES, CHANGE_EXAMPLES) if creating else (CHANGE_EXAMPLES, NEW_EXAMPLES)
    if names == "Opportunity" and verb in _PLAIN_VERBS:
        return OTHER_EXAMPLE
    found = (each[names] for each in examples if names in each)
    return next(found, CHANGE_EXAMPLES["Opportunity"])
