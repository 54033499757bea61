"""Given values: what a person types for one input before the yes, read as a goal's words are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from actwright.blueprints.adapters import adapt
from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import PlannedAction
from actwright.clock import Clock
from actwright.errors import NotFoundError, PlanError, ValueInvalidError
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.org.record_id import is_record_id
from actwright.org.schema import FieldSchema
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.resolving import Resolved, Resolver
from actwright.planning.offline.scheduling import point_of
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.words.lookups import Finder
from actwright.planning.words.reading import Problem, RecordPhrase
from actwright.planning.words.scope import Scope, zone_of
from actwright.planning.words.text import screen, tokenize
from actwright.planning.words.values import TEXT_TYPES, Converted, beyond_whole, convert

_RECORDS = frozenset({"id", "reference"})
_PICKLISTS = frozenset({"picklist", "multipicklist"})
_SHOWN = 80
_MOST_OFFERED = 5


class GivenReader:
    """Reads ``next friday``, ``90k``, ``high`` and ``Bob Baxter`` for the fields that take such values.

    Args:
        org: Gives the schema and the person, and is asked for records by name.
        clock: Says which day it is.
        source: Where such a value comes from, for people.
    """

    def __init__(self, org: OrgReader, clock: Clock, source: str) -> None:
        self._org = org
        self._source = source
        self._zone, _ = zone_of(org.user)
        self._today = clock.now().astimezone(self._zone).date()
        indexes = Indexes()
        self._objects, self._fields = indexes.objects(org), indexes.fields(org)

    def argument(self, action: PlannedAction, wanted: ActionInput, text: str) -> Argument | None:
        """Return what a text means as the value of an input; None where it is to be taken as it stands.

        Args:
            action: The action the input belongs to.
            wanted: The input.
            text: What was typed. Hostile input.

        Raises:
            PlanError: The text is no such value, or could be several.
            PlanningError: The text cannot be read by eye.
            OrgError: The org cannot be asked.
        """
        field = self._field(action, wanted)
        if field is None or field.type in TEXT_TYPES or not text.strip():
            return None
        screen(text)
        if field.type in _RECORDS:
            return None if is_record_id(text.strip()) else self._record(action, wanted, field, text)
        return None if _stands(wanted, field, text) else self._value(action, wanted, field, text)

    def _field(self, action: PlannedAction, wanted: ActionInput) -> FieldSchema | None:
        name = action.blueprint.target_s_object
        if not name or not wanted.is_field:
            return None
        try:
            return self._fields(name).schema.field(wanted.field_api_name)
        except NotFoundError:
            return None

    def _value(
        self, action: PlannedAction, wanted: ActionInput, field: FieldSchema, text: str
    ) -> Argument | None:
        found = self._converted(field, text.strip())
        if isinstance(found, Converted):
            return ValueArgument(value=found.value, provenance="data", source=self._told(text))
        if field.type in _PICKLISTS and not found.several:
            return None
        offered = ", ".join(inert(each.label) for each in found.candidates[:_MOST_OFFERED])
        raise PlanError(
            found.text,
            where=f"{action.id}.{wanted.api_name}",
            hint=f"Say which one: {offered}."
            if offered
            else "Say it as 2026-12-15 or 99000 is said.",
            code="edit_unclear",
        )

    def _converted(self, field: FieldSchema, text: str) -> Converted | Problem:
        point = point_of(field, text, self._today, self._zone) if field.type == "datetime" else None
        if point is not None:
            return point.problem or Converted(point.value, point.note)
        found = convert(field, text, self._today)
        if isinstance(found, Problem):
            return found
        return beyond_whole(field, text, found.value) or found

    def _record(
        self, action: PlannedAction, wanted: ActionInput, field: FieldSchema, text: str
    ) -> Argument:
        """Return the one record a text names, as a lookup that the preview asks again."""
        own = (action.blueprint.target_s_object or "",)
        named = own if field.type == "id" else field.reference_to
        objects = [each for each in named if self._objects.get(each) is not None]
        found = self._resolved(text.strip(), objects)
        if isinstance(found.argument, LookupArgument):
            return found.argument.model_copy(update={"source": self._told(text)})
        if isinstance(found.argument, ValueArgument):
            update = {"provenance": "data", "source": self._told(text)}
            return found.argument.model_copy(update=update)
        raise PlanError(
            f"{inert(text, limit=_SHOWN)!r} names "
            f"{'several records' if found.matches else 'no record'} for {wanted.label}.",
            where=f"{action.id}.{wanted.api_name}",
            hint=self._offered(found, objects),
            code="edit_unclear",
        )

    def _resolved(self, text: str, objects: Sequence[str]) -> Resolved:
        scope = Scope(
            text,
            tokenize(text),
            self._today,
            self._objects,
            self._fields,
            user=self._org.user,
            zone=self._zone,
        )
        phrase = record_phrase(scope, 0, scope.end, objects)
        if phrase is None or phrase.rows is not None or phrase.earlier:
            phrase = RecordPhrase(text, (text,), tuple(objects))
        self._finder.look_up((each, phrase) for each in objects if each in phrase.objects)
        return Resolver(self._finder, (), self._org.user.username).record(phrase, objects)

    def _offered(self, found: Resolved, objects: Sequence[str]) -> str:
        near = found.matches or tuple(
            match for each in objects for match in self._finder.near(each, found.phrase)
        )
        labels = "; ".join(inert(each.label) for each in near[:_MOST_OFFERED])
        return f"Give one of these, or an id: {labels}." if labels else "Give its name or its id."

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._org, self._objects, self._fields)

    def _told(self, text: str) -> str:
        return f'{self._source}: "{text.strip()}"'[:300]


def _stands(wanted: ActionInput, field: FieldSchema, text: str) -> bool:
    """Tell whether a text is the value itself: one of the picklist's, or what the input's type takes as it is."""
    if field.type in _PICKLISTS:
        values = {each.value for each in field.active_values}
        return values.issuperset(text.split(";") if field.type == "multipicklist" else [text])
    try:
        adapt(wanted.data_type, text, label=wanted.label)
    except ValueInvalidError:
        return False
    return True
