"""Whether the values of dependent picklists go with the values of the fields that control them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.offer import left_of
from actwright.guardrails.picklists import chosen
from actwright.guardrails.rights import field_right
from actwright.guardrails.wording import is_blank, listed, shown
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue
from actwright.org.value import FieldValue


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a field will hold once the effect is done; not known where it is hidden or was not read."""

    value: FieldValue = None
    known: bool = True


def dependent_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each dependent value that does not go with its controlling one, written or standing.

    A written value that does not go is an error where the picklist is restricted; otherwise the org takes it. One that
    stands and is left behind by a new controlling value is a warning: the record would hold what nobody could choose.
    """
    if context.schema is None:
        return
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None:
            continue
        if field.controller_name and isinstance(change.after, str) and not is_blank(change.after):
            yield from _written(context, context.schema, field, change.after)
        for dependent in context.schema.dependents.get(field.name.lower(), ()):
            if context.effect.change(dependent.name) is None:
                yield from _left_behind(context, field, dependent)


def _written(
    context: EffectContext, schema: ObjectSchema, field: FieldSchema, text: str
) -> Iterator[Issue]:
    controller = visible_field(schema, field.controller_name or "")
    standing = _Standing(known=False) if controller is None else _standing(context, controller)
    if controller is None or not standing.known:
        yield _unchecked(context, field)
        return
    for value in _misfits(context, field, text, standing.value):
        yield found(
            context,
            "picklist_value_not_for_controller",
            f"{field_title(context, field.name)}: {shown(value)} does not go with {controller.label} "
            f"{shown(standing.value)}.",
            field=field.name,
            hint=_fitting_hint(context, field, controller, standing.value),
            severity="error" if field.restricted_picklist else "warning",
        )


def _left_behind(
    context: EffectContext, controller: FieldSchema, dependent: FieldSchema
) -> Iterator[Issue]:
    standing, governing = _standing(context, dependent), _standing(context, controller)
    if not standing.known or not isinstance(standing.value, str) or is_blank(standing.value):
        return
    for value in _misfits(context, dependent, standing.value, governing.value):
        yield found(
            context,
            "picklist_value_left_behind",
            f"{field_title(context, dependent.name)} stays {shown(value)}, which does not go with {controller.label} "
            f"{shown(governing.value)}.",
            field=dependent.name,
            hint=f"Give {dependent.name} a value that goes with it, or empty it.",
            severity="warning",
        )


def _standing(context: EffectContext, field: FieldSchema) -> _Standing:
    """Return what a field will hold: what is written, else what stands, else what a new record starts with."""
    change = context.effect.change(field.name)
    if change is not None:
        return _Standing(change.after)
    if field_right(context) == "create":
        return _starting(context, field)
    if context.snapshot is None or field.name not in context.snapshot.values:
        return _Standing(known=False)
    return _Standing(context.snapshot.values[field.name])


def _starting(context: EffectContext, field: FieldSchema) -> _Standing:
    """Return what a new record starts with: a picklist's default; describe does not tell that of a checkbox."""
    if field.type == "boolean":
        return _Standing(known=False)
    left = left_of(context.offer, field)
    values = field.active_values if left is None else left
    return _Standing(next((each.value for each in values if each.default), None))


def _values(context: EffectContext, field: FieldSchema) -> tuple[PicklistValue, ...]:
    """Return the values left, each with what it goes with, which is the same for every record type."""
    left = left_of(context.offer, field)
    if left is None:
        return field.active_values
    names = {each.value for each in left}
    return tuple(each for each in field.active_values if each.value in names)


def _misfits(
    context: EffectContext, field: FieldSchema, text: str, governing: FieldValue
) -> Iterator[str]:
    """Yield the values of ``text`` the picklist knows, and knows not to go with the controlling value."""
    known = {each.value: each.valid_for for each in _values(context, field)}
    for value in chosen(field, text):
        goes_with = known.get(value)
        if goes_with is not None and _key(governing) not in goes_with:
            yield value


def _key(governing: FieldValue) -> str | None:
    """Return a controlling value as ``valid_for`` writes it: a checkbox as ``true`` or ``false``."""
    if isinstance(governing, bool):
        return str(governing).lower()
    return None if governing is None else str(governing)


def _fitting_hint(
    context: EffectContext, field: FieldSchema, controller: FieldSchema, governing: FieldValue
) -> str:
    key = _key(governing)
    fitting = [each.value for each in _values(context, field) if key in (each.valid_for or ())]
    if fitting:
        return f"Values that go with it: {listed(fitting)}."
    return (
        f"No value goes with it; give {controller.name} another value, or leave {field.name} out."
    )


def _unchecked(context: EffectContext, field: FieldSchema) -> Issue:
    return found(
        context,
        "picklist_controller_unknown",
        f"{field_title(context, field.name)}: which values go depends on {field.controller_name}, which cannot be read.",
        field=field.name,
        hint="Preview with --deep to let the org check it.",
        severity="warning",
    )
