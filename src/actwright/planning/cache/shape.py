"""The shape of a goal: its words in order, with a slot wherever a value stands.

``close Acme as won`` and ``close Globex as won`` have one shape. A slot is a number, a date, a quoted text, an address,
a record id or a word with a capital; every other word is part of the shape, negations and all. How long a name is, is
part of it too: what a shape does not keep apart, nobody will.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from actwright.org.record_id import is_record_id
from actwright.planning.words.amounts import has_currency_sign, is_percentage
from actwright.planning.words.dates import date_at
from actwright.planning.words.lexicon import ASKING, OPENINGS, POLITE, VERBS
from actwright.planning.words.text import Token, screen, tokenize

_SLOTS = frozenset({"number", "date", "time", "quoted", "email", "url", "phone"})
_OPENING_WORDS = frozenset(VERBS) | ASKING | {each[0] for each in (*OPENINGS, *POLITE)}
_DATE_OPENINGS = frozenset({"in", "on", "at", "by", "the", "end", "a", "an"})
"""Words a date may begin with that say how it stands in its sentence: ``for tomorrow``, never ``for in 3 days``."""

_CODE = re.compile(r"0\d")
_MASK = "\N{WHITE SQUARE}"
_LONGEST_VALUE = 12


@dataclass(frozen=True, slots=True)
class Element:
    """One word of the shape, or one slot with what stands in it.

    Attributes:
        kind: What kind of slot it is; empty for a word of the shape.
        text: What stands there, as a reader takes it: without quotes and possessive ending.
        start: Offset of its first character in the goal.
        end: Offset behind its last character.
        tail: What follows the text within the element, such as a possessive ending.
    """

    kind: str
    text: str
    start: int
    end: int
    tail: str = ""


@dataclass(frozen=True)
class Shape:
    """A goal, cut into elements.

    Attributes:
        goal: The goal.
        elements: Its elements, in order.
    """

    goal: str
    elements: tuple[Element, ...]

    @property
    def slots(self) -> tuple[int, ...]:
        """The positions of the slots."""
        return tuple(at for at, each in enumerate(self.elements) if each.kind)

    @cached_property
    def spelled(self) -> list[list[str]]:
        """The shape as a document: each element's gap, kind and, for words of the shape, text."""
        behind = 0
        rows: list[list[str]] = []
        for each in self.elements:
            gap = self.goal[behind : each.start]
            blank = "\n" if "\n" in gap else " " if gap else ""
            rows.append([blank if rows else "", each.kind, each.tail if each.kind else each.text])
            behind = each.end
        return rows

    def text(self, start: int, stop: int) -> str:
        """Return the goal's words from one element up to another; a single quoted one without its quotes."""
        first, last = self.elements[start], self.elements[stop - 1]
        if stop - start == 1:
            return first.text
        return self.goal[first.start : last.end - len(last.tail)]

    def spans(self, *, slots: bool) -> Iterator[tuple[int, int]]:
        """Yield each run of elements that a value may be said by.

        Args:
            slots: Whether to yield the runs with a slot among them, or those without.
        """
        for start in range(len(self.elements)):
            filled = False
            for stop in range(start + 1, min(len(self.elements), start + _LONGEST_VALUE) + 1):
                filled = filled or bool(self.elements[stop - 1].kind)
                if filled is slots:
                    yield start, stop

    def masked(self, positions: frozenset[int]) -> str:
        """Return the goal with a mark instead of what stands in the slots at ``positions``."""
        parts: list[str] = []
        behind = 0
        for at, each in enumerate(self.elements):
            shown = _MASK if at in positions else self.goal[each.start : each.end]
            parts += [self.goal[behind : each.start], shown]
            behind = each.end
        return "".join(parts)


def shape_of(goal: str, today: date) -> Shape:
    """Return the shape of a goal.

    Args:
        goal: The goal; hostile input.
        today: The date in the person's zone.

    Raises:
        PlanningError: The goal is blank, too long, or cannot be read by eye.
    """
    screen(goal)
    return Shape(goal, tuple(_elements(goal, tokenize(goal), today)))


def _elements(goal: str, tokens: tuple[Token, ...], today: date) -> Iterator[Element]:
    at = 0
    while at < len(tokens):
        mention = date_at(tokens, at, today)
        if mention is not None:
            first, last = tokens[at], tokens[at + mention.length - 1]
            opened = f"date {first.key}" if first.key in _DATE_OPENINGS else "date"
            yield Element(opened, goal[first.start : last.end], first.start, last.end)
            at += mention.length
        else:
            yield _element(goal, tokens[at], first=at == 0)
            at += 1


def _element(goal: str, token: Token, *, first: bool) -> Element:
    written = goal[token.start : token.end]
    kind = _kind(token, first=first)
    if not kind:
        return Element("", written, token.start, token.end)
    tail = written[len(token.text) :] if token.possessive else ""
    return Element(kind, token.text, token.start, token.end, tail)


def _kind(token: Token, *, first: bool) -> str:
    if token.kind == "number":
        return _number_kind(token.text)
    if token.kind == "date":
        return ""
    if token.kind in _SLOTS:
        return token.kind
    if token.kind != "word":
        return ""
    if is_record_id(token.text) and any(each.isdigit() for each in token.text):
        return f"id {token.text[:3]}"
    spoken = first and token.key in _OPENING_WORDS
    return "name" if token.capital and not spoken else ""


def _number_kind(text: str) -> str:
    """Return the kind of a number: what is written in another way may be meant in another way."""
    if _CODE.match(text):
        return "code"
    share = "percent" if is_percentage(text) else "money" if has_currency_sign(text) else "number"
    return f"minus {share}" if text[:1] in "-\u2212" else share
