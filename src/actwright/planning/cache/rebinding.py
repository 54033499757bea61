"""Rebinding: from a template and a new goal of the same shape to a plan, every value read anew; or to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.document import validated
from actwright.errors import InputError, PlanError
from actwright.org.lookup import Lookup, find
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.planning.cache.binding import NotBoundError, Setting
from actwright.planning.cache.blueprint_names import blueprint_of
from actwright.planning.cache.template import (
    BlueprintName,
    Bound,
    BoundAction,
    BoundCondition,
    BoundForEach,
    BoundLiteral,
    BoundLookup,
    BoundQuery,
    Place,
    PlanTemplate,
)
from actwright.planning.footprint import dependencies, schema_digest
from actwright.planning.provenance.evidence import described
from actwright.planning.words.reading import RecordPhrase

_LONGEST_CHECKPOINT = 300
_LONGEST_NOTE = 255


class Rebinding:
    """One template on its way to a plan for one goal.

    Args:
        template: The template.
        setting: The goal, and what its places are read with.
    """

    def __init__(self, template: PlanTemplate, setting: Setting) -> None:
        self._template = template
        self._setting = setting
        self._notes: dict[str, None] = {}
        self._queried: list[Lookup] = []

    def plan(self) -> Plan:
        """Return the plan.

        Raises:
            NotBoundError: A value cannot be read, a record is not the only one of its name, or what must be the same
                is not.
            OrgError: The org cannot be asked.
        """
        self._check_same()
        self._look_up()
        self._check_standings()
        actions = tuple(self._action(each) for each in self._template.actions)
        self._check_queries()
        schemas = self._schemas(actions)
        if schema_digest(actions, schemas) != self._template.schema_digest:
            raise NotBoundError("the org's schema is another")
        return self._planned(actions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the readers told about the values of the plan that was made."""
        return tuple(self._notes)

    def _planned(self, actions: tuple[PlannedAction, ...]) -> Plan:
        template, request = self._template, self._setting.request
        own = " ".join(each.blueprint.checkpoint for each in actions)[:_LONGEST_CHECKPOINT]
        told = self.notes if template.told else ()
        document = {
            "goal": request.goal,
            "data": dict(request.data),
            "actions": actions,
            "dependencies": dependencies(actions),
            "checkpoint": own if template.checkpoint is None else template.checkpoint,
            "assumptions": tuple(dict.fromkeys((*told, *template.assumptions))),
            "planner": template.planner.model_copy(update={"cached_from": template.plan_id}),
            "confidence": template.confidence,
            "schema_digest": template.schema_digest,
        }
        try:
            return validated(Plan, document, where="the plan", error=PlanError)
        except PlanError as error:
            raise NotBoundError(error.message) from error

    def _check_same(self) -> None:
        elements = self._setting.shape.elements
        for at, text in self._template.slots.items():
            if at >= len(elements) or elements[at].text != text:
                raise NotBoundError("another word stands where no value is read")
        for name, value in self._template.data.items():
            other = self._setting.data.get(name)
            if type(other) is not type(value) or other != value:
                raise NotBoundError(f"the data {name} are others")

    def _look_up(self) -> None:
        """Ask the org for all names at once: those of records, and those that might be one's."""
        setting = self._setting
        wanted = [
            (each.object, setting.phrase(each.place, (each.object,)))
            for action in self._template.actions
            for each in (one.bound for one in action.arguments)
            if isinstance(each, BoundLookup)
        ]
        for standing in self._template.standings:
            phrase = setting.phrase(standing.place, standing.counts)
            wanted += [(name, phrase) for name in standing.counts]
        for action in self._template.actions:
            named = self._namesake(action)
            wanted += [(name, named) for name in (named.objects if named else ()) if named]
        setting.finder.look_up(wanted)

    def _check_standings(self) -> None:
        """Refuse a name that the org knows otherwise than it knew the first one: a planner could have read it so."""
        setting = self._setting
        objects = self._template.objects
        for each in self._template.standings:
            setting.check_plain(each.place, objects)
            if setting.counts(setting.phrase(each.place, each.counts)) != each.counts:
                raise NotBoundError("the org knows the name otherwise")
        for action in self._template.actions:
            named = self._namesake(action)
            if named and any(setting.counts(named).values()):
                raise NotBoundError("a record is called so already")

    def _namesake(self, action: BoundAction) -> RecordPhrase | None:
        """Return the phrase for records that bear the name of the one an action creates."""
        blueprint = self._blueprint(action.blueprint)
        target = blueprint.target_s_object
        if blueprint.operation != "CREATE" or target is None:
            return None
        schema = self._setting.schema(target)
        parts: list[str] = []
        for name in _name_fields(schema):
            wanted = next((each for each in blueprint.inputs if each.field_api_name == name), None)
            bound = action.argument(wanted.api_name) if wanted else None
            field = schema.field(name)
            if isinstance(bound, BoundLiteral) and field is not None:
                parts.append(str(self._setting.value(bound.place, field).value))
        text = " ".join(parts)
        return RecordPhrase(text, (text,), (target,)) if text else None

    def _blueprint(self, name: BlueprintName) -> ActionBlueprint:
        schema = self._setting.schema(name.object) if name.object else None
        return blueprint_of(name, self._setting.request.library, schema)

    def _action(self, action: BoundAction) -> PlannedAction:
        blueprint = self._blueprint(action.blueprint)
        target = blueprint.target_s_object
        schema = self._setting.schema(target) if target else None
        arguments: dict[str, Argument] = {}
        for each in action.arguments:
            wanted = blueprint.input(each.input)
            if wanted is None:
                raise NotBoundError("the blueprint has another input")
            arguments[each.input] = self._argument(each.bound, wanted, schema)
        rows = self._rows(action.for_each) if action.for_each else None
        return PlannedAction(
            id=action.id,
            blueprint=blueprint,
            arguments=arguments,
            depends_on=action.depends_on,
            for_each=rows,
        )

    def _argument(self, bound: Bound, wanted: ActionInput, schema: ObjectSchema | None) -> Argument:
        setting = self._setting
        if isinstance(bound, BoundLiteral):
            value = self._read(bound.place, wanted, schema)
            source = setting.words(bound.source)
            return ValueArgument(value=value, provenance=bound.provenance, source=source)
        if isinstance(bound, BoundLookup):
            words = setting.words(bound.source)
            phrase = setting.phrase(bound.place, (bound.object,), words)
            argument, note = setting.record(phrase, bound.object)
            self._tell(note)
            return argument.model_copy(update={"source": words})
        if isinstance(bound, BoundQuery):
            return self._query(bound)
        if isinstance(bound.argument, LookupArgument):
            self._queried.append(bound.argument.lookup)
        return bound.argument

    def _read(self, place: Place, wanted: ActionInput, schema: ObjectSchema | None) -> JsonScalar:
        field = schema.field(wanted.field_api_name) if schema and wanted.is_field else None
        found = self._setting.value(place, described(wanted, field))
        self._tell(found.note)
        return found.value

    def _tell(self, note: str | None) -> None:
        if note:
            self._notes.setdefault(note[:_LONGEST_NOTE])

    def _query(self, bound: BoundQuery) -> LookupArgument:
        where = self._conditions(bound.object, bound.where)
        lookup = Lookup(object=bound.object, where=where, field=bound.field)
        self._queried.append(lookup)
        source = self._setting.words(bound.source)
        if bound.joined:
            source = ", ".join(str(one) for each in where for one in values_of(each))[:300]
        return LookupArgument(lookup=lookup, source=source)

    def _rows(self, rows: BoundForEach) -> ForEach:
        where = self._conditions(rows.object, rows.where)
        return ForEach(object=rows.object, where=where, limit=rows.limit)

    def _conditions(self, name: str, conditions: Sequence[BoundCondition]) -> tuple[Condition, ...]:
        return tuple(self._condition(name, each) for each in conditions)

    def _condition(self, name: str, bound: BoundCondition) -> Condition:
        found: list[JsonScalar] = []
        for each in bound.values:
            if each.place is None:
                found.append(each.value)
            else:
                field = self._setting.field_at(name, bound.field)
                found.append(self._setting.value(each.place, field).value)
        value = tuple(found) if bound.several else found[0]
        return Condition(field=bound.field, operator=bound.operator, value=value)

    def _check_queries(self) -> None:
        """Ask the org again for records that no single name finds; each must be the only one."""
        try:
            found = find(self._setting.request.org, self._queried) if self._queried else {}
        except InputError as error:
            raise NotBoundError(error.message) from error
        if any(len(each) != 1 for each in found.values()):
            raise NotBoundError("a record is not the only one that fits")

    def _schemas(self, actions: Sequence[PlannedAction]) -> dict[str, ObjectSchema]:
        names = {each.blueprint.target_s_object for each in actions} - {None}
        return {str(each): self._setting.schema(str(each)) for each in names}


def _name_fields(schema: ObjectSchema) -> tuple[str, ...]:
    if schema.field("LastName") is not None:
        return ("FirstName", "LastName")
    return (schema.name_field.name,) if schema.name_field else ()


def values_of(condition: Condition) -> Iterator[JsonScalar]:
    """Yield the values of a condition."""
    value = condition.value
    yield from value if isinstance(value, tuple) else (value,)
