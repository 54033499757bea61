"""Conditions in words, as the question says them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import demo_schemas

from actwright.canonical import Json
from actwright.checkpoints.wording.row_words import rows_in_words
from actwright.org.identity import RunningUser
from actwright.org.query import Condition

DEAL = demo_schemas()["Opportunity"]
ALICE = RunningUser(
    id="005000000000001AAA", username="alice@demo", name="Alice Archer", zone="America/New_York"
)
BOB, ACME, HOOLI = "005000000000002AAA", "001000000000001AAA", "001000000000002AAA"
NAMES = {BOB: "Bob Baxter", ACME: "Acme", HOOLI: 'Hooli", won, "x'}


def words(field: str, operator: str, value: Json) -> str:
    """Return one condition in words."""
    condition = Condition.model_validate({"field": field, "operator": operator, "value": value})
    return rows_in_words(DEAL, (condition,), ALICE, NAMES)


@pytest.mark.parametrize(
    ("field", "operator", "value", "said"),
    [
        ("Account.Name", "=", "Contoso", "of Contoso"),
        ("IsClosed", "=", False, "open"),
        ("iswon", "!=", True, "not won"),
        ("Amount", ">=", 1000.5, "Amount at least 1,000.5"),
        ("Amount", "<", 20_000_000, "Amount below 20,000,000"),
        ("CloseDate", "<", "2026-08-23", "closing before 23 Aug 2026"),
        ("CloseDate", ">=", "2026-08-23", "closing from 23 Aug 2026"),
        ("NextStep", "=", None, "Next Step is empty"),
        ("Name", "LIKE", "A%", '"A%"'),
        ("StageName", "IN", ["A", "B"], "Stage is A or B"),
        (
            "StageName",
            "NOT IN",
            list("ABCDEFG"),
            "Stage is not A or B or C or D or E or 2 more",
        ),
    ],
)
def test_each_comparison_reads_as_people_say_it(
    field: str, operator: str, value: Json, said: str
) -> None:
    """Labels for fields, states and owners as people call them, days that are before or after."""
    assert words(field, operator, value).endswith(said)


@pytest.mark.parametrize(
    ("field", "operator", "value", "said"),
    [
        ("OwnerId", "=", ALICE.id, "owned by Alice Archer (you)"),
        ("OwnerId", "=", ALICE.id[:15], "owned by Alice Archer (you)"),
        ("OwnerId", "!=", BOB, "not owned by Bob Baxter"),
        ("OwnerId", "IN", [BOB, ALICE.id], "owned by Bob Baxter or Alice Archer (you)"),
        ("AccountId", "=", ACME, "of Acme"),
        ("AccountId", "IN", [ACME, HOOLI], r'of Acme or "Hooli\", won, \"x"'),
        ("AccountId", "=", "001000000000009AAA", "Account is 001000000000009AAA"),
        ("Id", "NOT IN", [ACME], 'without "Acme"'),
        ("Id", "NOT IN", [ACME, HOOLI], r'without "Acme" and "Hooli\", won, \"x"'),
        ("Id", "NOT IN", [ACME, "006000000000009AAA"], "2 left out one by one"),
    ],
)
def test_the_name_stands_for_an_id(field: str, operator: str, value: Json, said: str) -> None:
    """The person's own, and those that were read; without a name an id stands, and without all of them a count."""
    assert words(field, operator, value) == said


def test_nobody_else_is_told_to_be_the_person() -> None:
    """However they call themselves."""
    told = rows_in_words(
        DEAL, (Condition(field="OwnerId", value=BOB),), ALICE, {BOB: "Alice Archer (you)"}
    )
    assert "(you)" not in told


def test_many_left_out_hide_behind_no_few_names() -> None:
    """Conditions that together leave out more than three are all counted."""
    ids = tuple(f"006{place:012}AAA" for place in range(200))
    where = (
        Condition(field="Id", operator="NOT IN", value=ids),
        Condition(field="Id", operator="NOT IN", value=(ACME,)),
    )
    told = rows_in_words(DEAL, where, ALICE, NAMES)
    assert told == "200 left out one by one, 1 left out one by one"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-08-23T04:00:00Z", "created before 23 Aug 2026"),
        ("2026-08-23T00:00:00-04:00", "created before 23 Aug 2026"),
        ("2026-08-23T12:30:15Z", "created before 23 Aug 2026 08:30:15 (America/New_York)"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("last week\u202e", "last week\\u202e"),
    ],
)
def test_moments_are_said_as_the_persons_clock_shows_them(value: str, said: str) -> None:
    """Midnight is the day; what is no moment stays as it is."""
    assert words("CreatedDate", "<", value).replace('"', "").endswith(said)


def test_a_hidden_object_leaves_the_api_names() -> None:
    """Nobody knows its labels."""
    where = (Condition(field="Foo__c", value=1), Condition(field="Bar__c", operator="<", value=2))
    assert rows_in_words(None, where, ALICE) == "Foo__c is 1, Bar__c below 2"


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
def test_hostile_values_stay_on_one_bounded_line(values: list[str]) -> None:
    """Whatever a condition compares with, the words are one printable line."""
    where = tuple(Condition(field="Name", value=each) for each in values)
    text = rows_in_words(DEAL, where, ALICE)
    assert len(text) <= 600
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\n\r")


def test_conditions_that_do_not_fit_are_counted() -> None:
    """Nobody is left to think that what is shown is all of it."""
    long = (
        tuple(Condition(field="Name", operator="!=", value=f"{at}" * 40) for at in range(1, 10)) * 2
    )
    assert re.search(r", and \d+ more conditions$", rows_in_words(None, long, ALICE))


def test_a_value_cannot_end_its_quotes() -> None:
    """A value with a quotation mark in it stays one value."""
    sly = Condition(field="Name", value='Acme", Closed is yes, Name is "b')
    told = rows_in_words(None, (sly,), ALICE)
    assert told.endswith(r' "Acme\", Closed is yes, Name is \"b"')
    assert told.count('"') - told.count(r"\"") == 2
