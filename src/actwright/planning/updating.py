"""Readings of clauses that change or delete a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actwright.org.schema import FieldSchema
from actwright.planning.assigning import Assigner
from actwright.planning.lexicon import (
    DATE_FIELDS,
    DETERMINERS,
    FILLERS,
    INERT_SYMBOLS,
    Manner,
)
from actwright.planning.matching import FieldIndex
from actwright.planning.people import name_assignments
from actwright.planning.phrases import record_phrase
from actwright.planning.reading import Assignment, Reading, RecordPhrase
from actwright.planning.scope import Scope
from actwright.planning.stating import State, StateReader
from actwright.planning.values import Converted, convert

_OF = frozenset({"of", "for", "on", "in", "from"})
_TO = frozenset({"to", "as", "into", "=", "in", "at"})
_HEAD_ENDS = frozenset({"to", "until", "as", "into", "=", "with", ":", ",", "because", "worth"})
_OWNERS = ("User", "Group")


class UpdateReader:
    """Reads one clause as a change to, or the deletion of, a record of one object."""

    def __init__(
        self, scope: Scope, index: FieldIndex, verb: str, manners: frozenset[Manner]
    ) -> None:
        self._scope = scope
        self._index = index
        self._verb = verb
        self._manners = manners
        self._assigner = Assigner(scope, index, creating=False)
        self._states = StateReader(scope, index, self._assigner)

    def readings(self) -> Iterator[Reading]:
        """Yield every way to understand the clause, likeliest first."""
        if "delete" in self._manners:
            yield from self._deletion()
        if "set" in self._manners and self._opens_with_field():
            yield from self._field_first()
        else:
            yield from self._record_first()

    def _opens_with_field(self) -> bool:
        start = self._scope.skip(0, DETERMINERS)
        mention = self._index.field_at(self._scope.tokens, start, self._scope.end)
        behind = self._scope.key(start + mention.length) if mention else ""
        return behind in _OF | _TO

    def _record(self, start: int, stop: int) -> RecordPhrase | None:
        return record_phrase(self._scope, start, stop, (self._index.schema.name,))

    def _deletion(self) -> Iterator[Reading]:
        stop = self._scope.end
        while stop and self._scope.key(stop - 1) in INERT_SYMBOLS | FILLERS:
            stop -= 1
        record = self._record(0, stop)
        if record is not None:
            yield Reading("DELETE", self._index, record, strong=record.named_object)

    def _field_first(self) -> Iterator[Reading]:
        """Read ``the amount of Acme Renewal to 99000`` and ``the amount to 99000 for Acme Renewal``."""
        scope = self._scope
        start = scope.skip(0, DETERMINERS)
        mention = self._index.field_at(scope.tokens, start, scope.end)
        if mention is None:
            return
        behind = start + mention.length
        if scope.key(behind) in _OF:
            yield from self._of_record(mention.field, behind + 1)
        elif scope.key(behind) in _TO:
            yield from self._value_then_record(mention.field, behind + 1)

    def _of_record(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        end = self._scope.end
        marks = [
            at
            for at in range(start + 1, end)
            if self._scope.key(at) in {"to", "as", "=", ":", "into"}
        ]
        if self._verb == "make":
            yield from self._made(field, start)
        for stop in marks or [end]:
            record = self._record(start, stop)
            if record is None:
                continue
            if stop == end:
                open_value = Assignment(field, "")
                yield Reading("UPDATE", self._index, record, (open_value,), explicit=True)
            else:
                yield from self._valued(record, field, stop + 1)

    def _made(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        """Read ``make the priority of case 00001001 high``: a value without a word before it."""
        for at in range(start + 1, self._scope.end):
            found = self._assigner.value(field, at)
            record = self._record(start, at)
            if found is not None and found.assignment.problem is None and record is not None:
                reading = Reading("UPDATE", self._index, record, (found.assignment,), explicit=True)
                yield self._finished(reading, found.stop)

    def _valued(
        self, record: RecordPhrase | None, field: FieldSchema, start: int
    ) -> Iterator[Reading]:
        found = self._assigner.value(field, start)
        if found is not None:
            reading = Reading("UPDATE", self._index, record, (found.assignment,), explicit=True)
            yield self._finished(reading, found.stop)

    def _value_then_record(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        scope = self._scope
        for mark in range(scope.end - 1, start, -1):
            if scope.key(mark) not in _OF:
                continue
            record = self._record(mark + 1, scope.end)
            value = convert(field, scope.text(start, mark), scope.today)
            if record is not None and isinstance(value, Converted):
                words = scope.text(start, mark)
                assignment = Assignment(field, words, value=value.value, note=value.note)
                yield Reading("UPDATE", self._index, record, (assignment,), explicit=True)
        yield from self._valued(None, field, start)

    def _record_first(self) -> Iterator[Reading]:
        scope = self._scope
        yield from self._owned_field()
        stops = [at for at in range(1, scope.end) if scope.key(at) in _HEAD_ENDS]
        if not any(scope.key(at) in _TO - {"in", "at"} for at in stops):
            stops += [at for at in range(1, scope.end) if scope.key(at) in {"in", "on", "at"}]
            stops.append(next((at for at in range(1, scope.end) if self._goes_on(at)), scope.end))
        for stop in stops:
            record = self._record(0, stop)
            if record is not None:
                yield from self._behind_record(record, stop)
            yield from self._field_behind_record(stop)

    def _goes_on(self, at: int) -> bool:
        """Tell whether ``and`` leads on to something else; before a capital it is part of a name."""
        behind = self._scope.tokens[at + 1 : at + 2]
        return self._scope.key(at) in {"and", "then", "plus"} and not any(
            each.capital for each in behind
        )

    def _owned_field(self) -> Iterator[Reading]:
        """Read ``Jane Doe's phone to +1 212 555 0100``."""
        scope = self._scope
        for at in range(min(scope.end, 10)):
            if not scope.tokens[at].possessive:
                continue
            mention = self._index.field_at(scope.tokens, at + 1, scope.end)
            record = self._record(0, at + 1)
            if mention is None or record is None:
                continue
            behind = at + 1 + mention.length
            if behind == scope.end:
                open_value = Assignment(mention.field, "")
                yield Reading("UPDATE", self._index, record, (open_value,), explicit=True)
            elif scope.key(behind) in _TO:
                yield from self._valued(record, mention.field, behind + 1)

    def _field_behind_record(self, stop: int) -> Iterator[Reading]:
        """Read ``the Acme Renewal amount to 99000``."""
        if self._scope.key(stop) not in _TO or "set" not in self._manners:
            return
        for start in range(1, stop):
            mention = self._index.field_at(self._scope.tokens, start, stop)
            if mention is None or start + mention.length != stop:
                continue
            record = self._record(0, start)
            if record is not None:
                yield from self._valued(record, mention.field, stop + 1)
            return

    def _behind_record(self, record: RecordPhrase, stop: int) -> Iterator[Reading]:
        base = Reading("UPDATE", self._index, record, strong=record.named_object)
        if "state" in self._manners:
            yield from self._stated(base, stop)
        if "assign" in self._manners and self._scope.key(stop) == "to":
            yield from self._owner(base, stop + 1)
        if "date" in self._manners and self._scope.key(stop) in {"to", "until"}:
            yield from self._rescheduled(base, stop + 1)
        if "rename" in self._manners and self._scope.key(stop) in {"to", "as", "into"}:
            yield self._renamed(base, stop + 1)
        if "move" in self._manners and self._scope.key(stop) in _TO:
            for state in self._states.behind(stop):
                yield self._in_state(base, state)
        if self._manners & {"set", "move"} and self._scope.key(stop) in {"", ":", "with", ","}:
            yield self._finished(base, stop + (self._scope.key(stop) in {":", "with"}))

    def _stated(self, base: Reading, stop: int) -> Iterator[Reading]:
        for each in self._states.of_verb(self._verb, stop):
            yield self._in_state(base, each)
            if each.assignment.implied and self._scope.key(stop) == "to":
                yield from self._owner(base.assign(each.assignment), stop + 1)

    def _in_state(self, base: Reading, state: State) -> Reading:
        reading = replace(base.assign(state.assignment), strong=base.strong or state.sure)
        return self._finished(reading, state.stop)

    def _owner(self, base: Reading, start: int) -> Iterator[Reading]:
        field = self._index.schema.field("OwnerId")
        if field is None or start >= self._scope.end:
            return
        stop = self._assigner.value_end(start)
        known = [
            each for each in _OWNERS if each in field.reference_to and self._scope.objects.get(each)
        ]
        phrase = record_phrase(self._scope, start, stop, known)
        if phrase is not None:
            reading = base.assign(Assignment(field, phrase.words, record=phrase))
            yield self._finished(reading, stop)

    def _rescheduled(self, base: Reading, start: int) -> Iterator[Reading]:
        name = next(iter(DATE_FIELDS.get(base.object, ())), "")
        field = self._index.schema.field(name)
        found = self._assigner.value(field, start) if field else None
        if found is not None and found.assignment.problem is None:
            yield self._finished(base.assign(found.assignment), found.stop)

    def _renamed(self, base: Reading, start: int) -> Reading:
        stop = self._assigner.value_end(start)
        name = self._scope.text(start, stop)
        reading = base
        for assignment in name_assignments(self._index.schema, name, self._scope.today):
            reading = reading.assign(assignment)
        return self._finished(reading, stop)

    def _finished(self, reading: Reading, at: int) -> Reading:
        """Read what stands behind: further assignments; what is none is left."""
        scope, left = self._scope, []
        begin = at
        while at < scope.end:
            behind = scope.skip(at, {"and", "with", "its", "their", ","} | FILLERS | INERT_SYMBOLS)
            found = self._assigner.at(behind if behind < scope.end else at)
            if found is not None and reading.assigned(found.assignment.field.name) is None:
                reading, at = reading.assign(found.assignment), found.stop
                begin = at
            elif scope.key(at) in INERT_SYMBOLS | FILLERS:
                at += 1
            else:
                at += 1
                left = [scope.text(begin, scope.end)]
        return replace(reading, left=(*reading.left, *left))
