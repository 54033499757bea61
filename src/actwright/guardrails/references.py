"""Whether an id written to a field is the id of a record the field may point to, as far as can be known outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, person, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import shown
from actwright.org.record_id import is_record_id, record_id
from actwright.org.schema import FieldSchema

_PREFIX = 3


def reference_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each id that is malformed, of a wrong object, or of a record nobody can see.

    A linked change has no id yet: it will hold that of a record this very plan creates.
    """
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None or field.family != "id" or change.linked_to is not None:
            continue
        if isinstance(change.after, str):
            issue = _issue(context, field, change.after)
            if issue is not None:
                yield issue


def lookup_filter_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield a warning for each reference written whose records the org filters: only the org knows its filter."""
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None or not field.filtered_lookup:
            continue
        if change.after is None and change.linked_to is None:
            continue
        yield found(
            context,
            "lookup_filter_unchecked",
            f"{field_title(context, field.name)}: the org has a lookup filter here, which only it can check.",
            field=field.name,
            hint="Preview with --deep to let the org check it.",
            severity="warning",
        )


def holds_id(known: Mapping[str, str | None], wanted: str) -> bool:
    """Tell whether ``wanted`` is among ids that may be written with 15 or 18 characters."""
    return (
        wanted in known
        or record_id(wanted) in known
        or any(same_id(each, wanted) for each in known)
    )


def same_id(left: str, right: str) -> bool:
    """Tell whether two well-formed ids, of 15 or 18 characters, name one record."""
    return left[:15] == right[:15]


def _issue(context: EffectContext, field: FieldSchema, value: str) -> Issue | None:
    title = field_title(context, field.name)
    if not is_record_id(value):
        return found(
            context,
            "reference_malformed",
            f"{title}: {shown(value)} is not a record id.",
            field=field.name,
            hint="Name the record, or copy its id of 15 or 18 characters from its address.",
        )
    targets = {
        context.prefixes[each]: each for each in field.reference_to if each in context.prefixes
    }
    if field.reference_to and value[:_PREFIX] not in targets:
        return _wrong_object(context, field, value)
    if not holds_id(context.references, value):
        return found(
            context,
            "reference_not_found",
            f"{title}: no record with the id {shown(value)} is visible to {person(context)}.",
            field=field.name,
            hint="Check the id; the record may be deleted, or not shared with you.",
        )
    return None


def _wrong_object(context: EffectContext, field: FieldSchema, value: str) -> Issue:
    owner = next((name for name, each in context.prefixes.items() if each == value[:_PREFIX]), None)
    wanted = " or ".join(field.reference_to[:5])
    what = (
        f"the id of a {owner}" if owner else f"of an object with the key prefix {value[:_PREFIX]}"
    )
    return found(
        context,
        "reference_wrong_object",
        f"{field_title(context, field.name)}: {shown(value)} is {what}; the field refers to {wanted}.",
        field=field.name,
        hint=f"Give the id of a record of {wanted}.",
    )
