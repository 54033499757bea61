"""The record itself: that it exists, that the person may change it, and that anything changes at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import (
    field_title,
    found,
    object_title,
    person,
    record_title,
    visible_field,
)
from actwright.guardrails.issue import Issue
from actwright.guardrails.references import same_id
from actwright.guardrails.rights import field_hidden, field_right
from actwright.guardrails.wording import printable, shown
from actwright.org.effect import FieldChange
from actwright.org.record_id import is_record_id
from actwright.org.value import same_value


def record_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield what is wrong with the record an effect writes to, or with the way it names it."""
    if context.effect.operation == "UPSERT" and context.schema is not None:
        yield from _key_issues(context)
    if not writes_existing(context):
        return
    existence = _existence_issue(context)
    if existence is not None:
        yield existence
        return
    access = access_issue(context)
    if access is not None:
        yield access
    if context.effect.operation != "DELETE" and _changes_nothing(context):
        yield _no_change(context)


def writes_existing(context: EffectContext) -> bool:
    """Tell whether the effect is about a record that is already there."""
    return context.effect.operation == "DELETE" or field_right(context) == "edit"


def access_issue(context: EffectContext, *, unknown_refuses: bool = False) -> Issue | None:
    """Return why the person may not change or delete this very record, or None.

    Args:
        context: The effect and its record.
        unknown_refuses: Whether to refuse where the org has no record-level answer for the object.
    """
    if context.effect.kind != "record":
        return _out_of_sight(context)
    if context.snapshot is None:
        return _not_found(context)
    deletes = context.effect.operation == "DELETE"
    allowed = context.snapshot.deletable if deletes else context.snapshot.editable
    if allowed is None:
        return _unanswered(context) if unknown_refuses else None
    return None if allowed else _refused(context, "delete" if deletes else "edit")


def _existence_issue(context: EffectContext) -> Issue | None:
    record_id = context.effect.record_id
    prefix = context.schema.key_prefix if context.schema else ""
    if record_id and is_record_id(record_id) and prefix and not record_id.startswith(prefix):
        return found(
            context,
            "record_wrong_object",
            f"{shown(record_id)} is no id of {object_title(context)}: it starts with {record_id[:3]}, not {prefix}.",
            field="Id",
            hint=f"Give the id of a record of {context.effect.object}.",
        )
    gone = context.snapshot is None or (record_id and not same_id(record_id, context.snapshot.id))
    return _not_found(context) if gone else None


def _not_found(context: EffectContext) -> Issue:
    return found(
        context,
        "record_not_found",
        f"{record_title(context)}: no such record is visible to {person(context)}.",
        hint="Check the id; the record may be deleted, or not shared with you.",
    )


def _out_of_sight(context: EffectContext) -> Issue:
    return found(
        context,
        "record_access_unknown",
        f"{printable(context.blueprint.label)} acts by itself: nobody knows which record it writes to, nor whether"
        f" {person(context)} may.",
        hint="Take the guardrail out of the blueprint, or let the override hand out effects.",
    )


def _refused(context: EffectContext, right: str) -> Issue:
    adjective = "deletable" if right == "delete" else "editable"
    return found(
        context,
        f"record_not_{adjective}",
        f"{record_title(context)}: {person(context)} may not {right} this record (record access).",
        hint=f"Ask the record's owner or an administrator to share it with {person(context)}"
        f" for {'full access' if right == 'delete' else 'read and write'}.",
    )


def _unanswered(context: EffectContext) -> Issue:
    return found(
        context,
        "record_access_unknown",
        f"{record_title(context)}: the org does not say whether {person(context)} may change this record.",
        hint="Leave SHARING_REQUIRED off for objects without record-level sharing.",
    )


def _changes_nothing(context: EffectContext) -> bool:
    return all(_is_same(each) for each in context.effect.changes)


def _is_same(change: FieldChange) -> bool:
    """Tell whether a change keeps the value; what is no number cannot be compared, and counts as new."""
    after = change.after
    if change.linked_to is not None or (isinstance(after, Decimal) and not after.is_finite()):
        return False
    return same_value(change.before, after)


def _no_change(context: EffectContext) -> Issue:
    return found(
        context,
        "no_change",
        f"{record_title(context)}: every field already holds the value to be written.",
        hint="Nothing would change; the action can be left out.",
        severity="warning",
    )


def _key_issues(context: EffectContext) -> Iterator[Issue]:
    name = context.effect.key_field
    if name is None:
        yield found(
            context,
            "key_field_missing",
            f"{object_title(context)}: the upsert does not say which field it matches on.",
            hint="Name one external id field in the blueprint's keyFields.",
        )
        return
    field = visible_field(context.schema, name)
    if field is None:
        yield field_hidden(context, name)
    elif not (field.external_id or field.id_lookup):
        yield found(
            context,
            "key_field_not_unique",
            f"{field_title(context, name)}: an upsert cannot match on this field, which is no external id.",
            field=name,
            hint="Match on an external id field.",
        )
    change = context.effect.change(name)
    if change is None or change.after is None:
        yield found(
            context,
            "key_value_missing",
            f"{field_title(context, name)}: the upsert has no value to match on.",
            field=name,
            hint=f"Give a value for {name}.",
        )
    elif field is not None and not field.unique and context.effect.record_id is None:
        yield found(
            context,
            "upsert_key_not_unique",
            f"{field_title(context, name)}: no record has this key, and the field is not unique, so the org could not"
            " refuse a second record of the same key.",
            field=name,
            hint="Create the record instead, or match on a unique external id.",
        )
