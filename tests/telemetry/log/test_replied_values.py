"""What a model looked people up by is found in any reply, whole, broken or hostile."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.model_replies import Document, action, literal, named, reply, where

from actwright.telemetry.log.replied_values import replied_values


def test_conditions_and_arguments_of_people_are_found() -> None:
    """By the object they are of; a deal's name is none, and a pattern's signs are no part of a name."""
    rows: Document = {"object": "Task", "where": [where("Owner.Name", "%Bob Baxter%")], "limit": 5}
    said = reply(
        action(
            "x",
            named("WhoId", "Contact", "Mia Kern"),
            literal("MobilePhone", "030 1"),
            forEach=rows,
        ),
        action("y", named("Id", "Opportunity", "Acme Renewal"), literal("Subject", "Call")),
    )
    assert replied_values(json.dumps(said)) == {
        "Mia Kern": "Contact.Name",
        "030 1": "MobilePhone",
        "Bob Baxter": "Task.Owner.Name",
    }


def test_of_a_reply_that_is_no_json_each_value_counts() -> None:
    """Nobody can tell what it is of."""
    said = '{"where": [{"field": "Name", "values": ["Mia Kern", "O\\"Neil"]}], "value": "Call", "x'
    assert set(replied_values(said)) == {"Mia Kern", 'O\\"Neil', "Call"}
    assert replied_values("no json at all") == {}


@given(st.recursive(st.none() | st.text(), lambda each: st.lists(each) | st.dictionaries(
    st.sampled_from(["object", "where", "field", "name", "value", "values"]), each
)))  # fmt: skip
def test_any_document_is_read(document: object) -> None:
    """Whatever stands where nobody expects it."""
    text = json.dumps(document)
    assert all(isinstance(each, str) for each in replied_values(text))
    assert isinstance(replied_values(text[1:]), dict)
