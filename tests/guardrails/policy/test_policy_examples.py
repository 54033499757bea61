"""The examples that ship: each is read, holds to its own cases, and its lines are what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from actwright.guardrails.policy.case import CaseChange, CaseEffect, Expected, PolicyCase
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.trying import tried

FOLDER = Path(__file__).parents[3] / "examples" / "policies"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda it: it.stem)
def test_an_example_holds_to_its_cases(path: Path) -> None:
    """Every case of the file comes out as it says."""
    policy = Policy.load(path)
    found = [tried(policy, each) for each in policy.read.document.tests]
    assert found
    assert [each.faults for each in found if each.faults] == []


@pytest.mark.parametrize("path", FILES, ids=lambda it: it.stem)
def test_every_rule_points_to_its_line(path: Path) -> None:
    """The line that is told holds the rule's id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    policy = Policy.load(path)
    for each in (each for each in policy.rules if each.own):
        name, _, line = each.ref.source.rpartition(":")
        assert name == path.name
        assert f"id: {each.ref.id}" in lines[int(line) - 1]


def test_a_case_that_fails_says_what_is_otherwise() -> None:
    """The verdict, the rule and the number of people are each held to what was expected."""
    policy = Policy.load(FOLDER / "sales.yaml")
    won = CaseEffect(
        object="Opportunity",
        operation="UPDATE",
        changes=(CaseChange(field="StageName", after="Closed Won"),),
        standing={"Amount": 60000},
    )
    expect = Expected(verdict="deny", rule="closed-stays-closed", people=3)
    faults = tried(policy, PolicyCase(name="wrong", effects=(won,), expect=expect)).faults
    assert faults == (
        "deny was expected, and it is require",
        "closed-stays-closed was expected to decide, and big-deals did",
        "3 people were expected, and it is 2",
    )
