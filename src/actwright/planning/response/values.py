"""Values in a response: ``use 15 December``, ``amount 90k``, ``make it high priority``, ``give it to Bob Carter``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actwright.blueprints.argument import Argument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.inert import inert
from actwright.org.schema import FieldSchema
from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.resolving import Resolver
from actwright.planning.response.phrases import (
    BEHIND_FIELD,
    ENDS,
    ME,
    OF,
    OWNED,
    OWNING,
    SAYING_MORE,
    SETTING,
    is_day,
    is_place,
)
from actwright.planning.response.subject import Subject
from actwright.planning.response.wish import Wanted
from actwright.planning.words.lexicon import DETERMINERS, NEGATIONS, STATES, VERBS
from actwright.planning.words.lookups import Finder
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.reading import Assignment, Problem, RecordPhrase
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import pieces
from actwright.planning.words.values import TEXT_TYPES

SOURCE = "said at the confirmation"
"""Where a value a person said before the yes comes from."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, and whom it may be for.

    Attributes:
        at: The first token of a field, or of the value itself.
        subjects: The actions it may be for.
        owner: Whether it is who is to own the record.
    """

    at: int
    subjects: tuple[Subject, ...]
    owner: bool = False

    def fields(self, subject: Subject) -> Iterator[FieldSchema]:
        """Yield the fields of an action that a value alone may be for."""
        if not self.owner:
            yield from (field for _, field in subject.given())
            return
        field = subject.index.schema.field("OwnerId")
        if field is not None:
            yield field


class ValueReader:
    """Reads the values a response gives.

    Args:
        scope: The words of the response.
        subjects: The actions that stay.
        objects: The org's objects by their words.
        finder: Looks records up.
    """

    def __init__(
        self, scope: Scope, subjects: Sequence[Subject], objects: ObjectIndex, finder: Finder
    ) -> None:
        self._scope = scope
        self._subjects = tuple(subjects)
        self._objects = objects
        self._finder = finder
        self._assigners = {
            id(each.index): Assigner(scope, each.index, creating=True) for each in subjects
        }

    def at(self, start: int, stop: int, *, alone: bool = True) -> tuple[Wanted, int] | None:
        """Return the value said from ``start`` on, and where its words end; None where there is none.

        Args:
            start: The first token.
            stop: Where a value that names no field has to end, or before.
            alone: Whether a value may stand here that names no field: not where it may be the rest of another one.
        """
        place = self._place(start)
        found = self._named(place)
        if found is None and alone and not self._is_no_value(start, place, stop):
            inner = replace(place, at=place.at + 1) if self._scope.key(place.at) == "in" else place
            found = self._bare(place, stop) or self._bare(inner, stop)
        if found is None and self._scope.key(start) in VERBS and start + 1 < stop:
            return self._behind_verb(start, stop, alone=alone)
        return found

    def _behind_verb(self, start: int, stop: int, *, alone: bool) -> tuple[Wanted, int] | None:
        """Read the value behind a verb that says no more than that it is one, or says the value's own state.

        ``delete the task 15 December`` and ``complete the task on Monday`` say more than a day.
        """
        word = self._scope.key(start)
        found = None if VERBS[word] & SAYING_MORE else self.at(start + 1, stop, alone=alone)
        if found is None or "state" not in VERBS[word]:
            return found
        values = (argument for _, argument in found[0].options)
        told = [pieces(str(each.value)) for each in values if isinstance(each, ValueArgument)]
        return found if any(set(STATES[word]) & set(each) for each in told) else None

    def _is_no_value(self, start: int, place: _Place, stop: int) -> bool:
        """Tell whether words could as well mean something else: ``2`` an action, ``-500`` a difference."""
        word = self._scope.key(place.at)
        alone = place.at == start and stop == start + 1
        by = word[:1] in {"+", "-"}
        return by or (alone and is_place(word)) or is_day(word) or word in NEGATIONS

    def _place(self, start: int) -> _Place:
        """Return what stands behind words of setting, and behind an action's name: ``for the task use``."""
        scope, subjects, at = self._scope, self._subjects, start
        owner = scope.key(at) in OWNING
        while at < scope.end:
            behind = scope.skip(at, SETTING | DETERMINERS)
            if (scope.key(behind), scope.key(behind + 1)) in OWNED:
                return _Place(behind + 2, subjects, owner=True)
            mention = self._objects.at(scope.tokens, behind, scope.end)
            own = self._of(mention.object.name) if mention else ()
            if mention is None or not own or behind + mention.length >= scope.end:
                return _Place(behind, subjects, owner)
            subjects, at = own, behind + mention.length
        return _Place(at, subjects, owner)

    def _of(self, object_name: str) -> tuple[Subject, ...]:
        return tuple(each for each in self._subjects if each.object == object_name)

    def _named(self, place: _Place) -> tuple[Wanted, int] | None:
        """Read a field and its value: ``the due date of the task to Friday``, ``high priority``."""
        found = [
            each
            for subject in place.subjects
            for each in (*self._field_first(subject, place), *self._value_first(subject, place))
        ]
        if not found:
            return None
        stop = max(end for *_, end in found)
        best = [each for each in found if each[3] == stop]
        wanted = self._wanted([(subject, field, one) for subject, field, one, _ in best])
        return wanted, self._behind_owner(stop)

    def _field_first(
        self, subject: Subject, place: _Place
    ) -> Iterator[tuple[Subject, FieldSchema, Assignment, int]]:
        scope = self._scope
        mention = subject.index.field_at(scope.tokens, place.at, scope.end)
        if mention is None:
            return
        behind = place.at + mention.length
        owner = self._owner(behind)
        if owner is not None and owner[0] != subject.object:
            return
        start = scope.skip(owner[1] if owner else behind, BEHIND_FIELD)
        found = self._assigners[id(subject.index)].value(mention.field, start)
        if found is None:
            return
        assignment = found.assignment
        if assignment.problem is not None and subject.input_for(mention.field) is None:
            return
        if mention.field.type in TEXT_TYPES and scope.find(start, ENDS) < found.stop:
            said = inert(assignment.words, limit=80)
            text = f"Where the text for {mention.field.label} ends is not clear: {said!r}. Put it in quotes."
            assignment = replace(assignment, problem=Problem("unclear", text))
        yield subject, mention.field, assignment, found.stop

    def _value_first(
        self, subject: Subject, place: _Place
    ) -> Iterator[tuple[Subject, FieldSchema, Assignment, int]]:
        scope = self._scope
        for value in subject.index.values_at(scope.tokens, place.at, scope.end):
            behind = place.at + value.length
            mention = subject.index.field_at(scope.tokens, behind, scope.end)
            if mention is not None and mention.field.name == value.field.name:
                words = scope.text(place.at, behind)
                assignment = Assignment(value.field, words, value=value.value.value)
                yield subject, value.field, assignment, behind + mention.length

    def _owner(self, at: int) -> tuple[str, int] | None:
        """Return the object that ``of the task`` names behind a field, and where its words end."""
        if self._scope.key(at) not in OF:
            return None
        start = self._scope.skip(at + 1, DETERMINERS)
        mention = self._objects.at(self._scope.tokens, start, self._scope.end)
        if mention is None or not self._of(mention.object.name):
            return None
        return mention.object.name, start + mention.length

    def _behind_owner(self, stop: int) -> int:
        owner = self._owner(stop)
        return owner[1] if owner else stop

    def _bare(self, place: _Place, stop: int) -> tuple[Wanted, int] | None:
        """Read a value alone, for the inputs that have a value of its kind: the one that takes the most words."""
        owner = self._trailing(place.at, stop)
        subjects = place.subjects if owner is None else self._of(owner[0])
        end = stop if owner is None else owner[1]
        whole = self._held(
            [(subject, field) for subject in subjects for field in place.fields(subject)],
            place.at,
            end,
        ) or self._held(
            [(each, field) for each in subjects for field in each.open() if field.type == "date"],
            place.at,
            end,
        )
        if not whole:
            return None
        wanted = self._wanted([(subject, field, one) for subject, field, one, _ in whole])
        return wanted, max(stop, *(each[3] for each in whole))

    def _held(
        self, places: Sequence[tuple[Subject, FieldSchema]], at: int, end: int
    ) -> list[tuple[Subject, FieldSchema, Assignment, int]]:
        """Return the fields that can hold the words from ``at`` up to ``end``, each with its value."""
        found = [
            (subject, field, one.assignment, one.stop)
            for subject, field in places
            if self._fits(field, at)
            and (one := self._assigners[id(subject.index)].value(field, at)) is not None
            and one.assignment.problem is None
        ]
        return [each for each in found if each[3] >= end]

    def _trailing(self, start: int, stop: int) -> tuple[str, int] | None:
        """Return the object that ``for the task`` names at the end, and where the words before it end."""
        for at in range(start + 1, stop):
            owner = self._owner(at)
            if owner is not None and owner[1] == stop:
                return owner[0], at
        return None

    def _fits(self, field: FieldSchema, at: int) -> bool:
        """Tell whether a value alone could be for a field: text has to stand in quotes, a name in capitals."""
        if at >= self._scope.end:
            return False
        token = self._scope.tokens[at]
        if field.type == "reference":
            return token.capital or token.kind == "quoted" or token.key in ME
        return field.type not in TEXT_TYPES or token.kind == "quoted"

    def _wanted(self, found: Sequence[tuple[Subject, FieldSchema, Assignment]]) -> Wanted:
        """Return one value with the inputs it could be for: those that have a value come before those without."""
        words = found[0][2].words
        problems = [each.problem.text for *_, each in found if each.problem is not None]
        sound = [each for each in found if each[2].problem is None and not each[2].empty]
        options = [
            (subject, wanted, argument)
            for subject, field, assignment in sound
            if (wanted := subject.input_for(field)) is not None
            and (argument := self._argument(field, assignment)) is not None
        ]
        had = [each for each in options if each[1].api_name in each[0].action.arguments]
        named = tuple(_option(*each) for each in had or options)
        if named:
            return Wanted(words, named)
        return Wanted(words, problem=problems[0] if problems else _no_input(found))

    def _argument(self, field: FieldSchema, assignment: Assignment) -> Argument | None:
        if assignment.record is not None:
            return self._record(field, assignment.record)
        told = f'{SOURCE}: "{assignment.words}"'[:300]
        return ValueArgument(value=assignment.value, provenance="data", source=told)

    def _record(self, field: FieldSchema, phrase: RecordPhrase) -> Argument | None:
        """Return the one record that words name, as a lookup; None where there is none, or several."""
        objects = [each for each in field.reference_to if self._objects.get(each) is not None]
        self._finder.look_up((name, phrase) for name in objects if name in phrase.objects)
        username = self._scope.user.username if self._scope.user is not None else ""
        found = Resolver(self._finder, (), username).record(phrase, objects)
        argument = found.argument
        if isinstance(argument, ValueArgument):
            return argument.model_copy(update={"provenance": "data", "source": SOURCE})
        return argument


def _option(subject: Subject, wanted: ActionInput, argument: Argument) -> tuple[str, Argument]:
    return f"{subject.action.id}.{wanted.api_name}", argument


def _no_input(found: Sequence[tuple[Subject, FieldSchema, Assignment]]) -> str:
    subject, field, assignment = found[0]
    wanted = subject.input_for(field)
    if wanted is not None:
        return f"{assignment.words[:80]!r} names no one record for {wanted.label}."
    return f"{subject.action.id} has no input for {field.label}. It has: {subject.inputs()}."
