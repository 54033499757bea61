"""Actions of one goal that clash are refused, and a clause of very many words is read in no time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from actwright.planning.words.spelling import near_words

CONTRADICTORY = [
    "close Acme Renewal as won and move it to Prospecting",
    "assign Acme Renewal to Bob and assign it to Carol",
    "set the priority of all cases of Acme to high and set the priority of all cases of Acme to low",
]
DELETING = [
    "create a case for Acme: printer broken; delete the account Globex",
    "set the next step of Acme Renewal to call John. Delete the lead Jane Doe.",
    "log a call with John Smith: he is angry. Close the Acme Renewal as lost. Delete the lead Jane Doe.",
]


@pytest.mark.parametrize("goal", CONTRADICTORY)
def test_two_values_for_one_field_of_one_record_are_a_contradiction(goal: str, plans: Any) -> None:
    """Neither of the two wins."""
    assert plans(goal).refusal.code == "contradiction"


@pytest.mark.parametrize("goal", DELETING)
def test_a_deletion_behind_an_open_text_is_refused(goal: str, plans: Any) -> None:
    """Nobody can tell where a text without quotes ends, and a deletion is the worst to guess."""
    assert plans(goal).refusal.code == "part_not_understood"


def test_a_default_contradicts_nothing(plans: Any, spell: Any) -> None:
    """What only the blueprint says gives way to what the goal says of the same field."""
    outcome = plans("escalate case 00001003 and set its priority to low")
    assert outcome.refusal is None
    assert [name for name, _ in spell(outcome)] == ["EscalateCase", "SetCasePriority"]


@pytest.mark.parametrize("word", ["unescalated", "uncompleted", "unactive"])
def test_an_opposite_is_no_slip(word: str) -> None:
    """A word behind a beginning that turns it round is never read as the word itself."""
    assert near_words(word, {"escalated", "completed", "active"}) == ()


@pytest.mark.parametrize("goal", ["set " + "to " * 640, "close all " + "the " * 490 + "cases"])
def test_long_goals_take_no_time(goal: str, plans: Any) -> None:
    """Planning stays far below a second for what the longest goals can hold."""
    plans("close Acme Renewal as won")
    start = time.process_time()
    assert plans(goal).plan is None
    assert time.process_time() - start < 2
