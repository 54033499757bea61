"""Where a literal came from is computed from the goal's words and the data, and from nothing else."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.memory_org import TODAY, demo_schemas

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.derived import data_type_of
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema, PicklistValue
from actwright.planning.provenance.evidence import Evidence
from actwright.planning.words.text import pieces

ID = "006000000000001AAA"


def traced(
    goal: str,
    value: JsonScalar,
    place: str = "Opportunity.Name",
    data: dict[str, JsonScalar] | None = None,
    **more: Any,
) -> tuple[str, str | None]:
    """Return the provenance of a value for a field of the demo org."""
    owner, _, name = place.partition(".")
    field = demo_schemas()[owner].field(name)
    assert field is not None, place
    wanted = ActionInput(api_name=name, label=field.label, data_type=data_type_of(field), **more)
    return Evidence(goal, data or {}, TODAY, UTC).provenance(value, wanted, field)


@pytest.mark.parametrize(
    ("goal", "value", "place", "words"),
    [
        ("rename it to Hooli", "Hooli", "Account.Name", "Hooli"),
        ("rename it to hooli", "Hooli", "Account.Name", "hooli"),
        ('rename it to "Big  One"', "Big One", "Account.Name", "Big  One"),
        ("Acme's renewal", "Acme", "Account.Name", "Acme"),
        ("set the amount to 45k", 45000, "Opportunity.Amount", "45k"),
        ("set the amount to $1.2m", "1200000", "Opportunity.Amount", "$1.2m"),
        ("set the amount to USD 3 million", 3000000, "Opportunity.Amount", "USD 3 million"),
        ("set the amount to 99,000.50", 99000.5, "Opportunity.Amount", "99,000.50"),
        ('set the amount to "500"', 500, "Opportunity.Amount", "500"),
        ("set the probability to 10%", 10, "Opportunity.Probability", "10%"),
        ("push it to next Tuesday", "2026-11-24", "Opportunity.CloseDate", "next Tuesday"),
        ("closing Dec 15th", "2026-12-15", "Opportunity.CloseDate", "Dec 15th"),
        ("closing 2026-12-31.", "2026-12-31", "Opportunity.CloseDate", "2026-12-31"),
        ("mail a@b.example", "A@b.example", "Contact.Email", "a@b.example"),
        ("call +1 212 555 0100", "+12125550100", "Contact.Phone", "+1 212 555 0100"),
        (
            "meet on Tuesday at 3pm",
            "2026-11-24T15:00:00Z",
            "Event.StartDateTime",
            "on Tuesday at 3pm",
        ),
        ("meet Tuesday for an hour", 60, "Event.DurationInMinutes", "for an hour"),
        ("see www.hooli.example", "www.hooli.example", "Account.Website", "www.hooli.example"),
        ("move it to Closed Won", "Closed Won", "Opportunity.StageName", "Closed Won"),
        ("move it to ClosedWon", "Closed Won", "Opportunity.StageName", "ClosedWon"),
        ("move it to negotiation", "Negotiation/Review", "Opportunity.StageName", "negotiation"),
        ("close Acme as won", "Closed Won", "Opportunity.StageName", "close as won"),
        ("we won Acme", "Closed Won", "Opportunity.StageName", "we won"),
        ("win Acme", "Closed Won", "Opportunity.StageName", "win"),
        ("escalate case 00001002", "Escalated", "Case.Status", "escalate"),
        ("high priority", "High", "Case.Priority", "high"),
        ("clear the phone of Jane", None, "Contact.Phone", "clear phone"),
        ("set her phone to nothing", None, "Contact.Phone", "phone"),
    ],
)
def test_what_the_goal_says_is_from_the_goal(
    goal: str, value: JsonScalar, place: str, words: str
) -> None:
    """A value is the goal's in every form people say it in, and the source is the goal's own words."""
    assert traced(goal, value, place) == ("goal", words)


@pytest.mark.parametrize(
    ("goal", "value", "place"),
    [
        ("update the Hartford account", "art", "Account.Name"),
        ("mail jane.doe@acme.example", "acme.example", "Account.Name"),
        ("set the amount to 45000", 5, "Opportunity.Amount"),
        ("set the amount to 45k", 45, "Opportunity.Amount"),
        ("set the amount to 5 million", 5, "Opportunity.Amount"),
        ("set the amount to 4.5", 5, "Opportunity.Amount"),
        ("set the amount to -5", 5, "Opportunity.Amount"),
        ("see case 00001001", 1001, "Opportunity.Amount"),
        ("see ticket #500", 500, "Opportunity.Amount"),
        ("due in 3 days", 3, "Opportunity.Amount"),
        ("due December 15, 2026", 2026, "Opportunity.Amount"),
        ("the day after tomorrow", "2026-11-22", "Opportunity.CloseDate"),
        ("next Tuesday", "2026-11-25", "Opportunity.CloseDate"),
        ("change the close date of case 00001001", "Closed", "Case.Status"),
        ("close it", "Closed Won", "Opportunity.StageName"),
        ("update his phone to 555-0100", "Phone Inquiry", "Lead.LeadSource"),
        ("give it to him", "It", "Task.Description"),
        ("make it better", None, "Contact.Phone"),
        ("delete Jane's phone line from the plan", "", "Opportunity.NextStep"),
        ("see opportunity 006000000000002AAA", ID, "Task.WhatId"),
    ],
)
def test_what_the_goal_does_not_say_is_the_models(goal: str, value: JsonScalar, place: str) -> None:
    """Parts of words, of numbers and of dates say nothing."""
    assert traced(goal, value, place) == ("model", None)


@pytest.mark.parametrize(
    ("value", "place", "data", "name"),
    [
        (45000, "Opportunity.Amount", {"x": 1, "budget": "45k"}, "budget"),
        ("45000", "Opportunity.Amount", {"budget": 45000.0}, "budget"),
        ("2026-11-24", "Opportunity.CloseDate", {"when": "next Tuesday"}, "when"),
        (5, "Opportunity.Amount", {"a": 5, "a1.Amount": 5}, "a1.Amount"),
        ("High", "Case.Priority", {"p": "high"}, "p"),
        (True, "Product2.IsActive", {"quiet": "yes"}, "quiet"),
        (None, "Contact.Phone", {"phone": None}, "phone"),
        (ID, "Task.WhatId", {"deal": ID[:15]}, "deal"),
    ],
)
def test_what_data_say_is_from_data(
    value: JsonScalar, place: str, data: dict[str, JsonScalar], name: str
) -> None:
    """Data are compared by type, and the one that is called like the input comes first."""
    assert traced("do it", value, place, data) == ("data", name)


def test_the_goal_comes_before_data_and_both_before_the_default() -> None:
    """A default is one only where neither goal nor data say the same."""
    place = "Opportunity.Amount"
    assert traced("set it to 5", 5, place, {"x": 5}, default=5)[0] == "goal"
    assert traced("set it", 5, place, {"x": 5}, default=5)[0] == "data"
    assert traced("set it", 7, place, {"x": 5}, default="7.0")[0] == "default"
    assert traced("set it", 8, place, {"x": 5}, default=7)[0] == "model"


def test_a_record_id_is_shown_as_the_goal_writes_it() -> None:
    """The short form of an id in the goal is the source of the long one."""
    goal = f"link the task to {ID[:15]}"
    assert traced(goal, ID, "Task.WhatId") == ("goal", ID[:15])


@pytest.mark.parametrize(
    ("goal", "truth"),
    [
        ("mark the product as active", True),
        ("set active to no", False),
        ("set active to true", True),
        ("mark the product as not active", False),
    ],
)
def test_yes_and_no_are_said_of_the_field(goal: str, truth: bool) -> None:  # noqa: FBT001 - a case of the table
    """A yes-or-no field is answered by its own words, and the opposite is not said."""
    field = FieldSchema(name="IsActive", label="Active", type="boolean")
    wanted = ActionInput(api_name="IsActive", label="Active", data_type="Boolean")
    evidence = Evidence(goal, {}, TODAY, UTC)
    assert evidence.provenance(truth, wanted, field)[0] == "goal"
    assert evidence.provenance(not truth, wanted, field)[0] == "model"


def test_a_field_nobody_described_is_read_by_its_inputs_type() -> None:
    """Where the org shows no field, numbers and words are still told apart."""
    evidence = Evidence("take 45k for Hooli", {}, TODAY, UTC)
    number = ActionInput(api_name="fee", data_type="Decimal", usage="PARAMETER")
    assert evidence.provenance(45000, number) == ("goal", "45k")
    assert evidence.provenance(45, number) == ("model", None)
    choice = ActionInput(api_name="who", data_type="Picklist", usage="PARAMETER")
    assert evidence.provenance("Hooli", choice) == ("goal", "Hooli")


def test_several_picklist_values_must_all_be_said() -> None:
    """One value nobody said makes the whole list the model's."""
    values = tuple(PicklistValue(each, each) for each in ("Red", "Green", "Blue"))
    field = FieldSchema(
        name="Colours", label="Colours", type="multipicklist", picklist_values=values
    )
    wanted = ActionInput(api_name="Colours", data_type="MultiPicklist")
    evidence = Evidence("paint it red and blue", {}, TODAY, UTC)
    assert evidence.provenance("Red;Blue", wanted, field) == ("goal", "red blue")
    assert evidence.provenance("Red;Green", wanted, field) == ("model", None)


