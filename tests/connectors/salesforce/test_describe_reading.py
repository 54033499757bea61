"""Describe JSON becomes schema, and what is no describe is refused."""

from __future__ import annotations

import json

import pytest
from tests.connectors.salesforce.scripted_org import described

from actwright.connectors.salesforce.answer import OrgJson, strict_json
from actwright.connectors.salesforce.describe import object_schema, object_summaries
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import OrgProtocolError
from actwright.org.schema import ChildLink


def _schema_json(*fields: dict[str, object]) -> OrgJson:
    return strict_json(json.dumps(described("Car", "a01", *fields)))


def test_dependent_picklist_values_name_their_controlling_values() -> None:
    """The bitmap is read from the left: bit n stands for the controlling picklist's n-th value."""
    controller: dict[str, object] = {
        "name": "Make", "type": "picklist", "picklistValues": [{"value": each} for each in "abc"],
    }  # fmt: skip
    dependent: dict[str, object] = {
        "name": "Model", "type": "picklist", "controllerName": "Make",
        "picklistValues": [{"value": "x", "validFor": "oAAA"}, {"value": "y", "validFor": None}],
    }  # fmt: skip
    field = object_schema(_schema_json(controller, dependent)).field("model")
    assert field is not None
    assert [each.valid_for for each in field.picklist_values] == [("a", "c"), ()]


def test_a_checkbox_controls_with_false_and_true() -> None:
    """A controlling checkbox has two values, in that order."""
    controller: dict[str, object] = {"name": "Used", "type": "boolean"}
    dependent: dict[str, object] = {
        "name": "Model", "type": "picklist", "controllerName": "Used",
        "picklistValues": [{"value": "x", "validFor": "QAAA"}],
    }  # fmt: skip
    field = object_schema(_schema_json(controller, dependent)).field("Model")
    assert field is not None
    assert field.picklist_values[0].valid_for == ("true",)


def test_children_that_go_with_their_parent_are_cascades() -> None:
    """Only relationships that are named on both sides count; those that do not delete the child are lookups."""
    relationships: list[object] = [
        {"childSObject": "Wheel__c", "field": "Car__c", "cascadeDelete": True},
        {"childSObject": "Task", "field": "WhatId", "cascadeDelete": False},
        {"childSObject": "Task", "field": "WhoId", "cascadeDelete": "true"},
        {"childSObject": "Task", "field": "CreatedById", "cascadeDelete": False},
        {"childSObject": "Task", "field": "LastModifiedById", "cascadeDelete": False},
        {"childSObject": None, "field": "Car__c", "cascadeDelete": True},
        {"childSObject": "Seat__c", "field": "", "cascadeDelete": True},
        {"childSObject": {}, "field": "Car__c", "cascadeDelete": True},
    ]
    document = {**described("Car", "a01"), "childRelationships": relationships}
    schema = object_schema(strict_json(json.dumps(document)))
    assert schema.cascades == (ChildLink("Wheel__c", "Car__c"),)
    assert schema.lookups == (ChildLink("Task", "WhatId"), ChildLink("Task", "WhoId"))


def test_a_describe_without_child_relationships_has_no_cascades() -> None:
    """An org that tells nothing about children deletes, as far as is known, nothing with a record."""
    assert object_schema(_schema_json()).cascades == ()


@pytest.mark.parametrize(
    "document",
    [
        None, [], {}, {"name": "X"}, {"name": 1, "fields": []}, {"name": "X", "fields": {}},
        {"name": "X", "fields": [{"name": "A"}]}, {"name": "X", "fields": [1]},
        {"name": "X", "fields": [{"name": "A", "type": "string", "referenceTo": [1]}]},
        {"name": "X", "fields": [{"name": "A", "type": "picklist", "picklistValues": "no"}]},
        {"name": "X", "label": 5, "fields": []}, {"name": "X", "fields": [], "childRelationships": [1]},
    ],
)  # fmt: skip
def test_what_is_no_describe_is_an_unreadable_answer(document: OrgJson) -> None:
    """A wrong shape is named, never guessed around."""
    with pytest.raises(OrgProtocolError):
        object_schema(document)


def test_what_is_no_global_describe_is_an_unreadable_answer() -> None:
    """The list of objects is read as strictly."""
    with pytest.raises(OrgProtocolError):
        object_summaries({"sobjects": [{"label": "no name"}]})


def test_the_local_orgs_schema_is_the_users_own(alice: SalesforceOrg) -> None:
    """Opportunity as Alice sees it: names, prefixes, references, rights."""
    schema = alice.describe("oPPORTUNITY")
    stage, account = schema.field("StageName"), schema.field("AccountId")
    assert (schema.name, schema.key_prefix) == ("Opportunity", "006")
    assert stage is not None
    assert "Closed Won" in {each.value for each in stage.active_values}
    assert account is not None
    assert (account.reference_to, account.relationship_name) == (("Account",), "Account")
    assert ChildLink("OpportunityLineItem", "OpportunityId") in schema.cascades
    assert {"Account", "Opportunity", "Task"} <= {each.name for each in alice.objects()}


def test_record_types_are_told_with_who_may_use_them() -> None:
    """One that is switched off is available to nobody; one without an id is none."""
    infos: list[object] = [
        {"recordTypeId": "012000000000000AAA", "name": "Master", "master": True, "available": True},
        {"recordTypeId": "012000000000001AAA", "name": "Renewal", "developerName": "Renewal_Deal",
         "available": True, "active": True, "defaultRecordTypeMapping": True},
        {"recordTypeId": "012000000000002AAA", "name": "Old", "available": True, "active": False},
        {"recordTypeId": None, "name": "None"},
    ]  # fmt: skip
    document = {**described("Car", "a01"), "recordTypeInfos": infos}
    master, renewal, old = object_schema(strict_json(json.dumps(document))).record_types
    assert (master.master, master.default, renewal.default) == (True, False, True)
    assert (renewal.developer_name, renewal.available, old.available) == (
        "Renewal_Deal",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("info", "filtered"),
    [
        (None, False),
        ({"controllingFields": [], "dependent": False, "optionalFilter": False}, True),
        ({"dependent": True}, True),
        ({"optionalFilter": True}, False),
        ([], False),
    ],
)
def test_a_lookup_filter_that_is_not_optional_is_told(info: object, *, filtered: bool) -> None:
    """An optional filter only hides records from people; the org takes them all the same."""
    field: dict[str, object] = {"name": "Owner__c", "type": "reference", "filteredLookupInfo": info}
    found = object_schema(_schema_json(field)).field("Owner__c")
    assert found is not None
    assert found.filtered_lookup is filtered
