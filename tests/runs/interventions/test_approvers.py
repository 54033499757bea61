"""Approvers: registered by name, shown their key once, revoked for good."""

from __future__ import annotations

import pytest
from tests.runs.interventions.staged_run import StagedRun

from actwright.errors import InputError, NotFoundError


def test_a_key_leads_to_its_holder(staged: StagedRun) -> None:
    """And nothing else does."""
    approver, key = staged.approvers.add("Ann", by="root")
    assert staged.approvers.holder_of(key) == approver
    for other in ("", "apk_", key[:-1], f"{key}x", key.replace("apk_", ""), key.upper(), "ключ"):
        assert staged.approvers.holder_of(other) is None


def test_no_two_are_called_the_same(staged: StagedRun) -> None:
    """In any case of letters, as long as the first one's key counts."""
    staged.approvers.add("Ann", by="root")
    with pytest.raises(InputError) as caught:
        staged.approvers.add("ANN", by="root")
    assert caught.value.error_code == "approver_exists"
    staged.approvers.revoke("Ann", by="root", why="lost her key")
    staged.approvers.add("ann", by="root")
    assert len(staged.approvers.everyone()) == 2


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "x" * 81])
def test_an_approver_has_a_name(staged: StagedRun, name: str) -> None:
    """Blank, invisible and endless ones are none."""
    with pytest.raises(InputError, match="needs a name"):
        staged.approvers.add(name, by="root")


def test_a_revoked_key_counts_no_more(staged_on_both: StagedRun) -> None:
    """Who revoked it, when and why is kept."""
    approver, key = staged_on_both.approvers.add("Ann", by="root")
    staged_on_both.approvers.revoke(approver.id, by="root", why="left the company")
    assert staged_on_both.approvers.holder_of(key) is None
    assert staged_on_both.approvers.active() == ()
    revocation = staged_on_both.approvers.revocation(approver)
    assert revocation is not None
    assert (revocation.revoked_by, revocation.why) == ("root", "left the company")


def test_only_who_counts_can_be_revoked_and_for_a_reason(staged: StagedRun) -> None:
    """A second time there is nobody."""
    staged.approvers.add("Ann", by="root")
    with pytest.raises(InputError, match="reason"):
        staged.approvers.revoke("Ann", by="root", why=" ")
    staged.approvers.revoke("Ann", by="root", why="left")
    with pytest.raises(NotFoundError, match="'Ann'"):
        staged.approvers.revoke("Ann", by="root", why="left")


def test_a_plan_key_is_nobody_who_decides(staged_on_both: StagedRun) -> None:
    """It has a holder among those who plan, and is listed apart; the same person may have one of each."""
    desk = staged_on_both.approvers
    planner, key = desk.add("Ann", by="root", kind="plan")
    ann, _ = desk.add("Ann", by="root", roles=("Finance", "finance "))
    assert ann.roles == ("finance",)
    assert (desk.holder_of(key), desk.holder_of(key, kind="plan")) == (None, planner)
    assert (desk.active(), desk.active("plan")) == ((ann,), (planner,))
    desk.revoke("Ann", by="root", why="no more plans", kind="plan")
    assert (desk.active(), desk.active("plan")) == ((ann,), ())
    assert desk.get(ann.id) == ann
    assert desk.get(planner.id) is None
    desk.revoke(ann.id, by="root", why="left")
    assert desk.active() == ()


@pytest.mark.parametrize("roles", [("",), ("\u200b",), tuple(map(str, range(21)))])
def test_a_role_has_a_name(staged: StagedRun, roles: tuple[str, ...]) -> None:
    """Blank and invisible ones are none, and nobody has more than twenty."""
    with pytest.raises(InputError, match="roles"):
        staged.approvers.add("Ann", by="root", roles=roles)
