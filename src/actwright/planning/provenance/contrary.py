"""Contrary words: what a goal says where somebody else's plan says otherwise.

The same readers that bear a value out are asked for other values of its field. Parts of the goal that say what not to
do say nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo
from decimal import Decimal, InvalidOperation

from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.org.value import FieldValue
from actwright.planning.bounds.negation import parted
from actwright.planning.provenance.saying import Saying
from actwright.planning.provenance.utterance import NUMBERS, Utterance, counts_minutes
from actwright.planning.words.lexicon import NEGATIONS
from actwright.planning.words.text import pieces, tokenize

CHOICES = frozenset({"picklist", "multipicklist"})
"""Field types whose values are chosen from a list."""

COUNTED = NUMBERS | {"date"}
"""Field types of which a goal that says one value leaves no other."""

_DELETING = (
    *("delet", "remov", "eras", "purg", "discard", "destroy", "scrap", "trash", "eliminat"),
    *("wipe", "wiping"),
)
_DELETING_PHRASES = (("get", "rid", "of"), ("getting", "rid", "of"), ("throw", "away"))
_NEAR = 3
"""Words before a value in which a negation is about it."""

_RELATIVE = frozenset({"before", "after", "from", "since", "past", "until"})


class Contrary:
    """What one goal says, asked for what it says instead.

    Args:
        goal: The goal's words; hostile input.
        today: The date in the person's zone.
        zone: The person's zone.
    """

    def __init__(self, goal: str, today: date, zone: tzinfo) -> None:
        for each in parted(goal, tokenize(goal)).negations:
            goal = goal.replace(each.words, " ")
        self._goal = Utterance(goal, today, zone)
        self._saying = Saying(self._goal)
        self._words = tuple(part for each in self._goal.tokens for part in each.parts)

    def choices(self, value: str, field: FieldSchema) -> Iterator[tuple[str, str]]:
        """Yield each other value of a picklist that the goal says for it, with the words; none where it says this one.

        Args:
            value: The value somebody gave the field.
            field: The picklist.
        """
        if self._saying.choice(value, field) is not None:
            return
        for each in field.active_values:
            words = self._saying.firmly(each.value, field) if each.value != value else None
            if words is not None and not self._turned_down(words):
                yield each.value, words

    def counted(self, field: FieldSchema) -> dict[FieldValue, str]:
        """Return every number, or every date, that the goal says, with its words.

        There are none where others are counted from one, as ``two days before 5 May`` does.

        Args:
            field: A field of one of the types in ``COUNTED``.
        """
        if counts_minutes(field):
            return {}
        said = self._goal.everything(field.type)
        if field.type == "date" and any(self._counted_from(each) for each in said.values()):
            return {}
        return said

    def deletes(self, names: frozenset[tuple[str, ...]], own: tuple[str, ...]) -> bool:
        """Tell whether the goal asks for a deletion.

        Args:
            names: The words of records' names, whose own words ask for nothing.
            own: Words that mean this very deletion.
        """
        words = self._words
        for name in names:
            at = _place(words, name)
            words = words if at is None else (*words[:at], "", *words[at + len(name) :])
        if any(_place(words, each) is not None for each in _DELETING_PHRASES):
            return True
        return any(each.startswith(_DELETING) or each in own for each in words)

    def says_any(self, words: frozenset[str]) -> bool:
        """Tell whether one of some words stands in the goal."""
        return not words.isdisjoint(self._words)

    def _turned_down(self, said: str) -> bool:
        """Tell whether a word such as ``not`` stands shortly before the last of the words: ``but not as won``."""
        last = pieces(said)[-1:]
        at = _place(self._words, last)
        before = self._words[max((at or 0) - _NEAR, 0) : at]
        return at is not None and not NEGATIONS.isdisjoint(before)

    def _counted_from(self, said: str) -> bool:
        at = _place(self._words, pieces(said))
        return at is not None and at > 0 and self._words[at - 1] in _RELATIVE


def within(words: str, text: str) -> bool:
    """Tell whether words stand in a text, one behind the other."""
    return _place(pieces(text), pieces(words)) is not None


def same(first: FieldValue, second: JsonScalar) -> bool:
    """Tell whether a value read off the goal is the one a plan holds."""
    if isinstance(first, Decimal | int) and not isinstance(second, bool):
        try:
            return first == Decimal(str(second))
        except InvalidOperation:
            return False
    return str(first) == str(second)


def _place(words: tuple[str, ...], wanted: tuple[str, ...]) -> int | None:
    span = len(wanted)
    starts = range(len(words) - span + 1) if wanted else range(0)
    return next((at for at in starts if words[at : at + span] == wanted), None)
