"""Schema snapshots: both shapes are read and written, and a snapshot can only narrow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.memory_org import FakeClock, demo_org, demo_schemas
from tests.model_replies import ACME_WON, LIBRARY, plan, reply

from actwright.canonical import Json
from actwright.errors import DocumentError, InputError, NotFoundError
from actwright.org.query import RecordQuery
from actwright.planning.narrowing import NarrowedOrg, NarrowedPlanner
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.planning.snapshot_shapes import ListSnapshot, MapSnapshot
from actwright.planning.snapshots import (
    Shape,
    SnapshotOptions,
    parse_snapshot,
    read_snapshot,
    write_snapshot,
)

MAP: dict[str, Json] = {
    "objects": {
        "opportunity": {
            "apiName": "Opportunity",
            "fields": {
                "StageName": {
                    "apiName": "StageName",
                    "type": "PICKLIST",
                    "nillable": False,
                    "createable": True,
                    "updateable": True,
                    "picklistValues": ["Closed Won"],
                },
                "Secret__c": {"apiName": "Secret__c"},
            },
            "childRelationships": ["OpportunityLineItems.OpportunityId"],
        },
        "Hidden__c": {"apiName": "Hidden__c", "fields": {}},
    }
}
LIST: dict[str, Json] = {
    "generatedAt": "2026-11-21T12:00:00Z",
    "objectCount": 2,
    "objects": [
        {
            "apiName": "Opportunity",
            "label": "Opportunity",
            "labelPlural": "Opportunities",
            "custom": False,
            "keyPrefix": "006",
            "recordTypes": [
                {"developerName": "Master", "name": "Master", "available": True, "default": True}
            ],
            "fields": [
                {
                    "apiName": "StageName",
                    "label": "Stage",
                    "type": "picklist",
                    "custom": False,
                    "updateable": True,
                    "accessible": True,
                    "nillable": False,
                    "requiresFLS": False,
                },
                {"apiName": "Amount", "accessible": False},
                {"apiName": "Secret__c"},
            ],
            "childRelationships": [
                {
                    "childObject": "Task",
                    "field": "WhatId",
                    "cascadeDelete": True,
                    "restrictedDelete": False,
                }
            ],
        },
        {"apiName": "Hidden__c"},
    ],
}


@pytest.mark.parametrize("document", [MAP, LIST])
def test_both_shapes_narrow_alike(document: Json) -> None:
    """The intersection with what the person may see is left: the id, the name, and the fields of the file."""
    org = NarrowedOrg(demo_org(), parse_snapshot(document, where="file"))
    assert [each.name for each in org.objects()] == ["Opportunity"]
    names = {each.name for each in org.describe("OPPORTUNITY").fields}
    assert names == {"Id", "Name", "StageName"}
    with pytest.raises(NotFoundError):
        org.describe("Account")
    with pytest.raises(NotFoundError):
        org.query([RecordQuery(object="Account")])


def test_what_the_org_hides_is_told() -> None:
    """Names of the file that the person may not see are said, and never become visible."""
    org = NarrowedOrg(demo_org(), parse_snapshot(MAP, where="file"))
    org.describe("Opportunity")
    (note,) = org.notes
    assert "Hidden__c" in note
    assert "Opportunity.Secret__c" in note


def test_a_snapshot_of_which_nothing_is_visible_is_an_error() -> None:
    """Nothing left is not an empty plan, but an error that names the file."""
    document: Json = {"objects": {"Hidden__c": {"apiName": "Hidden__c"}}}
    with pytest.raises(InputError) as error:
        NarrowedOrg(demo_org(), parse_snapshot(document, where="my.json"))
    assert error.value.where == "my.json"
    assert error.value.error_code == "snapshot_foreign"


def test_the_same_schema_stays_the_same_object() -> None:
    """Planners keep indexes by identity, so an unchanged schema is not made anew."""
    org = NarrowedOrg(demo_org(), parse_snapshot(MAP, where="file"))
    assert org.describe("Opportunity") is org.describe("opportunity")
    assert org.objects() is org.objects()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "no objects"),
        ({"objects": "all"}, "no objects"),
        ({"objects": {"A": {"apiName": "B"}}}, "another name"),
        ({"objects": {"A": {"apiName": "A", "fields": {"x": {"apiName": "y"}}}}}, "another name"),
        ({"objects": {"A": {"apiName": "A b"}}}, "apiName"),
        ({"objects": {"A": {"apiName": "A", "secrets": 1}}}, "secrets"),
        ({"objects": [{"apiName": "A"}, {"apiName": "a"}]}, "twice"),
        ({"objects": [{"label": "A"}]}, "apiName"),
        ({"objects": [], "soql": "x"}, "soql"),
        ({"objects": [{"apiName": "A", "fields": [{"apiName": "f" * 90}]}]}, "apiName"),
    ],
)
def test_what_is_no_snapshot_is_named(document: Json, words: str) -> None:
    """A file in neither shape is refused with the place and the reason."""
    with pytest.raises(DocumentError) as error:
        parse_snapshot(document, where="my.json")
    assert words in f"{error.value.message} {error.value.where}"


def test_a_file_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    """Reading starts at a path."""
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(LIST))
    assert read_snapshot(path).field_names("opportunity") == ("StageName", "Secret__c")
    with pytest.raises(DocumentError):
        read_snapshot(tmp_path / "absent.json")


@pytest.mark.parametrize("shape", ["map", "list"])
def test_what_is_written_can_be_read(shape: Shape) -> None:
    """A written snapshot fits its contract's JSON Schema and narrows to what it says."""
    options = SnapshotOptions(max_fields_per_object=None, include_relationships=True)
    document = write_snapshot(
        demo_org(), ["task", "OPPORTUNITY"], shape, options, clock=FakeClock()
    )
    contract = MapSnapshot if shape == "map" else ListSnapshot
    jsonschema.validate(document, contract.model_json_schema(by_alias=True))
    snapshot = parse_snapshot(document, where="file")
    assert sorted(snapshot.fields) == ["Opportunity", "Task"]
    assert set(snapshot.fields["Task"]) == {each.name for each in demo_schemas()["Task"].fields}
    assert "WhatId" in json.dumps(document)


