"""docs/planning.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.goal_suite import PAGE

from actwright.blueprints.plan import QuestionReason
from actwright.planning.words.confidence import ASK_BELOW
from actwright.testing.goals import GoalCase, GoalKind, load_goals

SOURCES = Path(__file__).parents[2] / "src" / "actwright" / "planning"
CODE = re.compile(r'(?:code=|refused\(\s*)"([a-z_]+)"')
ROOMS = ("offline", "rows", "bounds", "words")
"""Where the offline planner is; `refusals` is beside them, and other rooms have pages of their own."""


def page() -> str:
    """Return the page."""
    return PAGE.read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return the text under one heading."""
    return page().split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_refusal_of_the_offline_planner_is_in_the_table() -> None:
    """Each code the offline planner refuses with has a line, and no line is about a code nobody uses."""
    used = {
        code
        for path in (
            SOURCES / "refusals.py",
            *(one for room in ROOMS for one in (SOURCES / room).glob("*.py")),
        )
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| `([a-z_]+)` \|", section("Refusals"), re.MULTILINE)) == used


def test_every_reason_of_a_question_is_in_the_table() -> None:
    """Each reason has a line."""
    named = re.findall(r"^\| `([a-z_]+)` \|", section("Questions and answers"), re.MULTILINE)
    assert set(named) == set(get_args(QuestionReason))


def test_the_threshold_is_the_one_in_force() -> None:
    """The number below which it is asked is the constant."""
    assert f"Below\n{ASK_BELOW} nothing is planned" in section("Confidence")


def test_every_field_and_kind_of_a_case_is_told() -> None:
    """Each field of a goal case and each kind has its words."""
    text = section("A suite of goals")
    assert [each for each in get_args(GoalKind) if f"`{each}`" not in text] == []
    assert [each for each in GoalCase.model_fields if f"`{each}`" not in text] == []


def test_the_suite_of_the_page_is_one(tmp_path: Path) -> None:
    """The YAML example is read by the loader it is about."""
    (example,) = re.findall(r"```yaml\n(.*?)```", section("A suite of goals"), re.DOTALL)
    path = tmp_path / "goals.yaml"
    path.write_text(example, encoding="utf-8")
    assert [each.id for each in load_goals([path])] == ["won-and-followed-up", "won-or-lost"]


def _examples() -> list[str]:
    """Return the goals of the first table that are whole by themselves."""
    table = section("What the offline planner understands").split("\n### ")[0]
    lines = [each for each in table.splitlines() if each.startswith("| ")]
    goals = [goal for each in lines for goal in re.findall(r"`([a-z][^`]* [^`]* [^`]*)`", each)]
    return [each for each in goals if not each.startswith(("give the deal", "assign it", "without", "close it", "the account", "call the", "close every"))]  # fmt: skip


@pytest.mark.parametrize("goal", _examples())
def test_every_example_is_understood(goal: str, plans: Any) -> None:
    """Each goal the page gives as an example becomes a plan without a question."""
    outcome = plans(goal)
    assert outcome.refusal is None
    assert outcome.questions == ()
    assert outcome.plan.actions