WORDS = st.lists(
    st.sampled_from(["acme", "hartford", "art", "45000", "5", "4.5", "the", "a1", "next"]),
    max_size=8,
)


@given(words=WORDS, value=st.text(min_size=1, max_size=8))
def test_a_text_from_the_goal_is_made_of_its_whole_words(words: list[str], value: str) -> None:
    """Whatever text is called the goal's, each of its words is a word of the goal."""
    goal = " ".join(words)
    provenance, source = traced(goal, value)
    if provenance == "goal":
        assert source is not None
        assert set(value.casefold().split()) <= set(goal.split())
    else:
        assert (provenance, source) == ("model", None)


@given(
    said=st.lists(st.integers(0, 10**9), max_size=4),
    value=st.integers(-(10**9), 10**9),
)
def test_a_number_from_the_goal_is_one_of_its_numbers(said: list[int], value: int) -> None:
    """A number that appears nowhere is never the goal's, and one that does always is."""
    goal = "set these: " + ", ".join(map(str, said))
    expected = "goal" if value in said else "model"
    assert traced(goal, value, "Opportunity.Amount")[0] == expected


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), other=st.dates())
def test_a_date_from_the_goal_is_one_of_its_dates(day: date, other: date) -> None:
    """A day the goal does not name is never the goal's."""
    assume(day != other)
    goal = f"move it to {day.isoformat()}"
    assert traced(goal, day.isoformat(), "Opportunity.CloseDate")[0] == "goal"
    assert traced(goal, other.isoformat(), "Opportunity.CloseDate")[0] == "model"


@given(
    goal=st.text(max_size=80),
    value=st.none() | st.booleans() | st.integers() | st.text(max_size=12),
)
@pytest.mark.parametrize(
    "place",
    ["Opportunity.Amount", "Opportunity.StageName", "Account.Name", "Opportunity.CloseDate"],
)
def test_any_goal_and_value_have_a_provenance(goal: str, value: Any, place: str) -> None:
    """No goal and no value raise; what is the goal's comes with words of the goal."""
    provenance, source = traced(goal, value, place)
    assert provenance in {"goal", "model"}
    if source is not None and provenance == "goal":
        assert set(pieces(source)) <= set(pieces(goal))


@given(scale=st.sampled_from([("k", 1000), ("m", 10**6), ("%", 1)]), digits=st.integers(1, 999))
def test_a_scaled_number_is_only_its_whole_value(scale: tuple[str, int], digits: int) -> None:
    """``45k`` is 45000, and neither 45 nor 4."""
    sign, factor = scale
    goal = f"set it to {digits}{sign}"
    place = "Opportunity.Probability" if sign == "%" else "Opportunity.Amount"
    assert traced(goal, str(Decimal(digits * factor)), place)[0] == "goal"
    if sign != "%":
        assert traced(goal, digits, place)[0] == "model"
