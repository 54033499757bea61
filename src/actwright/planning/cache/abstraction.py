"""Abstraction: from a plan to a template of it, where every one of its values has one place it can only come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from actwright.blueprints.argument import (
    Argument,
    FromArgument,
    LookupArgument,
    ValueArgument,
)
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.derived import data_type_of
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.cache.binding import READABLE, NotBoundError, Setting
from actwright.planning.cache.blueprint_names import name_of
from actwright.planning.cache.placing import Placing
from actwright.planning.cache.rebinding import Rebinding, values_of
from actwright.planning.cache.template import (
    Bound,
    BoundAction,
    BoundArgument,
    BoundCondition,
    BoundForEach,
    BoundLiteral,
    BoundLookup,
    BoundQuery,
    BoundValue,
    Constant,
    Place,
    PlanTemplate,
    Standing,
    Words,
)
from actwright.planning.provenance.evidence import Evidence, described
from actwright.planning.words.text import pieces


@dataclass(frozen=True)
class _Word:
    """A value of the plan, as it is looked for among the words of the shape: there, or there in no way."""

    value: JsonScalar
    wanted: ActionInput
    like: FieldSchema
    placed: bool
    source: str | None = None


@dataclass
class _Found:
    """What was found out about one plan's values: the places they are read from, and which could be names."""

    places: list[Place] = field(default_factory=list)
    named: list[Place] = field(default_factory=list)
    words: list[_Word] = field(default_factory=list)


