"""Conditions in words, as the question says them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import demo_schemas

from actwright.canonical import Json
from actwright.checkpoints.row_words import conditions_in_words
from actwright.org.query import Condition

DEAL = demo_schemas()["Opportunity"]


def words(field: str, operator: str, value: Json) -> str:
    """Return one condition in words."""
    condition = Condition.model_validate({"field": field, "operator": operator, "value": value})
    return conditions_in_words(DEAL, (condition,))


@pytest.mark.parametrize(
    ("field", "operator", "value", "said"),
    [
        ("Account.Name", "=", "Contoso", 'Account.Name is "Contoso"'),
        ("IsClosed", "=", False, "Closed is no"),
        ("iswon", "!=", True, "Won is not yes"),
        ("Amount", ">=", 1000.5, "Amount at least 1000.5"),
        ("Amount", "<", 10, "Amount below 10"),
        ("CloseDate", "<", "2026-08-23", "Close Date before 2026-08-23"),
        ("CloseDate", ">=", "2026-08-23", "Close Date from 2026-08-23"),
        ("NextStep", "=", None, "Next Step is empty"),
        ("Name", "LIKE", "A%", 'Name is like "A%"'),
        ("StageName", "IN", ["A", "B"], 'Stage is one of "A", "B"'),
        (
            "StageName",
            "NOT IN",
            list("ABCDEFG"),
            'Stage is none of "A", "B", "C", "D", "E" and 2 more',
        ),
    ],
)
def test_each_comparison_reads_as_people_say_it(
    field: str, operator: str, value: Json, said: str
) -> None:
    """Labels for fields, yes and no, days that are before or after."""
    assert words(field, operator, value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-08-23T04:00:00Z", "Created Date before 2026-08-23"),
        ("2026-08-23T00:00:00-04:00", "Created Date before 2026-08-23"),
        ("2026-08-23T12:30:15Z", "Created Date before 2026-08-23 08:30:15 (America/New_York)"),
        ("2026-08-23T04:00:00", "Created Date before 2026-08-23T04:00:00"),
        ("0001-01-01T00:00:00+14:00", "Created Date before 0001-01-01T00:00:00+14:00"),
        ("last week\u202e", "Created Date before last week\\u202e"),
    ],
)
def test_moments_are_said_as_the_persons_clock_shows_them(value: str, said: str) -> None:
    """Midnight is the day; what is no moment stays as it is."""
    where = (Condition(field="CreatedDate", operator="<", value=value),)
    assert conditions_in_words(DEAL, where, zone="America/New_York") == said


def test_a_hidden_object_leaves_the_api_names() -> None:
    """Nobody knows its labels."""
    where = (Condition(field="Foo__c", value=1), Condition(field="Bar__c", operator="<", value=2))
    assert conditions_in_words(None, where) == "Foo__c is 1, Bar__c below 2"


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20))
def test_hostile_values_stay_on_one_bounded_line(values: list[str]) -> None:
    """Whatever a condition compares with, the words are one printable line."""
    where = tuple(Condition(field="Name", value=each) for each in values)
    text = conditions_in_words(DEAL, where)
    assert len(text) <= 600
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\n\r")
