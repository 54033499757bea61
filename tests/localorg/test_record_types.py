"""Record types: told by describe for each user, with their picklist values, and enforced on save."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from localorg.testing import Client

MASTER = "012000000000000AAA"
CLOSES = "2031-01-01"


def kinds(client: Client, name: str) -> dict[str, dict[str, Any]]:
    """The record types a describe tells, by developer name."""
    infos = client.request("GET", f"/sobjects/{name}/describe").json()["recordTypeInfos"]
    return {each["developerName"]: each for each in infos}


def kind_id(client: Client, name: str, developer_name: str) -> str:
    """The id of a record type."""
    return str(kinds(client, name)[developer_name]["recordTypeId"])


def refusal(response: Any) -> tuple[str, list[str]]:
    """Code and fields of a refusal."""
    [error] = response.json()
    return error["errorCode"], error["fields"]


def values(client: Client, name: str, kind: str, field: str = "") -> Any:
    """The picklist values of a record type, of all fields or of one."""
    path = f"/ui-api/object-info/{name}/picklist-values/{kind}"
    response = client.request("GET", f"{path}/{field}" if field else path)
    assert response.status_code == 200, response.text
    return response.json()


def test_describe_tells_record_types_and_whose_they_are(admin: Client, bob: Client) -> None:
    """Each has its own id; a seller may not use the renewal, and the master is everybody's default."""
    seen = kinds(admin, "Opportunity")
    assert list(seen) == ["New_Business", "Renewal", "Master"]
    assert [each["available"] for each in seen.values()] == [True, True, True]
    assert [each["available"] for each in kinds(bob, "Opportunity").values()] == [True, False, True]
    assert [each["defaultRecordTypeMapping"] for each in seen.values()] == [False, False, True]
    assert seen["Master"]["recordTypeId"] == MASTER
    renewal = seen["Renewal"]
    assert renewal["recordTypeId"].startswith("012")
    assert (renewal["name"], renewal["active"], renewal["master"]) == ("Renewal", True, False)
    assert list(kinds(admin, "Lead")) == ["Master"]


def test_a_default_record_type_is_taken(admin: Client, org: Any) -> None:
    """A service agent's new case is one of support, unless the request says otherwise, the master included."""
    carol = org.login("carol")
    assert kinds(carol, "Case")["Support"]["defaultRecordTypeMapping"] is True
    assert kinds(carol, "Case")["Master"]["defaultRecordTypeMapping"] is False
    request = kind_id(carol, "Case", "Feature_Request")
    cases = [
        carol.create("Case", Subject="Kind", **given)
        for given in (
            {},
            {"RecordTypeId": request},
            {"RecordTypeId": MASTER},
            {"RecordTypeId": None},
        )
    ]
    rows = {
        each["Id"]: each["RecordTypeId"]
        for each in admin.query("SELECT Id, RecordTypeId FROM Case WHERE Subject = 'Kind'")
    }
    assert [rows[each] for each in cases] == [
        kind_id(carol, "Case", "Support"),
        request,
        None,
        None,
    ]
    carol.http.close()


def test_a_record_type_of_somebody_else_is_refused(admin: Client, bob: Client) -> None:
    """On create and on change alike: not available, of another object, or none at all."""
    renewal, support = kind_id(bob, "Opportunity", "Renewal"), kind_id(admin, "Case", "Support")
    fields = {"Name": "Kind", "StageName": "Needs Analysis", "CloseDate": CLOSES}
    wrong = ("INVALID_CROSS_REFERENCE_KEY", ["RecordTypeId"])
    for kind in (renewal, support):
        created = bob.request("POST", "/sobjects/Opportunity", {**fields, "RecordTypeId": kind})
        assert refusal(created) == wrong
    deal = bob.create("Opportunity", **fields)
    path = f"/sobjects/Opportunity/{deal}"
    assert refusal(bob.request("PATCH", path, {"RecordTypeId": renewal})) == wrong
    assert bob.request("GET", path).json()["RecordTypeId"] is None


def test_a_record_of_an_unavailable_type_can_be_worked_on(admin: Client, bob: Client) -> None:
    """Availability is about choosing the type; whoever may edit the record still may."""
    deal = admin.create(
        "Opportunity",
        Name="Kind",
        StageName="Needs Analysis",
        CloseDate=CLOSES,
        RecordTypeId=kind_id(admin, "Opportunity", "Renewal"),
    )
    changed = bob.request("PATCH", f"/sobjects/Opportunity/{deal}", {"NextStep": "Call"})
    assert changed.status_code == 204


