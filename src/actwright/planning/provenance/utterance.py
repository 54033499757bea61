"""The goal as it was spoken: whether words stand in it as words, and which numbers, dates and addresses it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from functools import cached_property

from actwright.blueprints.adapters import adapt
from actwright.blueprints.derived import data_type_of
from actwright.errors import ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.org.value import FieldValue
from actwright.planning.offline.clause import Clause, clauses
from actwright.planning.offline.scheduling import point_of
from actwright.planning.words.dates import date_at
from actwright.planning.words.lexicon import DETERMINERS, FILLERS, PRONOUNS
from actwright.planning.words.reading import Problem
from actwright.planning.words.text import LONGEST_GOAL, Token, camel_words, pieces, tokenize
from actwright.planning.words.times import duration_at, slot_at
from actwright.planning.words.values import Converted, convert

NUMBERS = frozenset({"currency", "double", "percent", "int", "long"})
"""Field types that hold a number."""

READ = NUMBERS | {"date", "datetime", "time", "email", "phone", "url"}
"""Field types whose values are read off the goal: they may be said in another form than they are stored in."""

_LONGEST = dict.fromkeys(NUMBERS, 9) | {"time": 3, "phone": 3}
"""Tokens that a value of a type takes at most, where it may take several."""

_LONGEST_RUN = 12
_BEFORE, _BEHIND = frozenset("([{<\"'=:,;\u201c\u2018"), frozenset(")]}>\"',;.!?:\u201d\u2019")
_SMALL = DETERMINERS | FILLERS | PRONOUNS


class Utterance:
    """One goal's words.

    Args:
        goal: The goal; hostile input.
        today: The date in the person's zone.
        zone: The person's zone, in which times of day are meant.
    """

    def __init__(self, goal: str, today: date, zone: tzinfo) -> None:
        self.goal = goal
        self.today = today
        self._zone = zone
        self.tokens = tokenize(goal)
        self._spoken: dict[str, dict[FieldValue, str]] = {}
        self._starts, self._ends = _edges(goal, self.tokens)
        self._offsets = _collapsed(goal)
        self._plain = "".join(" " if goal[at].isspace() else goal[at] for at in self._offsets)
        self._folded = _folded(self._plain)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The parts of the goal that ask for one action each; none of a goal longer than verbs are read in."""
        return clauses(self.goal, self.tokens) if len(self.goal) <= LONGEST_GOAL else ()

    def phrase(self, text: str) -> str | None:
        """Return the goal's words that are ``text``, or None.

        They begin and end where words do, so that no part of a word, of a number or of an address is one. Blanks
        and, but for small words such as ``it``, upper and lower case may differ.
        """
        words = text.split()
        if not words:
            return None
        wanted = " ".join(words)
        found = self._aligned(self._plain, wanted)
        if found is None and {each.casefold() for each in words} - _SMALL:
            found = self._aligned(self._folded, _folded(wanted))
        return found

    def _aligned(self, plain: str, wanted: str) -> str | None:
        at = plain.find(wanted)
        while at >= 0:
            start, end = self._offsets[at], self._offsets[at + len(wanted) - 1] + 1
            if start in self._starts and end in self._ends:
                return self.goal[start:end]
            at = plain.find(wanted, at + 1)
        return None

    def run(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Return where whole tokens are ``words``, written apart, together or in camel case; None where nowhere.

        Args:
            words: The words, case-folded.

        Returns:
            The positions of the first token and behind the last one.
        """
        return self._runs.get("".join(words))

    @cached_property
    def _runs(self) -> dict[str, tuple[int, int]]:
        """The runs of tokens by their letters, the first of each."""
        found: dict[str, tuple[int, int]] = {}
        for start, token in enumerate(self.tokens):
            joined = ""
            for stop in range(start + 1, min(len(self.tokens), start + _LONGEST_RUN) + 1):
                added = "".join(self.tokens[stop - 1].parts)
                joined += added
                if token.parts and added:
                    found.setdefault(joined, (start, stop))
        return found

    def parts(self, start: int, stop: int) -> tuple[str, ...]:
        """Return the words of the tokens in a span, camel case taken apart."""
        found: list[str] = []
        for each in self.tokens[start:stop]:
            apart = camel_words(each.text)
            found += apart if "".join(apart) == "".join(each.parts) else each.parts
        return tuple(found)

    def text(self, start: int, stop: int) -> str:
        """Return the goal's words from one token up to another; a single quoted one without its quotes."""
        first, last = self.tokens[start], self.tokens[stop - 1]
        if stop - start == 1:
            return first.text
        tail = len(last.text) if last.possessive else last.end - last.start
        return self.goal[first.start : last.start + tail]

    def said(self, field: FieldSchema, value: JsonScalar) -> str | None:
        """Return the words that say a number, a date or an address, in whatever form, or None.

        Args:
            field: A field of one of the types in ``READ``.
            value: The value, as JSON carries it.
        """
        try:
            wanted = adapt(data_type_of(field), value, label=field.label)
        except ValueInvalidError:
            return None
        if wanted is None:
            return None
        lasting = self._lasting(wanted) if counts_minutes(field) else None
        return lasting or self.everything(field.type).get(_comparable(field, wanted))

    def _lasting(self, minutes: FieldValue) -> str | None:
        """Return the words that say how long something lasts: ``for an hour`` is 60 minutes."""
        for at in range(len(self.tokens)):
            lasting = duration_at(self.tokens, at)
            if lasting is not None and lasting[1] == minutes:
                return self.text(at, at + lasting[0])
        return None

    def everything(self, kind: str) -> dict[FieldValue, str]:
        """Return everything of one type that the goal says, with its words: of two readings at one place, the longer one.

        Args:
            kind: A field type in ``READ``.
        """
        if kind not in self._spoken:
            field = FieldSchema(name="Value", label="The value", type=kind)
            dated = self._dated() if kind in NUMBERS else frozenset()
            found: dict[FieldValue, str] = {}
            at = 0
            while at < len(self.tokens):
                at = self._note(field, at, found) if at not in dated else at + 1
            self._spoken[kind] = found
        return self._spoken[kind]

    def _note(self, field: FieldSchema, at: int, found: dict[FieldValue, str]) -> int:
        """Note the longest value that begins at ``at``, and return the position behind it."""
        for stop in self._stops(field.type, at):
            text = self.text(at, stop)
            value = self._converted(field, text) if self._apart(at, stop) else None
            if value is not None:
                found.setdefault(_comparable(field, value), text)
                return stop
        return at + 1

    def _stops(self, kind: str, at: int) -> Iterator[int]:
        """Yield where a value of one type that begins at a token may end, the longest first."""
        longest = 1
        if self.tokens[at].kind != "quoted" and kind == "date":
            mention = date_at(self.tokens, at, self.today)
            longest = 0 if mention is None else mention.length
        elif self.tokens[at].kind != "quoted" and kind == "datetime":
            slot = slot_at(self.tokens, at, self.today)
            longest = max(1, slot.length if slot else 1)
        elif self.tokens[at].kind != "quoted":
            longest = _LONGEST.get(kind, 1)
        yield from range(min(len(self.tokens), at + longest), at, -1)

    def _converted(self, field: FieldSchema, text: str) -> FieldValue:
        if field.type in NUMBERS and re.match(r"0\d", text):
            return None
        found = read(field, text, self.today, self._zone)
        if not isinstance(found, Converted):
            return None
        try:
            return adapt(data_type_of(field), found.value, label=field.label)
        except ValueInvalidError:
            return None

    def _apart(self, start: int, stop: int) -> bool:
        """Tell whether a run of tokens touches nothing that it could be a part of."""
        tokens = self.tokens[start:stop]
        if any(each.kind == "quoted" for each in tokens[1:]) or not tokens[-1].parts:
            return False
        before = self.goal[max(tokens[0].start - 1, 0) : tokens[0].start]
        behind = self.goal[tokens[-1].end : tokens[-1].end + 1]
        return all(
            not char or char.isspace() or char in allowed
            for char, allowed in ((before, _BEFORE), (behind, _BEHIND))
        )

    def _dated(self) -> frozenset[int]:
        """Return the positions of the tokens that say a date: the 3 of ``in 3 days`` is no amount."""
        covered: set[int] = set()
        at = 0
        while at < len(self.tokens):
            mention = date_at(self.tokens, at, self.today)
            length = mention.length if mention else 1
            covered |= set(range(at, at + length)) if mention else set()
            at += length
        return frozenset(covered)


def read(field: FieldSchema, text: str, today: date, zone: tzinfo) -> Converted | Problem:
    """Return ``text`` as a value of ``field``, a day with a time of day as a point in time included.

    Args:
        field: The field.
        text: The words, as a whole.
        today: The date in the person's zone.
        zone: The person's zone.
    """
    point = point_of(field, text, today, zone) if field.type == "datetime" else None
    if point is None:
        return convert(field, text, today)
    return point.problem or Converted(point.value, point.note)


def counts_minutes(field: FieldSchema) -> bool:
    """Tell whether a field says how many minutes something lasts."""
    return field.type == "int" and "minutes" in {*pieces(field.label), *camel_words(field.name)}


def _comparable(field: FieldSchema, value: FieldValue) -> FieldValue:
    """Return a value as it is compared: a telephone number by its digits, an address without case."""
    if not isinstance(value, str):
        return value
    if field.type == "phone":
        return "".join(each for each in value.casefold() if each.isalnum() or each == "+")
    return value.casefold() if field.type == "email" else value


def _collapsed(goal: str) -> list[int]:
    """Return the offsets of the goal's characters, of each run of blanks only the first one."""
    return [
        at for at, char in enumerate(goal) if not (char.isspace() and at and goal[at - 1].isspace())
    ]


def _folded(text: str) -> str:
    """Return a text without case, every character still at its place."""
    return "".join(low if len(low := each.casefold()) == 1 else each for each in text)


def _edges(goal: str, tokens: Sequence[Token]) -> tuple[frozenset[int], frozenset[int]]:
    """Return where words begin and end: at the tokens, and at the words inside quotes."""
    starts: set[int] = set()
    ends: set[int] = set()
    for each in tokens:
        starts.add(each.start)
        ends.add(each.end)
        if each.kind == "quoted":
            inner, offset = tokenize(goal[each.start + 1 : each.end - 1]), each.start + 1
            starts |= {offset + one.start for one in inner}
            ends |= {offset + one.end for one in inner}
        elif each.possessive:
            ends.add(each.start + len(each.text))
    return frozenset(starts), frozenset(ends)
