"""Which words of a text of somebody's own may be a person's name."""

from __future__ import annotations

import time

import pytest

from actwright.telemetry.log.free_texts import is_telling, names_in
from actwright.telemetry.log.replied_values import replied_names

FIELDS = ("BillingCity", "StageName", "Tier__c", "NextStep", "Subject", "Status_Notes__c")
KNOWN = frozenset({"Acme", "Renewal", "Task"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ask Peter Krause about it", ["Peter", "Krause"]),
        ("Peter Krause called", ["Peter", "Krause"]),
        ("Call Vera", ["Vera"]),
        ("Ask for the offer. Then ask Mark.", ["Mark"]),
        ("Vera", ["Vera"]),
        ("Vera wants the offer", ["Vera"]),
        ("Vera's offer", ["Vera's"]),
        ("Vera, please call", ["Vera"]),
        ("ring up PETER", ["PETER"]),
        ("call 田中太郎", ["田中太郎"]),
        ("\u2018Kai Lund\u2019", ["Kai", "Lund"]),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    """Capitals within a sentence, and at its beginning where what follows says that it is somebody."""
    assert list(names_in(text, KNOWN)) == names


@pytest.mark.parametrize(
    "text",
    [
        "Send the offer",
        "'Send the offer'",
        "Follow up on the Acme Renewal on Tuesday",
        "Call",
        "Discuss pricing in March. Send the contract!",
        "call back at 12:00: Bring slides",
        "Send Acme the offer, I will call",
        "",
    ],
)
def test_what_names_nobody_is_left(text: str) -> None:
    """First words of sentences, days, months, and what is known: records that were looked up, words of the library."""
    assert not list(names_in(text, KNOWN))


def test_fields_that_say_what_they_hold_take_no_free_text() -> None:
    """A city or a stage stands where it belongs; a next step, or notes on a status, may name anybody."""
    assert [each for each in FIELDS if is_telling(each)] == ["BillingCity", "StageName", "Tier__c"]


def test_whom_a_model_addresses_is_found() -> None:
    """In a reason, a question, the value of a free text; not in what is compared with, nor in blueprints' names."""
    reply = (
        '{"reason": "I do not know how, Vera.", "questions": [{"text": "Which deal does Otto mean?"}], "actions": '
        '[{"blueprint": "CreateTask", "arguments": [{"name": "Subject", "value": "Ask Nora"}, '
        '{"name": "Id", "object": "Opportunity", "where": [{"field": "Name", "values": ["Globex Pilot"]}]}]}]}'
    )
    assert set(replied_names(reply, frozenset())) == {"Vera", "Otto", "Nora"}


def test_a_long_text_is_read_at_once() -> None:
    """Hostile texts take time in proportion to their length."""
    begun = time.monotonic()
    assert len(list(names_in("Aa " * 30_000, frozenset()))) == 30_000
    assert not list(names_in("'" * 100_000 + "\u2018." * 50_000, frozenset()))
    assert time.monotonic() - begun < 3
