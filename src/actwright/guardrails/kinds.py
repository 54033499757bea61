"""The built-in guardrail kinds, each with its check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from actwright.blueprints.guardrail import MaxRowsParams, NoParams, PiiParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.field_security import fls_create, fls_edit, fls_view
from actwright.guardrails.finding import field_title, found
from actwright.guardrails.guarded import guarded_value
from actwright.guardrails.issue import Issue
from actwright.guardrails.records import access_issue, writes_existing
from actwright.guardrails.value_limits import (
    date_range,
    enum_allowed,
    numeric_positive,
    numeric_range,
    regex_match,
)
from actwright.guardrails.wording import is_blank

AnyCheck: TypeAlias = Callable[[Any, EffectContext], Iterable[Issue]]
"""A check whose parameters model is known only to the kind it belongs to."""


def pii_redact(params: PiiParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field that would carry a value; the value itself is never repeated."""
    for name in params.fields:
        guarded = guarded_value(context, name)
        if guarded is None:
            continue
        if guarded.linked or not is_blank(guarded.value):
            yield found(
                context,
                "pii_blocked",
                f"{field_title(context, name)}: this action may not write personal data here.",
                field=name,
                hint="Leave the field out.",
            )


def sharing_required(_params: NoParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where record access does not allow the person to change or delete this very record."""
    if writes_existing(context):
        issue = access_issue(context, unknown_refuses=True)
        if issue is not None:
            yield issue


def max_rows(params: MaxRowsParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the action touches more records than allowed."""
    if context.rows > params.max:
        yield found(
            context,
            "too_many_rows",
            f"The action touches {context.rows} records of {context.effect.object}; at most {params.max} are allowed.",
            hint="Narrow down which records are meant.",
        )


BUILT_IN: Mapping[str, AnyCheck] = {
    "FLS_VIEW": fls_view,
    "FLS_EDIT": fls_edit,
    "FLS_CREATE": fls_create,
    "NUMERIC_POSITIVE": numeric_positive,
    "NUMERIC_RANGE": numeric_range,
    "ENUM_ALLOWED": enum_allowed,
    "PII_REDACT": pii_redact,
    "SHARING_REQUIRED": sharing_required,
    "REGEX_MATCH": regex_match,
    "DATE_RANGE": date_range,
    "MAX_ROWS": max_rows,
}
"""The check of each built-in kind."""
