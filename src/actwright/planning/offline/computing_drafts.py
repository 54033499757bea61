"""Drafting an action whose code is generated: its inputs, and the recipe that works out what the new record holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.derived import data_type_of
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.plan import ActionId
from actwright.blueprints.recipe import Recipe
from actwright.blueprints.recipe_steps import Constant, FieldSource, FromInput
from actwright.blueprints.recipe_words import sentences
from actwright.blueprints.writable import needed_on_create
from actwright.canonical import digest
from actwright.errors import PlanningError
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.offline.choosing import Choice
from actwright.planning.offline.computing_steps import Found, Steps, label
from actwright.planning.offline.drafting import Draft, Drafter
from actwright.planning.offline.following import without_soft
from actwright.planning.offline.relating import reference_to
from actwright.planning.offline.resolving import Resolved, Resolver, Spoken
from actwright.planning.offline.sheet import Sheet
from actwright.planning.words.confidence import CERTAIN
from actwright.planning.words.reading import Anchor, Computed, Reading, RecordPhrase
from actwright.planning.words.text import camel_words

_FUNCTIONS = {
    "sum": "Total",
    "count": "NumberOf",
    "min": "Least",
    "max": "Greatest",
    "avg": "Average",
}
_FOR_PEOPLE = frozenset({"Task", "Event"})
_ABOUT = ("WhatId", "WhoId")
_LONGEST_NAME = 70
_LONGEST_SUMMARY = 500


@dataclass
class _Sketch:
    """An action in the making: the inputs with what they resolved to, and the steps."""

    reading: Reading
    resolver: Resolver
    steps: Steps
    inputs: dict[str, ActionInput] = field(default_factory=dict)
    records: dict[str, Resolved] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def record_input(self, resolved: Resolved, made: ActionInput) -> FromInput:
        """Return the input that takes a record; one record has one input."""
        for name, known in self.records.items():
            same = resolved.argument is not None and known.argument == resolved.argument
            if same or known.phrase == resolved.phrase:
                return FromInput(input=name)
        count, name = 1, made.api_name
        while name in self.inputs:
            count += 1
            name = f"{made.api_name}{count}"
        named = made.model_copy(update={"api_name": name})
        self.inputs[name], self.records[name] = named, resolved
        return FromInput(input=name)


class ComputingDrafter(Drafter):
    """Drafts the action for one clause whose new record holds what has to be worked out."""

    def drafts(
        self, ids: Sequence[ActionId], reading: Reading, resolver: Resolver
    ) -> tuple[Draft, ...]:
        """Return the one action for the clause.

        Raises:
            PlanningError: It is not clear which record a computation starts from.
        """
        if reading.computed is None:
            return super().drafts(ids, reading, resolver)
        return (
            self._computed(ids[0], without_soft(reading, resolver), reading.computed, resolver),
        )

    def _computed(
        self, action_id: ActionId, reading: Reading, computed: Computed, resolver: Resolver
    ) -> Draft:
        sketch = _Sketch(reading, resolver, Steps(lambda name: _known(self._finder.schema(name))))
        linked = self._link(sketch)
        for target, said in computed.fields:
            sketch.steps.fill(target, said, self._found(sketch, said.anchor))
        if computed.owner is not None:
            self._own(sketch, computed.owner)
        self._say(sketch, linked=linked)
        try:
            blueprint = _blueprint(sketch, sketch.steps.recipe(reading.object))
        except ValidationError as invalid:
            why = str(invalid.errors(include_input=False)[0]["msg"])[:200]
            raise _unclear(f"It is too much for one action ({why}).") from None
        choice = Choice(f"generated.{blueprint.name}", blueprint, reading, "derived")
        sheet = Sheet(action_id, blueprint, rivals=reading.rivals, notes=[*sketch.notes])
        for name, resolved in sketch.records.items():
            self._settle(sheet, sketch.inputs[name], resolved, resolved.phrase.objects)
        for each in reading.assignments:
            self._assign(sheet, each, resolver)
        self._complete(sheet, reading)
        draft = self._finished(choice, sheet, None)
        spoken = Spoken(action_id, reading.object, None, "")
        sure = CERTAIN.with_doubts(choice.doubts(unlinked=0, namesakes=0))
        return replace(draft, spoken=spoken, confidence=sure)

    def _link(self, sketch: _Sketch) -> set[str]:
        """Give each record the new one belongs to an input, and return the fields that take them."""
        fields: set[str] = set()
        for link in sketch.reading.links:
            resolved, target = sketch.resolver.link(link)
            source = sketch.record_input(resolved, _field_input(target))
            sketch.steps.values.append(FieldSource(field=target.name, source=source))
            fields.add(target.name)
        return fields

    def _own(self, sketch: _Sketch, owner: Anchor) -> None:
        found = self._found(sketch, owner)
        schema = self._finder.schema(found.object)
        if schema is None or schema.field("OwnerId") is None:
            raise _unclear(f"A record such as {owner.words[:80]!r} has no owner.")
        source = sketch.steps.read(found, "OwnerId")
        sketch.steps.values.append(FieldSource(field="OwnerId", source=source))

    def _say(self, sketch: _Sketch, *, linked: set[str]) -> None:
        """Add what the goal says of the new record, what it needs, and what follows from what it is about."""
        reading, steps = sketch.reading, sketch.steps
        schema = reading.index.schema
        filled = {each.field for each in steps.values}
        for each in reading.assignments:
            if each.field.name not in filled and not each.cleared:
                self._add(sketch, each.field)
        filled = {each.field for each in steps.values}
        subject = schema.field("Subject")
        computed = reading.computed.fields if reading.computed is not None else ()
        if subject is not None and subject.name_field and subject.name not in filled and computed:
            text = label(computed[0][1])
            steps.values.append(FieldSource(field=subject.name, source=Constant(constant=text)))
            sketch.notes.append(f'the subject is "{text}", since the goal says none')
        if reading.object in _FOR_PEOPLE and not linked:
            self._about(sketch)
        filled = {each.field for each in steps.values}
        for field_schema in schema.fields:
            if needed_on_create(schema, field_schema) and field_schema.name not in filled:
                self._add(sketch, field_schema)

    @staticmethod
    def _add(sketch: _Sketch, wanted: FieldSchema) -> None:
        made = _field_input(wanted)
        sketch.inputs[made.api_name] = made
        source = FromInput(input=made.api_name)
        sketch.steps.values.append(FieldSource(field=wanted.name, source=source))

    def _about(self, sketch: _Sketch) -> None:
        """Let a task be about the record spoken of before, where its values are worked out from that one."""
        schema = sketch.reading.index.schema
        spoken = {name for name, each in sketch.records.items() if each.phrase.earlier}
        filled = {each.field for each in sketch.steps.values}
        for name in sorted(spoken):
            for target in (schema.field(each) for each in _ABOUT):
                record = sketch.records[name]
                takes = target is not None and record.object in target.reference_to
                if target is None or not takes or target.name in filled:
                    continue
                source = FromInput(input=name)
                sketch.steps.values.append(FieldSource(field=target.name, source=source))
                kind = self._finder.label(record.object).lower()
                sketch.notes.append(f"the new record is about the {kind} spoken of before")
                return

    def _found(self, sketch: _Sketch, anchor: Anchor) -> Found:
        """Return the record an anchor names or points to.

        Raises:
            PlanningError: It points to none, or to several.
        """
        if anchor.record is not None:
            resolved = sketch.resolver.record(anchor.record, anchor.objects)
            return self._input(sketch, resolved, anchor)
        if anchor.through is not None:
            return self._beyond(sketch, self._found(sketch, anchor.through), anchor)
        near = list(self._pointed(sketch))
        direct = [each for each in near if each.object in anchor.objects]
        beyond = [each for each in near if self._refers(each.object, anchor) is not None]
        able = _different(direct) or _different(beyond)
        if len(able) != 1:
            what = "nothing" if not able else f"{len(able)} records"
            raise _unclear(f"{anchor.words[:80]!r} could mean {what} of what was said before.")
        found = self._input(sketch, able[0], anchor)
        return found if direct else self._beyond(sketch, found, anchor)

    def _pointed(self, sketch: _Sketch) -> Iterator[Resolved]:
        """Yield the records the words may point back to: those of this clause, then those spoken of before."""
        for link in sketch.reading.links:
            yield sketch.resolver.link(link)[0]
        for each in sketch.reading.assignments:
            if each.record is not None and each.field.name != "OwnerId":
                yield sketch.resolver.record(each.record, each.record.objects)
        for spoken in sketch.resolver.spoken:
            phrase = RecordPhrase(spoken.name, (), (spoken.object,), earlier=True)
            yield Resolved(phrase, spoken.object, spoken.argument, name=spoken.name)

    def _refers(self, name: str, anchor: Anchor) -> FieldSchema | None:
        schema = self._finder.schema(name) if name else None
        return reference_to(schema, anchor.objects[0]) if schema is not None else None

    def _beyond(self, sketch: _Sketch, found: Found, anchor: Anchor) -> Found:
        field_schema = self._refers(found.object, anchor)
        if field_schema is None:
            raise _unclear(f"Nothing leads to {anchor.words[:80]!r} in one clear way.")
        return Found(sketch.steps.read(found, field_schema.name), anchor.objects[0])

    def _input(self, sketch: _Sketch, resolved: Resolved, anchor: Anchor) -> Found:
        if isinstance(resolved.argument, FromArgument) or resolved.rows is not None:
            raise _unclear(f"{anchor.words[:80]!r} is no one record that is there already.")
        if resolved.argument is None and resolved.phrase.earlier:
            raise _unclear(f"{anchor.words[:80]!r} points to a record that is not known yet.")
        name = resolved.object or next(iter(anchor.objects))
        title = self._finder.label(name)
        made = ActionInput(
            api_name=f"{name.removesuffix('__c')}Id",
            label=title,
            data_type="Id",
            required=True,
            usage="PARAMETER",
            description=f"The {title} to start from.",
        )
        return Found(sketch.record_input(resolved, made), name)


def _different(found: Sequence[Resolved]) -> list[Resolved]:
    """Return the records without those that are the same one."""
    kept: list[Resolved] = []
    for each in found:
        if not any(each.argument == one.argument for one in kept):
            kept.append(each)
    return kept


def _field_input(wanted: FieldSchema) -> ActionInput:
    return ActionInput(
        api_name=wanted.name,
        label=wanted.label[:120],
        data_type=data_type_of(wanted),
        required=True,
    )


def _blueprint(sketch: _Sketch, recipe: Recipe) -> ActionBlueprint:
    """Return the blueprint of a generated action; the same logic has the same name."""
    reading, inputs = sketch.reading, tuple(sketch.inputs.values())
    target, (_, first) = reading.object, (reading.computed or Computed(())).fields[0]
    what = first.field.name if first.field is not None else first.children.schema.name
    words = "".join(each.capitalize() for each in camel_words(what))
    stem = f"Create{target}With{_FUNCTIONS.get(first.function or '', '')}{words}"
    typed = [[each.api_name, each.data_type, each.usage] for each in inputs]
    mark = digest({"recipe": recipe.model_dump(mode="json"), "inputs": typed})[:6]
    fields = [each.field for each in sketch.steps.values]
    return ActionBlueprint(
        name=f"{stem[:_LONGEST_NAME]}_{mark}",
        label=f"Create {reading.index.schema.label}: {label(first)}"[:120],
        category="GENERATED",
        target_s_object=target,
        operation="CALL",
        summary=" ".join(sentences(recipe))[:_LONGEST_SUMMARY],
        checkpoint=f"Create this {reading.index.schema.label}, with what was worked out?"[:300],
        tags=("Generated",),
        inputs=inputs,
        guardrails=(GuardrailSpec(type="FLS_CREATE", params={"fields": fields}),),
        recipe=recipe,
    )


def _known(schema: ObjectSchema | None) -> ObjectSchema:
    if schema is None:
        raise _unclear("An object of it cannot be asked for.")
    return schema


def _unclear(why: str) -> PlanningError:
    return PlanningError(
        f"{why} Nothing was planned.",
        hint="Name the record itself: Acme's total open opportunity amount.",
        code="computation_unclear",
    )
