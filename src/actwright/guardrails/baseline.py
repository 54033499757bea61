"""The baseline: what no blueprint can leave out, from describe and record access for the running user.

The org's own answer stays the last word. The baseline is there to fail the whole plan before its first write, and to
say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.dependent_picklists import dependent_issues
from actwright.guardrails.finding import found
from actwright.guardrails.issue import Issue
from actwright.guardrails.ledger import ledger_issues
from actwright.guardrails.picklists import picklist_issues
from actwright.guardrails.record_types import record_type_issues
from actwright.guardrails.records import record_issues
from actwright.guardrails.references import lookup_filter_issues, reference_issues
from actwright.guardrails.required import required_issues
from actwright.guardrails.rights import object_issues, written_field_issues
from actwright.guardrails.setup_objects import setup_issues
from actwright.guardrails.values import text_reference_issues, value_issues
from actwright.guardrails.wording import api_name, printable

_TAKING_BACK = ".compensation"
"""How the name of a blueprint ends that takes back what an override did by itself."""

_CONCERNS: tuple[Callable[[EffectContext], Iterator[Issue]], ...] = (
    object_issues,
    record_issues,
    setup_issues,
    ledger_issues,
)

_FIELD_CONCERNS: tuple[Callable[[EffectContext], Iterator[Issue]], ...] = (
    written_field_issues,
    required_issues,
    value_issues,
    text_reference_issues,
    record_type_issues,
    picklist_issues,
    dependent_issues,
    reference_issues,
    lookup_filter_issues,
)


def check_baseline(context: EffectContext) -> tuple[Issue, ...]:
    """Return every issue the baseline finds with one effect, each once."""
    if context.effect.kind != "record":
        return (_acting(context) if context.effect.kind == "opaque" else _uncheckable(context),)
    writes = context.schema is not None and context.effect.operation != "DELETE"
    concerns = (*_CONCERNS, *_FIELD_CONCERNS) if writes else _CONCERNS
    issues = [issue for concern in concerns for issue in concern(context)]
    return tuple(dict.fromkeys(issues))


def _acting(context: EffectContext) -> Issue:
    """Return that an override acts by itself: refused, unless the settings allow it for its blueprint."""
    title, name = printable(context.blueprint.label), context.blueprint.name
    if context.opaque_allowed:
        return found(
            context,
            "opaque_unchecked",
            f"{title} acts by itself: what it does {_beyond(context)}.",
            hint="Say yes only if you trust what it promises.",
            severity="warning",
        )
    return found(
        context,
        "opaque_not_allowed",
        f"{title} would be carried out by an override that acts by itself, which is not allowed here.",
        hint="Make the plan that takes it back with: actwright undo RUN"
        if name.endswith(_TAKING_BACK)
        else f'Set allow_opaque = ["{api_name(name)}"] if you trust it; or let the override hand out effects.',
    )


def _beyond(context: EffectContext) -> str:
    back = context.effect.compensation
    return (
        f"cannot be checked; {printable(back)}" if back else "can be neither checked nor taken back"
    )


def _uncheckable(context: EffectContext) -> Issue:
    return found(
        context,
        "effect_unchecked",
        f"An effect of kind {context.effect.kind} acts outside what can be checked of {context.effect.object}.",
        hint="Let the implementation produce record effects.",
    )
