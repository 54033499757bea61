"""The difference between two policies: rule by rule, and over previews that were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from actwright.checkpoints.groups.grouping import calls_to_apply
from actwright.checkpoints.preview import Preview
from actwright.contract import Contract
from actwright.guardrails.policy.decision import PolicyVerdictWord
from actwright.guardrails.policy.describing import budget_words, rule_words
from actwright.guardrails.policy.facts import Facts, Person, PolicyAsk
from actwright.guardrails.policy.gathering import (
    blindness,
    children_of,
    field_fact,
    implementation_of,
    operations_of,
)
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.rule import ImplementationKind
from actwright.guardrails.policy.telling import asked_for
from actwright.org.effect import Effect


class RuleDifference(Contract):
    """A rule, a budget or a setting that one policy has and the other one has not, or has otherwise."""

    id: str
    change: Literal["added", "removed", "changed"]
    before: str = ""
    after: str = ""


class DecidedOtherwise(Contract):
    """A preview that would be decided otherwise."""

    preview_id: str
    goal: str
    before: PolicyVerdictWord
    after: PolicyVerdictWord
    why: str
    """What the new policy says of it."""


class PolicyDifference(Contract):
    """What becomes of everything where one policy takes another one's place."""

    old: str
    new: str
    rules: tuple[RuleDifference, ...]
    previews: tuple[DecidedOtherwise, ...] = ()
    looked_at: int = 0
    """How many previews were judged by both."""

    @property
    def loosened(self) -> tuple[DecidedOtherwise, ...]:
        """The previews that would get through more easily."""
        order = ("allow", "warn", "require", "deny")
        return tuple(
            each for each in self.previews if order.index(each.after) < order.index(each.before)
        )


def difference(old: Policy, new: Policy, previews: Sequence[Preview]) -> PolicyDifference:
    """Return the difference between two policies.

    Args:
        old: The one.
        new: The other.
        previews: What both are asked about, as far as a stored preview tells: it knows no field that nobody wrote, and
            of the person only the name. Each is judged at the time it was made.
    """
    return PolicyDifference(
        old=old.version,
        new=new.version,
        rules=tuple(_rules(old, new)),
        previews=tuple(_otherwise(old, new, previews)),
        looked_at=len(previews),
    )


def ask_again(preview: Preview) -> PolicyAsk:
    """Return what a stored preview asks a policy, at the time it was made."""
    kinds = {each.action_id: each.implementation_kind for each in preview.actions}
    blueprints = {each.action_id: each.blueprint for each in preview.actions}
    facts = tuple(
        fact
        for effect in preview.effects
        for owner in (effect.action_id, *effect.also_for)
        for fact in _facts(effect, owner, blueprints.get(owner, ""), kinds.get(owner))
    )
    person = Person.of(preview.running_user)
    return PolicyAsk(
        facts,
        person,
        preview.org,
        datetime.fromisoformat(preview.at),
        calls_to_apply(preview.groups),
    )


def _facts(
    effect: Effect, owner: str, blueprint: str, kind: ImplementationKind | None
) -> Iterator[Facts]:
    facts = Facts(
        effect.id,
        owner,
        effect.object,
        effect.object_label or effect.object,
        operations_of(effect.kind, effect.operation, effect.operation),
        effect.operation,
        effect.kind,
        blueprint,
        implementation_of(effect, kind),
        tuple(field_fact(each) for each in effect.changes),
        record_id=effect.record_id,
        called=effect.record_name or "",
        blind=blindness(effect.kind),
    )
    yield facts
    yield from children_of(facts, effect.also_deletes)


def _rules(old: Policy, new: Policy) -> Iterator[RuleDifference]:
    before, after = _said(old), _said(new)
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, ""), after.get(key, "")
        if one != other:
            change: Literal["added", "removed", "changed"] = (
                "changed" if one and other else "added" if other else "removed"
            )
            yield RuleDifference(id=key, change=change, before=one, after=other)


def _said(policy: Policy) -> dict[str, str]:
    document = policy.read.document
    return {
        "mode": document.mode,
        "approvals.generated": asked_for(document.approvals.generated)
        if document.approvals
        else "",
        "default": document.default,
        "zone": document.zone,
        "http.reads": ", ".join(document.http.reads),
        **{each.ref.id: rule_words(each.rule) for each in policy.rules},
        **{each.id: budget_words(each) for each, _ in policy.budgets},
    }


def _otherwise(old: Policy, new: Policy, previews: Sequence[Preview]) -> Iterator[DecidedOtherwise]:
    for preview in previews:
        ask = ask_again(preview)
        before, after = old.judge(ask), new.judge(ask)
        if (before.word, before.approval) != (after.word, after.approval):
            told = after.decisions or before.decisions
            yield DecidedOtherwise(
                preview_id=preview.id,
                goal=preview.goal[:200],
                before=before.word,
                after=after.word,
                why=told[0].why if told else "",
            )
