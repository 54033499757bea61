"""Signing: whose keys count towards what a policy asks."""

from __future__ import annotations

import pytest
from tests.grant_scene import need

from actwright.checkpoints.credentials.approvers import Approver, KeyKind
from actwright.checkpoints.credentials.signing import counting, enough
from actwright.guardrails.policy.approval import ApprovalNeed


def signer(name: str, *roles: str, key: str = "", kind: KeyKind = "approve") -> Approver:
    """Return somebody with a key."""
    at = "2026-11-21T12:00:00Z"
    key_id = key or name
    return Approver(
        id=key_id, name=name, kind=kind, roles=roles, added_by="r", at=at, salt="0", key_hash="0"
    )


ANN, BO = signer("Ann", "finance"), signer("Bo")


@pytest.mark.parametrize(
    ("wanted", "signers", "missing"),
    [
        (need(1), [ANN], 0),
        (need(1), [], 1),
        (need(2), [ANN, BO], 0),
        (need(2), [ANN], 1),
        (need(2), [ANN, ANN], 1),
        (need(2), [ANN, signer("ann ", key="k2")], 1),
        (need(2), [ANN, signer("\u0410nn", key="k2")], 1),
        (need(2), [ANN, signer("Anne", key="Ann")], 1),
        (need(1, "Bo"), [ANN], 1),
        (need(1, "bo"), [BO], 0),
        (need(1, "Finance"), [ANN], 0),
        (need(1, "finance"), [BO], 1),
        (need(2, "finance", "Bo"), [ANN, BO], 0),
        (need(2, "finance"), [ANN, BO], 1),
        (need(1), [signer("Cy", kind="plan")], 1),
        (need(2), [ANN, signer("Cy", kind="plan")], 1),
        (need(1, "Bo", keys=False), [], 1),
        (need(2, keys=False), [ANN], 1),
        (ApprovalNeed(), [], 0),
    ],
)
def test_each_key_and_each_person_counts_once(
    wanted: ApprovalNeed, signers: list[Approver], missing: int
) -> None:
    """Only approvers, only those that are named, and nobody twice, by whatever key or spelling."""
    assert enough(wanted, signers) is (missing == 0)


def test_the_first_of_one_person_counts() -> None:
    """Who came later under the same name does not."""
    assert counting(need(2), [ANN, signer("ANN", key="k2"), BO]) == (ANN, BO)
