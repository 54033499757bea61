"""Whether a picklist knows the values written to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.offer import left_of
from actwright.guardrails.wording import listed, printable, shown
from actwright.org.schema import FieldSchema, PicklistValue

_LONGEST_COMPARED = 255


def picklist_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each value a picklist does not know: an error where it is restricted, else a warning.

    What a picklist knows is what the record's own type leaves of it, where it has one.
    """
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None or field.type not in {"picklist", "multipicklist"}:
            continue
        if not isinstance(change.after, str):
            continue
        known = {each.value for each in field.active_values}
        left = left_of(context.offer, field)
        for value in chosen(field, change.after):
            if value not in known:
                yield _unknown(context, field, value)
            elif left is not None and all(each.value != value for each in left):
                yield _not_left(context, field, value, left)


def chosen(field: FieldSchema, text: str) -> tuple[str, ...]:
    """Return the values a picklist's text names: several of a multi-select picklist."""
    return tuple(text.split(";")) if field.type == "multipicklist" else (text,)


def _unknown(context: EffectContext, field: FieldSchema, value: str) -> Issue:
    title = field_title(context, field.name)
    if field.restricted_picklist:
        return found(
            context,
            "picklist_value_unknown",
            f"{title}: {shown(value)} is no value of this restricted picklist.",
            field=field.name,
            hint=_suggestion(field, value),
        )
    return found(
        context,
        "picklist_value_unlisted",
        f"{title}: {shown(value)} is not among the picklist's values; the org accepts it, and it will be new there.",
        field=field.name,
        hint=_suggestion(field, value),
        severity="warning",
    )


def _not_left(
    context: EffectContext, field: FieldSchema, value: str, left: Sequence[PicklistValue]
) -> Issue:
    """Return the issue of a value that the record's type does not offer; an org checks that of restricted picklists."""
    kind = printable(context.offer.name) if context.offer else ""
    return found(
        context,
        "picklist_value_not_for_record_type",
        f"{field_title(context, field.name)}: {shown(value)} is not offered for records of the type {kind}.",
        field=field.name,
        hint=_values_left(left),
        severity="error" if field.restricted_picklist else "warning",
    )


def _values_left(left: Sequence[PicklistValue]) -> str:
    values = [each.value for each in left]
    return f"Its values: {listed(values)}." if values else "The type leaves none of its values."


def _suggestion(field: FieldSchema, value: str) -> str:
    """Return what to write instead: the nearest value in any case, a value whose label it is, or all of them."""
    values = [each.value for each in field.active_values]
    by_lower = {each.lower(): each for each in values}
    by_lower |= {each.label.lower(): each.value for each in field.active_values}
    near = get_close_matches(value[:_LONGEST_COMPARED].lower(), by_lower, n=1, cutoff=0.75)
    if near:
        return f"Did you mean {shown(by_lower[near[0]])}?"
    return f"Its values: {listed(values)}." if values else "The picklist has no active value."
