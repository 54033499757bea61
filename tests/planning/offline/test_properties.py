"""What holds for any goal whatever."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from actwright.blueprints.argument import ValueArgument
from actwright.planning.planner import PlanningOutcome
from actwright.planning.words.amounts import number
from actwright.planning.words.dates import date_at
from actwright.planning.words.text import camel_words, pieces, stem, tokenize

TODAY = date(2026, 11, 21)
_EMPTYING = {stem(each) for each in ("clear", "delete", "remove")}
WORDS = [
    "close",
    "create",
    "clear",
    "log",
    "call",
    "remind",
    "me",
    "we",
    "won",
    "reopen",
    "from",
    "-500",
    "change",
    "set",
    "move",
    "mark",
    "rename",
    "delete",
    "assign",
    "escalate",
    "qualify",
    "book",
    "add",
    "the",
    "a",
    "an",
    "of",
    "to",
    "as",
    "for",
    "on",
    "with",
    "at",
    "by",
    "and",
    "then",
    "it",
    "its",
    "that",
    "Acme",
    "Renewal",
    "Globex",
    "Pilot",
    "Jane",
    "Doe",
    "John",
    "Smith",
    "amount",
    "stage",
    "priority",
    "phone",
    "owner",
    "close",
    "date",
    "won",
    "lost",
    "high",
    "low",
    "task",
    "case",
    "lead",
    "contact",
    "account",
    "opportunity",
    "deal",
    "follow-up",
    "call",
    "99000",
    "45k",
    "00001001",
    "tomorrow",
    "next",
    "Tuesday",
    "2026-12-31",
    "in",
    "Prospecting",
    "because",
    "price",
    ",",
    ":",
    ".",
    ";",
    "?",
    "!",
    '"Big',
    "'quoted'",
    "006000000000001AAA",
    "not",
    "all",
    "tier",
    "2",
    "Billing",
]
CLAUSES = (
    "close {record} as {state}",
    "change the {field} of {record} to {value}",
    "set {record}'s {field} to {value}",
    "move {record} to {state}",
    "mark {record} as {state}",
    "update {record}: {field} {value}",
    "create a task for {record}: {value}, due {date}",
    "create a follow-up task for {date}",
    "create a case for {record}: {value}, high priority",
    "create the account {value}",
    "add a contact {value} to it",
    "create an opportunity {value} for {record} worth 45k closing {date} in {state}",
    "rename {record} to {value}",
    "assign {record} to Bob",
    "delete {record}",
    "clear the {field} of {record}",
    "close {record} as {state} with {field} {value}",
    "set the {field} of {record} from {value} to {value}",
    "set {record} {field} to {value} and {record} {field} to {value}",
    "mark {record} {state}",
    "call {record} {date}",
    "remind me to call {record} {date}",
    "log a call with {record}",
    "new lead: {value}, {value}",
    "move {record} to {record}",
)
FILLINGS = {
    "record": ("Acme Renewal", "the Globex Pilot", "Jane Doe", "case 00001001", "Acme", "it", "Nobody"),
    "field": ("amount", "stage", "close date", "phone", "priority", "next step", "owner", "email"),
    "value": ("99000", "$1.5m", "Hooli", '"Big One"', "Richard Hendricks", "High", "a@b.example", "+1 212 555 0100"),
    "state": ("won", "lost", "qualified", "Negotiation/Review", "Closed", "Prospecting", "moon"),
    "date": ("tomorrow", "next Tuesday", "2026-12-31", "in 3 days", "Dec 15th", "soon"),
}  # fmt: skip
CLAUSE = st.builds(
    lambda form, **words: form.format(**words),
    st.sampled_from(CLAUSES),
    **{name: st.sampled_from(each) for name, each in FILLINGS.items()},
)
SPOKEN = st.lists(CLAUSE, min_size=1, max_size=3).map(" and ".join)
GOALS = SPOKEN | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
DATA = st.dictionaries(
    st.sampled_from(["amount", "Id", "a1.Id", "a2.Subject", "StageName", "x", "a1", "", "$a"])
    | st.text(max_size=6),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    max_size=3,
)


@examples(150)
@given(goal=st.text(max_size=300) | GOALS, data=DATA)
def test_any_goal_and_data_have_an_outcome(goal: str, data: dict[str, Any], plans: Any) -> None:
    """No text and no data make the planner raise: it plans, asks, or refuses."""
    outcome = plans(goal, data)
    assert (outcome.plan is None) == (outcome.refusal is not None)


@examples(150)
@given(
    goal=GOALS, key=st.sampled_from(["oppty_closed_won", "task_create", "case_escalate", "nope"])
)
def test_any_goal_has_an_outcome_with_a_chosen_blueprint(goal: str, key: str, plans: Any) -> None:
    """A chosen blueprint is the only one in the plan, whatever the goal says."""
    outcome = plans(goal, blueprint=key)
    assert (outcome.plan is None) == (outcome.refusal is not None)


@examples(150)
@given(goal=GOALS)
def test_the_same_goal_has_the_same_outcome(goal: str, plans: Any) -> None:
    """Planning is deterministic, to the last byte."""
    first: PlanningOutcome = plans(goal)
    assert plans(goal).model_dump_json() == first.model_dump_json()


@examples(150)
@given(goal=GOALS)
def test_values_from_the_goal_stand_in_the_goal(goal: str, plans: Any) -> None:
    """A value with provenance goal occurs in the goal, in one of its normal forms."""
    outcome: PlanningOutcome = plans(goal)
    for action in outcome.plan.actions if outcome.plan else ():
        for argument in action.arguments.values():
            if isinstance(argument, ValueArgument) and argument.provenance == "goal":
                if argument.value is None:
                    assert stem(pieces(argument.source or "")[0]) in _EMPTYING
                    continue
                assert _occurs(argument.value, argument.source or "", goal), argument


@examples(150)
@given(goal=GOALS)
def test_open_inputs_have_no_argument(goal: str, plans: Any) -> None:
    """An input is either filled or asked about, and every required one is one of the two."""
    outcome: PlanningOutcome = plans(goal)
    if outcome.plan is None:
        return
    asked = {each.id for each in outcome.questions}
    for action in outcome.plan.actions:
        filled = {f"{action.id}.{name}" for name in action.arguments}
        assert not asked & filled
        for each in action.blueprint.inputs:
            name = f"{action.id}.{each.api_name}"
            shared = action.id.endswith("b") and f"{action.id[:-1]}.Id" in asked
            assert not each.required or name in filled | asked or shared


def _occurs(value: object, source: str, goal: str) -> bool:
    if value == "Completed" and source.casefold() in {"log", "close"}:
        return source.casefold() in goal.casefold()
    words = {stem(each) for each in pieces(goal)}
    if not {stem(each) for each in pieces(source)} <= words:
        return False
    if value is True or re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        tokens = tokenize(source)
        dated = date_at(tokens, 0, TODAY)
        return value is True or (dated is not None and dated.day.isoformat() == value)
    if isinstance(value, int | float):
        return number(source) == Decimal(str(value))
    spoken = words | {stem(each) for word in source.split() for each in camel_words(word)}
    found = {stem(each) for each in pieces(str(value))}
    return found <= spoken or bool(found & spoken)


@pytest.mark.parametrize(
    "goal",
    [
        "close " * 300,
        "mark Acme " * 190,
        "set Acme amount to 5 and " * 70,
        "call Acme and " * 120,
        "and " * 400,
        '"' * 1999,
        "a.b@" * 400,
        "1," * 900,
    ],
)
def test_repetition_stays_quick(goal: str, plans: Any) -> None:
    """A goal made to be slow is answered all the same, within the test's own time limit."""
    assert plans(goal).plan is None
