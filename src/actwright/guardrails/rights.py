"""Object permission and field-level security, as describe tells them for the running user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, object_title, person, visible_field
from actwright.guardrails.issue import Issue
from actwright.org.schema import FieldSchema, ObjectSchema

FieldRight: TypeAlias = Literal["create", "edit"]
"""What writing a field takes: the create right on a new record, the edit right on one that exists."""

ObjectRight: TypeAlias = Literal["create", "edit", "delete"]

_OPERATION_RIGHTS: Mapping[str, tuple[ObjectRight, ...]] = {
    "CREATE": ("create",),
    "UPDATE": ("edit",),
    "UPSERT": ("create", "edit"),
    "DELETE": ("delete",),
}


def field_right(context: EffectContext) -> FieldRight:
    """Return the right that writing a field of this effect takes."""
    effect = context.effect
    operation = effect.operation if effect.kind == "record" else context.blueprint.operation
    new = effect.record_id is None and context.snapshot is None
    creates = operation == "CREATE" or (operation == "UPSERT" and new)
    return "create" if creates else "edit"


def object_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each object permission the operation takes and the person lacks."""
    if context.schema is None:
        yield object_hidden(context)
        return
    for right in _OPERATION_RIGHTS[context.effect.operation]:
        if not _has(context.schema, right):
            yield _object_refused(context, right)


def written_field_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field the effect writes and the person may not write, or that it writes twice."""
    seen: set[str] = set()
    right = field_right(context)
    for change in context.effect.changes:
        issue = write_issue(context, change.field, right)
        matched_on = right == "edit" and is_upsert_key(context, change.field)
        if issue is not None and not matched_on:
            yield issue
        if change.field.lower() in seen:
            yield _written_twice(context, change.field)
        seen.add(change.field.lower())


def is_upsert_key(context: EffectContext, name: str) -> bool:
    """Tell whether ``name`` is the field an upsert matches on, which is named in the address, not written."""
    key = context.effect.key_field
    return context.effect.operation == "UPSERT" and key is not None and key.lower() == name.lower()


def read_issue(context: EffectContext, name: str) -> Issue | None:
    """Return why the person may not read a field, or None."""
    if context.schema is None:
        return object_hidden(context)
    return None if visible_field(context.schema, name) else field_hidden(context, name)


def write_issue(context: EffectContext, name: str, right: FieldRight) -> Issue | None:
    """Return why the person may not write a field, or None.

    Where the object permission itself is missing, describe shows every field as read-only, and nobody can tell
    whether field-level security would allow it: the object's issue is the answer then.
    """
    unreadable = read_issue(context, name)
    field = visible_field(context.schema, name)
    if unreadable is not None or field is None or context.schema is None:
        return unreadable
    if field.createable if right == "create" else field.updateable:
        return None
    if not _has(context.schema, right):
        return _object_refused(context, right)
    if _platform_owned(field, right):
        return _platform_refused(context, field, right)
    return _field_refused(context, field, right)


def object_hidden(context: EffectContext) -> Issue:
    """Return the issue of an object the person cannot see."""
    return found(
        context,
        "object_not_visible",
        f"{context.effect.object}: not visible to {person(context)}, or does not exist.",
        hint=f"Check the spelling, or ask an administrator for read access to {context.effect.object}.",
    )


def field_hidden(context: EffectContext, name: str) -> Issue:
    """Return the issue of a field the person cannot see."""
    return found(
        context,
        "field_not_visible",
        f"{field_title(context, name)}: not visible to {person(context)}, or does not exist.",
        field=name,
        hint="Check the spelling, or ask an administrator for access to the field.",
    )


def _has(schema: ObjectSchema, right: ObjectRight) -> bool:
    return {"create": schema.createable, "edit": schema.updateable, "delete": schema.deletable}[
        right
    ]


def _object_refused(context: EffectContext, right: ObjectRight) -> Issue:
    fields = ", ".join(field_title(context, each.field) for each in context.effect.changes[:20])
    reach = f", and so none of the fields this writes: {fields}" if fields else ""
    adjective = {"create": "createable", "edit": "editable", "delete": "deletable"}[right]
    return found(
        context,
        f"object_not_{adjective}",
        f"{object_title(context)}: {person(context)} may not {right} records of this object"
        f" (object permission){reach}.",
        hint=f"Ask an administrator for {right} access to {context.effect.object}.",
    )


def _field_refused(context: EffectContext, field: FieldSchema, right: FieldRight) -> Issue:
    act, code = (
        ("set it on a new record", "field_not_createable")
        if right == "create"
        else ("edit it", "field_not_editable")
    )
    return found(
        context,
        code,
        f"{field_title(context, field.name)}: {person(context)} may read this field but not {act}"
        " (field-level security).",
        field=field.name,
        hint=f"Ask an administrator for edit access to {context.effect.object}.{field.name}.",
    )


def _platform_owned(field: FieldSchema, right: FieldRight) -> bool:
    """Tell whether no administrator could grant the right.

    Field-level security knows one edit right for new and existing records alike; where the other one is there, it
    is the platform that refuses this one.
    """
    other = field.updateable if right == "create" else field.createable
    return other or not field.permissionable or field.calculated or field.auto_number


def _platform_refused(context: EffectContext, field: FieldSchema, right: FieldRight) -> Issue:
    when = "on a new record" if right == "create" else "once the record exists"
    hint = "Leave the field out: the org fills it, and no permission changes that."
    if field.createable or field.updateable:
        hint = f"Leave the field out: the platform does not let anybody write it {when}."
    return found(
        context,
        "field_read_only",
        f"{field_title(context, field.name)}: the platform keeps this field itself; nobody can write it {when}.",
        field=field.name,
        hint=hint,
    )


def _written_twice(context: EffectContext, name: str) -> Issue:
    return found(
        context,
        "field_written_twice",
        f"{field_title(context, name)}: the effect writes this field more than once.",
        field=name,
        hint="Let the implementation write each field once.",
    )
