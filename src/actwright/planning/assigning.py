"""Assignments in words: ``amount to 99000``, ``high priority``, ``in Prospecting``, ``because of price``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actwright.org.schema import FieldSchema
from actwright.planning.dates import period_length
from actwright.planning.lexicon import DATE_FIELDS, DETERMINERS, FILLERS, INERT_SYMBOLS
from actwright.planning.matching import FieldIndex, ValueMention
from actwright.planning.phrases import record_phrase
from actwright.planning.reading import Assignment, Problem, Reading
from actwright.planning.scope import Scope
from actwright.planning.values import TEXT_TYPES, Converted, convert

LINKING = frozenset({"to", "as", "is", "=", ":", "into", "at"})
"""Words between a field and its value."""

_STATING = frozenset({"in", "at", "as", "to", "with", "into"})
_JOINING = frozenset({"and", "with", "its", "their"})
_REASONS = frozenset({"because", "reason"})
_AMOUNTS = frozenset({"worth", "at", "of", "for"})
_DATES = frozenset({"on", "by", "for", "due", "closing", "in", "at"})
_SURE_DATES = frozenset({"due", "closing"})
_CONTACT = {"email": "email", "phone": "phone", "url": "url"}
_LONGEST_VALUE = 8


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment, and the position behind its words."""

    assignment: Assignment
    stop: int


class Assigner:
    """Reads assignments to the fields of one object out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex, *, creating: bool) -> None:
        self._scope = scope
        self._index = index
        self._creating = creating

    def at(self, at: int) -> Assigned | None:
        """Return the assignment whose words begin at ``at``, or None."""
        for read in (
            self._field_value,
            self._value_field,
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
                reading, at = reading.assign(found.assignment), found.stop
                begin = at
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
        if field.type == "reference":
            return self._reference(field, start, stop)
        if field.type in TEXT_TYPES:
            return self._converted(field, start, stop)
        for end in range(stop, start, -1):
            if self._scope.tokens[end - 1].kind == "symbol":
                continue
            text = self._scope.text(start, end)
            found = convert(field, text, self._scope.today)
            if isinstance(found, Converted):
                return self._assigned(field, found, text, end)
        return self._converted(field, start, stop)

    def value_end(self, start: int) -> int:
        """Return where the value that begins at ``start`` ends: before the next assignment, or at the end."""
        scope = self._scope
        for at in range(start, scope.end):
            if scope.key(at) in {"because", ";"} or (at > start and self._next_begins(at)):
                return at
        return scope.end - (scope.end > start + 1 and scope.key(scope.end - 1) in {".", "!"})

    def _next_begins(self, at: int) -> bool:
        if self._scope.key(at) not in {",", "and"}:
            return False
        behind = self._scope.skip(at + 1, DETERMINERS | {",", "and", "with"})
        return self._field_value(behind) is not None or self._value_field(behind) is not None

    def _field_value(self, at: int) -> Assigned | None:
        start = self._scope.skip(at, DETERMINERS)
        mention = self._index.field_at(self._scope.tokens, start, self._scope.end)
        if mention is None:
            return None
        behind = start + mention.length
        linked = self._scope.key(behind) in LINKING
        quoted = behind < self._scope.end and self._scope.tokens[behind].kind == "quoted"
        if not (linked or quoted or self._creating) and mention.field.type in TEXT_TYPES:
            return None
        found = self.value(mention.field, behind + linked)
        if found is None or (found.assignment.problem and not linked):
            return None
        return found

    def _value_field(self, at: int) -> Assigned | None:
        """Read ``high priority``, with an article or ``as`` before it."""
        start = self._scope.skip(at, DETERMINERS | _STATING)
        for each in self._values(start):
            behind = start + each.length
            mention = self._index.field_at(self._scope.tokens, behind, self._scope.end)
            if mention is not None and mention.field.name == each.field.name:
                return self._valued(each, start, behind + mention.length)
        return None

    def _reason(self, at: int) -> Assigned | None:
        field = self._index.by_name("Loss Reason") or self._index.by_name("Description")
        if self._scope.key(at) not in _REASONS or field is None or field.type not in TEXT_TYPES:
            return None
        start = self._scope.skip(at + 1, {"of", "is", ":"})
        stop = self._scope.end
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
        marked = self._scope.key(at) in _DATES
        sure = self._scope.key(at) in _SURE_DATES
        start = self._scope.skip(at, _DATES) if self._scope.date_at(at) is None else at
        mention = self._scope.date_at(start)
        name = next(iter(DATE_FIELDS.get(self._index.schema.name, ())), "")
        field = self._index.schema.field(name)
        if field is None or not (self._creating or sure or marked):
            return None
        if mention is None:
            return self._stretch(field, start) if sure else None
        text = self._scope.text(start, start + mention.length)
        return self._assigned(
            field, Converted(mention.day.isoformat()), text, start + mention.length
        )

    def _stretch(self, field: FieldSchema, start: int) -> Assigned | None:
        """Ask for the day where only a stretch of days is named: ``closing next month``."""
        length = period_length(self._scope.tokens, start)
        return self._converted(field, start, start + length) if length else None

    def _state(self, at: int) -> Assigned | None:
        """Read ``in Prospecting``: a picklist value named in full, where only one field has it."""
        if self._scope.key(at) not in _STATING:
            return None
        found = self._values(at + 1)
        states = {each.name for each in self._index.states()}
        likely = [each for each in found if each.field.name in states] or list(found)
        if len(likely) != 1:
            return None
        return self._valued(likely[0], at + 1, at + 1 + likely[0].length)

    def _values(self, at: int) -> tuple[ValueMention, ...]:
        return self._index.values_at(self._scope.tokens, at, self._scope.end)

    def _valued(self, mention: ValueMention, start: int, stop: int) -> Assigned:
        text = self._scope.text(start, start + mention.length)
        return self._assigned(mention.field, Converted(mention.value.value), text, stop)

    def _reference(self, field: FieldSchema, start: int, stop: int) -> Assigned | None:
        known = [each for each in field.reference_to if self._scope.objects.get(each)]
        phrase = record_phrase(self._scope, start, stop, known)
        if phrase is None:
            return None
        return Assigned(Assignment(field, phrase.words, record=phrase), stop)

    def _converted(self, field: FieldSchema, start: int, stop: int) -> Assigned:
        text = self._scope.text(start, stop)
        found = convert(field, text, self._scope.today)
        if isinstance(found, Problem):
            return Assigned(Assignment(field, text, problem=found), stop)
        return self._assigned(field, found, text, stop)

    def _assigned(self, field: FieldSchema, found: Converted, text: str, stop: int) -> Assigned:
        note = found.note
        if field.type == "date" and text != found.value:
            note = f'"{text}" is {found.value}'
        return Assigned(Assignment(field, text, value=found.value, note=note), stop)
