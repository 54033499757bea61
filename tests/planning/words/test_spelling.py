"""Misspelt goals: read where exactly one known word is near, said as an assumption, and never in a name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.words.lexicon import ORDINARY, VERBS
from actwright.planning.words.spelling import distance, near_words, respellings, respelt
from actwright.planning.words.text import tokenize

READ: list[tuple[str, str, str]] = [
    ("chnage the amount of Globex Pilot to 5", "change the amount of Globex Pilot to 5", "read 'chnage' as change"),
    ("change the amuont of Globex Pilot to 5", "change the amount of Globex Pilot to 5", "read 'amuont' as amount"),
    ("set Globex Pilot amuont to 5", "set Globex Pilot amount to 5", "read 'amuont' as amount"),
    ("close the oportunity Acme Renewal as won", "close the opportunity Acme Renewal as won", "read 'oportunity' as opportunity"),
    ("escalte case 00001002", "escalate case 00001002", "read 'escalte' as escalate"),
    ("set the prioritty of case 00001001 to high", "set the priority of case 00001001 to high", "read 'prioritty' as priority"),
    ("asign Acme Renewal to Bob", "assign Acme Renewal to Bob", "read 'asign' as assign"),
    ("Chnage the amuont of Globex Pilot to 5", "Change the amount of Globex Pilot to 5", "read 'Chnage' as change"),
    ("reanme Globex Pilot to Globex Rollout", "rename Globex Pilot to Globex Rollout", "read 'reanme' as rename"),
    ("set the priority of case 00001001 to hgih", "set the priority of case 00001001 to high", "read 'hgih' as the Priority High"),
    ("mark lead Jane Doe as qualifed", "mark lead Jane Doe as qualified", "read 'qualifed' as the Status Qualified"),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "right", "note"), READ, ids=[each[0][:50] for each in READ])
def test_a_misspelt_goal_is_read_as_the_right_one(
    goal: str, right: str, note: str, plans: Any, spell: Any
) -> None:
    """The plan is that of the goal without the slip, says what was read, and is less sure."""
    outcome, meant = plans(goal), plans(right)
    assert spell(outcome) == spell(meant)
    assert outcome.questions == ()
    assert note in outcome.plan.assumptions
    assert outcome.plan.confidence < meant.plan.confidence


@pytest.mark.parametrize(
    "goal",
    [
        "clone Acme Renewal as won",
        "close the window",
        "fire John Smith",
        "misleading our stockholders",
        "Alice closed the Acme Renewal as won",
        "'chnage' the amount of Globex Pilot to 5",
        "chnage teh amuont fo Globxe Piolt ot fvie",
        "dleete everything",
    ],
)
def test_another_word_is_not_read_as_a_slip(goal: str, plans: Any) -> None:
    """English words, forms of words, quoted words and heaps of slips are refused, never guessed."""
    assert plans(goal).plan is None


def test_a_slip_in_a_name_leads_to_the_names_that_are_near(plans: Any) -> None:
    """Names of records are asked about as before, with candidates."""
    (question,) = plans("close the Acme Renewall as won").questions
    assert question.reason == "not_found"
    assert question.candidates[0].label == "Acme Renewal (Opportunity, Acme)"


def test_texts_stay_as_they_were_written(plans: Any, spell: Any) -> None:
    """Only the word that keeps a goal from being read is put right; what is written down is not."""
    ((_, arguments),) = spell(plans("creat a task for Acme Renewal: chagne the teir"))
    assert arguments["Subject"] == "chagne the teir"


def test_sources_are_the_goals_own_words(plans: Any) -> None:
    """The source of a value shows what was written, not what was read."""
    plan = plans("escalte case 00001002").plan
    sources = [getattr(each, "source", "") for each in plan.actions[0].arguments.values()]
    assert "escalte" in " ".join(filter(None, sources))


def test_three_slips_are_asked_about(plans: Any) -> None:
    """A goal with so many slips that the confidence is low becomes a question in one word."""
    outcome = plans("chnage the amuont of the oportunity Globex Pilot to 5")
    assert [each.id for each in outcome.questions] == ["a1.blueprint"]
    answered = plans(
        "chnage the amuont of the oportunity Globex Pilot to 5",
        {"a1.blueprint": outcome.questions[0].candidates[0].value},
    )
    assert answered.questions == ()
    assert answered.plan.actions[0].arguments["Amount"].value == 5


@pytest.mark.parametrize("goal", ["delte the lead Jane Doe", "delet case 00001001"])
def test_nothing_is_deleted_by_a_slip(goal: str, plans: Any) -> None:
    """A deletion whose goal was misspelt is asked about first, and done once it is confirmed."""
    outcome = plans(goal)
    assert [each.id for each in outcome.questions] == ["a1.blueprint"]
    key = outcome.questions[0].candidates[0].value
    answered = plans(goal, {"a1.blueprint": key})
    assert answered.questions == ()
    assert answered.plan.actions[0].blueprint.operation == "DELETE"


WORDS = st.text("abcdefghij", min_size=0, max_size=9)


@given(WORDS, WORDS)
def test_the_distance_is_a_distance(first: str, second: str) -> None:
    """It is symmetric, zero for equals only, and never more than one over what is asked for."""
    for most in (1, 2):
        far = distance(first, second, most)
        assert far == distance(second, first, most)
        assert (far == 0) == (first == second)
        assert 0 <= far <= most + 1


@given(st.sampled_from(sorted(VERBS)), st.data())
def test_one_slip_of_any_kind_is_a_distance_of_one(word: str, data: Any) -> None:
    """A letter left out, doubled, or swapped with the next one is one slip."""
    at = data.draw(st.integers(0, len(word) - 1))
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for slip in (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], swapped):
        assert distance(word, slip, 1) <= 1


@pytest.mark.parametrize("word", sorted(ORDINARY))
def test_english_words_are_left_alone(word: str) -> None:
    """No word of English that means something else is read as a verb."""
    assert list(respellings(tokenize(f"{word} Acme Renewal"), ())) == []


def test_short_words_have_nothing_near() -> None:
    """A word of three letters is too short to be a slip."""
    assert near_words("teh", {"the", "tech"}) == ()


def test_two_near_words_are_no_reading() -> None:
    """Where two known words are near, neither is read."""
    assert list(respellings(tokenize("please xarkx Acme"), {"marks", "parkx", "xarky"})) == []


def test_a_respelt_token_keeps_what_was_written() -> None:
    """The token is compared as the known word, and shows the written one."""
    tokens = tokenize("chnage it")
    ((slip,),) = respellings(tokens, ())
    (token, _) = respelt(tokens, (slip,))
    assert (token.key, token.written, token.parts) == ("change", "chnage", ("change",))
