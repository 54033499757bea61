"""The guardrails ``FLS_VIEW``, ``FLS_EDIT`` and ``FLS_CREATE``."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.guardrail import FieldsParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.guarded import bound_input, guarded_change, target_field
from actwright.guardrails.issue import Issue
from actwright.guardrails.rights import FieldRight, field_right, read_issue, write_issue


def fls_view(params: FieldsParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field the person may not read."""
    for name in _targets(params, context):
        issue = None if _left_out(context, name) else read_issue(context, name)
        if issue is not None:
            yield issue


def fls_edit(params: FieldsParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field the person may not write: the create right counts where a record is created."""
    return _unwritable(params, context, field_right(context))


def fls_create(params: FieldsParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue for each field the person may not set on a new record."""
    return _unwritable(params, context, "create")


def _unwritable(params: FieldsParams, context: EffectContext, right: FieldRight) -> Iterator[Issue]:
    for name in _targets(params, context):
        if _is_key(context, name) or _left_out(context, name):
            continue
        issue = write_issue(context, name, right)
        if issue is not None:
            yield issue


def _targets(params: FieldsParams, context: EffectContext) -> Iterator[str]:
    return (target_field(context, each) for each in params.fields)


def _is_key(context: EffectContext, name: str) -> bool:
    keys = {"id", *(each.lower() for each in context.blueprint.key_fields)}
    return name.lower() in keys


def _left_out(context: EffectContext, name: str) -> bool:
    """Tell whether ``name`` is an optional input that this action was not given."""
    known = bound_input(context, name)
    return known is not None and not known.required and guarded_change(context, name) is None