class Abstraction:
    """One plan on its way to a template.

    Args:
        plan: The plan.
        setting: The goal it was made for, and what its places are read with.
        at: When it was made.
    """

    def __init__(self, plan: Plan, setting: Setting, at: str) -> None:
        self._plan = plan
        self._setting = setting
        self._at = at
        self._placing = Placing(setting)
        self._found = _Found()

    def template(self) -> PlanTemplate:
        """Return the template; the very plan comes back from it for the very goal.

        Raises:
            NotBoundError: A value could come from nowhere, from several places, or from the planner itself.
            OrgError: The org cannot be asked.
        """
        actions = tuple(self._action(each) for each in self._plan.actions)
        self._check_constants()
        self._check_single()
        template = self._template(actions)
        return self._proven(template)

    def _template(self, actions: tuple[BoundAction, ...]) -> PlanTemplate:
        plan, setting = self._plan, self._setting
        used = self._used()
        elements = setting.shape.elements
        taken = {each.data for each in self._found.places}
        passed = {each for action in plan.actions for each in _passed(action)}
        return PlanTemplate(
            plan_id=plan.id,
            made_at=self._at,
            planner=plan.planner,
            confidence=plan.confidence,
            actions=actions,
            slots={at: elements[at].text for at in setting.shape.slots if at not in used},
            data={k: v for k, v in plan.data.items() if k not in taken | passed},
            standings=tuple(self._standings()),
            checkpoint=plan.checkpoint if self._valueless(plan.checkpoint) else None,
            schema_digest=plan.schema_digest,
        )

    def _used(self) -> frozenset[int]:
        """Return the positions of the slots that values are read from."""
        spans = (range(each.start, each.stop) for each in self._found.places if each.data is None)
        elements = self._setting.shape.elements
        return frozenset(at for span in spans for at in span if elements[at].kind)

    def _proven(self, template: PlanTemplate) -> PlanTemplate:
        """Return the template with the plan's assumptions, once it has given back the very plan.

        Raises:
            NotBoundError: It gives another plan.
        """
        first = Rebinding(template, self._setting)
        first.plan()
        assumptions = self._plan.assumptions
        tells = bool(first.notes) or self._plan.planner.kind in {"offline", "curated"}
        told = tells and set(first.notes) <= set(assumptions)
        others = tuple(each for each in assumptions if not (told and each in first.notes))
        if not all(self._valueless(each) for each in others):
            raise NotBoundError("an assumption speaks of a value")
        whole = template.model_copy(update={"told": told, "assumptions": others})
        again = Rebinding(whole, self._setting).plan()
        if _compared(again) != _compared(self._plan):
            raise NotBoundError("the template gives another plan")
        return whole

    def _valueless(self, text: str) -> bool:
        """Tell whether a sentence holds neither a number nor a word that stands in a slot or among the data."""
        words = set(pieces(text)) - {each.id.casefold() for each in self._plan.actions}
        slots = (self._setting.shape.elements[at].text for at in self._setting.shape.slots)
        values = (str(each) for each in self._plan.data.values())
        spoken = {one for each in (*slots, *values) for one in pieces(each)}
        return not words & spoken and not any(char.isdigit() for each in words for char in each)

    def _standings(self) -> Iterator[Standing]:
        """Yield how the org knows each name: a planner may have asked for it among all of these."""
        setting, placing = self._setting, self._placing
        for place in dict.fromkeys(self._found.named):
            setting.check_plain(place, placing.objects)
            phrase = setting.phrase(place, placing.objects)
            setting.finder.look_up((name, phrase) for name in placing.objects)
            yield Standing(place=place, counts=setting.counts(phrase))

    def _action(self, action: PlannedAction) -> BoundAction:
        target = action.blueprint.target_s_object
        schema = self._setting.schema(target) if target else None
        arguments: list[BoundArgument] = []
        for name, argument in action.arguments.items():
            wanted = action.blueprint.input(name)
            if wanted is None:
                raise NotBoundError("an argument has no input")
            bound = self._bound(argument, wanted, schema)
            arguments.append(BoundArgument(input=name, bound=bound))
        return BoundAction(
            id=action.id,
            blueprint=name_of(action.blueprint, self._setting.request.library, schema),
            arguments=tuple(arguments),
            depends_on=action.depends_on,
            for_each=self._rows(action.for_each) if action.for_each else None,
        )

    def _bound(self, argument: Argument, wanted: ActionInput, schema: ObjectSchema | None) -> Bound:
        if isinstance(argument, FromArgument):
            return Constant(argument=argument)
        if isinstance(argument, LookupArgument):
            return self._lookup(argument)
        if argument.provenance == "default":
            if argument.value != wanted.default:
                raise NotBoundError("a default is not the blueprint's")
            return Constant(argument=argument)
        like = described(
            wanted, schema.field(wanted.field_api_name) if schema and wanted.is_field else None
        )
        return self._literal(argument, wanted, like)

    def _literal(self, argument: ValueArgument, wanted: ActionInput, like: FieldSchema) -> Bound:
        if argument.provenance not in {"goal", "data"}:
            raise NotBoundError(f"a value is from {argument.provenance}")
        place = self._placing.of_value(argument.value, like) if like.type in READABLE else None
        if place is None:
            if argument.provenance == "data":
                raise NotBoundError("a value from data stands in none")
            word = _Word(argument.value, wanted, like, placed=False, source=argument.source)
            self._found.words.append(word)
            return Constant(argument=argument)
        if (place.data is None) != (argument.provenance == "goal"):
            raise NotBoundError("goal and data say the same value")
        self._note(place, like)
        self._found.words.append(_Word(argument.value, wanted, like, placed=True))
        source = self._placing.source(argument.source, place)
        return BoundLiteral(place=place, provenance=argument.provenance, source=source)

    def _note(self, place: Place, like: FieldSchema) -> None:
        self._found.places.append(place)
        if self._placing.nameable(place) and like.family == "string":
            self._found.named.append(place)

    def _lookup(self, argument: LookupArgument) -> Bound:
        lookup = argument.lookup
        self._placing.about(lookup.object)
        place = self._placing.of_record(argument)
        if place is not None:
            self._found.places.append(place)
            self._found.named.append(place)
            source = self._placing.source(argument.source, place)
            return BoundLookup(object=lookup.object, place=place, source=source)
        where = self._conditions(lookup.object, lookup.where)
        joined = ", ".join(str(one) for each in lookup.where for one in values_of(each))[:300]
        if not any(one.place for each in where for one in each.values):
            return Constant(argument=argument)
        if argument.source == joined:
            words, is_joined = Words(), True
        else:
            words, is_joined = self._placing.source(argument.source, None), False
        return BoundQuery(
            object=lookup.object, field=lookup.field, where=where, source=words, joined=is_joined
        )

    def _rows(self, rows: ForEach) -> BoundForEach:
        self._placing.about(rows.object)
        if self._placing.says_number(rows.limit):
            raise NotBoundError("the ceiling of rows is said in the goal")
        where = self._conditions(rows.object, rows.where)
        return BoundForEach(object=rows.object, where=where, limit=rows.limit)

    def _conditions(self, name: str, where: Iterable[Condition]) -> tuple[BoundCondition, ...]:
        return tuple(self._condition(name, each) for each in where)

    def _condition(self, name: str, condition: Condition) -> BoundCondition:
        return BoundCondition(
            field=condition.field,
            operator=condition.operator,
            values=tuple(
                self._compared_with(name, condition.field, one) for one in values_of(condition)
            ),
            several=isinstance(condition.value, tuple),
        )

    def _compared_with(self, name: str, path: str, value: JsonScalar) -> BoundValue:
        request = self._setting.request
        if (name, path, value) == ("User", "Username", request.org.user.username):
            return BoundValue(value=value)
        like = self._setting.field_at(name, path)
        place = self._placing.of_value(value, like) if like.type in READABLE else None
        wanted = ActionInput(api_name="value", label=like.label, data_type=data_type_of(like))
        self._found.words.append(_Word(value, wanted, like, placed=place is not None))
        if place is None:
            return BoundValue(value=value)
        self._note(place, like)
        return BoundValue(place=place)

    def _check_constants(self) -> None:
        """Refuse constants that are no words of the shape, and places beside which the shape says the same."""
        setting = self._setting
        rest = setting.shape.masked(self._used())
        evidence = Evidence(rest, {}, setting.today, setting.zone)
        known = set(pieces(rest))
        for word in self._found.words:
            said = evidence.in_goal(word.value, word.wanted, word.like) is not None
            if said is word.placed:
                raise NotBoundError("a value is no word of the shape, or one beside its place")
            if word.source and not set(pieces(word.source)) <= known:
                raise NotBoundError("a source is none of the shape's words")

    def _check_single(self) -> None:
        """Refuse plans that hold what no template keeps."""
        plan = self._plan
        if plan.guardrails or plan.questions:
            raise NotBoundError("the plan holds questions, or guardrails of its own")


def _passed(action: PlannedAction) -> Iterator[str]:
    for each in action.arguments.values():
        if isinstance(each, FromArgument) and each.data_name is not None:
            yield each.data_name


def _compared(plan: Plan) -> dict[str, object]:
    """Return what must be the same in a plan and in the one its template gives back."""
    content = plan.content()
    content["planner"] = plan.planner.model_copy(update={"cached_from": None}).model_dump()
    content["assumptions"] = sorted(plan.assumptions)
    return {name: value for name, value in content.items() if name != "checkpoint"}
