"""Readings of clauses that name the field they change: ``the amount of X to 5``, ``X's amount``, ``clear the ... of X``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actwright.org.schema import FieldSchema
from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.emptying import emptied
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.words.lexicon import DETERMINERS, FILLERS, INERT_SYMBOLS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Reading, RecordPhrase
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import Converted, convert

OF = frozenset({"of", "for", "on", "in", "from"})
"""Words between a field, or its value, and the record."""

TO = frozenset({"to", "as", "into", "=", "in", "at"})
"""Words before a field's value."""

_MARKS = frozenset({"to", "as", "=", ":", "into"})
_DELETING = frozenset({"delete", "remove", "erase"})
"""Verbs that may mean the record itself where a reference is named: the account of a deal is a record too."""

_LONGEST_FIELD = 6
_VAGUE = frozenset({"out", "a", "bit", "little", "later", "further", "somewhat", "more", "soon"})
_FARTHEST_POSSESSIVE = 10


class ExplicitReader:
    """Reads one clause as a change to a field it names, of a record of one object."""

    def __init__(self, scope: Scope, index: FieldIndex, said: str) -> None:
        self._scope = scope
        self._index = index
        self._said = said
        self._assigner = Assigner(scope, index, creating=False)

    def opens_with_field(self) -> bool:
        """Tell whether the clause names a field before anything else."""
        start = self._field_start()
        mention = self._index.opening_at(self._scope.tokens, start, self._scope.end)
        behind = self._scope.key(start + mention.length) if mention else ""
        return behind in OF | TO

    def _field_start(self) -> int:
        """Return where a field may begin: behind the article, and behind the object's own words, ``the case status``."""
        start = self._scope.skip(0, DETERMINERS)
        mention = self._scope.objects.at(self._scope.tokens, start, self._scope.end)
        own = mention is not None and mention.object.name == self._index.schema.name
        behind = start + mention.length if mention and own else start
        known = self._index.opening_at(self._scope.tokens, behind, self._scope.end)
        return behind if known is not None else start

    def field_first(self) -> Iterator[Reading]:
        """Yield ``the amount of Acme Renewal to 99000`` and ``the amount to 99000 for Acme Renewal``."""
        scope = self._scope
        start = self._field_start()
        mention = self._index.opening_at(scope.tokens, start, scope.end)
        if mention is None:
            return
        behind = start + mention.length
        if scope.key(behind) in OF:
            yield from self._of_record(mention.field, behind + 1)
        elif scope.key(behind) in TO:
            yield from self._value_then_record(mention.field, behind + 1)

    def owned_field(self) -> Iterator[Reading]:
        """Yield ``Jane Doe's phone to +1 212 555 0100``."""
        scope = self._scope
        for at in range(min(scope.end, _FARTHEST_POSSESSIVE)):
            if not scope.tokens[at].possessive:
                continue
            mention = self._index.field_at(scope.tokens, at + 1, scope.end)
            record = self._record(0, at + 1)
            if mention is None or record is None:
                continue
            behind = at + 1 + mention.length
            if behind == scope.end:
                yield self._reading(record, Assignment(mention.field, ""))
            elif scope.key(behind) in TO:
                yield from self._valued(record, mention.field, behind + 1)
            elif scope.key(behind) == "from":
                mark = scope.find(behind, _MARKS) if record.rows is None else scope.end
                for note in self.present(mention.field, behind, mark):
                    yield from self._valued(record, mention.field, mark + 1, note)

    def field_behind_record(self, mark: int) -> Iterator[Reading]:
        """Yield ``the Acme Renewal amount to 99000``, where ``mark`` is the position of ``to``."""
        scope = self._scope
        if scope.key(mark) not in TO:
            return
        for stop in (mark, *self.starting_points(mark)):
            for start in range(max(1, stop - _LONGEST_FIELD), stop):
                mention = self._index.field_at(scope.tokens, start, stop)
                if mention is None or start + mention.length != stop:
                    continue
                notes = [""] if stop == mark else self.present(mention.field, stop, mark)
                record = self._record(0, start)
                narrowed = record is not None and record.rows is not None and stop != mark
                for each in notes if record is not None and not narrowed else ():
                    yield from self._valued(record, mention.field, mark + 1, each)
                break

    def cleared(self) -> Iterator[Reading]:
        """Yield ``the next step of Globex Pilot`` and ``Globex Pilot's next step`` as a field to empty."""
        scope, stop = self._scope, self._scope.end
        while stop and scope.key(stop - 1) in INERT_SYMBOLS | FILLERS:
            stop -= 1
        start = scope.skip(0, DETERMINERS)
        mention = self._index.field_at(scope.tokens, start, stop)
        if mention is not None and scope.key(start + mention.length) in OF:
            behind = start + mention.length
            yield from self._emptying(mention.field, (0, behind), (behind + 1, stop))
        for at in range(min(stop, _FARTHEST_POSSESSIVE)):
            mention = self._index.field_at(scope.tokens, at + 1, stop)
            ends = mention is not None and at + 1 + mention.length == stop
            if mention is not None and ends and scope.tokens[at].possessive:
                yield from self._emptying(mention.field, (at + 1, stop), (0, at + 1))

    def _emptying(
        self, field: FieldSchema, words: tuple[int, int], named: tuple[int, int]
    ) -> Iterator[Reading]:
        record = self._record(*named)
        owned = field.type == "reference" and self._said.casefold() in _DELETING
        if record is not None and not owned:
            source = f"{self._said} {self._scope.text(*words)}"
            yield self._reading(record, emptied(field, source))

    def present(self, field: FieldSchema, start: int, mark: int) -> list[str]:
        """Return the note for ``from 30000``, or nothing where it says no value of ``field``.

        Args:
            field: The field that is changed.
            start: The position of ``from``.
            mark: The position of ``to``.
        """
        words = self._scope.text(start + 1, mark)
        if not words or not isinstance(convert(field, words, self._scope.today), Converted):
            return []
        return [
            f'"from {words[:80]}" says what {field.label} holds now; the preview shows whether it does'
        ]

    def starting_points(self, mark: int) -> list[int]:
        """Return where the last ``from`` before ``mark`` stands."""
        return [at for at in range(1, mark) if self._scope.key(at) == "from"][-1:]

    def _record(self, start: int, stop: int) -> RecordPhrase | None:
        return record_phrase(self._scope, start, stop, (self._index.schema.name,), bare=True)

    def _reading(self, record: RecordPhrase | None, assignment: Assignment) -> Reading:
        return Reading("UPDATE", self._index, record, (assignment,), explicit=True)

    def _of_record(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        scope = self._scope
        marks = [at for at in range(start + 1, scope.end) if scope.key(at) in _MARKS]
        if self._said.casefold() == "make":
            yield from self._made(field, start)
        for mark in marks:
            for stop in self.starting_points(mark):
                record = self._record(start, stop) if stop > start else None
                single = record is not None and record.rows is None
                for note in self.present(field, stop, mark) if single else ():
                    yield from self._valued(record, field, mark + 1, note)
            record = self._record(start, mark)
            if record is not None:
                yield from self._valued(record, field, mark + 1)
        record = None if marks else self._record(start, self._behind_vague(start))
        if record is not None:
            yield self._reading(record, Assignment(field, ""))

    def _behind_vague(self, start: int) -> int:
        """Return where the record's name ends: before ``out a bit``, which says that a value changes and not to what."""
        stop = self._scope.end
        while stop > start + 1 and self._scope.key(stop - 1) in _VAGUE:
            stop -= 1
        return stop

    def _made(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        """Read ``make the priority of case 00001001 high``: a value without a word before it."""
        for at in range(start + 1, self._scope.end):
            found = self._assigner.value(field, at)
            record = self._record(start, at)
            if found is not None and found.assignment.problem is None and record is not None:
                yield self._assigner.finished(self._reading(record, found.assignment), found.stop)

    def _valued(
        self, record: RecordPhrase | None, field: FieldSchema, start: int, note: str = ""
    ) -> Iterator[Reading]:
        found = self._assigner.value(field, self._scope.skip(start, {":"}))
        if found is not None:
            reading = self._reading(record, found.assignment)
            noted = replace(reading, notes=(note,) if note else ())
            yield self._assigner.finished(noted, found.stop)

    def _value_then_record(self, field: FieldSchema, start: int) -> Iterator[Reading]:
        scope = self._scope
        for mark in range(scope.end - 1, start, -1):
            record = self._record(mark + 1, scope.end) if scope.key(mark) in OF else None
            if record is None:
                continue
            before = replace(scope, tokens=scope.tokens[:mark])
            inner = ExplicitReader(before, self._index, self._said)
            for each in inner._valued(record, field, start):
                if not each.left and not any(one.problem for one in each.assignments):
                    yield each
        yield from self._valued(None, field, start)
