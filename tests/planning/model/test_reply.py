"""The reply schema: closed, strict, and without anything a model must not say."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.model_replies import ACME_WON, Document, action, extract, literal, output, reply

from actwright.canonical import Json
from actwright.model.schema import strict_schema
from actwright.planning.model.examples import examples
from actwright.planning.model.reply import PlanReply

SCHEMA = strict_schema(PlanReply).schema


def objects(schema: Json) -> Iterator[dict[str, Json]]:
    """Yield every schema of an object inside a schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for each in schema.values():
            yield from objects(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from objects(each)


def test_the_schema_is_strict() -> None:
    """Every object is closed and requires all of its properties; there is no open map and no default."""
    found = list(objects(SCHEMA))
    assert len(found) >= 10
    for each in found:
        properties = each["properties"]
        assert isinstance(properties, dict)
        assert each["additionalProperties"] is False
        assert each["required"] == list(properties)
    assert '"default"' not in json.dumps(SCHEMA)


def test_the_schema_has_no_word_for_what_a_model_never_decides() -> None:
    """Provenance, types, guardrails, query text and sources are not in it."""
    names = {name for each in objects(SCHEMA) for name in dict(each["properties"])}  # type: ignore[arg-type]  # objects have properties
    assert not names & {"provenance", "source", "dataType", "type", "guardrails", "soql", "query"}


def test_a_reply_fits_the_schema_and_the_contract() -> None:
    """What the contract accepts, a service held to the schema can say."""
    document = reply(
        ACME_WON,
        action(
            "task_create",
            literal("Subject", None),
            output("WhatId", "a1"),
            extract("Description", "mail", "the wish"),
            id="a2",
        ),
    )
    jsonschema.validate(document, SCHEMA)
    assert PlanReply.model_validate(document).model_dump(mode="json", by_alias=True) == document


@pytest.mark.parametrize(
    "document",
    [
        {},
        reply(ACME_WON | {"guardrails": []}),
        reply(ACME_WON | {"provenance": "goal"}),
        reply(action("x", {"name": "Id", "kind": "soql", "query": "SELECT Id FROM User"})),
        reply(action("x", {"name": "Id", "kind": "literal", "value": "a", "data": "b"})),
        reply(action("x", {"name": "Id", "kind": "literal", "value": ["a"]})),
        reply(outcome="execute"),
        reply(*[ACME_WON] * 21),
        reply(action("x", literal("Subject", "y" * 300_000))),
    ],
)
def test_what_is_no_reply_is_refused(document: Document) -> None:
    """Unknown fields, kinds and outcomes, two kinds at once, too many actions, too much text."""
    with pytest.raises(ValidationError):
        PlanReply.model_validate(document)


_TEXTS = st.text(max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(_JSON)
def test_any_json_is_a_reply_or_a_validation_error(document: Json) -> None:
    """No document makes reading fail in another way."""
    try:
        PlanReply.model_validate(document)
    except ValidationError:
        return
    raise AssertionError("no random document is a reply")


def test_examples_of_nothing_are_none() -> None:
    """Without blueprints there is nothing to make examples of."""
    assert examples([], lambda _: None) == ()
