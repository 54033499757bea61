"""The testing module: what users build their own tests of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actwright.errors import ConfigError, PlanError
from actwright.testing import FixedClock, LocalOrg, ScriptedPlanner


def test_the_clock_stands_still_until_it_is_moved(fixed_clock: FixedClock) -> None:
    """It stands on a Saturday, and moves by what it is told."""
    assert fixed_clock.now() == fixed_clock.now() == datetime(2026, 11, 21, 15, tzinfo=UTC)
    fixed_clock.advance(timedelta(days=3))
    assert fixed_clock.now().isoformat() == "2026-11-24T15:00:00+00:00"


def test_each_person_has_an_actwright_over_one_org_and_one_store(local_org: LocalOrg) -> None:
    """A plan that Alice previewed is found by Bob's Actwright; the rights are each one's own."""
    alice, bob = local_org.as_user(), local_org.as_user("bob")
    assert alice.org.user.id != bob.org.user.id
    assert alice.org.identity == bob.org.identity
    assert alice.org.identity.url == local_org.url


def test_an_org_that_is_not_open_says_so(tmp_path: Path) -> None:
    """Outside the block there is no org."""
    with pytest.raises(ConfigError):
        _ = LocalOrg(tmp_path).url


def test_scripted_actions_keep_to_the_contract(shared_org: LocalOrg) -> None:
    """A scripted plan that breaks the contract is an error like any other."""
    planner = ScriptedPlanner([{"id": "no id", "blueprint": "task_create", "arguments": {}}])
    with pytest.raises(PlanError):
        shared_org.as_user(planner=planner).plan("anything")


def test_an_armed_fault_is_told_by_its_name(shared_org: LocalOrg) -> None:
    """How it asks the org is nobody's business."""
    armed = shared_org.faults.slow(1, path="/nowhere")
    assert repr(armed) == f"ArmedFault(name={armed.name!r})"
