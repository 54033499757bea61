"""SOQL: every name from the schema, and text that survives the trip to the org and back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.connectors.salesforce.scripted_org import described

from actwright.connectors.salesforce.describe import object_schema
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.soql import column, render
from actwright.errors import InputError, NotFoundError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.query import Condition, Ordering, RecordQuery
from actwright.org.schema import ObjectSchema

SCHEMAS = {
    "account": described(
        "Account",
        "001",
        {"name": "OwnerId", "type": "reference", "referenceTo": ["User"], "relationshipName": "Owner"},
        {"name": "BillingAddress", "type": "address"},
        {"name": "Description", "type": "textarea", "filterable": False},
        {"name": "AnnualRevenue", "type": "currency"},
    ),
    "task": described(
        "Task",
        "00T",
        {"name": "WhatId", "type": "reference", "referenceTo": ["Account", "Case"], "relationshipName": "What"},
    ),
    "user": described("User", "005"),
}  # fmt: skip


def _describe(name: str) -> ObjectSchema:
    if name.lower() not in SCHEMAS:
        raise NotFoundError("hidden")
    return object_schema(SCHEMAS[name.lower()])  # type: ignore[arg-type]


def test_a_query_is_rendered_with_the_orgs_own_spelling() -> None:
    """Names in any case come out as the schema spells them; Id is always asked for, once."""
    query = RecordQuery(
        object="account",
        fields=("name", "owner.name", "id"),
        where=(
            Condition(field="ANNUALREVENUE", operator=">", value=5),
            Condition(field="Owner.Name", value="O'Neil"),
        ),
        order=(Ordering(field="name", descending=True), Ordering(field="id")),
        limit=3,
    )
    soql, columns = render(query, _describe)
    assert soql == (
        "SELECT Id, Name, Owner.Name FROM Account WHERE AnnualRevenue > 5 AND Owner.Name = 'O\\'Neil'"
        " ORDER BY Name DESC NULLS LAST, Id ASC NULLS FIRST LIMIT 3"
    )
    assert [each.path for each in columns] == ["Name", "Owner.Name", "Id"]


@pytest.mark.parametrize("path", ["What.Name", "what.type", "What.Id", "WhatId"])
def test_a_polymorphic_parent_offers_what_all_objects_have(path: str) -> None:
    """Of a parent that may be one of several objects, id, name and type can be asked."""
    assert column(_describe, _describe("Task"), path).path.lower() == path.lower()


@pytest.mark.parametrize(
    "path",
    [
        "Nope", "Owner.Nope", "Nope.Name", "What.Industry", "What.Owner.Name", "BillingAddress", "",
        "Name FROM User--", "Name,Secret__c", "Owner..Name", ".Name", "Owner.Name)", "(SELECT Id FROM Contacts)",
        "Name.Name", "a.b.c.d.e.f.g",
    ],
)  # fmt: skip
def test_a_path_the_schema_does_not_know_is_refused(path: str) -> None:
    """Hidden, invented and crafted paths alike never reach the query."""
    with pytest.raises(InputError):
        column(_describe, _describe("Account"), path)


def test_a_misspelt_field_gets_a_suggestion() -> None:
    """The error names the nearest fields."""
    with pytest.raises(InputError) as caught:
        column(_describe, _describe("Account"), "AnualRevenue")
    assert "AnnualRevenue" in str(caught.value.hint)


def test_a_field_that_cannot_be_filtered_is_refused() -> None:
    """The schema says which fields a condition may name."""
    query = RecordQuery(object="Account", where=(Condition(field="Description", value="x"),))
    with pytest.raises(InputError, match="filtered"):
        render(query, _describe)


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HARD = st.sampled_from(
    ["'", "\\", "\\'", "' OR Name != '", '"', "%", "_", "a\nb", "\t", "\\u0041", "\U0001d538", "é", "null", "\x00", "\x7f"]
)  # fmt: skip


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=TEXT | HARD)
def test_any_text_asks_for_exactly_itself(alice: SalesforceOrg, words: str) -> None:
    """Whatever the text, the org answers with accounts of that very name, and never refuses the query."""
    query = RecordQuery(
        object="Account", fields=("Name",), where=(Condition(field="Name", value=words),)
    )
    for row in alice.query([query])[0]:
        assert str(row.name).casefold() == words.casefold()


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=TEXT | HARD)
def test_any_name_that_can_be_stored_is_found_again(alice: SalesforceOrg, words: str) -> None:
    """A created account is found by the name the org stored for it."""
    change = FieldChange(field="Name", label="Name", after=words, provenance="goal")
    effect = Effect(id="e", action_id="a", operation="CREATE", object="Account", changes=(change,))
    sent = alice.send(EffectGroup(id="g", org=alice.identity.id, effects=(effect,))).outcomes[0]
    if sent.record_id is None:
        assert sent.status == "failed"
        return
    by_id = Condition(field="Id", value=sent.record_id)
    stored = alice.query([RecordQuery(object="Account", fields=("Name",), where=(by_id,))])[0][
        0
    ].name
    by_name = RecordQuery(object="Account", where=(Condition(field="Name", value=stored),))
    assert sent.record_id in {each.id for each in alice.query([by_name])[0]}
