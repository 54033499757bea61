"""Confidence: a number made of named parts, and the question that stands where it is too low."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.plan import Candidate, Question
from actwright.planning.offline.meant import in_one_word
from actwright.planning.words.confidence import ASK_BELOW, SHARES, Confidence, Doubt, of_plan

DOUBTS: list[Doubt] = sorted(SHARES)


@given(st.lists(st.sampled_from(DOUBTS), max_size=9))
def test_every_doubt_takes_its_share(doubts: list[Doubt]) -> None:
    """The number is the product of what the doubts leave, in any order, and stays within [0, 1]."""
    found = Confidence(tuple(doubts)).value
    assert found == round(prod(sorted(SHARES[each] for each in doubts)), 2) or doubts
    assert 0 <= found <= 1
    for each in DOUBTS:
        assert Confidence((*doubts, each)).value <= found


def test_a_plan_is_as_sure_as_its_least_sure_action() -> None:
    """One doubtful action makes the plan doubtful; no action is no confidence."""
    assert of_plan([Confidence(), Confidence(("tie",)), Confidence(("derived",))]) == 0.5
    assert of_plan([]) == 0.0


def test_one_tie_is_asked_and_one_slip_is_not() -> None:
    """The threshold lies between a tie and any single other doubt."""
    assert Confidence(("tie",)).too_low
    assert all(SHARES[each] >= ASK_BELOW for each in DOUBTS if each != "tie")


@pytest.mark.parametrize(
    ("goal", "confidence"),
    [
        ("close the Acme Renewal as won", 1.0),
        ("set the probability of Acme Renewal to 20", 0.95),
        ("create account Acme", 0.85),
        ("create a task to call Nobody Known tomorrow", 0.85),
        ("close the oportunity Acme Renewal as won", 0.84),
        ("close the Acme Renewal as won and create account Acme", 0.85),
    ],
)
def test_a_plan_states_its_confidence(goal: str, confidence: float, plans: Any) -> None:
    """What was settled without asking lowers the number; a plain goal is certain."""
    assert plans(goal).plan.confidence == confidence


UNCLEAR = [
    ("close the Acme Renewal", {"oppty_closed_won", "opportunity_close_lost"}),
    ("mark Acme Renewal as closed", {"oppty_closed_won", "opportunity_close_lost"}),
    ("mark Acme Renewal closed", {"oppty_closed_won", "opportunity_close_lost"}),
]


@pytest.mark.parametrize(("goal", "keys"), UNCLEAR)
def test_two_blueprints_that_fit_equally_are_asked(goal: str, keys: set[str], plans: Any) -> None:
    """Won or lost: one question, the blueprints' labels as candidates, no action yet."""
    outcome = plans(goal)
    (question,) = outcome.questions
    assert (question.id, question.action_id, question.input) == ("a1.blueprint", "a1", "blueprint")
    assert question.reason == "unclear"
    assert {each.value for each in question.candidates} == {*keys, "none"}
    assert question.text.endswith("Answer with -d a1.blueprint=ONE-OF-THE-CANDIDATES.")
    assert outcome.plan.actions == ()
    assert outcome.plan.questions == outcome.questions
    assert outcome.plan.confidence < ASK_BELOW


@pytest.mark.parametrize(
    "goal", ["update Acme Renewal", "update the Acme Renewal deal", "update the Acme deal"]
)
def test_a_change_of_nothing_asks_what_to_change(goal: str, plans: Any) -> None:
    """A record without a change is offered every blueprint that changes such a record."""
    (question,) = plans(goal).questions
    assert question.id == "a1.blueprint"
    assert "opportunity_update_amount" in {each.value for each in question.candidates}


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        ("oppty_closed_won", "Closed Won"),
        ("opportunity_close_lost", "Closed Lost"),
        ("won", "Closed Won"),
        ("Lost", "Closed Lost"),
        ("UpdateOpportunityStage", "Closed Won"),
    ],
)
def test_one_word_answers_it(answer: str, stage: str, plans: Any) -> None:
    """A key, a name or one word of a label is the blueprint; its own value stands."""
    answered = plans("close the Acme Renewal", {"a1.blueprint": answer})
    assert answered.questions == ()
    (action,) = answered.plan.actions
    assert action.arguments["StageName"].value == stage
    assert answered.plan.data == {"a1.blueprint": answer} or stage


def test_the_answer_goes_to_its_own_action(plans: Any, spell: Any) -> None:
    """In a goal of two actions, the second one is asked about and answered by itself."""
    goal = "escalate case 00001002 and close the Acme Renewal"
    assert [each.id for each in plans(goal).questions] == ["a2.blueprint"]
    answered = plans(goal, {"a2.blueprint": "lost"})
    assert [name for name, _ in spell(answered)] == ["EscalateCase", "CloseOpportunityLost"]


def test_none_of_them_is_a_refusal(plans: Any) -> None:
    """Who means none of the offered blueprints gets no plan."""
    refusal = plans("close the Acme Renewal", {"a1.blueprint": "none"}).refusal
    assert refusal.code == "none_meant"


@pytest.mark.parametrize("answer", ["close", "nonsense", "", 7])
def test_an_answer_that_names_no_single_one_is_refused(answer: object, plans: Any) -> None:
    """A word that several labels hold, or none, is no answer."""
    refusal = plans("close the Acme Renewal", {"a1.blueprint": answer}).refusal
    assert refusal.code == "blueprint_unknown"
    assert "a1.blueprint" in refusal.message


def test_an_answer_for_an_action_that_is_not_there_is_refused(plans: Any) -> None:
    """Data for a second action of a goal with one finds no place."""
    refusal = plans("close the Acme Renewal as won", {"a2.blueprint": "case_close"}).refusal
    assert refusal.code == "data_unused"


def test_a_derived_blueprint_can_be_chosen(plans: Any, spell: Any) -> None:
    """The key of a derived blueprint is an answer too."""
    outcome = plans(
        "set the amount of Acme Renewal to 5", {"a1.blueprint": "derived.opportunity.update"}
    )
    assert spell(outcome) == [
        ("UpdateOpportunity", {"Id": "Opportunity: Acme Renewal", "Amount": 5})
    ]


def test_a_word_must_stand_in_one_label_only() -> None:
    """Whole words are compared, never parts of them."""
    candidates = (
        Candidate(value="x_won", label="Close as Won"),
        Candidate(value="x_lost", label="Close as Lost"),
    )
    question = Question(
        id="a1.blueprint",
        action_id="a1",
        input="blueprint",
        reason="unclear",
        text="?",
        candidates=candidates,
    )
    assert in_one_word(question, "WON") == "x_won"
    assert in_one_word(question, "close as lost") == "x_lost"
    assert in_one_word(question, "lo") is None
    assert in_one_word(question, "close") is None
