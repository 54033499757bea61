"""What a record cannot be without: fields missing on a create, fields cleared that must hold a value."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.rights import field_right
from actwright.guardrails.wording import is_blank
from actwright.org.effect import FieldChange
from actwright.org.schema import FieldSchema


def required_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field that is missing on a create, or cleared although it must hold a value."""
    if context.schema is None:
        return
    creates = field_right(context) == "create"
    given = {each.field.lower() for each in context.effect.changes if _filled(each)}
    if context.effect.key_field:
        given.add(context.effect.key_field.lower())
    if creates:
        for field in context.schema.fields:
            if field.required_on_create and field.name.lower() not in given:
                yield _missing(context, field)
    for change in context.effect.changes:
        known = visible_field(context.schema, change.field)
        if known is None or known.nillable or _filled(change):
            continue
        if not (creates and known.required_on_create):
            yield _cleared(context, known)


def _filled(change: FieldChange) -> bool:
    return change.linked_to is not None or not is_blank(change.after)


def _missing(context: EffectContext, field: FieldSchema) -> Issue:
    return found(
        context,
        "required_missing",
        f"{field_title(context, field.name)}: a new {context.effect.object} needs a value here (required on create).",
        field=field.name,
        hint=f"Give a value for {field.name}, in the goal or as data.",
    )


def _cleared(context: EffectContext, field: FieldSchema) -> Issue:
    return found(
        context,
        "required_cleared",
        f"{field_title(context, field.name)}: the effect would empty this field, and it must hold a value"
        " (not nillable).",
        field=field.name,
        hint=f"Give a value for {field.name}, or leave the field out.",
    )
