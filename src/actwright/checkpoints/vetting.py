"""Vetting what an implementation answered: effects of its own action, named by the org's schema and not by itself.

An override decides what is written. It decides neither what the fields are called, nor which record a name stands
for, nor what was there before: people are shown the org's own words.
"""

from __future__ import annotations

from actwright.actions.implementation import label_of
from actwright.errors import ImplementationError, NotFoundError
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema


def vetted(answer: object, action_id: str, name: str, reader: OrgReader) -> tuple[Effect, ...]:
    """Return an implementation's answer as effects of the action, with ids, names and labels of ours.

    Args:
        answer: What the implementation returned.
        action_id: Whose effects they are.
        name: What the implementation is called.
        reader: The org, for its schema.

    Raises:
        ImplementationError: The answer holds something that is no effect, or an effect that cannot be carried out.
        RecordIdError: An effect names a record of another object, or none.
        OrgError: The org cannot be asked.
    """
    given = tuple(answer) if isinstance(answer, (list, tuple)) else (answer,)
    own = [each for each in given if isinstance(each, Effect)]
    if not own or len(own) != len(given):
        raise ImplementationError(
            f"{name} answered with something that is no effect.",
            where=action_id,
            hint="effects(request) returns a sequence of Effect, made by request.create(...) and the like.",
        )
    _check_refs(own, action_id, name)
    return tuple(
        _named(_owned(each, f"{action_id}.{place}", action_id, name), reader)
        for place, each in enumerate(own, start=1)
    )


def _check_refs(effects: list[Effect], action_id: str, name: str) -> None:
    refs = [each.ref for each in effects if each.ref is not None]
    if any(each != action_id for each in refs):
        raise ImplementationError(
            f"{name} names new records that are not its own.", where=action_id
        )
    if len(refs) > 1:
        raise ImplementationError(
            f"{name} creates {len(refs)} records under one name; other actions could not tell them apart.",
            where=action_id,
            hint='Keep the ref of one, and take it from the others: effect.model_copy(update={"ref": None}).',
        )


def _owned(effect: Effect, effect_id: str, action_id: str, name: str) -> Effect:
    """Return the effect as one of this action, without anything that is ours to fill in."""
    exists = effect.operation in {"UPDATE", "DELETE"}
    if exists != (effect.record_id is not None) and effect.operation != "UPSERT":
        raise ImplementationError(
            f"{name}: {effect.operation} {'needs' if exists else 'takes no'} record id.",
            where=f"{action_id}.Id",
        )
    if effect.operation != "DELETE" and not effect.changes:
        raise ImplementationError(
            f"{effect.operation} of {effect.object} gives no field a value.",
            where=action_id,
            hint="Say what is to be written, in the goal or as data.",
            code="nothing_to_write",
        )
    ours = {"id": effect_id, "action_id": action_id, "also_for": (), "version": None}
    return effect.model_copy(update=ours)


def _named(effect: Effect, reader: OrgReader) -> Effect:
    """Return the effect with the schema's names; as it is where the object is hidden, which guardrails refuse."""
    try:
        schema = reader.describe(effect.object)
    except NotFoundError:
        return effect
    changes = tuple(_labelled(each, schema) for each in effect.changes)
    fields = [each.field for each in changes]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice:
        raise ImplementationError(
            f"{schema.name}.{twice} is given two values by one effect.",
            where=f"{effect.action_id}.{twice}",
            hint="Keep one of them.",
            code="field_written_twice",
        )
    names = {"object": schema.name, "object_label": schema.label, "changes": changes}
    return effect.model_copy(update=names | {"record_id": _checked_id(effect, schema)})


def _labelled(change: FieldChange, schema: ObjectSchema) -> FieldChange:
    known = schema.field(change.field) if change.field.isascii() else None
    ours: dict[str, object] = {"before": None, "before_text": None}
    if known is not None:
        ours |= {"field": known.name, "label": label_of(known)}
    return change.model_copy(update=ours)


def _checked_id(effect: Effect, schema: ObjectSchema) -> str | None:
    if effect.record_id is None:
        return None
    prefixes = (schema.key_prefix,) if schema.key_prefix else ()
    return record_id(effect.record_id, prefixes=prefixes, where=f"{effect.action_id}.Id")
