"""Gathering: the facts of effects as guardrails see them, children that go with a deleted record included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from actwright.guardrails.context import EffectContext
from actwright.guardrails.policy.facts import Facts, FieldFact
from actwright.guardrails.policy.field_kinds import kinds_of
from actwright.guardrails.policy.rule import ImplementationKind
from actwright.org.effect import Cascade, Effect, FieldChange
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ALONE = {"opaque": "an override acts by itself", "call": "a service is called"}


def facts_of(
    contexts: Sequence[EffectContext],
    implementations: Mapping[str, ImplementationKind],
    *,
    held: Mapping[str, Mapping[str, FieldValue]] | None = None,
    taking_back: bool = False,
) -> Iterator[Facts]:
    """Yield the facts of effects as guardrails see them.

    Args:
        contexts: The effects with their schemas and records.
        implementations: By action id, who carries it out. An action without one counts as one that acts by itself.
        held: What further fields hold, by record id, then by name in lower case.
        taking_back: Whether the plan takes back what a run did.
    """
    known: dict[str, frozenset[str]] = {}
    for context in contexts:
        effect, schema = context.effect, context.schema
        blind = _blind(context)
        facts = Facts(
            effect.id,
            context.action_id,
            schema.name if schema else effect.object,
            (schema.label if schema else effect.object_label) or effect.object,
            operations_of(effect.kind, effect.operation, context.blueprint.operation),
            effect.operation,
            effect.kind,
            context.blueprint.name,
            implementation_of(effect, implementations.get(context.action_id)),
            tuple(field_fact(each, schema) for each in effect.changes),
            {**_standing(context), **(held or {}).get(effect.record_id or "", {})},
            _fields_of(schema, known) if schema else None,
            effect.record_id,
            blind,
            effect.kind == "record" and bool(blind),
            called=effect.record_name or "",
            taking_back=taking_back,
        )
        yield facts
        yield from children_of(facts, effect.also_deletes)


def children_of(parent: Facts, children: Sequence[Cascade]) -> Iterator[Facts]:
    """Yield the facts of the records that go with one that is deleted: a delete like any other.

    Args:
        parent: The delete.
        children: What goes with it.
    """
    for place, each in enumerate(children, start=1):
        yield Facts(
            f"{parent.effect_id}/{each.object}/{place}",
            parent.action_id,
            each.object,
            each.label,
            frozenset({"DELETE"}),
            "DELETE",
            "record",
            parent.blueprint,
            parent.implementation,
            (),
            count=each.count,
            taking_back=parent.taking_back,
        )


def blindness(kind: str) -> str:
    """Return why nobody can look into an effect of a kind; empty where everybody can."""
    return _ALONE.get(kind, "")


def implementation_of(effect: Effect, known: ImplementationKind | None) -> ImplementationKind:
    """Return who carries an effect out; where nobody knows, it counts as acting by itself."""
    return "opaque" if effect.kind == "opaque" or known is None else known


def operations_of(kind: str, operation: str, blueprint: str) -> frozenset[str]:
    """Return everything an effect may turn out to do.

    Args:
        kind: The kind of effect.
        operation: What it says that it does.
        blueprint: What its blueprint says.
    """
    if kind != "record":
        return frozenset({operation, "CALL"}) | _either(blueprint)
    return _either(operation)


def _either(operation: str) -> frozenset[str]:
    """Return what an operation may turn out to be: an upsert creates or updates, as the org stands then."""
    return frozenset({operation, "CREATE", "UPDATE"} if operation == "UPSERT" else {operation})


def field_fact(change: FieldChange, schema: ObjectSchema | None = None) -> FieldFact:
    """Return what a policy gets to see of one field.

    Args:
        change: The change.
        schema: The object; without it only the field's name tells what it is for.
    """
    field: FieldSchema | None = schema.field(change.field) if schema else None
    name = field.name if field else change.field
    return FieldFact(
        name,
        name.lower(),
        change.before,
        change.after,
        change.linked_to is not None,
        change.provenance,
        kinds_of(name, field, money=change.unit == "money"),
        change.mixed,
    )


def _fields_of(schema: ObjectSchema, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the fields an object has, worked out once for all effects on it."""
    if schema.name not in known:
        known[schema.name] = frozenset(each.name.lower() for each in schema.fields)
    return known[schema.name]


def _standing(context: EffectContext) -> Mapping[str, FieldValue]:
    if context.snapshot is None:
        return {}
    return {name.lower(): value for name, value in context.snapshot.values.items()}


def _blind(context: EffectContext) -> str:
    """Return why nobody can look into an effect."""
    effect = context.effect
    if effect.kind != "record":
        return blindness(effect.kind)
    if context.schema is None or _PLAIN.fullmatch(effect.object) is None:
        return f"{effect.object} is no object the org shows"
    strange = next(
        (each.field for each in effect.changes if context.schema.field(each.field) is None), None
    )
    return "" if strange is None else f"{effect.object} has no field {strange} that the org shows"
