"""Findings: an issue about one effect, and the names of what it is about."""

from __future__ import annotations

from typing import Literal

from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import api_name, printable
from actwright.org.schema import FieldSchema, ObjectSchema

BASELINE = "BASELINE"
"""The ``guardrail`` of an issue that no blueprint can leave out."""


def found(
    context: EffectContext,
    code: str,
    message: str,
    *,
    field: str | None = None,
    hint: str | None = None,
    severity: Literal["error", "warning"] = "error",
) -> Issue:
    """Return an issue about the context's effect, as the baseline would report it."""
    return Issue(
        code=code,
        action_id=context.action_id,
        object=context.effect.object,
        field=None if field is None else field_name(context.schema, field),
        guardrail=BASELINE,
        message=message,
        hint=hint,
        severity=severity,
        record_id=context.effect.record_id if context.rows > 1 else None,
    )


def visible_field(schema: ObjectSchema | None, name: str) -> FieldSchema | None:
    """Return the field called ``name`` in any case, or None where it is hidden or does not exist.

    Only ASCII names are looked up: some other letters turn into ASCII ones when lower-cased (the Kelvin sign), and
    would pass for a field that they are not.
    """
    return schema.by_name.get(name.lower()) if schema is not None and name.isascii() else None


def field_name(schema: ObjectSchema | None, name: str) -> str:
    """Return the field's API name in the org's spelling, or as given where the field is not visible."""
    known = visible_field(schema, name)
    return known.name if known else api_name(name)


def field_title(context: EffectContext, name: str) -> str:
    """Return a field for a message: its label and its API name, ``Amount (Opportunity.Amount)``."""
    path = f"{context.effect.object}.{field_name(context.schema, name)}"
    known = visible_field(context.schema, name)
    change = context.effect.change(name)
    label = known.label if known else change.label if change else ""
    return f"{printable(label)} ({path})" if label else path


def object_title(context: EffectContext) -> str:
    """Return what people call the effect's object."""
    label = context.schema.label if context.schema else context.effect.object_label
    name = context.effect.object
    return name if not label or label == name else f"{printable(label)} ({name})"


def record_title(context: EffectContext) -> str:
    """Return what people call the effect's record: object, name, id."""
    effect = context.effect
    name = effect.record_name or (context.snapshot.name if context.snapshot else None)
    called = f' "{printable(name)}"' if name else ""
    return f"{object_title(context)}{called} ({api_name(effect.record_id or 'no id')})"


def person(context: EffectContext) -> str:
    """Return what to call the running user."""
    return printable(context.user.username)
