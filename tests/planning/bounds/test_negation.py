"""What a goal says not to do: it is taken out, understood, and held against every action."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from actwright.planning.bounds.negation import parted
from actwright.planning.words.text import tokenize

WON = ("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"})
OBEYED: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("close Acme Renewal as won but do not touch the amount", [WON]),
    ("close Acme Renewal as won, don't create a task", [WON]),
    ("close Acme Renewal as won without creating a task", [WON]),
    ("close Acme Renewal as won and don't delete anything", [WON]),
    ("don't create a task, close Acme Renewal as won", [WON]),
    ("Do not touch the amount. Close Acme Renewal as won.", [WON]),
    ("close Acme Renewal as won, but please leave the owner alone", [WON]),
    ("close Acme Renewal as won but keep the amount and the next step as they are", [WON]),
    ("close Acme Renewal as won but don't touch Globex Pilot", [WON]),
    ("close Acme Renewal as won, not Globex Pilot", [WON]),
    (
        'set the next step of Globex Pilot to "Call" but leave the close date as it is',
        [("SetOpportunityNextStep", {"Id": "Opportunity: Globex Pilot", "NextStep": "Call"})],
    ),
    (
        'set the next step of Globex Pilot to "Call" without changing the owner or the amount',
        [("SetOpportunityNextStep", {"Id": "Opportunity: Globex Pilot", "NextStep": "Call"})],
    ),
    (
        "set the amount of Globex Pilot to 40k, not 45k",
        [("UpdateOpportunityAmount", {"Id": "Opportunity: Globex Pilot", "Amount": 40_000})],
    ),
    (
        "close Acme Renewal as won without creating a task and set the next step to X",
        [WON, ("SetOpportunityNextStep", {"Id": "Opportunity: Acme Renewal", "NextStep": "X"})],
    ),
    (
        "create a case for Acme: do not restart the server",
        [("CreateCase", {"Subject": "do not restart the server", "AccountId": "Account: Acme"})],
    ),
]


@pytest.mark.parametrize(("goal", "expected"), OBEYED, ids=[each[0][:60] for each in OBEYED])
def test_what_is_forbidden_is_not_planned(
    goal: str, expected: list[tuple[str, dict[str, Any]]], plans: Any, spell: Any
) -> None:
    """The positive part is planned as if it stood alone; a text to write down may say ``do not``."""
    outcome = plans(goal)
    assert spell(outcome) == expected
    assert outcome.questions == ()


CONTRADICTIONS = [
    ("set the amount of Globex Pilot to 5 but do not touch the amount", "do not touch the amount"),
    ("assign Acme Renewal to Bob without changing the owner", "without changing the owner"),
    ("assign Acme Renewal to Bob, but don't reassign it", "don't reassign it"),
    ("create a task for Acme: x, and set its priority to high, but don't create a task", ""),
    ("close Acme Renewal as won. Create a task for it: x. Do not create a task.", ""),
    ("delete the lead Jane Doe but don't delete anything", "don't delete anything"),
    ("close case 00001001 but leave the status as it is", "leave the status as it is"),
    ("escalate case 00001003 but don't change the priority", "don't change the priority"),
    ("set the amount of Globex Pilot to 40k, not 40k", "not 40k"),
    ("close Acme Renewal as won but don't close it", "don't close it"),
    ("set the amount of all open opportunities of Acme to 5 but keep the amount as it is", ""),
]


@pytest.mark.parametrize(
    ("goal", "words"), CONTRADICTIONS, ids=[each[0][:60] for each in CONTRADICTIONS]
)
def test_a_goal_against_itself_is_refused(goal: str, words: str, plans: Any) -> None:
    """What is asked for and forbidden is refused, with both parts named."""
    outcome = plans(goal)
    if outcome.refusal is not None and outcome.refusal.code == "part_not_understood":
        assert not words
        return
    assert outcome.refusal.code == "contradiction"
    assert words in outcome.refusal.message
    assert "asks for" in outcome.refusal.message


REFUSED = [
    ("Do not close the Acme Renewal", "negated"),
    ("don't create a task and don't touch the amount", "negated"),
    ("don't forget not to close the Acme Renewal as won", "negated"),
    ("close Acme Renewal as won but don't frobnicate the wibble", "part_not_understood"),
    ("close Acme Renewal as won but not today", "part_not_understood"),
    ("close Acme Renewal as won without asking Bob", "part_not_understood"),
    ("close Acme Renewal as won. Do not touch the amount and create a task for it: x", "part_not_understood"),
    ("close Acme Renewal as won but don't touch", "part_not_understood"),
    ("close all open cases but not the case of Acme", "rows_unclear"),
    ("close all open cases, not 00001001", "rows_unclear"),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "code"), REFUSED, ids=[each[0][:60] for each in REFUSED])
def test_a_negation_that_is_not_clear_ends_the_planning(goal: str, code: str, plans: Any) -> None:
    """A goal that only forbids, a negation nobody understands, or one that would pick rows: nothing is planned."""
    outcome = plans(goal)
    assert (outcome.plan, outcome.refusal.code) == (None, code)


def test_a_default_gives_way_to_the_goal(plans: Any, memory_org: Any) -> None:
    """A value that only a blueprint's default would write is left out where the goal forbids the field."""
    forbidden = "close case 00001001 but don't change the reason"
    assert "Reason" not in plans(forbidden).plan.actions[0].arguments
    assert memory_org.rows


PARTS = st.sampled_from(
    [
        "do not touch the amount",
        "without creating a task",
        "but leave the owner as it is",
        "close Acme Renewal as won",
        "and set the amount to 5",
        "don't forget to call Bob",
        "keep it",
        '"do not quote me"',
        ",",
        ".",
        ": don't panic",
        "not 45k",
        "never",
        "without",
    ]
)


@examples(150)
@given(parts=st.lists(PARTS, max_size=6))
def test_nothing_of_a_goal_is_lost_between_its_parts(parts: list[str], plans: Any) -> None:
    """Every token is asked for, forbidden, or leads up to what is forbidden; and every goal has an outcome."""
    goal = " ".join(parts)
    tokens = tokenize(goal)
    found = parted(goal, tokens)
    forbidden = [each for negation in found.negations for each in negation.tokens]
    assert [each for each in found.tokens if each in forbidden] == []
    said = " ".join(
        [goal[each.start : each.end] for each in found.tokens] + [n.words for n in found.negations]
    )
    lost = [each.key for each in tokens if each.text not in said]
    assert set(lost) <= {"but", "and", ",", "please", "just", "also", "so", "though", "only"}
    outcome = plans(goal)
    assert (outcome.plan is None) == (outcome.refusal is not None)
