"""Readings of clauses that change or delete a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actwright.org.setup_objects import is_setup_object
from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.explicit import TO, ExplicitReader
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.stating import State, StateReader
from actwright.planning.words.lexicon import DATE_FIELDS, FILLERS, INERT_SYMBOLS, Manner
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.month_days import period_length
from actwright.planning.words.people import is_person, name_assignments
from actwright.planning.words.reading import Assignment, Reading, RecordPhrase
from actwright.planning.words.scope import Scope

_HEAD_ENDS = frozenset(
    {"to", "until", "as", "into", "=", "with", ":", ",", "because", "worth", "set"}
)
_QUEUES = ("Group",)
_ROW_ENDS = frozenset({"to", "until", "as", "into", "=", ":", "because", "set"})
_PARTICLES = frozenset({"over", "back", "on"})
_OWNERS = ("User", "Group")
_OPENERS = frozenset({":", "with", "set"})
_EMPLOYING = frozenset({"move", "switch"})
_MARKING = frozenset({"mark", "flag", "set", "put", "make"})
_ATTACHING = frozenset({"link", "attach"})
_LONGEST_STATE = 4
_MOST_STOPS = 30
"""Places in one clause where the record may end; a clause with more of them says nothing."""


class UpdateReader:
    """Reads one clause as a change to, or the deletion of, a record of one object."""

    def __init__(
        self,
        scope: Scope,
        index: FieldIndex,
        verb: str,
        manners: frozenset[Manner],
        said: str | None = None,
    ) -> None:
        self._scope = scope
        self._index = index
        self._verb = verb
        self._said = said or verb
        self._manners = manners
        self._assigner = Assigner(scope, index, creating=False)
        self._states = StateReader(scope, index, self._assigner)
        self._explicit = ExplicitReader(scope, index, self._said)

    def readings(self) -> Iterator[Reading]:
        """Yield every way to understand the clause, likeliest first."""
        if "clear" in self._manners:
            yield from self._explicit.cleared()
        if "delete" in self._manners:
            yield from self._deletion()
        if "set" in self._manners and self._explicit.opens_with_field():
            yield from self._explicit.field_first()
        elif self._manners - {"clear", "delete"}:
            yield from self._record_first()

    def _record(self, start: int, stop: int) -> RecordPhrase | None:
        return record_phrase(self._scope, start, stop, (self._index.schema.name,), bare=True)

    def _deletion(self) -> Iterator[Reading]:
        """Read the record to delete, or all that the words ask for: a plural alone deletes nothing.

        Nobody deletes a person or a queue of the org: the platform only retires them.
        """
        if is_setup_object(self._index.schema.name) or self._only_taken_out():
            return
        stop = self._scope.end
        while stop and self._scope.key(stop - 1) in INERT_SYMBOLS | FILLERS:
            stop -= 1
        record = record_phrase(self._scope, 0, stop, (self._index.schema.name,))
        if record is not None:
            yield Reading("DELETE", self._index, record, strong=record.named_object)

    def _only_taken_out(self) -> bool:
        """Tell whether ``remove all contacts from Acme`` may only take them out of it, and leave them be."""
        keys = [self._scope.key(each) for each in range(self._scope.end)]
        return self._said.casefold() == "remove" and "from" in keys

    def _record_first(self) -> Iterator[Reading]:
        scope = self._scope
        yield from self._explicit.owned_field()
        if self._verb in _MARKING:
            yield from self._marked()
        stops = [at for at in range(1, scope.end) if scope.key(at) in _HEAD_ENDS]
        if not any(scope.key(at) in TO - {"in", "at"} for at in stops):
            stops += [at for at in range(1, scope.end) if scope.key(at) in {"in", "on", "at"}]
            stops.append(next((at for at in range(1, scope.end) if self._goes_on(at)), scope.end))
        for stop in stops[:_MOST_STOPS]:
            record = self._record(0, self._before_particle(stop))
            if record is not None and (record.rows is None or self._ends_rows(stop)):
                yield from self._behind_record(record, stop)
            if "set" in self._manners:
                yield from self._explicit.field_behind_record(stop)
            yield from self._from_state(stop)
        if scope.end not in stops:
            whole = self._record(0, scope.end)
            yield from self._behind_record(whole, scope.end) if whole and whole.rows else ()

    def _before_particle(self, stop: int) -> int:
        """Return where the record ends in ``hand the Contoso account over to Bob`` and ``put it back to New``."""
        particle = self._scope.key(stop - 1) in _PARTICLES and self._scope.key(stop) in {
            "to",
            "into",
        }
        return stop - 1 if particle and stop > 1 else stop

    def _ends_rows(self, stop: int) -> bool:
        """Tell whether nothing that could narrow the rows further stands at ``stop``: ``with`` and ``in`` could."""
        return stop >= self._scope.end or self._scope.key(stop) in _ROW_ENDS

    def _goes_on(self, at: int) -> bool:
        """Tell whether ``and`` leads on to something else; before a capital it is part of a name."""
        behind = self._scope.tokens[at + 1 : at + 2]
        return self._scope.key(at) in {"and", "then", "plus"} and not any(
            each.capital for each in behind
        )

    def _from_state(self, mark: int) -> Iterator[Reading]:
        """Read ``Globex Pilot from Qualification to Negotiation/Review``."""
        if "move" not in self._manners or self._scope.key(mark) not in {"to", "into"}:
            return
        for start in self._explicit.starting_points(mark):
            record = self._record(0, start)
            single = record is not None and record.rows is None
            for state in self._states.behind(mark) if single else ():
                for note in self._explicit.present(state.assignment.field, start, mark):
                    base = Reading("UPDATE", self._index, record, notes=(note,))
                    yield self._in_state(base, state)

    def _marked(self) -> Iterator[Reading]:
        """Read ``mark Acme Renewal closed won``: the state stands behind the record without a word between."""
        scope, end = self._scope, self._scope.end
        while end and scope.key(end - 1) in INERT_SYMBOLS | FILLERS:
            end -= 1
        for start in range(max(1, end - _LONGEST_STATE), end):
            record = self._record(0, start)
            for state in self._states.bare(start, end) if record else ():
                base = Reading("UPDATE", self._index, record, strong=False)
                yield self._in_state(base, state)

    def _behind_record(self, record: RecordPhrase, stop: int) -> Iterator[Reading]:
        base = Reading("UPDATE", self._index, record, strong=record.named_object)
        if "state" in self._manners:
            yield from self._stated(base, stop)
        if stop == self._scope.end and record.named_object:
            yield from self._unsaid(base)
        if self._scope.key(stop) == "to":
            yield from self._given(base, stop + 1)
        if "date" in self._manners and self._scope.key(stop) in {"to", "until"}:
            yield from self._rescheduled(base, stop + 1)
        if "rename" in self._manners and self._scope.key(stop) in {"to", "as", "into"}:
            yield self._renamed(base, stop + 1)
        if "move" in self._manners and self._scope.key(stop) in TO:
            for state in self._states.behind(stop):
                yield self._in_state(base, state)
            if self._verb in _EMPLOYING:
                yield from self._employed(base, stop + 1)
        if self._manners & {"set", "move"} and self._scope.key(stop) in _OPENERS | {"", ","}:
            yield self._assigner.finished(base, stop + (self._scope.key(stop) in _OPENERS))

    def _given(self, base: Reading, start: int) -> Iterator[Reading]:
        """Read whom a record goes to, or what it is attached to."""
        if self._verb in _ATTACHING:
            yield from self._attached(base, start)
        elif "assign" in self._manners:
            yield from self._owner(base, start, _OWNERS)
        elif "move" in self._manners:
            yield from self._owner(base, start, _QUEUES)

    def _unsaid(self, base: Reading) -> Iterator[Reading]:
        """Ask for what ``assign the lead Sam Porter`` and ``rename the deal Globex Pilot`` leave open."""
        schema = self._index.schema
        owner = schema.field("OwnerId") if "assign" in self._manners else None
        name = schema.name_field if "rename" in self._manners else None
        field = owner or name
        if field is not None and self._index.updateable(field):
            yield base.assign(Assignment(field, ""))

    def _attached(self, base: Reading, start: int) -> Iterator[Reading]:
        """Read ``link the Acme Expansion to the Spring Launch campaign``: the words say which field takes it."""
        stop = self._assigner.value_end(start)
        for field in self._index.schema.fields:
            known = field.reference_to if self._index.updateable(field) else ()
            phrase = record_phrase(self._scope, start, stop, known) if known else None
            if phrase is not None and phrase.named_object and field.name != "OwnerId":
                reading = base.assign(Assignment(field, phrase.words, record=phrase))
                yield self._assigner.finished(reading, stop)

    def _stated(self, base: Reading, stop: int) -> Iterator[Reading]:
        for each in self._states.of_verb(self._verb, self._said, stop):
            yield self._in_state(base, each)
            if each.assignment.implied and self._scope.key(stop) == "to":
                yield from self._owner(base.assign(each.assignment), stop + 1, _OWNERS)

    def _in_state(self, base: Reading, state: State) -> Reading:
        reading = replace(base.assign(state.assignment), strong=base.strong or state.sure)
        return self._assigner.finished(reading, state.stop)

    def _owner(self, base: Reading, start: int, owners: tuple[str, ...]) -> Iterator[Reading]:
        """Read who is to own the record; a queue has to be called one where the verb says only that it moves."""
        field = self._index.schema.field("OwnerId")
        if field is None or start >= self._scope.end:
            return
        known = [
            each for each in owners if each in field.reference_to and self._scope.objects.get(each)
        ]
        for stop in self._phrase_ends(start):
            phrase = record_phrase(self._scope, start, stop, known) if known else None
            if phrase is not None and (owners == _OWNERS or phrase.named_object):
                reading = base.assign(Assignment(field, phrase.words, record=phrase))
                yield self._assigner.finished(reading, stop)

    def _phrase_ends(self, start: int) -> Iterator[int]:
        """Yield where a record's name may end: before ``with`` and an assignment, or before whatever goes on."""
        stop = self._assigner.value_end(start)
        for at in range(start + 1, stop):
            if self._scope.key(at) == "with" and self._assigner.at(at + 1) is not None:
                yield at
        yield stop

    def _employed(self, base: Reading, start: int) -> Iterator[Reading]:
        """Read ``move Kevin Brown to Acme``: a person goes to another account."""
        field = self._index.schema.field("AccountId")
        named = any(each.capital or each.kind == "quoted" for each in self._scope.tokens[start:])
        if field is None or not named or not is_person(self._index.schema):
            return
        stop = self._assigner.value_end(start)
        phrase = record_phrase(self._scope, start, stop, field.reference_to)
        if phrase is not None:
            reading = base.assign(Assignment(field, phrase.words, record=phrase))
            yield self._assigner.finished(reading, stop)

    def _rescheduled(self, base: Reading, start: int) -> Iterator[Reading]:
        name = next(iter(DATE_FIELDS.get(base.object, ())), "")
        field = self._index.schema.field(name)
        found = self._assigner.value(field, start) if field else None
        vague = found is not None and period_length(self._scope.tokens, start)
        if found is not None and (found.assignment.problem is None or vague):
            yield self._assigner.finished(base.assign(found.assignment), found.stop)

    def _renamed(self, base: Reading, start: int) -> Reading:
        stop = self._assigner.value_end(start)
        name = self._scope.text(start, stop)
        reading = base
        for assignment in name_assignments(self._index.schema, name, self._scope.today):
            reading = reading.assign(assignment)
        return self._assigner.finished(reading, stop)
