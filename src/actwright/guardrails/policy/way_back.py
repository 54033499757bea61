"""The way back: what a policy would say of taking back what it lets happen, asked before anybody says yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actwright.guardrails.policy.facts import Facts, FieldFact, PolicyAsk
from actwright.guardrails.policy.policy import Policy


def kept_for_good(policy: Policy, ask: PolicyAsk) -> Mapping[str, str]:
    """Return by effect why the policy, as it is now, would refuse to take it back; only what it refuses is there.

    Args:
        policy: The policy.
        ask: What is about to be done.
    """
    back = tuple(each for facts in ask.facts for each in _taken_back(facts))
    if not back:
        return {}
    found = policy.judge(replace(ask, facts=back)).decisions
    denied = [each for each in reversed(found) if each.effect == "deny" and each.enforced]
    return {each.action_id: each.why for each in denied if each.action_id is not None}


def _taken_back(facts: Facts) -> Sequence[Facts]:
    """Return what takes an effect back, told apart by its effect; nothing where there is no way back to be judged."""
    if facts.kind != "record" or facts.strange or facts.operation == "DELETE":
        return ()
    back = replace(facts, action_id=facts.effect_id, implementation="standard", taking_back=True)
    if facts.record_id:
        changes = tuple(_swapped(each) for each in facts.fields)
        return (
            replace(back, operation="UPDATE", operations=frozenset({"UPDATE"}), fields=changes),
        )
    held = {each.key: each.after for each in facts.fields if not each.linked}
    return (
        replace(
            back,
            operation="DELETE",
            operations=frozenset({"DELETE"}),
            fields=(),
            standing=held,
            known_fields=frozenset(each.key for each in facts.fields),
        ),
    )


def _swapped(field: FieldFact) -> FieldFact:
    return replace(
        field, before=field.after, after=field.before, linked=False, provenance="record", mixed=()
    )
