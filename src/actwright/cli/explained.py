"""What a policy decided, and why: of a preview as it was recorded, or of an effect just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actwright.checkpoints.preview import Preview
    from actwright.guardrails.issue import Issue
    from actwright.guardrails.policy.approval import ApprovalNeed
    from actwright.guardrails.policy.decision import PolicyDecision, PolicyVerdict


@dataclass(frozen=True, slots=True)
class Explained:
    """The decisions of one version of a policy.

    Attributes:
        version: Which version decided.
        decisions: What each rule decided.
        approval: Who has to say yes.
        beside: What is said that no single rule decided.
    """

    version: str
    decisions: Sequence[PolicyDecision]
    approval: ApprovalNeed
    beside: Sequence[Issue] = ()

    @classmethod
    def of_verdict(cls, verdict: PolicyVerdict) -> Explained:
        """Return what was decided of an effect."""
        return cls(verdict.version, verdict.decisions, verdict.approval)

    @classmethod
    def of_preview(cls, preview: Preview) -> Explained:
        """Return what was decided of a preview when it was made."""
        return cls(preview.policy_version, preview.decisions, preview.approval, _beside(preview))

    def document(self) -> dict[str, object]:
        """Return it as JSON-ready data."""
        return {
            "policyVersion": self.version,
            "decisions": [each.model_dump(mode="json") for each in self.decisions],
            "beside": [each.model_dump(mode="json") for each in self.beside],
            "approval": self.approval.model_dump(mode="json"),
        }


def _beside(shown: Preview) -> tuple[Issue, ...]:
    """Return what a preview says of the policy that no single rule decided, such as that a budget leaves no room."""
    told = {f"{each.rule.id}, {each.rule.source}" for each in shown.decisions}
    return tuple(
        each
        for each in shown.issues
        if each.guardrail == "POLICY"
        and (each.code == "policy_nobody_may_confirm" or each.rule not in told)
    )
