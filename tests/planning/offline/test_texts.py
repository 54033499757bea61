"""Free texts: where one ends, what a list behind it says, and the words that no text swallows."""

from __future__ import annotations

from typing import Any

import pytest

QUOTED = [
    'rename Globex Pilot to "Globex Rollout" but keep the amount',
    "set the next step of Globex Pilot to 'send quote' and not the amount",
    "set the next step of all Bob's opportunities to 'call back' except Initech Upgrade",
    "set the next step of all Bob's opportunities to 'call back' but not Initech Upgrade",
    'set the description of every case of Acme to "waiting" unless it is closed',
    'update the next step of Globex Pilot: "call Anna", and of Acme Expansion: "call John"',
    'create a task: "Demo" preparation',
]
OPEN = [
    "set the next step of Globex Pilot to call back but only if it is open",
    "set Globex Pilot's next step to call back unless Bob did",
    "rename Globex Pilot to Globex Rollout if Bob agrees",
    "update the next step of Globex Pilot: call Anna, and of Acme Expansion: call John",
    "mark Acme Renewal as lost because of price, but keep the amount",
    "set the next step of all Bob's opportunities to call back except Initech Upgrade",
    "create a task to buy milk, but only if Bob agrees",
    "create a task to send the quote unless Bob did",
]
LISTED = [
    (
        "create a task: prepare demo, high priority, due Friday, for Alice",
        {
            "Subject": "prepare demo",
            "Priority": "High",
            "ActivityDate": "2026-11-27",
            "OwnerId": "User: Alice Archer",
        },
    ),
    (
        "create a case for Contoso: cannot log in, low priority, assigned to Carol",
        {
            "Subject": "cannot log in",
            "Priority": "Low",
            "OwnerId": "User: Carol Chen",
            "AccountId": "Account: Contoso",
        },
    ),
    (
        "create a case: cannot log in, low priority, for Contoso",
        {"Subject": "cannot log in", "Priority": "Low", "AccountId": "Account: Contoso"},
    ),
    (
        "create a task: review contract, in progress, assigned to Bob",
        {"Subject": "review contract", "Status": "In Progress", "OwnerId": "User: Bob Baxter"},
    ),
    ("create a task: bread, butter, milk", {"Subject": "bread, butter, milk"}),
    (
        "create a task: call Anna, for the meeting",
        {"Subject": "call Anna, for the meeting"},
    ),
    (
        'create a task: "prepare demo, high priority", for Alice',
        {"Subject": "prepare demo, high priority", "OwnerId": "User: Alice Archer"},
    ),
]
HALF_READ = [
    ("create a task: bread, high priority, milk", "milk"),
    ("create a case for Contoso: login fails, low priority, colour red", "colour red"),
    ("create a task: call Anna, assigned to Bob, assigned to Carol", "assigned"),
]


@pytest.mark.parametrize("goal", QUOTED)
def test_a_quoted_text_ends_at_its_quote(goal: str, plans: Any) -> None:
    """What stands behind the quote is read or refused, and never becomes a part of the text."""
    assert plans(goal).refusal.code == "part_not_understood"


@pytest.mark.parametrize("goal", OPEN)
def test_a_text_without_quotes_swallows_no_condition(goal: str, plans: Any) -> None:
    """Conditions, exceptions and further records end a text without quotes, and the goal is refused."""
    assert plans(goal).refusal.code == "part_not_understood"


def test_words_of_a_condition_may_stand_in_quotes(plans: Any, spell: Any) -> None:
    """In quotes they are a part of the text, and what follows is read as usual."""
    goal = 'set the next step of Globex Pilot to "call, but only if open" and the amount to 5'
    ((_, arguments),) = spell(plans(goal))
    assert arguments["NextStep"] == "call, but only if open"
    assert arguments["Amount"] == 5


def test_a_reason_ends_where_another_value_begins(plans: Any, spell: Any) -> None:
    """Behind the quoted reason the amount is a change of its own."""
    goal = 'close the Acme Renewal as lost because "too expensive" and the amount to 5'
    found = {
        name: value for _, arguments in spell(plans(goal)) for name, value in arguments.items()
    }
    assert (found["Description"], found["Amount"]) == ("too expensive", 5)


