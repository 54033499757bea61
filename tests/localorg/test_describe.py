"""Describe: complete in its keys, and folded with the rights of the user who asks."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.describe import describe, describe_global
from localorg.describe_field import Json, describe_field
from localorg.permissions import Access
from localorg.rights import ObjectRight, Rights
from localorg.schema.catalogue import load_catalogue
from localorg.schema.model import FieldDef, ObjectDef, PicklistValue

CATALOGUE = load_catalogue()
KNOWN = Path(__file__).resolve().parents[3] / "shared" / "describes" / "Opportunity.json"
BASE = "http://127.0.0.1:8765"
EVERY_FIELD = frozenset(
    f"{each.name}.{field.name}" for each in CATALOGUE.objects.values() for field in each.fields
)
ADMIN = Access(
    "admin",
    CATALOGUE,
    Rights({}, EVERY_FIELD, EVERY_FIELD, view_setup=True, modify_all_data=True),
)


def sales(*, readable: set[str], editable: set[str]) -> Access:
    """A user who may read, create and edit opportunities, with the given fields."""
    right = ObjectRight(read=True, create=True, edit=True)
    objects = {"Opportunity": right, "Account": ObjectRight(read=True)}
    return Access("me", CATALOGUE, Rights(objects, frozenset(readable), frozenset(editable)))


SELLER = sales(readable={"Opportunity.Amount", "Opportunity.Type"}, editable={"Opportunity.Type"})


def described(name: str, access: Access) -> dict[str, Json]:
    """The describe of one object."""
    return describe(CATALOGUE.objects[name], access, BASE, "62.0")


def rows(value: Json) -> list[dict[str, Json]]:
    """A JSON value that is a list of objects."""
    assert isinstance(value, list)
    assert all(isinstance(each, dict) for each in value)
    return [each for each in value if isinstance(each, dict)]


def fields(answer: dict[str, Json]) -> dict[Json, dict[str, Json]]:
    """The fields of a describe by name."""
    return {each["name"]: each for each in rows(answer["fields"])}


def test_unreadable_field_is_absent() -> None:
    """A field without field-level read is not in the describe; required ones follow the object."""
    assert set(fields(described("Opportunity", SELLER))) >= {"Amount", "Type", "StageName", "Id"}
    assert "NextStep" not in fields(described("Opportunity", SELLER))
    assert "NextStep" in fields(
        described("Opportunity", sales(readable={"Opportunity.NextStep"}, editable=set()))
    )


def test_write_flags_are_the_users_own() -> None:
    """Createable and updateable fold the platform's word, the object and the field."""
    seen = fields(described("Opportunity", SELLER))
    assert (seen["Amount"]["createable"], seen["Amount"]["updateable"]) == (False, False)
    assert (seen["Type"]["createable"], seen["Type"]["updateable"]) == (True, True)
    assert (seen["Name"]["createable"], seen["Name"]["updateable"]) == (True, True)
    assert (seen["IsClosed"]["createable"], seen["IsClosed"]["updateable"]) == (False, False)
    account = described("Account", SELLER)
    assert not any(each["updateable"] for each in rows(account["fields"]))
    assert (account["queryable"], account["createable"], account["updateable"]) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("name", sorted(CATALOGUE.objects))
def test_every_object_has_a_whole_json_describe(name: str) -> None:
    """Each object and each of its fields states the same keys, all of them JSON."""
    answer = described(name, ADMIN)
    assert json.loads(json.dumps(answer)) == answer
    assert set(answer) == set(described("Account", ADMIN))
    keys = {frozenset(each) for each in rows(answer["fields"])}
    assert len(keys) == 1
    assert [each["name"] for each in rows(answer["fields"])] == [
        field.name for field in CATALOGUE.objects[name].fields
    ]


def test_keys_are_those_of_a_real_describe() -> None:
    """A describe has every key that a real one has, on the object, its fields and its children.

    Where no real describe is at hand, the keys a client cannot do without still stand.
    """
    answer = described("Opportunity", ADMIN)
    real = json.loads(KNOWN.read_bytes()) if KNOWN.exists() else {}
    known = {"name", "fields", "keyPrefix", "childRelationships", "createable", "urls"} | set(real)
    assert known <= set(answer)
    for key, needed in (
        ("fields", {"name", "createable", "updateable", "nillable", "defaultedOnCreate"}),
        ("childRelationships", {"childSObject", "field", "relationshipName"}),
        ("recordTypeInfos", {"recordTypeId", "master"}),
    ):
        keys = needed | set(*real.get(key, [])[:1])
        assert keys <= set(rows(answer[key])[0]), key


