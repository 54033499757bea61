"""The suite this repository holds its prompts to: wide enough, honest about its misses, and nobody's data in it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from tests.suite_scene import OWN, MemoryScene, Stage, personal_names

from actwright.regression.suite.bad_cases import BAD_REPLY
from actwright.regression.suite.suite import Suite
from actwright.testing.goals import GoalKind

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("suite_own")
MISSES = {
    "answered-amount",
    "escalate-raise-and-remember",
    "renamed-to-what",
    "web-leads-into-the-launch",
}
"""Goals of which even a right reply does not become the right plan today: they stand in the scorecard."""


@pytest.fixture(scope="module")
def suite() -> Suite:
    """The suite of this repository."""
    return Suite.load(OWN)


def test_it_holds_planning_s_promise(suite: Suite) -> None:
    """At least 150 goals and 40 bad replies, every kind of goal and every kind of right outcome among them."""
    bad = [each for each in suite.reviewed if BAD_REPLY in each.tags]
    goals = [each for each in suite.reviewed if BAD_REPLY not in each.tags]
    assert len(goals) >= 150
    assert len(bad) >= 40
    assert {each.kind for each in goals} == set(get_args(GoalKind))
    wanted = Counter(each.wanted for each in suite.reviewed)
    assert min(wanted[each] for each in ("plan", "questions", "refusal", "failure")) >= 20
    assert sum(bool(each.order) for each in goals) >= 10
    assert sum(bool(each.guardrails) for each in goals) >= 5
    assert all(each.checkpoint for each in goals if each.wanted == "plan")


def test_the_suite_on_the_page_is_one(tmp_path: Path) -> None:
    """The example of docs/regressions.md is read as it stands there, over the goals of this repository."""
    page = (ROOT / "docs" / "regressions.md").read_text("utf-8")
    example = page.partition("## The suite")[2].partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "suite.yaml"
    path.write_text(example.replace("../../tests", str(ROOT / "tests")), encoding="utf-8")
    suite = Suite.load(path)
    assert len(suite.reviewed) == 5
    assert suite.case("hooli-from-scratch").order == ("CreateAccount", "CreateContact")
    assert suite.case("amount-below-zero").guardrails == {"numeric_not_positive": "blocked"}


def test_the_page_names_the_misses() -> None:
    """Whoever reads of the suite reads what it does not reach."""
    page = (ROOT / "docs" / "regressions.md").read_text("utf-8")
    rows = page.partition("### This repository's suite")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", rows, re.MULTILINE)) == MISSES


def test_no_goal_and_no_reply_holds_a_person(suite: Suite) -> None:
    """Neither names nor mails, phones or streets of the demo org's people stand in what is recorded."""
    scene = MemoryScene()
    known = personal_names(scene.org("alice"))
    assert len(known) > 40
    found = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in known))
    for case in suite.cases:
        replies = suite.replies(case, scene)
        texts = [case.goal, *map(str, case.data.values()), *(each.text or "" for each in replies)]
        for text in texts:
            assert found.search(text) is None, case.id
            assert "@" not in text, case.id


def test_a_right_reply_becomes_the_right_plan_of_every_fourth_case(suite: Suite) -> None:
    """Scripts and planner agree, but for the misses that are named; the gate's own test plays all of them."""
    stage = Stage(suite)
    goals = [each for each in suite.reviewed if BAD_REPLY not in each.tags and not each.guardrails]
    chosen = [each for number, each in enumerate(goals) if number % 4 == 0 or each.id in MISSES]
    wrong = {each.id for each in chosen if not stage.verdict(each).right}
    assert wrong == MISSES