def test_restricted_values_follow_the_record_type(admin: Client) -> None:
    """A value the type leaves out is refused where the picklist is restricted, and accepted where it is not."""
    renewal = kind_id(admin, "Opportunity", "Renewal")
    fields = {"Name": "Kind", "CloseDate": CLOSES, "RecordTypeId": renewal}
    deal = admin.create("Opportunity", **fields, StageName="Prospecting")
    path = f"/sobjects/Opportunity/{deal}"
    refused = admin.request("PATCH", path, {"ForecastCategoryName": "Best Case"})
    assert refusal(refused) == ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["ForecastCategoryName"])
    assert admin.request("PATCH", path, {"ForecastCategoryName": "Commit"}).status_code == 204
    free = {"ForecastCategoryName": "Best Case", "RecordTypeId": MASTER}
    assert admin.request("PATCH", path, free).status_code == 204


def test_values_are_told_by_record_type(admin: Client) -> None:
    """Every picklist is there; the renewal leaves out the first stages and the master nothing."""
    renewal = kind_id(admin, "Opportunity", "Renewal")
    told = values(admin, "Opportunity", renewal)["picklistFieldValues"]
    assert {"StageName", "Type", "LeadSource", "ForecastCategoryName"} <= set(told)
    assert [each["value"] for each in told["StageName"]["values"]] == [
        "Needs Analysis",
        "Proposal/Price Quote",
        "Negotiation/Review",
        "Closed Won",
        "Closed Lost",
    ]
    assert told["StageName"] == values(admin, "Opportunity", renewal, "StageName")
    master = values(admin, "Opportunity", MASTER)["picklistFieldValues"]
    assert len(master["StageName"]["values"]) == 10
    assert master["StageName"]["url"].endswith(f"/picklist-values/{MASTER}/StageName")
    status = values(admin, "Case", MASTER, "Status")
    assert status["defaultValue"]["value"] == "New"


def test_dependent_values_are_told_by_place(admin: Client) -> None:
    """The controller's values are numbered as the record type leaves them, and each value says its numbers."""
    symptom = values(admin, "Case", MASTER, "Symptom__c")
    assert symptom["controllerValues"] == {"Portal": 0, "Reports": 1, "Integrations": 2}
    told = {each["value"]: each["validFor"] for each in symptom["values"]}
    assert told == {
        "Locked out": [0],
        "Wrong password": [0],
        "Wrong figures": [1],
        "Timeout": [0, 1, 2],
        "No data": [2],
    }
    request = kind_id(admin, "Case", "Feature_Request")
    narrowed = values(admin, "Case", request, "Symptom__c")
    assert (narrowed["controllerValues"], narrowed["values"]) == (
        {"Reports": 0, "Integrations": 1},
        [],
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Opportunity/picklist-values/012000000000001AAA", 404),
        ("Opportunity/picklist-values/nope", 400),
        (f"Nothing/picklist-values/{MASTER}", 404),
        (f"Opportunity/picklist-values/{MASTER}/Amount", 404),
        (f"Opportunity/picklist-values/{MASTER}/Nope", 404),
    ],
)
def test_values_of_what_is_not_there_are_refused(admin: Client, path: str, status: int) -> None:
    """A record type, object or picklist nobody has is absent, and text that is no id is malformed."""
    assert admin.request("GET", f"/ui-api/object-info/{path}").status_code == status


def test_unreadable_picklists_have_no_values(org: Any) -> None:
    """Who may not see a field does not see its values; who may not see the object sees nothing."""
    carol = org.login("carol")
    seen = carol.request("GET", f"/ui-api/object-info/Lead/picklist-values/{MASTER}")
    assert seen.status_code == 404
    carol.http.close()


def test_a_new_record_type_is_told_at_once(admin: Client) -> None:
    """An administrator's own record type narrows nothing, and goes once it is inactive."""
    fields = {"Name": "Own", "DeveloperName": "Own", "SobjectType": "Case", "IsActive": True}
    own = admin.create("RecordType", **fields)
    assert kinds(admin, "Case")["Own"]["available"] is True
    assert len(values(admin, "Case", own, "Symptom__c")["values"]) == 5
    admin.request("PATCH", f"/sobjects/RecordType/{own}", {"IsActive": False})
    assert kinds(admin, "Case")["Own"]["available"] is False
    refused = admin.request("POST", "/sobjects/Case", {"Subject": "x", "RecordTypeId": own})
    assert refusal(refused)[0] == "INVALID_CROSS_REFERENCE_KEY"


def test_bitmaps_of_dependent_values_name_the_controller(admin: Client) -> None:
    """A describe gives the controlling field, and each value a bit for every value of it."""
    fields = {
        each["name"]: each
        for each in admin.request("GET", "/sobjects/Case/describe").json()["fields"]
    }
    symptom = fields["Symptom__c"]
    assert (symptom["controllerName"], symptom["dependentPicklist"]) == ("Component__c", True)
    bits = {each["value"]: base64.b64decode(each["validFor"]) for each in symptom["picklistValues"]}
    assert bits["Wrong password"] == b"\x80\0\0"
    assert bits["Wrong figures"] == b"\x40\0\0"
    assert bits["Timeout"] == b"\xe0\0\0"
    assert fields["Status"]["controllerName"] is None
    assert all(each["validFor"] is None for each in fields["Status"]["picklistValues"])