def test_children_come_from_the_catalogue() -> None:
    """An opportunity names its line items and the tasks about it, with what deleting does to them."""
    children = {
        (each["childSObject"], each["field"]): each
        for each in rows(described("Opportunity", ADMIN)["childRelationships"])
    }
    lines = children["OpportunityLineItem", "OpportunityId"]
    assert (lines["relationshipName"], lines["cascadeDelete"]) == ("OpportunityLineItems", True)
    assert children["Task", "WhatId"]["relationshipName"] == "Tasks"


def test_a_child_that_forbids_the_delete_is_not_said_to_go_with_it() -> None:
    """An account with a contract is not deleted at all, so neither side of the reference claims a cascade."""
    children = {
        (each["childSObject"], each["field"]): each
        for each in rows(described("Account", ADMIN)["childRelationships"])
    }
    contracts = children["Contract", "AccountId"]
    assert (contracts["cascadeDelete"], contracts["restrictedDelete"]) == (False, True)
    assert fields(described("Contract", ADMIN))["AccountId"]["cascadeDelete"] is False
    assert children["Contact", "AccountId"]["cascadeDelete"] is True


def test_children_that_cannot_be_read_are_absent() -> None:
    """A child relationship to an object or field the user cannot read is not shown."""
    children = {
        (each["childSObject"], each["field"])
        for each in rows(described("Account", SELLER)["childRelationships"])
    }
    assert not {each for each in children if each[0] in {"Case", "Contact"}}
    assert ("Opportunity", "AccountId") not in children


def test_polymorphic_and_compound_fields_say_so() -> None:
    """A task's subject record is polymorphic, a city is a part of its address."""
    task, account = fields(described("Task", ADMIN)), fields(described("Account", ADMIN))
    assert task["WhatId"]["polymorphicForeignKey"] is True
    assert task["AccountId"]["polymorphicForeignKey"] is False
    assert account["BillingCity"]["compoundFieldName"] == "BillingAddress"
    assert account["BillingAddress"]["soapType"] == "urn:address"
    assert fields(described("Contact", ADMIN))["LastName"]["compoundFieldName"] == "Name"


def test_picklist_values_and_default_are_given() -> None:
    """A picklist lists its values with the default marked."""
    status = fields(described("Case", ADMIN))["Status"]
    values = {each["value"]: each["defaultValue"] for each in rows(status["picklistValues"])}
    assert values == {"New": True, "Working": False, "Escalated": False, "Closed": False}
    assert status["defaultValue"] == "New"


def test_version_may_be_written_with_or_without_its_letter() -> None:
    """Links carry the version of the request."""
    with_letter = describe(CATALOGUE.objects["Case"], ADMIN, BASE, "v62.0")
    assert with_letter == described("Case", ADMIN)
    urls = with_letter["urls"]
    assert isinstance(urls, dict)
    assert urls["sobject"] == "/services/data/v62.0/sobjects/Case"
    assert urls["uiDetailTemplate"] == f"{BASE}/{{ID}}"


def test_global_describe_leaves_out_what_cannot_be_read() -> None:
    """The org's describe lists the readable objects only, permission objects included in that rule."""
    seen = {each["name"] for each in rows(describe_global(CATALOGUE, SELLER, "62.0")["sobjects"])}
    assert {"Account", "Opportunity", "OpportunityLineItem", "User"} <= seen
    assert not {"Case", "Lead", "PermissionSet", "FieldPermissions"} & seen
    everything = describe_global(CATALOGUE, ADMIN, "62.0")
    assert {each["name"] for each in rows(everything["sobjects"])} == set(CATALOGUE.objects)


@given(st.lists(st.lists(st.integers(0, 39), unique=True), min_size=1, max_size=5))
def test_a_bitmap_says_which_values_of_the_controller_go_with_a_value(
    places: list[list[int]],
) -> None:
    """The bit of a controlling value, counted from the highest one of the first byte, is set where it goes with it."""
    controlling = tuple(PicklistValue(f"c{n}", f"c{n}") for n in range(40))
    values = tuple(
        PicklistValue(f"v{n}", f"v{n}", valid_for=tuple(f"c{place}" for place in each))
        for n, each in enumerate(places)
    )
    kinds = FieldDef("Kind", "Kind", "picklist", picklist=controlling)
    parts = FieldDef("Part", "Part", "picklist", picklist=values, controller="Kind")
    owner = ObjectDef("Thing__c", "Thing", "Things", "a00", (kinds, parts))
    for value, each in zip(
        rows(describe_field(owner, parts, ADMIN)["picklistValues"]), places, strict=True
    ):
        bits = base64.b64decode(str(value["validFor"]))
        assert {n for n in range(len(bits) * 8) if bits[n // 8] & (0x80 >> n % 8)} == set(each)
