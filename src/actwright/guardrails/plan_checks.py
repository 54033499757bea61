"""What can only be told of all effects together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.blueprints.guardrail import GuardrailSpec, guardrail_kinds
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import BASELINE, found, record_title
from actwright.guardrails.guarded import is_known
from actwright.guardrails.issue import Issue
from actwright.guardrails.registry import is_own, named_fields
from actwright.guardrails.wording import api_name, listed
from actwright.org.setup_objects import is_setup_object

_ID_LENGTH = 15


def check_plan(contexts: Sequence[EffectContext]) -> tuple[Issue, ...]:
    """Return the issues of the plan as a whole: records written twice, mixed transactions, idle guardrails."""
    return (*_written_twice(contexts), *_mixed(contexts), *_idle_guardrails(contexts))


def _written_twice(contexts: Sequence[EffectContext]) -> Iterator[Issue]:
    first: dict[tuple[object, ...], EffectContext] = {}
    for context in contexts:
        key = _record_key(context)
        other = first.setdefault(key, context) if key else context
        if other.effect.id != context.effect.id:
            yield found(
                context,
                "record_written_twice",
                f"{record_title(context)}: the actions {other.action_id} and {context.action_id} both write to it.",
                hint="Take one of the two actions out of the plan, or bring their fields together in one.",
            )


def _record_key(context: EffectContext) -> tuple[object, ...] | None:
    """Return what tells the record apart, or None where it is a new one of its own."""
    effect = context.effect
    if effect.record_id is not None:
        return ("id", effect.record_id[:_ID_LENGTH])
    change = effect.change(effect.key_field) if effect.key_field else None
    if change is None:
        return None
    value = change.after.lower() if isinstance(change.after, str) else change.after
    return ("key", effect.object.lower(), change.field.lower(), value)


def _mixed(contexts: Sequence[EffectContext]) -> Iterator[Issue]:
    written = {each.effect.object for each in contexts if each.effect.kind == "record"}
    setup = sorted(each for each in written if is_setup_object(each))
    data = sorted(written - set(setup))
    if setup and data:
        yield Issue(
            code="setup_mixed_with_data",
            guardrail=BASELINE,
            message=f"The plan writes setup objects ({listed(setup)}) beside data ({listed(data)}); no transaction"
            " holds both, so they are sent apart, and one part may be done without the other.",
            hint="Make two plans of it where they must not come apart.",
            severity="warning",
        )


def _idle_guardrails(contexts: Sequence[EffectContext]) -> Iterator[Issue]:
    """Refuse a guardrail of the plan that names a field no action has: misspelt, it would guard nothing."""
    asked: list[tuple[GuardrailSpec, str]] = []
    for context in contexts:
        for spec in context.guardrails:
            if not is_own(spec, context):
                asked += [(spec, each) for each in _fields(spec) if (spec, each) not in asked]
    for spec, name in asked:
        if not any(is_known(each, name) for each in contexts):
            yield Issue(
                code="guardrail_field_unknown",
                field=api_name(name),
                guardrail=spec.type,
                message=f"{api_name(name)}: the plan's guardrail {spec.type} is about this field, and no action of"
                " the plan has it.",
                hint="Check the spelling in the plan's guardrails.",
            )


def _fields(spec: GuardrailSpec) -> tuple[str, ...]:
    """Return the fields a guardrail names; none for a kind withdrawn since, which every action already refuses."""
    return named_fields(spec.parsed()) if spec.type in guardrail_kinds() else ()
