"""Drafting an action: a blueprint's inputs filled with what a reading says, and a question for what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import ActionId, ForEach, PlannedAction, Question
from actwright.org.schema import FieldSchema
from actwright.planning.offline.choosing import Choice, Chooser, spoken_words
from actwright.planning.offline.contradictions import contradicted, rivals, sentence
from actwright.planning.offline.following import followed, without_soft
from actwright.planning.offline.resolving import (
    MANY,
    Resolved,
    Resolver,
    Spoken,
    namesake,
    output_of,
)
from actwright.planning.offline.sheet import Sheet
from actwright.planning.questions import ambiguous, as_candidates, missing, not_found
from actwright.planning.rows.row_binding import BoundRows, bound_rows, ceiling, still_open
from actwright.planning.words.confidence import CERTAIN, Confidence
from actwright.planning.words.lookups import Finder
from actwright.planning.words.reading import Assignment, Reading, RecordPhrase
from actwright.planning.words.text import camel_words, pieces
from actwright.planning.words.values import picklist_candidates

_LONGEST_SOURCE = 300
_LONGEST_NOTE = 255


@dataclass
class Draft:
    """An action in the making.

    Attributes:
        choice: The blueprint and the reading it was chosen for.
        action: The action, with every argument that is known.
        questions: What is still open.
        assumptions: What was taken for granted.
        spoken: The record it is about, for later clauses; None where that is open.
        rows: The rows it is repeated for, where it is.
        confidence: How sure it is that this was meant.
    """

    choice: Choice
    action: PlannedAction
    questions: tuple[Question, ...]
    assumptions: tuple[str, ...]
    spoken: Spoken | None
    rows: BoundRows | None = None
    confidence: Confidence = CERTAIN

    @property
    def does_something(self) -> bool:
        """Whether an update changes anything, or at least asks what to change."""
        blueprint = self.action.blueprint
        return blueprint.operation != "UPDATE" or len(blueprint.inputs) > 1

    @property
    def expected(self) -> tuple[str, ...]:
        """The names of the data the action could take."""
        return tuple(f"{self.action.id}.{each.api_name}" for each in self.action.blueprint.inputs)


class Drafter:
    """Drafts the action for one clause's reading."""

    def __init__(self, chooser: Chooser, finder: Finder, zone: str) -> None:
        self._chooser = chooser
        self._finder = finder
        self._zone = zone

    def drafts(
        self, ids: Sequence[ActionId], reading: Reading, resolver: Resolver
    ) -> tuple[Draft, ...]:
        """Return the action for a clause, or two where a curated blueprint does only a part of it; none if unwritable.

        Args:
            ids: The ids of the one and the other.
            reading: What the clause means.
            resolver: Resolves its records.
        """
        shared = self._chooser.shared(reading)
        made = [
            self.draft(action_id, each, resolver, whole=reading)
            for action_id, each in zip(ids, shared or (reading,), strict=False)
        ]
        drafts = tuple(each for each in made if each is not None)
        if len(drafts) < len(made):
            return ()
        return tuple(drafts[:1]) + tuple(_asked_once(each) for each in drafts[1:])

    def draft(
        self, action_id: ActionId, reading: Reading, resolver: Resolver, *, whole: Reading
    ) -> Draft | None:
        """Return the action for ``reading``, a part of ``whole``, or None where nobody could write what it says."""
        reading = followed(reading, resolver)
        links = len(reading.links)
        reading = without_soft(reading, resolver)
        lost = links - len(reading.links)
        linked = [resolver.link(each) for each in reading.links]
        reading = replace(reading, words=reading.words | _link_words(linked))
        fields = [each.field.name for each in reading.assignments]
        choice = self._chooser.choose(reading, [*fields, *(each.name for _, each in linked)])
        if choice is None:
            return None
        sheet = Sheet(action_id, choice.blueprint, rivals=reading.rivals)
        record = self._record(sheet, choice.reading, resolver, whole)
        for assignment in choice.reading.assignments:
            self._assign(sheet, assignment, resolver)
        for resolved, target in linked:
            self._place(sheet, target, resolved)
        self._complete(sheet, choice.reading)
        namesakes = self._namesakes(choice.reading)
        sheet.notes += namesakes
        confidence = CERTAIN.with_doubts(choice.doubts(unlinked=lost, namesakes=len(namesakes)))
        return replace(self._finished(choice, sheet, record), confidence=confidence)

    def _record(
        self, sheet: Sheet, reading: Reading, resolver: Resolver, whole: Reading
    ) -> Resolved | None:
        wanted = sheet.blueprint.id_input
        if reading.operation == "CREATE" or wanted is None:
            return None
        spoken = resolver.latest((reading.object,)) if reading.record is None else None
        if spoken is not None:
            reading = replace(
                reading, record=RecordPhrase(_said(spoken), (), (spoken.object,), earlier=True)
            )
        if reading.record is None:
            sheet.ask(wanted, "missing", missing(sheet.blueprint.label, wanted))
            return None
        resolved = resolver.record(reading.record, reading.record.objects)
        if resolved.rows is not None:
            sheet.repeat(still_open(resolved.rows, whole))
            return resolved
        self._settle(sheet, wanted, resolved, reading.record.objects)
        return resolved

    def _assign(self, sheet: Sheet, assignment: Assignment, resolver: Resolver) -> None:
        wanted = sheet.input(assignment.field.name)
        if wanted is None:
            return
        if assignment.record is not None:
            resolved = resolver.record(assignment.record, assignment.record.objects)
            self._settle(sheet, wanted, resolved, assignment.record.objects)
        elif assignment.problem is not None:
            problem = assignment.problem
            sheet.ask(wanted, problem.reason, problem.text, problem.candidates)
        elif not assignment.empty:
            source = assignment.words[:_LONGEST_SOURCE]
            sheet.arguments[wanted.api_name] = ValueArgument(
                value=assignment.value, provenance=assignment.origin, source=source
            )
            self._note(sheet, assignment)

    def _note(self, sheet: Sheet, assignment: Assignment) -> None:
        if assignment.note is not None:
            dated = assignment.field.type == "date"
            sheet.notes.append(f"{assignment.note} in {self._zone}" if dated else assignment.note)

    def _place(self, sheet: Sheet, target: FieldSchema, resolved: Resolved) -> None:
        wanted = sheet.input(target.name)
        if wanted is None:
            return
        if sheet.arguments.pop(wanted.api_name, None) is not None:
            sheet.ask(wanted, "unclear", f"{wanted.label} can only take one record.")
            return
        objects = resolved.phrase.objects
        self._settle(sheet, wanted, resolved, objects)

    def _settle(
        self, sheet: Sheet, wanted: ActionInput, resolved: Resolved, objects: tuple[str, ...]
    ) -> None:
        other = contradicted(sheet.rivals, wanted.field_api_name, resolved.phrase, self._finder)
        if other is not None:
            rival, both = other
            what = sentence(rival.record.words, rival.name, rival.value)
            sheet.ask(wanted, "unclear", what, as_candidates(both))
        elif resolved.argument is not None:
            sheet.arguments[wanted.api_name] = resolved.argument
            if resolved.rows is not None:
                sheet.repeat(resolved.rows, taken=True)
            if resolved.note is not None:
                sheet.notes.append(resolved.note)
        elif resolved.phrase.rows is not None:
            bound_rows(resolved.phrase.rows, self._finder)
        elif resolved.matches:
            what = ambiguous(resolved.phrase.words, len(resolved.matches))
            sheet.ask(wanted, "ambiguous", what, as_candidates(resolved.matches))
        else:
            self._ask_for_record(sheet, wanted, resolved.phrase, objects)

    def _ask_for_record(
        self, sheet: Sheet, wanted: ActionInput, phrase: RecordPhrase, objects: tuple[str, ...]
    ) -> None:
        called = (phrase, *(each.record for each in rivals(sheet.rivals, wanted.field_api_name)))
        pairs = ((name, one) for one in called for name in objects if name in one.objects)
        near = dict.fromkeys(match for name, one in pairs for match in self._finder.near(name, one))
        labels = [self._finder.label(name) for name in objects]
        what = not_found(phrase.words, labels)
        sheet.ask(wanted, "not_found", what, as_candidates(tuple(near)))

    def _namesakes(self, reading: Reading) -> list[str]:
        """Say that records of the new one's name exist; whether they are the same, only the person knows."""
        if reading.operation != "CREATE":
            return []
        phrase = namesake(reading)
        found = self._finder.matches(reading.object, phrase)
        if not found:
            return []
        known = f"{found[0].label}" if len(found) == 1 else f"{len(found)} records"
        return [f'"{phrase.words[:80]}" exists already: {known}; one more is created']

    def _complete(self, sheet: Sheet, reading: Reading) -> None:
        """Fill in the blueprint's defaults, and ask for what is required and still open."""
        asked = {each.input for each in sheet.questions} | sheet.given
        for each in sheet.blueprint.inputs:
            if each.api_name in sheet.arguments or each.api_name in asked:
                continue
            if each.default is not None:
                source = f"default of {sheet.blueprint.label}"[:_LONGEST_SOURCE]
                sheet.arguments[each.api_name] = ValueArgument(
                    value=each.default, provenance="default", source=source
                )
            elif each.required or reading.assigned(each.field_api_name):
                schema_field = reading.index.schema.field(each.field_api_name)
                options = picklist_candidates(schema_field) if schema_field else ()
                sheet.ask(each, "missing", missing(sheet.blueprint.label, each), options)

    def _finished(self, choice: Choice, sheet: Sheet, record: Resolved | None) -> Draft:
        needed = (getattr(each, "action_output", None) for each in sheet.arguments.values())
        depends = tuple(dict.fromkeys(each[0] for each in needed if each))
        action = PlannedAction(
            id=sheet.action_id,
            blueprint=choice.blueprint,
            arguments=sheet.arguments,
            depends_on=depends,
            for_each=_for_each(sheet),
        )
        said = (*sheet.notes, *choice.reading.notes)
        notes = tuple(dict.fromkeys(each[:_LONGEST_NOTE] for each in said))
        spoken = _spoken(choice, sheet, record)
        return Draft(choice, action, tuple(sheet.questions), notes, spoken, sheet.rows)


