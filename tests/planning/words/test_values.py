"""Values in words: what each field type takes out of a goal, and what becomes a question."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.org.schema import FieldSchema, PicklistValue
from actwright.planning.words.people import untitled
from actwright.planning.words.reading import Problem
from actwright.planning.words.text import tokenize
from actwright.planning.words.values import Converted, convert

TODAY = date(2026, 11, 21)
AMOUNT = FieldSchema("Amount", "Amount", "currency", precision=18, scale=2)
PERCENT = FieldSchema("Discount", "Discount", "percent", precision=5, scale=2)
ACTIVE = FieldSchema("IsActive", "Active", "boolean")
PHONE = FieldSchema("Phone", "Phone", "phone")
CLOSE = FieldSchema("CloseDate", "Close Date", "date")
REGIONS = FieldSchema(
    "Regions__c",
    "Regions",
    "multipicklist",
    picklist_values=tuple(PicklistValue(each, each) for each in ("North", "South", "Far East")),
)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (AMOUNT, "45k", 45_000),
        (AMOUNT, "$1.2m", 1_200_000),
        (AMOUNT, "USD 3 million", 3_000_000),
        (AMOUNT, "3 million USD", 3_000_000),
        (AMOUNT, "EUR 45k", 45_000),
        (AMOUNT, "£ 1,250.75", 1_250.75),
        (AMOUNT, "two hundred thousand", 200_000),
        (PERCENT, "20 %", 20),
        (PERCENT, "20 percent", 20),
        (PERCENT, "12.5 pct", 12.5),
        (PERCENT, "twenty percent", 20),
        (ACTIVE, "checked", True),
        (ACTIVE, "disabled", False),
        (PHONE, "(212) 555-0100", "(212) 555-0100"),
        (PHONE, "+49 (0)89 123456", "+49 (0)89 123456"),
        (PHONE, "020 7946 0958", "020 7946 0958"),
        (PHONE, "212.555.0100 ext. 12", "212.555.0100 ext. 12"),
        (REGIONS, "North", "North"),
        (REGIONS, "north and far east", "North;Far East"),
        (REGIONS, "North, South & Far East", "North;South;Far East"),
        (REGIONS, "South; North; South", "South;North"),
    ],
)
def test_words_become_the_value(field: FieldSchema, text: str, value: object) -> None:
    """Each wording is exactly this value of the field."""
    found = convert(field, text, TODAY)
    assert isinstance(found, Converted), found
    assert found.value == value


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (AMOUNT, "1,2 Mio", "two numbers"),
        (AMOUNT, "€ 12.500,00", "two numbers"),
        (AMOUNT, "12.500", "two numbers"),
        (AMOUNT, "1'200'000", "no number"),
        (AMOUNT, "20 %", "a share"),
        (AMOUNT, "five two", "no number"),
        (AMOUNT, "a lot", "no number"),
        (CLOSE, "mid January", "no one day"),
        (CLOSE, "Q1", "no one day"),
        (CLOSE, "the end of the week", "no one day"),
        (CLOSE, "12/11/2026", "no date"),
        (ACTIVE, "perhaps", "no yes or no"),
        (REGIONS, "North and West", "no value"),
        (PHONE, "ring me", "no phone"),
    ],
)
def test_what_could_be_two_values_or_none_is_asked(
    field: FieldSchema, text: str, said: str
) -> None:
    """An ambiguous or impossible value is a problem that names the words and the field."""
    found = convert(field, text, TODAY)
    assert isinstance(found, Problem), found
    assert said in found.text
    assert field.label in found.text


def test_near_picklist_values_come_first() -> None:
    """A word that is no value comes with every value, those that look alike first."""
    found = convert(REGIONS, "Northwest", TODAY)
    assert isinstance(found, Problem)
    assert [each.value for each in found.candidates] == ["North", "South", "Far East"]


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_point_before_three_digits_is_never_guessed(whole: int, rest: int) -> None:
    """``12.500`` is twelve thousand five hundred in half the world, and so is asked."""
    assert isinstance(convert(AMOUNT, f"{whole}.{rest:03}", TODAY), Problem)


GOALS: list[tuple[str, dict[str, Any]]] = [
    ("set the amount of Acme Renewal to USD 3 million", {"Amount": 3_000_000}),
    ("set the amount of Acme Renewal to two hundred thousand", {"Amount": 200_000}),
    ("set the probability of Acme Renewal to 20 percent", {"Probability": 20}),
    ("update Acme Renewal with a 20% probability", {"Probability": 20}),
    ("mark campaign Spring Launch as inactive", {"IsActive": False}),
    ("mark campaign Spring Launch as not active", {"IsActive": False}),
    ("update Mr. John Smith's phone to 020 7946 0958", {"Phone": "020 7946 0958"}),
    ("set John Smith's phone to (212) 555-0100", {"Phone": "(212) 555-0100"}),
    ("set the close date of Globex Pilot to EOM", {"CloseDate": "2026-11-30"}),
    ("set the close date of Globex Pilot to 15.12.2026", {"CloseDate": "2026-12-15"}),
    (
        "set the close date of Globex Pilot to the first Monday of March",
        {"CloseDate": "2027-03-01"},
    ),
    ("set the close date of Globex Pilot to a week from Tuesday", {"CloseDate": "2026-12-01"}),
    *(
        (f"set the next step of Globex Pilot to {quoted}", {"NextStep": "Call Ann"})
        for quoted in (
            '"Call Ann"',
            "'Call Ann'",
            "\u201cCall Ann\u201d",
            "\u2018Call Ann\u2019",
            "«Call Ann»",
            "\u201eCall Ann\u201c",
            "\u2039Call Ann\u203a",
            "「Call Ann」",
            "`Call Ann`",
        )
    ),
]


@pytest.mark.parametrize(("goal", "values"), GOALS)
def test_a_goal_says_the_value(goal: str, values: dict[str, Any], plans: Any, spell: Any) -> None:
    """The value reaches its input, and nothing is asked."""
    outcome = plans(goal)
    assert outcome.questions == ()
    ((_, arguments),) = spell(outcome)
    assert {name: arguments[name] for name in values} == values


NAMES = [
    ("Bill Gates", ("Bill", "Gates")),
    ("Jan van der Berg", ("Jan", "van der Berg")),
    ("Maria de la Cruz", ("Maria", "de la Cruz")),
    ("Mary O'Brien-Smith", ("Mary", "O'Brien-Smith")),
    ("Anna-Maria Weiß", ("Anna-Maria", "Weiß")),
    ("John F. Kennedy", ("John F.", "Kennedy")),
    ("Zoë Ångström", ("Zoë", "Ångström")),
]


@pytest.mark.parametrize(("name", "parts"), NAMES)
def test_a_name_falls_into_first_and_last(
    name: str, parts: tuple[str, str], plans: Any, spell: Any
) -> None:
    """Double names, small words and initials stay with the part they belong to."""
    ((_, arguments),) = spell(plans(f"create a contact {name} at Acme"))
    assert (arguments["FirstName"], arguments["LastName"]) == parts


def test_a_form_of_address_is_the_salutation(plans: Any, spell: Any) -> None:
    """``Dr.`` before a name is the salutation and no part of the first name."""
    ((_, arguments),) = spell(plans("create a contact Dr. Jane van der Berg at Acme"))
    assert arguments["Salutation"] == "Dr."
    assert (arguments["FirstName"], arguments["LastName"]) == ("Jane", "van der Berg")


@pytest.mark.parametrize(
    ("name", "plain"), [("Mr. John Smith", "John Smith"), ("Prof. Dr. Ada", "Ada"), ("Dr", "Dr")]
)
def test_titles_are_taken_off(name: str, plain: str) -> None:
    """Every title before a name is taken off; a title alone is a name."""
    assert untitled(name) == plain


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+49 (0)89 123456", "phone"),
        ("0049 89 1234567", "phone"),
        ("(212) 555-0100 x3", "phone"),
        ("jane.doe+crm@new.example", "email"),
        ("https://acme.example/x?y=1", "url"),
        ("www.acme.example", "url"),
        ("3:30 p.m.", "time"),
        ("14:30", "time"),
        ("2026/12/15", "date"),
        ("15.12.2026", "date"),
        ("12.500,00", "number"),
        ("00001001", "number"),
        ("„Großes Angebot“", "quoted"),
        ("Socie\u0301te\u0301", "word"),
    ],
)
def test_a_value_is_one_token(text: str, kind: str) -> None:
    """Phones, addresses, times, dates, numbers and quotes are never cut in pieces."""
    (token,) = tokenize(text)
    assert token.kind == kind
