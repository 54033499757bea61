"""The registry of guardrail checks, and the one way to run them over an effect.

A check that is missing, that raises, or that answers with anything but issues refuses the effect: nothing fails open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from actwright.blueprints.guardrail import (
    FieldParams,
    FieldsParams,
    GuardrailSpec,
    NoParams,
    declare_guardrail,
    withdraw_guardrails,
)
from actwright.contract import Contract
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, person
from actwright.guardrails.guarded import is_known
from actwright.guardrails.issue import Issue
from actwright.guardrails.kinds import BUILT_IN, AnyCheck
from actwright.guardrails.rights import object_hidden
from actwright.guardrails.wording import printable, with_own_message

ParamsT = TypeVar("ParamsT", bound=Contract)

_registered: dict[str, AnyCheck] = {}


def register_guardrail(
    kind: str,
    check: Callable[[ParamsT, EffectContext], Iterable[Issue]],
    params: type[ParamsT | NoParams] = NoParams,
) -> None:
    """Add a guardrail kind of your own; blueprints may carry it from then on. The last registration wins.

    Args:
        kind: An upper-case identifier, such as ``BUSINESS_HOURS``.
        check: Gets the parsed parameters and the effect's context, and returns or yields what it finds: nothing
            means that the effect passes. It must not write, and should not ask the org.
        params: The model of the parameters; a subclass of ``FieldParams`` or ``FieldsParams`` also has its field
            names checked.

    Raises:
        ValueError: The name is no upper-case identifier, or belongs to a built-in kind.
    """
    declare_guardrail(kind, params)
    _registered[kind] = check


def clear_guardrails() -> None:
    """Forget every kind that is not built in; for tests."""
    withdraw_guardrails()
    _registered.clear()


def check_guardrails(context: EffectContext) -> tuple[Issue, ...]:
    """Return every issue the guardrails of the blueprint and of the plan find with one effect, in their order."""
    return tuple(issue for spec in context.guardrails for issue in _checked(spec, context))


def is_own(spec: GuardrailSpec, context: EffectContext) -> bool:
    """Tell whether a guardrail is the blueprint's own, rather than the plan's for all of its actions."""
    own = context.blueprint.guardrails
    return any(each is spec for each in own) or spec in own


def named_fields(params: Contract) -> tuple[str, ...]:
    """Return the fields a guardrail's parameters name."""
    if isinstance(params, FieldsParams):
        return params.fields
    return (params.field,) if isinstance(params, FieldParams) else ()


def _checked(spec: GuardrailSpec, context: EffectContext) -> Iterator[Issue]:
    for issue in _findings(spec, context):
        yield issue.model_copy(
            update={
                "action_id": context.action_id,
                "object": context.effect.object,
                "guardrail": spec.type,
                "message": with_own_message(issue, spec.message),
            }
        )


def _findings(spec: GuardrailSpec, context: EffectContext) -> list[Issue]:
    check = BUILT_IN.get(spec.type) or _registered.get(spec.type)
    if check is None:
        return [_broken(spec, context, "nobody registered a check for it")]
    try:
        params = spec.parsed()
        unknown = [each for each in named_fields(params) if not is_known(context, each)]
        if not unknown or (spec.type.startswith("FLS_") and is_own(spec, context)):
            return _answers(check, params, spec, context)
        return _partly_known(check, params, unknown, spec, context)
    except Exception as error:  # noqa: BLE001  whatever a check raises must refuse, not escape
        return [_broken(spec, context, f"its check failed: {type(error).__name__}: {error}")]


def _partly_known(
    check: AnyCheck,
    params: Contract,
    unknown: list[str],
    spec: GuardrailSpec,
    context: EffectContext,
) -> list[Issue]:
    """Check the fields this object has; those it has not are refused, unless the guardrail is the plan's.

    A guardrail of the plan stands over actions on several objects, and is about those that have its fields. That it
    is about at least one is checked over the whole plan.
    """
    issues = [_unknown(context, each) for each in unknown] if is_own(spec, context) else []
    known = tuple(each for each in named_fields(params) if each not in unknown)
    if known:
        issues += _answers(check, params.model_copy(update={"fields": known}), spec, context)
    return issues


def _answers(
    check: AnyCheck, params: Contract, spec: GuardrailSpec, context: EffectContext
) -> list[Issue]:
    answers = list(check(params, context))
    if not all(isinstance(each, Issue) for each in answers):
        return [_broken(spec, context, "its check answered with something that is no issue")]
    return answers


def _unknown(context: EffectContext, name: str) -> Issue:
    if context.schema is None:
        return object_hidden(context)
    return found(
        context,
        "field_not_visible",
        f"{field_title(context, name)}: a guardrail is about this field, and it is not visible to"
        f" {person(context)} or does not exist.",
        field=name,
        hint="Check the spelling in the blueprint's guardrail, or ask an administrator for access to the field.",
    )


def _broken(spec: GuardrailSpec, context: EffectContext, why: str) -> Issue:
    return found(
        context,
        "guardrail_failed",
        f"The guardrail {spec.type} could not be checked: {printable(why, 300)}.",
        hint="Nothing is written while a guardrail cannot be checked; mend it, or take it out of the blueprint.",
    )
