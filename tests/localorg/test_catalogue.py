"""The catalogue: complete, consistent in itself, and in agreement with known describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localorg.schema.catalogue import load_catalogue
from localorg.schema.model import FieldDef, ObjectDef
from localorg.schema.stages import (
    CLOSED_CASE_STATUSES,
    CLOSED_TASK_STATUSES,
    CONVERTED_LEAD_STATUSES,
    STAGES,
)

CATALOGUE = load_catalogue()
KNOWN = Path(__file__).resolve().parents[3] / "shared" / "describes"
EXPECTED = {
    "Actwright_Ledger__c",
    "Account",
    "Campaign",
    "CampaignMember",
    "Case",
    "Contact",
    "Contract",
    "Event",
    "FieldPermissions",
    "Group",
    "Lead",
    "ObjectPermissions",
    "Opportunity",
    "OpportunityContactRole",
    "OpportunityLineItem",
    "Order",
    "OrderItem",
    "Organization",
    "PermissionSet",
    "PermissionSetAssignment",
    "Pricebook2",
    "PricebookEntry",
    "Product2",
    "Profile",
    "Quote",
    "QuoteLineItem",
    "RecordType",
    "Task",
    "User",
    "UserRecordAccess",
    "UserRole",
}
FACTS = {
    "label": "label",
    "type": "type",
    "length": "length",
    "precision": "precision",
    "scale": "scale",
    "nillable": "nillable",
    "createable": "createable",
    "updateable": "updateable",
    "defaultedOnCreate": "defaulted_on_create",
    "relationshipName": "relationship_name",
    "restrictedPicklist": "restricted_picklist",
    "nameField": "name_field",
    "unique": "unique",
    "filterable": "filterable",
    "sortable": "sortable",
}
"""Describe key -> attribute of a field."""


def all_fields() -> Iterator[tuple[ObjectDef, FieldDef]]:
    """Every field of the catalogue with its object."""
    return ((each, field) for each in CATALOGUE.objects.values() for field in each.fields)


def known_describes() -> Iterator[dict[str, Any]]:
    """The describes at hand for objects of the catalogue; none where the folder is absent."""
    for path in sorted(KNOWN.rglob("*.json")):
        described = json.loads(path.read_bytes())
        if described.get("name") in EXPECTED:
            yield described


def test_catalogue_holds_every_object() -> None:
    """The catalogue holds the objects of the local org and no other."""
    assert set(CATALOGUE.objects) == EXPECTED


def test_get_ignores_case() -> None:
    """Objects and fields are found in any case, and unknown names are not found."""
    found = CATALOGUE.get("oPPORTUNITYlineITEM")
    assert found is not None
    assert found.name == "OpportunityLineItem"
    assert found.field("quantity") is found.by_name["quantity"]
    assert found.field("Nothing") is None
    assert CATALOGUE.get("Nothing") is None


def test_prefixes_tell_objects_apart() -> None:
    """Each stored object has its own three-character prefix, and prefixes are case-sensitive."""
    stored = [each for each in CATALOGUE.objects.values() if not each.virtual]
    assert all(CATALOGUE.by_prefix(each.key_prefix) is each for each in stored)
    assert {len(each.key_prefix) for each in stored} == {3}
    role, profile = CATALOGUE.by_prefix("00E"), CATALOGUE.by_prefix("00e")
    assert role is not None
    assert profile is not None
    assert (role.name, profile.name) == ("UserRole", "Profile")
    assert CATALOGUE.by_prefix("") is None


def test_field_names_are_unique_in_an_object() -> None:
    """No object has two fields, or two relationships, of one name in any case."""
    for each in CATALOGUE.objects.values():
        named = [field for field in each.fields if field.relationship_name]
        assert len(each.by_name) == len(each.fields), each.name
        assert len(each.by_relationship) == len(named), each.name


def test_references_lead_into_the_catalogue() -> None:
    """Every reference leads to objects that exist, and only references do."""
    for each, field in all_fields():
        assert bool(field.reference_to) == (field.type == "reference"), (each.name, field.name)
        assert set(field.reference_to) <= EXPECTED, (each.name, field.name)


def test_sizes_are_plausible() -> None:
    """Every text has a length and every number a precision that holds its scale."""
    for each, field in all_fields():
        place = (each.name, field.name)
        if field.type in {"string", "textarea", "picklist", "combobox", "email", "phone", "url"}:
            assert field.length > 0, place
        if field.type in {"double", "currency", "percent"}:
            assert field.precision > field.scale >= 0, place


def test_defaults_are_values_of_their_field() -> None:
    """A default of a picklist is one of its values and marked so; a boolean's is a boolean."""
    for each, field in all_fields():
        place = (each.name, field.name)
        marked = [value.value for value in field.picklist if value.default]
        if field.picklist:
            assert marked == ([] if field.default is None else [field.default]), place
        if field.type == "boolean" and not each.virtual:
            assert isinstance(field.default, bool), place


