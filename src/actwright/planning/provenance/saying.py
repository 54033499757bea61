"""Sayings: how a goal says a picklist value, a yes or no, or that a field is to be emptied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from actwright.blueprints.blueprint import ActionInput
from actwright.org.schema import FieldSchema, PicklistValue
from actwright.planning.offline.clause import Clause
from actwright.planning.provenance.utterance import Utterance
from actwright.planning.words.lexicon import DETERMINERS, FIELD_WORDS, NEGATIONS, STATES, VERBS
from actwright.planning.words.matching import picklist_matches
from actwright.planning.words.text import camel_words, pieces
from actwright.planning.words.values import Converted, convert

_PLACING = frozenset({"to", "as", "into", "=", ":", "is"})
"""Words directly before a value."""
_EMPTY = frozenset({"empty", "blank", "nothing", "none"})
_LONGEST_VALUE = 6


class Saying:
    """Reads sayings off one goal.

    Args:
        goal: The goal's words.
    """

    def __init__(self, goal: Utterance) -> None:
        self._goal = goal

    def choice(self, value: str, field: FieldSchema) -> str | None:
        """Return the words that say a picklist value, or each of several behind semicolons; None where they do not.

        Args:
            value: The value as it is stored.
            field: The picklist; one without values is held to the value's own words.
        """
        parts = [each.strip() for each in value.split(";")]
        found = [
            self._one(each, field) for each in (parts if field.type == "multipicklist" else [value])
        ]
        said = [each for each in found if each is not None]
        return " ".join(dict.fromkeys(said)) if said and len(said) == len(found) else None

    def firmly(self, value: str, field: FieldSchema) -> str | None:
        """Return the words that say a picklist value beyond doubt, or None.

        Its words alone do not: they stand behind a word such as ``to``, are said by a verb, are several, or stand next
        to the field's own name.

        Args:
            value: The value as it is stored.
            field: The picklist.
        """
        for words in self._forms(value, field):
            span = self._goal.run(words) if words else None
            if span is not None and (len(words) > 1 or self._beside(span, field)):
                return self._goal.text(*span)
        return self._by_verb(value, field) or self._in_place(value, field)

    def flag(self, wanted: ActionInput, field: FieldSchema, *, wanted_truth: bool) -> str | None:
        """Return the words that answer a yes-or-no field: ``as active``, ``active: no``, ``not active``."""
        for start, stop in self._mentions(wanted, field):
            truth, end = self._answer(field, start, stop)
            if truth is wanted_truth:
                return self._goal.text(start, end)
        return None

    def emptied(self, wanted: ActionInput, field: FieldSchema) -> str | None:
        """Return the words that ask for a field to be emptied: ``clear the phone``, ``phone to nothing``."""
        for start, stop in self._mentions(wanted, field):
            behind = self._key(stop + 1) if self._key(stop) in _PLACING else self._key(stop)
            if behind in _EMPTY:
                return self._goal.text(start, stop)
            opened = self._opening(start)
            if opened is not None and "clear" in VERBS.get(opened.verb or "", ()):
                return f"{opened.said} {self._goal.text(start, stop)}"
        return None

    def _one(self, value: str, field: FieldSchema) -> str | None:
        for words in self._forms(value, field):
            span = self._goal.run(words) if words else None
            if span is not None:
                return self._goal.text(*span)
        return self._by_verb(value, field) or self._in_place(value, field)

    @staticmethod
    def _forms(value: str, field: FieldSchema) -> tuple[tuple[str, ...], ...]:
        """Return the words of a value and of its label, camel case taken apart or not."""
        chosen = next((each for each in field.active_values if each.value == value), None)
        forms = [pieces(value), camel_words(value)]
        forms += [pieces(chosen.label), camel_words(chosen.label)] if chosen else []
        return tuple(dict.fromkeys(forms))

    def _beside(self, span: tuple[int, int], field: FieldSchema) -> bool:
        """Tell whether a run of tokens stands right before or behind the field's own name."""
        named = (self._goal.run(each) for each in (pieces(field.label), camel_words(field.name)))
        return any(
            each is not None and (each[1] == span[0] or span[1] == each[0]) for each in named
        )

    def _by_verb(self, value: str, field: FieldSchema) -> str | None:
        """Return the verb that is the value, alone or with what stands behind it: ``escalate``, ``close as won``."""
        for words, said in self._verbs.items():
            if self._names(words, value, field):
                return said
        return None

    @cached_property
    def _verbs(self) -> dict[tuple[str, ...], str]:
        """The words of a state that some verb says, alone and with what stands behind it, and how the goal says them."""
        found: dict[tuple[str, ...], str] = {}
        for clause in self._goal.clauses:
            words = STATES.get(clause.verb or "", ())
            if words:
                found.setdefault(words, clause.said)
                for start, stop in self._placed(clause):
                    both = tuple(dict.fromkeys((*words, *self._goal.parts(start + 1, stop))))
                    found.setdefault(both, f"{clause.said} {self._goal.text(start, stop)}")
        return found

    def _in_place(self, value: str, field: FieldSchema) -> str | None:
        """Return a part of the value's words where they stand in a value's place, and name no other value."""
        if not field.active_values:
            return None
        wanted = {
            one for each in field.active_values if each.value == value for one in _words(each)
        }
        likely = (words for words in self._places if set(words) <= wanted)
        fitting = (each for each in likely if self._names(each, value, field))
        return next((self._places[each] for each in fitting), None)

    @cached_property
    def _places(self) -> dict[tuple[str, ...], str]:
        """The words that stand in a value's place, and how the goal says them."""
        found: dict[tuple[str, ...], str] = {}
        for start, stop in self._placed():
            text = self._goal.text(start + 1, stop)
            found.setdefault(pieces(text), text)
        return found

    @staticmethod
    def _names(words: Sequence[str], value: str, field: FieldSchema) -> bool:
        if not field.active_values:
            return pieces(value) == tuple(words)
        return [each.value for each in picklist_matches(field, words)] == [value]

    def _placed(self, clause: Clause | None = None) -> Iterator[tuple[int, int]]:
        """Yield each run of words behind a word such as ``to``, from that word on."""
        tokens = self._goal.tokens
        within = {each.start for each in (clause.tokens if clause else tokens)}
        for at, token in enumerate(tokens):
            if token.key in _PLACING and token.start in within:
                for stop in range(min(len(tokens), at + 1 + _LONGEST_VALUE), at + 1, -1):
                    if tokens[stop - 1].parts and tokens[stop - 1].start in within:
                        yield at, stop

    def _mentions(self, wanted: ActionInput, field: FieldSchema) -> Iterator[tuple[int, int]]:
        names = (pieces(field.label), camel_words(field.name), pieces(wanted.label))
        said = (*names, *(pieces(each) for each in FIELD_WORDS.get(field.name, ())))
        bare = tuple(each[1:] for each in said if field.type == "boolean" and each[:1] == ("is",))
        for words in dict.fromkeys((*said, *bare)):
            span = self._goal.run(words) if words else None
            if span is not None:
                yield span

    def _answer(self, field: FieldSchema, start: int, stop: int) -> tuple[bool, int]:
        """Return the answer that a mention of a yes-or-no field gives, and the position behind it."""
        placed = self._key(stop) in _PLACING
        behind = stop + placed
        if behind < len(self._goal.tokens):
            found = convert(field, self._goal.text(behind, behind + 1), self._goal.today)
            if isinstance(found, Converted) and (placed or self._key(behind) in {"true", "false"}):
                return bool(found.value), behind + 1
        before = start - 1
        while self._key(before) in _PLACING | DETERMINERS:
            before -= 1
        return self._key(before) not in NEGATIONS, stop

    def _opening(self, at: int) -> Clause | None:
        """Return the clause that opens right before the token at ``at``, but for articles."""
        while at > 0 and self._key(at - 1) in DETERMINERS:
            at -= 1
        start = self._goal.tokens[at].start
        opened = (each for each in self._goal.clauses if each.tokens)
        return next((each for each in opened if each.tokens[0].start == start), None)

    def _key(self, at: int) -> str:
        tokens = self._goal.tokens
        return tokens[at].key if 0 <= at < len(tokens) and tokens[at].kind != "quoted" else ""


def _words(value: PicklistValue) -> tuple[str, ...]:
    return (*pieces(value.value), *pieces(value.label))
