"""Hints: each fits what was refused, and every goal they show is understood."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.planning.offline.hints import CHANGE_EXAMPLES, NEW_EXAMPLES, OTHER_EXAMPLE

EXAMPLES = [*NEW_EXAMPLES.values(), *CHANGE_EXAMPLES.values(), OTHER_EXAMPLE]


@pytest.mark.parametrize("goal", EXAMPLES)
def test_every_example_is_understood(goal: str, plans: Any) -> None:
    """A goal that a hint shows is planned, or at most asks for the record it names."""
    outcome = plans(goal)
    assert outcome.refusal is None
    assert {each.id for each in outcome.questions} <= {"a1.Id"}


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("set up a meeting with Rosa Klein", "schedule a meeting with"),
        ("schedule a meeting there with Rosa", "schedule a meeting with"),
        ("create a task: bread, high priority, milk", "create a task for Alice"),
        ("change the colour of the lead Jane Doe to 5", "assign the lead"),
        ("change the colour of case 00001001 to 5", "close case 00001001"),
        ("merge accounts Acme and Globex", "'merge' is nothing that can be planned"),
        ("convert the lead Jane Doe", "'convert' is nothing that can be planned"),
        ("rename Globex Pilot to X if Bob agrees", "No condition and no exception"),
        (
            "set the next step of all Bob's opportunities to 'call' except Initech Upgrade",
            "right behind the records",
        ),
    ],
)
def test_a_hint_is_about_what_was_said(goal: str, wanted: str, plans: Any) -> None:
    """The object, the verb and a condition each have a hint of their own."""
    assert wanted in plans(goal).refusal.hint


@pytest.mark.parametrize(
    "goal", ["change the budget of Globex Pilot to 5", "schedule a meeting there with Rosa"]
)
def test_no_word_is_corrected_into_a_far_one(goal: str, plans: Any) -> None:
    """``budget`` is no slip for ``budgeted``, and ``there`` none for ``other``."""
    assert "Did you mean" not in plans(goal).refusal.hint


def test_an_unknown_key_near_none_lists_none(plans: Any) -> None:
    """Keys that have nothing in common with what was typed help nobody."""
    hint = plans("close it", blueprint="nope").refusal.hint
    assert hint == "`actwright blueprints list` shows all keys."


def test_a_key_with_its_words_turned_round_comes_near(plans: Any) -> None:
    """Words count before letters, whatever their order."""
    hint = plans("close it", blueprint="close_opportunity").refusal.hint
    assert "opportunity_close_lost" in hint
