"""The goal suite: how many goals the offline planner gets right, and that it never acts where it should ask."""

from __future__ import annotations

import json
from collections import Counter
from typing import get_args

from tests.goal_suite import END, PAGE, SCORE, START, cases, graves, score, verdicts, written

from actwright.blueprints.library import load_library
from actwright.testing.goals import GoalKind

MOST_MISSES = 0.05


def test_at_least_95_percent_of_the_goals_are_right() -> None:
    """Nineteen of twenty goals lead to the outcome a careful colleague expects; the others are listed."""
    missed = {each: one.differences for each, one in verdicts().items() if not one.right}
    assert len(missed) <= MOST_MISSES * len(cases()), missed


def test_no_plan_acts_where_it_should_ask_or_refuse() -> None:
    """Not one goal becomes an action a person could confirm where a question or a refusal was right."""
    assert graves() == ()


def test_the_score_only_rises() -> None:
    """The recorded number of right goals is reached, and the recorded misses are the misses."""
    recorded = json.loads(SCORE.read_text(encoding="utf-8"))
    assert score()["right"] >= recorded["right"]
    assert score() == recorded, "run: python -m tests.goal_suite --record"


def test_the_page_lists_exactly_the_misses() -> None:
    """docs/planning.md shows the score by kind and every miss, as they are."""
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(START) == page.count(END) == 1
    assert written(page) == page, "run: python -m tests.goal_suite --record"


def test_the_suite_is_as_wide_as_it_says() -> None:
    """There are at least 170 goals, of every kind at least ten."""
    counted = Counter(each.kind for each in cases())
    assert sum(counted.values()) >= 170
    assert {each for each in get_args(GoalKind) if counted[each] < 10} == set()


def test_every_curated_blueprint_is_expected_of_a_goal() -> None:
    """Each blueprint of the library is what at least one goal of the suite is planned with."""
    expected = {
        name
        for case in cases()
        for each in case.expect
        for action in each.actions or ()
        for name in action.blueprint or ()
    }
    names = {each.blueprint.name for each in load_library().entries}
    assert names - expected == set()