def _said(spoken: Spoken) -> str:
    return MANY if spoken.rows is not None else "it"


def _for_each(sheet: Sheet) -> ForEach | None:
    """Return the query the action is repeated for, under its blueprint's own ceiling of rows or the general one."""
    if sheet.rows is None:
        return None
    limit = ceiling(sheet.blueprint)
    return ForEach(object=sheet.rows.object, where=sheet.rows.where, limit=limit)


def _asked_once(draft: Draft) -> Draft:
    """Return the draft less the question for its record, which the action before it asks already."""
    asked = tuple(each for each in draft.questions if each.input != "Id")
    return replace(draft, questions=asked)


def _spoken(choice: Choice, sheet: Sheet, record: Resolved | None) -> Spoken | None:
    reading = choice.reading
    if reading.operation == "CREATE" and sheet.rows is not None:
        return Spoken(sheet.action_id, sheet.rows.object, None, "", "goal", sheet.rows)
    if reading.operation == "CREATE":
        called = reading.assigned("LastName") or reading.assigned("Name")
        origin = called.origin if called else "goal"
        name = namesake(reading).words
        output = output_of(sheet.action_id)
        return Spoken(sheet.action_id, reading.object, output, name, origin)
    if record is None or record.argument is None or reading.operation == "DELETE":
        return None
    if sheet.rows is not None:
        return Spoken(sheet.action_id, record.object, None, "", record.origin, sheet.rows)
    return Spoken(sheet.action_id, record.object, record.argument, record.name, record.origin)


def _link_words(linked: list[tuple[Resolved, FieldSchema]]) -> frozenset[str]:
    names = (resolved.object for resolved, _ in linked if resolved.object)
    return spoken_words(word for name in names for word in (*camel_words(name), *pieces(name)))
