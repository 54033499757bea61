"""The built-in guardrail kinds, each with its check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from actwright.blueprints.guardrail import MaxRowsParams, NoParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.field_security import fls_create, fls_edit, fls_view
from actwright.guardrails.finding import found
from actwright.guardrails.issue import Issue
from actwright.guardrails.pii import pii_redact
from actwright.guardrails.rate import rate_limit
from actwright.guardrails.records import access_issue, writes_existing
from actwright.guardrails.value_limits import (
    date_range,
    enum_allowed,
    numeric_positive,
    numeric_range,
    regex_match,
)

AnyCheck: TypeAlias = Callable[[Any, EffectContext], Iterable[Issue]]
"""A check whose parameters model is known only to the kind it belongs to."""


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
    "RATE_LIMIT": rate_limit,
}
"""The check of each built-in kind."""
