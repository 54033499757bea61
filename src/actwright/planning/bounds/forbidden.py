"""Actions held against what the goal says not to do, and whether that was understood at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from actwright.blueprints.blueprint import Operation
from actwright.org.query import JsonScalar
from actwright.planning.bounds.forbidding import Forbidding, Write
from actwright.planning.bounds.negation import CHANGING, Negation, base
from actwright.planning.words.amounts import number, plain
from actwright.planning.words.lexicon import DETERMINERS, PRONOUNS, STATES, VERBS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token

_PLAIN = (
    DETERMINERS
    | PRONOUNS
    | {
        "of",
        "for",
        "on",
        "to",
        "as",
        "and",
        "or",
        ",",
        "any",
        "anything",
        "new",
        "either",
        "at",
        "all",
        "yet",
    }
)


def not_understood_part(
    negations: Sequence[Negation], objects: ObjectIndex, fields: Collection[FieldIndex]
) -> str | None:
    """Return the words of the first negation that says something nobody understands, or None."""
    return next((each.words for each in negations if not _clear(each, objects, fields)), None)


class Forbidden:
    """Holds what actions write against the negated parts of one goal."""

    def __init__(self, negations: Sequence[Negation], objects: ObjectIndex) -> None:
        self._negations = tuple(negations)
        self._objects = objects
        self._bans = [Forbidding(f"{_said(each)}.", objects) for each in negations]

    def picked(self, index: FieldIndex) -> str | None:
        """Return the words of a negation that speaks of some records of an object, or None.

        Rows are told by conditions; whether such a record is one of them, nobody can tell from the goal.
        """
        found = (each.words for each in self._negations if each.picks(index, self._objects))
        return next(found, None)

    def broken(
        self,
        operation: Operation,
        fields: Mapping[str, JsonScalar],
        index: FieldIndex,
        records: tuple[str, ...] = (),
    ) -> Iterator[str]:
        """Yield the words of each negation that an action goes against.

        Args:
            operation: What it does to the record.
            fields: The fields it writes, and the values where they are known.
            index: The fields of its object.
            records: The names its record is looked up by.
        """
        write = Write(operation, fields, index, records)
        for negation, bans in zip(self._negations, self._bans, strict=True):
            broken = any(bans.broken(write)) or _owner(negation, write) or _state(negation, write)
            if broken or _value(negation, write):
                yield negation.words


def _said(negation: Negation) -> str:
    return f"do not {' '.join(each.text for each in negation.tokens)}"


def _clear(negation: Negation, objects: ObjectIndex, fields: Collection[FieldIndex]) -> bool:
    """Tell whether every word is a verb, a field, an object, the state of one, or part of a name."""
    tokens = negation.tokens
    verb = base(tokens[0])
    at, meant = (1, verb not in CHANGING) if verb else (0, False)
    pronoun = any(each.key in PRONOUNS | {"anything"} for each in tokens[1:])
    while at < len(tokens):
        length, told = _known(tokens, at, objects, fields, verb)
        if not length:
            return False
        at, meant = at + length, meant or told
    return pronoun or (meant and (len(tokens) > 1 or verb is None))


def _known(
    tokens: tuple[Token, ...],
    at: int,
    objects: ObjectIndex,
    fields: Collection[FieldIndex],
    verb: str | None,
) -> tuple[int, bool]:
    """Return how many tokens from ``at`` on are understood, and whether they say what is forbidden."""
    named = [found.length for each in fields if (found := each.field_at(tokens, at, len(tokens)))]
    if named:
        return max(named), True
    mention = objects.at(tokens, at, len(tokens))
    if mention is not None:
        return mention.length, True
    values = [one.length for each in fields for one in each.values_at(tokens, at, len(tokens))]
    if values and verb in STATES:
        return max(values), True
    token = tokens[at]
    if token.key in _PLAIN or token.key in {"won", "lost"}:
        return 1, False
    name = token.capital or token.possessive or token.kind in {"quoted", "number"}
    return (1, True) if name else (0, False)


def _value(negation: Negation, write: Write) -> bool:
    """Tell whether the very value is written that is named as the wrong one: ``to 40k, not 40k``."""
    text = " ".join(each.text for each in negation.tokens)
    meant = number(text)
    said = {str(each).casefold() for each in write.fields.values() if each is not None}
    return text.casefold() in said or (meant is not None and str(plain(meant)) in said)


def _owner(negation: Negation, write: Write) -> bool:
    """Tell whether an owner is given although nothing may be assigned."""
    verb = base(negation.tokens[0]) or ""
    assigning = "assign" in VERBS.get(verb, frozenset())
    return assigning and any(each.lower() == "ownerid" for each in write.fields)


def _state(negation: Negation, write: Write) -> bool:
    """Tell whether a state is changed although a verb that changes states is negated: ``don't reopen it``."""
    verb = base(negation.tokens[0]) or ""
    states = {each.name for each in write.index.states()}
    return verb in STATES and not STATES[verb] and bool(states & set(write.fields))