def test_options_bound_what_is_written() -> None:
    """The first objects by name, and of each the fields that matter most; flags leave parts out."""
    options = SnapshotOptions(
        max_objects=2, max_fields_per_object=3, include_field_level_security=False
    )
    document = write_snapshot(demo_org(), [], "map", options, clock=FakeClock())
    objects = document["objects"]
    assert isinstance(objects, dict)
    assert len(objects) == 2
    assert list(objects) == sorted(objects)
    text = json.dumps(document)
    assert "updateable" not in text
    assert "childRelationships" not in text
    deal = write_snapshot(demo_org(), ["opportunity"], "map", options, clock=FakeClock())
    assert '"CloseDate"' in json.dumps(deal)


def test_an_unknown_object_is_not_written() -> None:
    """A name nobody may see is an error, not an empty place."""
    with pytest.raises(InputError, match="Nonsense"):
        write_snapshot(demo_org(), ["Nonsense"], "map", clock=FakeClock())


def test_the_offline_planner_keeps_to_a_snapshot_too() -> None:
    """A field outside of the snapshot is no field of the plan, whichever planner makes it."""
    document = write_snapshot(
        demo_org(),
        ["Opportunity"],
        "map",
        SnapshotOptions(max_fields_per_object=None),
        clock=FakeClock(),
    )
    objects = document["objects"]
    assert isinstance(objects, dict)
    opportunity = objects["Opportunity"]
    assert isinstance(opportunity, dict)
    fields = opportunity["fields"]
    assert isinstance(fields, dict)
    del fields["Amount"]
    planner = NarrowedPlanner(OfflinePlanner(), parse_snapshot(document, where="file"))
    request = PlanningRequest(
        "Set the amount of Acme Renewal to 5", LIBRARY, demo_org(), FakeClock()
    )
    outcome = planner.plan(request)
    actions = outcome.plan.actions if outcome.plan else ()
    assert not any("Amount" in each.arguments for each in actions)
    assert OfflinePlanner().plan(replace(request)).plan is not None


def test_the_model_sees_the_snapshot_only() -> None:
    """No object and no field outside of the snapshot is in what is sent."""
    org = NarrowedOrg(demo_org(), parse_snapshot(LIST, where="file"))
    planned = plan("Close the Acme Renewal as won", reply(ACME_WON), org=org)
    schema = planned.chat.sent().split("<schema>")[-1].split("</schema>")[0]
    lines = [json.loads(line) for line in schema.strip().splitlines()]
    assert [each["object"] for each in lines] == ["Opportunity"]
    assert {each["name"] for each in lines[0]["fields"]} <= {"Name", "StageName"}
    assert planned.outcome.plan is not None
