"""Whether a record may be of the record type it is given, and whether its type's picklists could be read."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, object_title, person
from actwright.guardrails.issue import Issue
from actwright.guardrails.offer import RECORD_TYPE_FIELD
from actwright.guardrails.references import same_id
from actwright.guardrails.rights import field_right
from actwright.guardrails.wording import listed, printable, shown
from actwright.org.record_id import is_record_id
from actwright.org.schema import ObjectSchema, RecordType


def record_type_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for a record type the object does not have or the person may not use.

    A warning stands for picklists whose values by record type the org did not tell.
    """
    if context.offer is not None and context.offer.picklists is None:
        yield _unread(context, context.offer.name)
    change = context.effect.change(RECORD_TYPE_FIELD)
    if context.schema is None or change is None or not isinstance(change.after, str):
        return
    kind = type_with_id(context.schema, change.after)
    if kind is None:
        yield _unknown(context, change.after)
    elif not kind.available:
        yield _unavailable(context, kind)


def type_of(context: EffectContext) -> str | None:
    """Return the id of the record type the record will be of; None where it will have none, or nobody can tell."""
    change = context.effect.change(RECORD_TYPE_FIELD)
    if change is not None and change.linked_to is None:
        return change.after if isinstance(change.after, str) else None
    if context.schema is not None and field_right(context) == "create":
        return next((each.id for each in context.schema.record_types if each.default), None)
    standing = context.snapshot.values.get(RECORD_TYPE_FIELD) if context.snapshot else None
    return standing if isinstance(standing, str) else None


def type_with_id(schema: ObjectSchema, wanted: str) -> RecordType | None:
    """Return the object's record type with that id, of 15 or 18 characters."""
    if not is_record_id(wanted):
        return None
    return next((each for each in schema.record_types if same_id(each.id, wanted)), None)


def _unknown(context: EffectContext, wanted: str) -> Issue:
    return found(
        context,
        "record_type_unknown",
        f"{field_title(context, RECORD_TYPE_FIELD)}: {shown(wanted)} is no record type of {object_title(context)} "
        f"that {person(context)} may see.",
        field=RECORD_TYPE_FIELD,
        hint=_available(context),
    )


def _unavailable(context: EffectContext, kind: RecordType) -> Issue:
    return found(
        context,
        "record_type_unavailable",
        f"{field_title(context, RECORD_TYPE_FIELD)}: records of the type {printable(kind.name)} are not for "
        f"{person(context)}.",
        field=RECORD_TYPE_FIELD,
        hint=_available(context),
    )


def _available(context: EffectContext) -> str:
    types = context.schema.own_record_types if context.schema else ()
    names = [f"{each.name} ({each.id})" for each in types if each.available]
    return f"Available: {listed(names)}." if names else "No record type is available; leave it out."


def _unread(context: EffectContext, name: str) -> Issue:
    return found(
        context,
        "record_type_unchecked",
        f"{object_title(context)}: which picklist values go with the record type {printable(name)} could not be read.",
        hint="Preview with --deep to let the org check it.",
        severity="warning",
    )
