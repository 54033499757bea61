"""The guardrail ``PII_REDACT``: fields that may hold no personal data, or none that can be found."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.guardrail import PiiParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found
from actwright.guardrails.guarded import GuardedValue, guarded_change, guarded_value
from actwright.guardrails.issue import Issue
from actwright.guardrails.personal_data import count, find, region_of
from actwright.guardrails.wording import is_blank
from actwright.org.personal_data import PersonalCount, counted


def pii_redact(params: PiiParams, context: EffectContext) -> Iterator[Issue]:
    """Yield what there is to say of personal data in each field; a value is never repeated.

    Taking it out of the effect is done before, by ``redacted``; here it is said, and what is left is refused.
    """
    for name in params.fields:
        guarded = guarded_value(context, name)
        if guarded is not None:
            yield from _MODES[params.mode](params, context, guarded)


def _block(_params: PiiParams, context: EffectContext, guarded: GuardedValue) -> Iterator[Issue]:
    if guarded.linked or not is_blank(guarded.value):
        yield found(
            context,
            "pii_blocked",
            f"{field_title(context, guarded.field)}: this action may not write personal data here.",
            field=guarded.field,
            hint="Leave the field out.",
        )


def _redact(params: PiiParams, context: EffectContext, guarded: GuardedValue) -> Iterator[Issue]:
    change = guarded_change(context, guarded.field)
    if change is not None and change.taken_out:
        yield found(
            context,
            "pii_redacted",
            f"{field_title(context, guarded.field)}: {counted(change.taken_out)} taken out of the text.",
            field=guarded.field,
            hint="Look at what is left of the text before you say yes.",
            severity="warning",
        )
    left = _found(params, context, guarded)
    if left:
        yield found(
            context,
            "pii_not_redacted",
            f"{field_title(context, guarded.field)}: holds {counted(left)}, and nothing can be taken out of this value.",
            field=guarded.field,
            hint="Give the value without personal data, or leave it out.",
        )


def _detect(params: PiiParams, context: EffectContext, guarded: GuardedValue) -> Iterator[Issue]:
    seen = _found(params, context, guarded)
    if seen:
        yield found(
            context,
            "pii_detected",
            f"{field_title(context, guarded.field)}: holds {counted(seen)}.",
            field=guarded.field,
            hint="Take it out, unless it belongs there.",
            severity="warning",
        )


def _found(
    params: PiiParams, context: EffectContext, guarded: GuardedValue
) -> tuple[PersonalCount, ...]:
    if guarded.value is None or isinstance(guarded.value, bool) or guarded.family == "id":
        return ()
    region = region_of(context.user.locale)
    return count(find(str(guarded.value), params.searched, region=region))


_MODES = {"block": _block, "redact": _redact, "detect": _detect}
