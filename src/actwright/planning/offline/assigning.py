"""Assignments in words: ``amount to 99000``, ``high priority``, ``in Prospecting``, ``because of price``."""

from __future__ import annotations

from dataclasses import replace

from actwright.org.schema import FieldSchema
from actwright.planning.offline.dating import day_at
from actwright.planning.offline.emptying import NOTHING, set_to_nothing
from actwright.planning.offline.misfits import misfit_end
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.scheduling import point_of, scheduled
from actwright.planning.offline.turning import turns
from actwright.planning.words.lexicon import DETERMINERS, FILLERS, INERT_SYMBOLS, UNITS
from actwright.planning.words.matching import FieldIndex, ValueMention
from actwright.planning.words.reading import Assigned, Assignment, Problem, Reading
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import (
    NUMBER_TYPES,
    TEXT_TYPES,
    Converted,
    assigned,
    beyond_whole,
    convert,
)

LINKING = frozenset({"to", "as", "is", "was", "=", ":", "into", "at"})
"""Words between a field and its value."""

_STATING = frozenset({"in", "at", "as", "to", "with", "into"})
_JOINING = frozenset({"and", "with", "its", "their", "of"})
_REASONS = frozenset({"because", "reason"})
_AMOUNTS = frozenset({"worth", "at", "of", "for", "over"})
_CONTACT = {"email": "email", "phone": "phone", "url": "url"}
_LONG_CLAUSE = 40
_LONGEST_VALUE = 24
_SHARES = frozenset({"percent", "pct", "%"})


