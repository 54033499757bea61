"""Objects that the goal names and the org does not show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.memory_org import FakeClock, MemoryOrg, demo_org

from actwright.planning.planner import PlanningRequest
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import tokenize


@dataclass
class Narrow(MemoryOrg):
    """An org in memory that shows one person less."""

    without: frozenset[str] = field(default_factory=frozenset)

    def objects(self) -> Any:
        """Return what the person may see."""
        return tuple(each for each in super().objects() if each.name not in self.without)


def narrow(*without: str) -> Narrow:
    """Return carol's org without some objects."""
    org = demo_org("carol")
    return Narrow(org.rows, org.schemas, org.user, without=frozenset(without))


@pytest.mark.parametrize(
    ("goal", "hidden", "said"),
    [
        ("delete the lead Priya Patel", "Lead", "You may not see leads"),
        ("close every deal of Acme as lost", "Opportunity", "You may not see opportunities"),
        ("close all opportunities of Acme as lost", "Opportunity", "You may not see opportunities"),
    ],
)
def test_an_object_that_is_not_shown_is_named(
    goal: str, hidden: str, said: str, planner: Any, library: Any
) -> None:
    """Who may not see what a goal is about is told so, and what to do about it."""
    outcome = planner.plan(PlanningRequest(goal, library, narrow(hidden), FakeClock()))
    assert outcome.refusal.code == "object_not_visible"
    assert outcome.refusal.message.startswith(said)
    assert "administrator" in outcome.refusal.hint


@pytest.mark.parametrize("words", ["close the Lead Acme", "'lead' x", "leading the way", "case 1"])
def test_only_plain_words_for_a_hidden_object_count(words: str) -> None:
    """A name, a quote and a longer word say nothing of an object; nor does one that is shown."""
    assert ObjectIndex(narrow("Lead").objects()).hidden(tokenize(words)) is None