def test_stored_objects_carry_id_and_audit_fields() -> None:
    """Each stored object has an id that nobody writes and a system modstamp."""
    for each in CATALOGUE.objects.values():
        if each.virtual:
            continue
        assert each.fields[0].type == "id", each.name
        assert not each.fields[0].createable, each.name
        assert each.field("SystemModstamp") is not None, each.name
        if not each.setup:
            assert each.field("IsDeleted") is not None, each.name


def test_children_are_the_references_seen_from_the_parent() -> None:
    """An account's contacts and both ends of a task's polymorphic reference are named children."""
    account = {(c.child.name, c.field.name): c.name for c in CATALOGUE.children("Account")}
    assert account["Contact", "AccountId"] == "Contacts"
    assert account["Opportunity", "AccountId"] == "Opportunities"
    assert account["Task", "WhatId"] == "Tasks"
    with pytest.raises(KeyError):
        CATALOGUE.children("Nothing")


def test_child_names_do_not_collide() -> None:
    """A subquery's name stands for one reference of one child, but for the aliases of the platform."""
    for parent in EXPECTED:
        names: dict[str, set[str]] = {}
        for each in CATALOGUE.children(parent):
            if each.name:
                names.setdefault(each.name.lower(), set()).add(each.child.name)
        assert all(len(children) == 1 for children in names.values()), (parent, names)


def test_dependent_picklists_go_with_values_of_their_controller() -> None:
    """Every dependent value goes with at least one value of a picklist that is there and not itself."""
    dependent = [(each, field) for each, field in all_fields() if field.controller]
    assert [(each.name, field.name) for each, field in dependent] == [("Case", "Symptom__c")]
    for each, field in dependent:
        controller = each.by_name[str(field.controller).lower()]
        known = {value.value for value in controller.picklist}
        assert controller is not field
        assert all(value.valid_for and set(value.valid_for) <= known for value in field.picklist)


def test_lookup_filters_compare_fields_that_exist() -> None:
    """A filter names fields of the referenced object, and for a comparison one of the referring object."""
    filtered = [(each, field) for each, field in all_fields() if field.lookup_filter]
    assert {f"{each.name}.{field.name}" for each, field in filtered} == {
        "Opportunity.CampaignId",
        "Contract.CustomerSignedId",
    }
    for each, field in filtered:
        assert field.lookup_filter is not None
        [target] = field.reference_to
        theirs = [name for name, _ in (*field.lookup_filter.constants, *field.lookup_filter.same)]
        assert all(CATALOGUE.objects[target].field(name) for name in theirs)
        assert all(each.field(ours) for _, ours in field.lookup_filter.same)


