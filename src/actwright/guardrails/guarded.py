"""What a guardrail looks at: the value an effect writes to a field, or the action's input of that name."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionInput
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import visible_field
from actwright.org.effect import FieldChange
from actwright.org.value import Family, FieldValue


@dataclass(frozen=True, slots=True)
class GuardedValue:
    """A value under a guardrail.

    Attributes:
        field: The name the guardrail uses.
        value: The value; None where the effect empties the field, and for a linked id.
        family: What the value is made of.
        linked: Whether it will be the id of a record this very plan creates.
    """

    field: str
    value: FieldValue
    family: Family = "string"
    linked: bool = False


def guarded_value(context: EffectContext, name: str) -> GuardedValue | None:
    """Return the value under the name of a field or input, in any case; None where there is none.

    A field emptied by the effect is present, with no value; an empty field that stays empty is absent. What the
    effect writes goes before what the action was given: the effect is what would happen.
    """
    change = None if context.effect.operation == "DELETE" else guarded_change(context, name)
    if change is not None:
        return _written(name, change)
    known = bound_input(context, name) or _named_input(context, name)
    value = context.inputs.get(known.api_name) if known else None
    return None if value is None or value == "" else GuardedValue(name, value)


def guarded_change(context: EffectContext, name: str) -> FieldChange | None:
    """Return the change a guardrail is about; of what acts by itself, the argument it is handed for that field."""
    if context.effect.kind != "opaque":
        return context.effect.change(target_field(context, name))
    known = bound_input(context, name) or _named_input(context, name)
    handed = (each for each in context.effect.changes if known and each.field == known.api_name)
    return next(handed, None)


def bound_input(context: EffectContext, name: str) -> ActionInput | None:
    """Return the blueprint's input that is bound to the field of that name, in any case."""
    wanted = name.lower()
    return next(
        (each for each in context.blueprint.inputs if each.field_api_name.lower() == wanted), None
    )


def target_field(context: EffectContext, name: str) -> str:
    """Return the field a guardrail is about: ``name`` itself, or the field of the input with that payload key."""
    is_field = (
        visible_field(context.schema, name) is not None
        or bound_input(context, name) is not None
        or context.effect.change(name) is not None
    )
    known = None if is_field else _named_input(context, name)
    return known.field_api_name if known else name


def is_known(context: EffectContext, name: str) -> bool:
    """Tell whether ``name`` is a visible field, an input of the blueprint, or a field the effect writes."""
    return (
        visible_field(context.schema, name) is not None
        or bound_input(context, name) is not None
        or _named_input(context, name) is not None
        or context.effect.change(name) is not None
    )


def _named_input(context: EffectContext, name: str) -> ActionInput | None:
    wanted = name.lower()
    return next(
        (each for each in context.blueprint.inputs if each.api_name.lower() == wanted), None
    )


def _written(name: str, change: FieldChange) -> GuardedValue | None:
    if change.linked_to is not None:
        return GuardedValue(name, None, change.family, linked=True)
    if change.after is None and change.before is None:
        return None
    return GuardedValue(name, change.after, change.family)
