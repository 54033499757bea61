"""Planning with one blueprint the caller chose."""

from __future__ import annotations

from typing import Any

import pytest

WON = ("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal"})


@pytest.mark.parametrize(
    "key", ["oppty_closed_won", "UpdateOpportunityStage", "opportunity_closed_won"]
)
def test_key_name_and_alias_choose_the_blueprint(key: str, plans: Any, spell: Any) -> None:
    """The blueprint is found under each of its words; the goal's words are its arguments."""
    outcome = plans("Acme Renewal", blueprint=key)
    assert spell(outcome) == [WON]
    assert outcome.plan.planner.kind == "curated"


@pytest.mark.parametrize("goal", ["", "Do it", "Close opportunity as won"])
def test_data_alone_fills_the_blueprint(goal: str, plans: Any, spell: Any) -> None:
    """A goal without arguments of its own leaves them to the data."""
    outcome = plans(goal, {"Id": "Acme Renewal"}, "oppty_closed_won")
    assert spell(outcome)[0][1]["Id"] == "Opportunity: Acme Renewal"
    assert outcome.questions == ()


def test_a_whole_goal_works_too(plans: Any, spell: Any) -> None:
    """A goal that would have led to the blueprint anyway gives the same arguments."""
    outcome = plans("Close the Acme Renewal as won", blueprint="oppty_closed_won")
    assert spell(outcome)[0][1] == {"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"}


def test_a_create_takes_the_name(plans: Any, spell: Any) -> None:
    """The words of the goal name the new record."""
    assert spell(plans("Hooli", blueprint="account_create")) == [
        ("CreateAccount", {"Name": "Hooli"})
    ]


def test_what_is_missing_is_asked(plans: Any) -> None:
    """A required input nobody filled becomes a question."""
    outcome = plans("", blueprint="oppty_closed_won")
    assert [each.id for each in outcome.questions] == ["a1.Id"]


def test_a_goal_for_something_else_is_refused(plans: Any) -> None:
    """Words the chosen blueprint cannot take are never dropped."""
    outcome = plans('create a task "X" for Acme Renewal', blueprint="oppty_closed_won")
    assert outcome.refusal.code == "part_not_understood"


def test_an_unknown_key_names_the_nearest(plans: Any) -> None:
    """A key the library does not hold is refused with the nearest keys."""
    refusal = plans("close it", blueprint="oppty_close_won").refusal
    assert refusal.code == "blueprint_unknown"
    assert "oppty_closed_won" in refusal.hint