def test_governing_objects_and_sharing_parents_exist() -> None:
    """Whatever follows another object's permissions or sharing names one that can be followed."""
    for each in CATALOGUE.objects.values():
        if each.permissions_from is not None:
            governing = CATALOGUE.get(each.permissions_from)
            assert governing is not None
            assert governing.permissions_from is None
        assert (each.sharing == "ControlledByParent") == (each.sharing_parent is not None)
        if each.sharing_parent is not None:
            reference = each.field(each.sharing_parent)
            assert reference is not None
            assert reference.type == "reference"


def test_stages_follow_the_picklist() -> None:
    """Every stage of the picklist has its facts, and forecast categories are ones that exist."""
    opportunity = CATALOGUE.objects["Opportunity"]
    assert [v.value for v in opportunity.by_name["stagename"].picklist] == list(STAGES)
    categories = {v.value for v in opportunity.by_name["forecastcategory"].picklist}
    assert {stage.forecast_category for stage in STAGES.values()} <= categories
    assert [s.name for s in STAGES.values() if s.is_won] == ["Closed Won"]
    assert [s.probability for s in STAGES.values()] == [10, 10, 20, 50, 60, 70, 75, 90, 100, 0]
    assert all(s.is_closed == (s.probability in {0, 100}) for s in STAGES.values())


@pytest.mark.parametrize(
    ("name", "closed"),
    [
        ("Case", CLOSED_CASE_STATUSES),
        ("Task", CLOSED_TASK_STATUSES),
        ("Lead", CONVERTED_LEAD_STATUSES),
    ],
)
def test_special_statuses_are_in_the_picklist(name: str, closed: frozenset[str]) -> None:
    """A status that closes or converts a record is a value of that object's status."""
    values = {value.value for value in CATALOGUE.objects[name].by_name["status"].picklist}
    assert closed < values


def test_escalation_notes_take_long_text() -> None:
    """The custom field of cases is a writable long text area."""
    notes = CATALOGUE.objects["Case"].by_name["escalation_notes__c"]
    assert (notes.type, notes.length, notes.custom) == ("textarea", 32768, True)
    assert notes.createable
    assert notes.updateable


def test_catalogue_agrees_with_known_describes() -> None:
    """Every fact of a field that a known describe states is the same here.

    Where no describes are at hand the loop is empty, and the required fields of the daily objects still stand.
    """
    wrong = [
        (described["name"], known["name"], *difference)
        for described in known_describes()
        for known in described["fields"]
        for difference in differences(described["name"], known)
    ]
    assert wrong == []
    assert required("Opportunity") == {"Name", "StageName", "CloseDate"}
    assert required("Lead") == {"LastName", "Company"}
    assert required("Contact") == {"LastName"}
    assert required("Account") == {"Name"}
    assert required("Case") == set()


def differences(name: str, known: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """The facts of one known field that are different here; none for a field left out on purpose."""
    field = CATALOGUE.objects[name].field(known["name"])
    if field is None:
        return
    for key, attribute in FACTS.items():
        if getattr(field, attribute) != known[key]:
            yield key, getattr(field, attribute), known[key]
    targets = tuple(target for target in known["referenceTo"] if target in EXPECTED)
    if field.reference_to != targets:
        yield "referenceTo", field.reference_to, targets
    ours = {(value.value, value.label) for value in field.picklist}
    theirs = {(value["value"], value["label"]) for value in known["picklistValues"]}
    if (name, field.name) == ("RecordType", "SobjectType"):
        theirs = {each for each in theirs if each[0] in EXPECTED}
        ours = {(value, next(t[1] for t in theirs if t[0] == value)) for value, _ in ours}
    if (name, field.name) == ("Lead", "Status"):
        ours &= theirs  # the lead blueprints use more statuses than the known org has
    if ours != theirs:
        yield "picklistValues", ours ^ theirs, ()


def required(name: str) -> set[str]:
    """The fields without which a create is refused."""
    return {
        field.name
        for field in CATALOGUE.objects[name].fields
        if field.createable and not field.nillable and not field.defaulted_on_create
    }
