"""How findings speak: values, names and sentences, cut and made harmless."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import (
    api_name,
    is_blank,
    listed,
    printable,
    shown,
    with_own_message,
)
from actwright.org.value import FieldValue


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ("a", '"a"'),
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 60}..."'),
        (Decimal("1.50"), "1.50"),
        (7, "7"),
        (10**59, str(10**59)),
        (10**60, "1" + "0" * 59 + "..."),
        (2**256 - 1, str(2**256 - 1)[:60] + "..."),
        (2**256, "a number of more than 70 digits"),
    ],
)
def test_a_value_is_shown(value: FieldValue, text: str) -> None:
    """Text stands in quotes, and whatever is long is cut at 60 characters."""
    assert shown(value) == text


@pytest.mark.parametrize(
    ("text", "limit", "seen"),
    [
        ("ab", 2, "ab"),
        ("abc", 2, "ab..."),
        ("a\nb\u202ec", 9, "a\\nb\\u202ec"),
        ("x" * 80, 80, "x" * 80),
    ],
)
def test_text_is_made_printable(text: str, limit: int, seen: str) -> None:
    """What cannot be seen is written as an escape, on one line."""
    assert printable(text, limit) == seen
    assert printable("y" * 81) == "y" * 80 + "..."


def test_a_look_alike_letter_shows_in_a_name() -> None:
    """An API name is ASCII; a letter that is not, is written as an escape."""
    assert api_name("Amount") == "Amount"
    assert api_name("Am\u043eunt") == "Am\\u043eunt"


@pytest.mark.parametrize(
    ("value", "blank"),
    [(None, True), ("", True), (" \n", True), ("a", False), (0, False), (False, False)],
)
def test_blank_is_no_value_or_white_space(value: FieldValue, *, blank: bool) -> None:
    """Zero and false are values."""
    assert is_blank(value) is blank


def test_many_values_are_counted() -> None:
    """The first ones are listed, and the rest are counted; no rest is not mentioned."""
    assert listed(["a", "b"], most=2) == '"a", "b"'
    assert listed(["a", "b", "c"], most=2) == '"a", "b" and 1 more'
    assert listed([str(each) for each in range(11)]).endswith('"9" and 1 more')
    assert listed(["z" * 61]) == f'"{"z" * 60}..."'


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (None, "Default."),
        ("  ", "Default."),
        ("Ask first", "Ask first. Default."),
        ("Ask first!", "Ask first! Default."),
        ("y" * 501, "y" * 500 + "... Default."),
    ],
)
def test_an_own_message_stands_in_front(own: str | None, message: str) -> None:
    """A guardrail's own words are a sentence of their own, and the default one stays."""
    assert with_own_message(Issue(code="c", message="Default."), own) == message
