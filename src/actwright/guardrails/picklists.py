"""Whether a picklist knows the values written to it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, visible_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import listed, shown
from actwright.org.schema import FieldSchema

_LONGEST_COMPARED = 255


def picklist_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each value a picklist does not know: an error where it is restricted, else a warning."""
    for change in context.effect.changes:
        field = visible_field(context.schema, change.field)
        if field is None or field.type not in {"picklist", "multipicklist"}:
            continue
        if not isinstance(change.after, str):
            continue
        allowed = {each.value for each in field.active_values}
        for value in _chosen(field, change.after):
            if value not in allowed:
                yield _unknown(context, field, value)


def _chosen(field: FieldSchema, text: str) -> tuple[str, ...]:
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


def _suggestion(field: FieldSchema, value: str) -> str:
    """Return what to write instead: the nearest value in any case, a value whose label it is, or all of them."""
    values = [each.value for each in field.active_values]
    by_lower = {each.lower(): each for each in values}
    by_lower |= {each.label.lower(): each.value for each in field.active_values}
    near = get_close_matches(value[:_LONGEST_COMPARED].lower(), by_lower, n=1, cutoff=0.75)
    if near:
        return f"Did you mean {shown(by_lower[near[0]])}?"
    return f"Its values: {listed(values)}." if values else "The picklist has no active value."
