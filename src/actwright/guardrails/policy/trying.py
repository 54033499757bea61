"""Trying: cases held against a policy, and stored previews judged by it as far as they tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actwright.guardrails.policy.case import NOON, CaseChange, CaseEffect, PolicyCase
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.guardrails.policy.facts import Facts, FieldFact, Person, PolicyAsk
from actwright.guardrails.policy.field_kinds import kinds_of
from actwright.guardrails.policy.gathering import blindness, operations_of
from actwright.guardrails.policy.policy import Policy
from actwright.org.effect import EffectKind
from actwright.org.identity import OrgIdentity

_NOWHERE = OrgIdentity(id="case", url="case")


@dataclass(frozen=True, slots=True)
class Tried:
    """A case and what came of it.

    Attributes:
        case: The case.
        verdict: What the policy says.
        faults: What is otherwise than expected; empty where it passes.
    """

    case: PolicyCase
    verdict: PolicyVerdict
    faults: tuple[str, ...]


def tried(policy: Policy, case: PolicyCase) -> Tried:
    """Return what a policy says of a case, and what of that was not expected."""
    verdict = policy.judge(ask_of(case))
    return Tried(case, verdict, tuple(_faults(case, verdict)))


def ask_of(case: PolicyCase) -> PolicyAsk:
    """Return what a case asks a policy."""
    facts = [
        fact
        for place, effect in enumerate(case.effects, start=1)
        for row in range(1, effect.rows + 1)
        for fact in (_facts(effect, f"a{place}", f"a{place}.{row}"),)
    ]
    user = case.user
    person = Person(
        user.username, role=user.role, profile=user.profile, permission_sets=user.permission_sets
    )
    return PolicyAsk(facts, person, _NOWHERE, case.at or NOON, calls=len(case.effects))


def _facts(effect: CaseEffect, action_id: str, effect_id: str) -> Facts:
    kind: EffectKind = "call" if effect.operation == "CALL" else "record"
    kind = "opaque" if effect.implementation == "opaque" else kind
    return Facts(
        effect_id,
        action_id,
        effect.object,
        effect.object,
        operations_of(kind, effect.operation, effect.operation),
        effect.operation,
        kind,
        effect.blueprint,
        effect.implementation,
        tuple(_field(each) for each in effect.changes),
        {name.lower(): value for name, value in effect.standing.items()},
        blind=blindness(kind),
    )


def _field(change: CaseChange) -> FieldFact:
    name = change.field.rpartition(".")[2]
    kinds = kinds_of(name) if change.kinds is None else frozenset(change.kinds)
    return FieldFact(
        name,
        name.lower(),
        change.before,
        change.after,
        linked=False,
        provenance=change.provenance,
        kinds=kinds,
    )


def _faults(case: PolicyCase, verdict: PolicyVerdict) -> Iterator[str]:
    expected = case.expect
    if verdict.word != expected.verdict:
        yield f"{expected.verdict} was expected, and it is {verdict.word}"
    decided = _deciding(verdict)
    if expected.rule is not None and expected.rule not in decided:
        yield f"{expected.rule} was expected to decide, and {', '.join(decided) or 'no rule'} did"
    if expected.people is not None and verdict.approval.people != expected.people:
        yield f"{expected.people} people were expected, and it is {verdict.approval.people}"


def _deciding(verdict: PolicyVerdict) -> Sequence[str]:
    """Return the rules behind what came out."""
    found = (each.rule.id for each in verdict.decisions if each.effect == verdict.word)
    return tuple(dict.fromkeys(found))