@pytest.mark.parametrize(("goal", "expected"), LISTED)
def test_a_list_on_a_new_record_is_read(
    goal: str, expected: dict[str, object], plans: Any, spell: Any
) -> None:
    """Values, the owner and what it belongs to are read in any order; a list of other things stays a text."""
    ((_, arguments),) = spell(plans(goal))
    assert arguments == expected


@pytest.mark.parametrize(("goal", "words"), HALF_READ)
def test_a_list_is_read_to_its_end_or_not_at_all(goal: str, words: str, plans: Any) -> None:
    """One item that says a value ends the text; an item behind it that says nothing is refused."""
    refusal = plans(goal).refusal
    assert refusal.code == "part_not_understood"
    assert repr(words) in refusal.message


@pytest.mark.parametrize("word", ["nothing", "empty", "blank", "none"])
def test_setting_a_field_to_nothing_empties_it(word: str, plans: Any, spell: Any) -> None:
    """The word itself is written only where it stands in quotes."""
    ((_, arguments),) = spell(plans(f"set the next step of Globex Pilot to {word}"))
    assert arguments == {"Id": "Opportunity: Globex Pilot", "NextStep": None}
    ((_, quoted),) = spell(plans(f'set the next step of Globex Pilot to "{word}"'))
    assert quoted["NextStep"] == word


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("set the stage of Globex Pilot to nothing", "a1.StageName"),
        ("set the owner of Globex Pilot to nothing", "a1.OwnerId"),
    ],
)
def test_what_cannot_be_empty_is_asked(goal: str, wanted: str, plans: Any) -> None:
    """A field that always holds something is not emptied."""
    (question,) = plans(goal).questions
    assert (question.id, question.reason) == (wanted, "unclear")
    assert "cannot be empty" in question.text


@pytest.mark.parametrize("share", ["750 %", "101", "-5"])
def test_a_share_beyond_the_whole_is_asked(share: str, plans: Any) -> None:
    """A probability is between 0 and 100 percent."""
    (question,) = plans(f"set the probability of Globex Pilot to {share}").questions
    assert (question.id, question.reason) == ("a1.Probability", "unclear")


@pytest.mark.parametrize("share", ["0", "75 %", "100"])
def test_a_share_up_to_the_whole_is_written(share: str, plans: Any, spell: Any) -> None:
    """Both ends count."""
    ((_, arguments),) = spell(plans(f"set the probability of Globex Pilot to {share}"))
    assert arguments["Probability"] == int(share.removesuffix(" %"))


JUST_PAST = [
    ("set the close date of Globex Pilot to Nov 18", "a1.CloseDate"),
    ("set the close date of Globex Pilot to the first Monday of November", "a1.CloseDate"),
    ("create a task to call Bob on Nov 18", "a1.ActivityDate"),
    ("create a task to call Bob due 2 November", "a1.ActivityDate"),
    ("log a call with Jane Doe on Nov 18", "a1.ActivityDate"),
    ("schedule a meeting with John Smith on Nov 18 at 3pm", "a1.StartDateTime"),
    ("change the close date of all deals of Acme to end of October", "a1.CloseDate"),
]


@pytest.mark.parametrize(("goal", "wanted"), JUST_PAST)
def test_a_day_that_has_just_gone_by_asks_for_its_year(goal: str, wanted: str, plans: Any) -> None:
    """Without its year it could be the last one or the next one, and nobody moves it a year ahead."""
    (question,) = plans(goal).questions
    assert (question.id, question.reason) == (wanted, "unclear")
    assert "just gone by" in question.text


@pytest.mark.parametrize(
    ("said", "day"),
    [("January 3", "2027-01-03"), ("Nov 25", "2026-11-25"), ("Nov 18 2026", "2026-11-18")],
)
def test_another_day_without_its_year_is_the_next_one(
    said: str, day: str, plans: Any, spell: Any
) -> None:
    """A day long gone by, one to come, and one with its year leave no doubt."""
    ((_, arguments),) = spell(plans(f"set the close date of Globex Pilot to {said}"))
    assert arguments["CloseDate"] == day


def test_unassigned_says_that_queues_are_taken_too(plans: Any) -> None:
    """Every record has an owner, so the plan tells what was made of the word."""
    notes = " ".join(plans("assign all unassigned cases to Carol").plan.assumptions)
    assert "those in a queue are taken too" in notes
