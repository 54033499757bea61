"""Conditions in words, as planning, plans and previews say them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import demo_schemas

from actwright.canonical import Json
from actwright.org.condition_words import conditions_in_words
from actwright.org.query import Condition

DEAL, CASE = demo_schemas()["Opportunity"], demo_schemas()["Case"]
NEW_YORK = "America/New_York"


def condition(field: str, operator: str, value: Json) -> Condition:
    """Return one condition."""
    return Condition.model_validate({"field": field, "operator": operator, "value": value})


def test_a_condition_reads_as_people_say_it() -> None:
    """Whose they are, their state, then the rest, whatever order they were found in."""
    where = (
        condition("CreatedDate", "<", "2026-08-23T04:00:00Z"),
        Condition(field="IsClosed", value=False),
        condition("Account.Name", "=", "Contoso"),
    )
    said = "of Contoso, open, created before 23 Aug 2026"
    assert conditions_in_words(DEAL, where, zone=NEW_YORK) == said
    assert conditions_in_words(None, where, zone=NEW_YORK) == said


@pytest.mark.parametrize(
    ("field", "operator", "value", "said"),
    [
        ("Account.Name", "IN", ["Contoso", "Acme"], "of Contoso or Acme"),
        ("Owner.Name", "!=", "Bob Baxter", "not owned by Bob Baxter"),
        ("Owner.Type", "!=", "User", "not owned by a person"),
        ("OwnerId", "=", "005000000000013AAA", "owned by Alice Archer (you)"),
        ("OwnerId", "=", "005000000000014AAA", "Owner is 005000000000014AAA"),
        ("Campaign.Name", "=", "Spring Launch", "Campaign is Spring Launch"),
        ("Name", "NOT IN", ["A", "B"], "not called A or B"),
        ("iswon", "!=", True, "not won"),
        ("IsPrivate", "=", True, "Private is yes"),
        ("Amount", ">", 80000, "Amount above 80,000"),
        ("Amount", "<=", 1000.5, "Amount at most 1,000.5"),
        ("NextStep", "=", None, "Next Step is empty"),
        ("NextStep", "!=", None, "Next Step is not empty"),
        ("StageName", "IN", list("ABCDEFG"), "Stage is A or B or C or D or E or 2 more"),
        ("Name", "LIKE", "A%", 'Name is like "A%"'),
        ("CloseDate", "<=", "2026-11-30", "closing up to 30 Nov 2026"),
        ("CreatedDate", ">=", "2026-08-23T12:30:15Z", "created from 23 Aug 2026 08:30:15"),
        ("CreatedDate", "<", "last week\u202e", 'Created Date below "last week\\u202e"'),
        ("Id", "NOT IN", ["a", "b"], "2 left out one by one"),
    ],
)
def test_each_comparison_has_its_words(field: str, operator: str, value: Json, said: str) -> None:
    """Labels, days, groups of digits; an id only where nobody knows the name."""
    people = {"005000000000013AAA": "Alice Archer (you)"}
    where = (condition(field, operator, value),)
    text = conditions_in_words(DEAL, where, zone=NEW_YORK, people=people)
    assert text.removesuffix(f" ({NEW_YORK})") == said


def test_two_bounds_of_a_date_are_said_together() -> None:
    """From a day to a day is one thing people say; so is up to a moment."""
    days = (
        condition("CloseDate", ">=", "2026-11-16"),
        condition("CloseDate", "<=", "2026-11-22"),
    )
    assert conditions_in_words(DEAL, days) == "closing from 16 Nov 2026 to 22 Nov 2026"
    moments = (
        condition("CreatedDate", ">=", "2026-11-01T00:00:00Z"),
        condition("CreatedDate", "<", "2026-12-01T00:00:00Z"),
    )
    assert conditions_in_words(CASE, moments) == "created from 1 Nov 2026 and before 1 Dec 2026"


def test_without_a_schema_standard_names_are_spaced() -> None:
    """Nobody knows the labels of a hidden object; names of one's own stay as they are."""
    where = (condition("LeadSource", "=", "Web"), condition("Foo__c", "<", 2))
    assert conditions_in_words(None, where) == "Lead Source is Web, Foo__c below 2"


def test_an_unknown_zone_is_utc() -> None:
    """As everywhere where days are meant."""
    where = (condition("CreatedDate", "<", "2026-08-23T00:00:00Z"),)
    assert conditions_in_words(DEAL, where, zone="No/Where") == "created before 23 Aug 2026"


@pytest.mark.parametrize(
    "sly", ['Acme", open, of "b', "Contoso, open", "A or B", "Alice (you)", "empty", "\u05d0bc"]
)
def test_a_value_cannot_pass_for_words_of_ours(sly: str) -> None:
    """What could be read as another condition stands in quotes, which it cannot end."""
    text = conditions_in_words(DEAL, (condition("Account.Name", "=", sly),))
    assert re.fullmatch(r'of "(?:[^"\\]|\\.)*"', text)


def test_a_persons_name_cannot_pass_for_words_of_ours() -> None:
    """Nor can that of an owner, who is known by an id."""
    where = (condition("OwnerId", "=", "005000000000013AAA"),)
    people = {"005000000000013AAA": "Bob, open"}
    assert conditions_in_words(DEAL, where, people=people) == 'owned by "Bob, open"'


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
def test_hostile_values_stay_on_one_bounded_line(values: list[str]) -> None:
    """Whatever is compared with, the words are one printable line, and what does not fit is counted."""
    text = conditions_in_words(DEAL, tuple(condition("NextStep", "=", each) for each in values))
    assert len(text) <= 600
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\n\r")


def test_conditions_that_do_not_fit_are_counted() -> None:
    """Nobody is left to think that what is shown is all of it."""
    long = tuple(condition("NextStep", "!=", f"{at}" * 40) for at in range(10, 30))
    assert re.search(r", and \d+ more conditions$", conditions_in_words(None, long))
