"""Recommendations: which blueprints come near, and how near."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actwright.errors import PlanningError
from actwright.planning.recommend import recommend


@pytest.mark.parametrize(
    ("goal", "best"),
    [
        ("set the opportunity to closed won", "oppty_closed_won"),
        ("the deal is lost", "opportunity_close_lost"),
        ("qualify the lead", "lead_mark_qualified"),
        ("escalate the case to tier 2", "case_escalate_tier2"),
        ("escalate this case", "case_escalate"),
        ("create an account", "account_create"),
        ("delete a case", "derived.case.delete"),
        ("update the contact", "derived.contact.update"),
        ("create a campaign", "derived.campaign.create"),
    ],
)
def test_the_best_comes_first(goal: str, best: str, library: Any, memory_org: Any) -> None:
    """The blueprint whose words the goal uses comes first, never the one whose file does."""
    assert recommend(goal, library, memory_org)[0].key == best


def test_scores_are_shares_and_sorted(library: Any, memory_org: Any) -> None:
    """Scores lie between 0 and 1, best first; derived ones stand behind curated ones of their kind."""
    found = recommend("create a case", library, memory_org, top=50)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)
    keys = [each.key for each in found]
    assert keys.index("case_create") < keys.index("derived.case.create")
    assert {each.source for each in found} == {"curated", "derived"}


def test_the_order_of_files_does_not_matter(library: Any, memory_org: Any) -> None:
    """A library read the other way round recommends the same."""
    turned = replace(library, entries=tuple(reversed(library.entries)))
    goal = "close the deal"
    assert recommend(goal, turned, memory_org) == recommend(goal, library, memory_org)


@pytest.mark.parametrize("goal", ["misleading our stockholders", "leading the way", "bonjour"])
def test_substrings_recommend_nothing(goal: str, library: Any, memory_org: Any) -> None:
    """A word inside another word is no match."""
    assert recommend(goal, library, memory_org) == ()


@pytest.mark.parametrize("top", [0, 1, 3])
def test_top_limits_the_answer(top: int, library: Any, memory_org: Any) -> None:
    """No more than ``top`` come back, and none for 0."""
    assert len(recommend("create a case", library, memory_org, top=top)) == top


def test_an_unreadable_goal_is_refused(library: Any, memory_org: Any) -> None:
    """A goal with hidden characters is an error, as it is for the planner."""
    with pytest.raises(PlanningError) as refused:
        recommend("close\x00", library, memory_org)
    assert refused.value.error_code == "goal_unreadable"