class Assigner:
    """Reads assignments to the fields of one object out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex, *, creating: bool) -> None:
        self._scope = scope
        self._index = index
        self._creating = creating
        self._read: dict[int, Assigned | None] = {}
        self._fields: dict[int, Assigned | None] = {}
        self._ends: dict[int, int] = {}
        if scope.end > _LONG_CLAUSE:
            for each in reversed(range(scope.end)):
                self._field_value(each)

    def at(self, at: int) -> Assigned | None:
        """Return the assignment whose words begin at ``at``, or None; each place is read once."""
        if at not in self._read:
            self._read[at] = self._at(at)
        return self._read[at]

    def _at(self, at: int) -> Assigned | None:
        for read in (
            self._slot,
            self._field_value,
            self._value_field,
            self._number_field,
            self._reason,
            self._contact_point,
            self._amount,
            self._date,
            self._state,
        ):
            found = read(at)
            if found is not None:
                return found
        return None

    def finished(self, reading: Reading, at: int) -> Reading:
        """Return ``reading`` with the assignments that stand from ``at`` on; what is none is left."""
        scope, left = self._scope, []
        begin = at
        while at < scope.end:
            behind = scope.skip(at, _JOINING | FILLERS | INERT_SYMBOLS)
            found = self.at(behind if behind < scope.end else at)
            if found is not None and reading.assigned(found.assignment.field.name) is None:
                for each in (found.assignment, *found.more):
                    reading = reading.assign(each)
                begin = at = found.stop
            elif scope.key(at) in INERT_SYMBOLS | FILLERS:
                at += 1
            else:
                at += 1
                left = [scope.text(begin, scope.end)]
        return replace(reading, left=(*reading.left, *left))

    def value(self, field: FieldSchema, start: int) -> Assigned | None:
        """Return the value of ``field`` that begins at ``start``: as many words as it can hold."""
        stop = self.value_end(start)
        if stop <= start:
            return None
        if self._scope.key(start) in NOTHING and stop == start + 1 and not self._creating:
            words = self._scope.text(start, stop)
            return Assigned(set_to_nothing(field, words, self._scope.today), stop)
        if field.type == "reference":
            return self._reference(field, start, stop)
        if field.type in TEXT_TYPES:
            return self._converted(field, start, self.text_end(start))
        return self._longest(field, start, stop) or self._converted(field, start, stop)

    def _longest(self, field: FieldSchema, start: int, stop: int) -> Assigned | None:
        """Return the value that takes the most words before ``stop``, or None where none of them are one."""
        for end in range(min(stop, start + _LONGEST_VALUE), start, -1):
            if self._scope.tokens[end - 1].kind == "symbol":
                continue
            text = self._scope.text(start, end)
            point = self._point(field, text)
            if point is not None:
                return Assigned(point, end)
            found = convert(field, text, self._scope.today)
            if isinstance(found, Converted):
                unit = self._scope.key(end) in UNITS.get(field.name, ())
                return self._assigned(field, found, text, end + unit)
        return None

    def _point(self, field: FieldSchema, text: str) -> Assignment | None:
        if field.type != "datetime":
            return None
        found = point_of(field, text, self._scope.today, self._scope.zone)
        return found if found is not None and found.problem is None else None

    def text_end(self, start: int) -> int:
        """Return where the text that begins at ``start`` ends: at its quote, or before whatever else may be meant."""
        if start < self._scope.end and self._scope.tokens[start].kind == "quoted":
            return start + 1
        return self.value_end(start)

    def value_end(self, start: int) -> int:
        """Return where the value that begins at ``start`` ends: before the next assignment, or at the end."""
        if start not in self._ends:
            self._ends[start] = self._value_end(start)
        return self._ends[start]

    def _value_end(self, start: int) -> int:
        scope = self._scope
        for at in range(start, scope.end):
            if scope.key(at) in {"because", ";"}:
                return at
            if at > start and (self._next_begins(at) or turns(scope, at)):
                return at
        return scope.end - (scope.end > start + 1 and scope.key(scope.end - 1) in {".", "!"})

    def _next_begins(self, at: int) -> bool:
        if self._scope.key(at) not in {",", "and"}:
            return False
        behind = self._scope.skip(at + 1, DETERMINERS | {",", "and", "with"})
        readers = (self._field_value, self._value_field, self._number_field, self._contact_point)
        return any(each(behind) is not None for each in readers)

    def _field_value(self, at: int) -> Assigned | None:
        """Read ``amount to 99000``; a long clause was read from its end, so that no place waits for many others."""
        if at not in self._fields:
            self._fields[at] = self._field_then_value(at)
        return self._fields[at]

    def _field_then_value(self, at: int) -> Assigned | None:
        start = self._scope.skip(at, DETERMINERS)
        mention = self._index.field_at(self._scope.tokens, start, self._scope.end)
        if mention is None:
            return None
        behind = start + mention.length
        linked = self._scope.key(behind) in LINKING or self._measured(behind)
        quoted = behind < self._scope.end and self._scope.tokens[behind].kind == "quoted"
        free = linked or quoted or self._creating or self._listed(start, behind)
        if not free and mention.field.type in TEXT_TYPES:
            return None
        found = self.value(mention.field, behind + linked)
        if found is None or (found.assignment.problem and not linked):
            return self._strange_value(mention.field, start, behind)
        return found

    def _strange_value(self, field: FieldSchema, start: int, behind: int) -> Assigned | None:
        """Read ``, component Hardware,`` where the picklist has no such value."""
        listed = self._creating and self._listed(start, behind)
        stop = misfit_end(self._scope, field, behind) if listed else behind
        return self._converted(field, behind, stop) if stop > behind else None

    def _listed(self, start: int, behind: int) -> bool:
        """Tell whether a field and its value stand in a list: ``: title Head of IT, phone 555-0100``."""
        tokens = self._scope.tokens[behind : behind + 1]
        return self._scope.key(start - 1) in {":", ","} and any(each.capital for each in tokens)

    def _measured(self, at: int) -> bool:
        """Tell whether ``of`` leads on to a number: ``a term of 24 months``, ``a budget of 12k``."""
        behind = self._scope.tokens[at + 1 : at + 2]
        return self._scope.key(at) == "of" and any(each.kind == "number" for each in behind)

    def _value_field(self, at: int) -> Assigned | None:
        """Read ``high priority``, with an article or ``as`` before it."""
        start = self._scope.skip(at, DETERMINERS | _STATING)
        for each in self._values(start):
            behind = start + each.length
            mention = self._index.field_at(self._scope.tokens, behind, self._scope.end)
            if mention is not None and mention.field.name == each.field.name:
                return self._valued(each, start, behind + mention.length)
        return None

    def _number_field(self, at: int) -> Assigned | None:
        """Read ``a 15% discount``: a number right before the field it is for."""
        start = self._scope.skip(at, DETERMINERS | _STATING)
        if start >= self._scope.end or self._scope.tokens[start].kind != "number":
            return None
        stop = start + 1 + (self._scope.key(start + 1) in _SHARES)
        mention = self._index.field_at(self._scope.tokens, stop, self._scope.end)
        if mention is None or mention.field.type not in NUMBER_TYPES:
            return None
        if self._scope.key(stop + mention.length) in LINKING:
            return None
        found = self._converted(mention.field, start, stop)
        return None if found.assignment.problem else replace(found, stop=stop + mention.length)

    def _slot(self, at: int) -> Assigned | None:
        """Read ``on Tuesday at 3pm for an hour``, where the new record takes place at some time."""
        found = scheduled(self._scope, self._index, at) if self._creating else None
        if found is None:
            return None
        (begin, *more), stop = found
        return Assigned(begin, stop, tuple(more))

    def _reason(self, at: int) -> Assigned | None:
        field = self._index.by_name("Loss Reason")
        if field is None and (self._creating or self._index.schema.field("StageName")):
            field = self._index.by_name("Description")
        if self._scope.key(at) not in _REASONS or field is None or field.type not in TEXT_TYPES:
            return None
        start = self._scope.skip(at + 1, {"of", "is", ":"})
        stop = self.text_end(start) if start < self._scope.end else start
        return self._converted(field, start, stop) if start < stop else None

    def _contact_point(self, at: int) -> Assigned | None:
        if at >= self._scope.end or self._scope.tokens[at].kind not in _CONTACT:
            return None
        wanted = _CONTACT[self._scope.tokens[at].kind]
        fields = [each for each in self._index.schema.fields if each.type == wanted]
        named = [each for each in fields if each.name.lower() in {"email", "phone", "website"}]
        field = next(iter(named or fields), None)
        return self._converted(field, at, at + 1) if field else None

    def _amount(self, at: int) -> Assigned | None:
        sure = self._scope.key(at) == "worth"
        if not sure and not (self._creating and self._scope.key(at) in _AMOUNTS):
            return None
        fields = [each for each in self._index.schema.fields if each.type == "currency"]
        field = next((each for each in fields if each.name == "Amount"), None)
        if field is None:
            return None
        found = self.value(field, at + 1)
        return None if found is None or found.assignment.problem else found

    def _date(self, at: int) -> Assigned | None:
        found = day_at(self._scope, self._index, at, self.value_end, creating=self._creating)
        return self._converted(found.field, found.start, found.stop) if found else None

    def _state(self, at: int) -> Assigned | None:
        """Read ``in Prospecting`` and ``in progress``: a picklist value named in full, where only one field has it."""
        if self._scope.key(at) not in _STATING:
            return None
        whole = self._values(at)
        start = at if whole else at + 1
        found = whole or self._values(start)
        states = {each.name for each in self._index.states()}
        likely = [each for each in found if each.field.name in states] or list(found)
        return (
            self._valued(likely[0], start, start + likely[0].length) if len(likely) == 1 else None
        )

    def _values(self, at: int) -> tuple[ValueMention, ...]:
        return self._index.values_at(self._scope.tokens, at, self._scope.end)

    def _valued(self, mention: ValueMention, start: int, stop: int) -> Assigned:
        text = self._scope.text(start, start + mention.length)
        return self._assigned(mention.field, Converted(mention.value.value), text, stop)

    def _reference(self, field: FieldSchema, start: int, stop: int) -> Assigned | None:
        known = [each for each in field.reference_to if self._scope.objects.get(each)]
        phrase = record_phrase(self._scope, start, stop, known)
        return Assigned(Assignment(field, phrase.words, record=phrase), stop) if phrase else None

    def _converted(self, field: FieldSchema, start: int, stop: int) -> Assigned:
        text = self._scope.text(start, stop)
        found = convert(field, text, self._scope.today)
        if isinstance(found, Problem):
            return Assigned(Assignment(field, text, problem=found), stop)
        return self._assigned(field, found, text, stop)

    def _assigned(self, field: FieldSchema, found: Converted, text: str, stop: int) -> Assigned:
        problem = beyond_whole(field, text, found.value)
        if problem is not None:
            return Assigned(Assignment(field, text, problem=problem), stop)
        if field.type == "date" and text != found.value and not found.doubts:
            found = replace(found, note=f'"{text}" is {found.value}')
        return Assigned(assigned(field, text, found), stop)
