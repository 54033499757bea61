"""Cutting a goal into tokens and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.words.text import camel_words, stem, tokenize


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("Jane Doe's phone", [("Jane", "word"), ("Doe", "word"), ("phone", "word")]),
        ("to +1 212 555 0100.", [("to", "word"), ("+1 212 555 0100", "phone"), (".", "symbol")]),
        ("ann@fabrikam.com, x", [("ann@fabrikam.com", "email"), (",", "symbol"), ("x", "word")]),
        ("see https://a.example/b.", [("see", "word"), ("https://a.example/b", "url")]),
        ("on 2026-12-15", [("on", "word"), ("2026-12-15", "date")]),
        ("worth $45k now", [("worth", "word"), ("$45k", "number"), ("now", "word")]),
        ("'Acme Add-on' for", [("Acme Add-on", "quoted"), ("for", "word")]),
        ("“a b” c", [("a b", "quoted"), ("c", "word")]),
        ("O'Neil & Sons", [("O'Neil", "word"), ("&", "symbol"), ("Sons", "word")]),
        ("Negotiation/Review", [("Negotiation/Review", "word")]),
        ("00001003's", [("00001003", "word")]),
        ('an "open', [("an", "word"), ('"', "symbol"), ("open", "word")]),
    ],
)
def test_a_goal_falls_into_tokens(goal: str, expected: list[tuple[str, str]]) -> None:
    """Names, numbers, addresses and quoted texts are one token each."""
    found = [(each.text, each.kind) for each in tokenize(goal)]
    assert found[: len(expected)] == expected


@given(st.text(max_size=200))
def test_no_visible_character_is_lost(goal: str) -> None:
    """Tokens stand in order, do not overlap, and cover everything but space."""
    tokens = tokenize(goal)
    at = 0
    for each in tokens:
        assert goal[at : each.start].strip() == ""
        assert each.start < each.end <= len(goal)
        at = each.end
    assert goal[at:].strip() == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("StageName", ("stage", "name")),
        ("Escalation_Notes__c", ("escalation", "notes")),
        ("ClosedWon", ("closed", "won")),
        ("HTTPStatus", ("http", "status")),
        ("Product2", ("product", "2")),
    ],
)
def test_api_names_fall_into_words(name: str, expected: tuple[str, ...]) -> None:
    """Camel case, snake case and the custom suffix are taken apart."""
    assert camel_words(name) == expected


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [
        ("qualify", "qualified", True),
        ("qualify", "qualification", True),
        ("escalate", "escalation", True),
        ("close", "closed", True),
        ("case", "cases", True),
        ("lead", "leading", False),
        ("stock", "stockholder", False),
        ("lead", "mislead", False),
    ],
)
def test_stems_meet_where_words_are_kin(left: str, right: str, meet: bool) -> None:  # noqa: FBT001 - a column of the table
    """Forms of one word share a stem; words that only contain each other do not."""
    assert (stem(left) == stem(right)) is meet
