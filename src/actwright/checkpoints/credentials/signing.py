"""Signing: whether the people whose keys signed are enough for what a policy asks."""

from __future__ import annotations

from collections.abc import Iterable

from actwright.checkpoints.credentials.approvers import Approver
from actwright.checkpoints.credentials.person_names import person_key
from actwright.guardrails.policy.approval import ApprovalNeed


def counting(need: ApprovalNeed, signers: Iterable[Approver]) -> tuple[Approver, ...]:
    """Return the signers that count for a need: approvers, among those it names, each key and each person once.

    Args:
        need: What the policy asks.
        signers: Who signed, in the order they did, as far as their keys count.
    """
    seen: set[str] = set()
    found: list[Approver] = []
    for each in signers:
        same = {each.id, person_key(each.name)}
        if each.kind == "approve" and each.is_among(need.who) and not seen & same:
            seen |= same
            found.append(each)
    return tuple(found)


def enough(need: ApprovalNeed, signers: Iterable[Approver]) -> bool:
    """Tell whether signers are enough; a plain need takes no key at all."""
    return need.plain or len(counting(need, signers)) >= need.people
