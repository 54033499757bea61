"""Decisions: what a policy says of a plan, rule by rule, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from actwright.contract import Contract
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.approval import ApprovalNeed, RuleRef

PolicyVerdictWord = Literal["allow", "warn", "require", "deny"]
"""What comes out of it, the gravest last."""

_GRAVITY: tuple[PolicyVerdictWord, ...] = ("allow", "warn", "require", "deny")


class PolicyDecision(Contract):
    """What one rule says of one action."""

    rule: RuleRef
    effect: PolicyVerdictWord
    enforced: bool = True
    """False where the policy only logs."""
    action_id: str | None = None
    object: str | None = None
    operation: str | None = None
    fields: tuple[str, ...] = ()
    """The fields it is about."""
    count: int = 1
    """How many effects of the action."""
    why: str
    """For the person who reads it: what the rule says, and where it stands."""
    unknown: bool = False
    """Whether it is denied because nobody can look into it, or because it does not exist."""
    about: str = ""
    """What it was decided on, with values."""


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """What a policy says of a plan.

    Attributes:
        version: The policy's version.
        decisions: What each rule says that is about it, the gravest first.
        issues: What stands in the preview: errors for what is denied, warnings for the rest.
        approval: Who has to say yes.
        notices: What everybody has to see who reads the preview.
        kept: By effect, why the policy would refuse to take it back.
    """

    version: str
    decisions: tuple[PolicyDecision, ...] = ()
    issues: tuple[Issue, ...] = ()
    approval: ApprovalNeed = field(default_factory=ApprovalNeed)
    notices: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def word(self) -> PolicyVerdictWord:
        """What comes out of it."""
        found = {each.effect for each in self.decisions if each.enforced}
        return next((each for each in reversed(_GRAVITY) if each in found), "allow")


def gravity(decision: PolicyDecision) -> int:
    """Return how grave a decision is, the gravest lowest."""
    return -_GRAVITY.index(decision.effect)
