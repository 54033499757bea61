"""Dependent picklists and lookup filters over HTTP: one field of a record answers for another."""

from __future__ import annotations

from typing import Any

import pytest

from localorg.testing import Client

BAD_VALUE = ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["Symptom__c"])
FILTERED = "FIELD_FILTER_VALIDATION_EXCEPTION"


def refusal(response: Any) -> tuple[str, list[str]]:
    """Code and fields of a refusal."""
    assert response.status_code == 400, response.text
    [error] = response.json()
    return error["errorCode"], error["fields"]


def record(client: Client, name: str, label: str) -> str:
    """The id of a record by its name."""
    [row] = client.query(f"SELECT Id FROM {name} WHERE Name = '{label}'")
    return str(row["Id"])


@pytest.mark.parametrize(
    ("component", "symptom", "fits"),
    [
        ("Portal", "Wrong password", True),
        ("Reports", "Timeout", True),
        ("Reports", "wrong FIGURES", True),
        ("Reports", "Wrong password", False),
        (None, "Timeout", False),
        ("Reports", None, True),
    ],
)
def test_a_dependent_value_goes_with_its_controller(
    admin: Client, component: str | None, symptom: str | None, *, fits: bool
) -> None:
    """On create both values are new; without a controlling value no dependent one is allowed."""
    body = {"Subject": "x", "Component__c": component, "Symptom__c": symptom}
    response = admin.request("POST", "/sobjects/Case", body)
    if fits:
        assert response.status_code == 201
    else:
        assert refusal(response) == BAD_VALUE


def test_a_changed_value_is_held_against_the_stored_controller(admin: Client) -> None:
    """The controlling value that stands counts, unless the same request changes it."""
    case = admin.create("Case", Subject="x", Component__c="Reports", Symptom__c="Timeout")
    path = f"/sobjects/Case/{case}"
    assert refusal(admin.request("PATCH", path, {"Symptom__c": "No data"})) == BAD_VALUE
    both = {"Symptom__c": "No data", "Component__c": "Integrations"}
    assert admin.request("PATCH", path, both).status_code == 204


def test_an_opportunity_takes_an_active_campaign(admin: Client) -> None:
    """The filter asks for a fixed value of the record referred to."""
    idle = admin.create("Campaign", Name="Idle")
    deal = record(admin, "Opportunity", "Contoso Gift Cards")
    path = f"/sobjects/Opportunity/{deal}"
    refused = admin.request("PATCH", path, {"CampaignId": idle})
    assert refusal(refused) == (FILTERED, ["CampaignId"])
    [error] = refused.json()
    assert error["message"] == "Value does not exist or does not match filter criteria."
    active = record(admin, "Campaign", "Spring Launch")
    assert admin.request("PATCH", path, {"CampaignId": active}).status_code == 204
    assert admin.request("PATCH", path, {"CampaignId": None}).status_code == 204


def test_a_contract_is_signed_by_a_contact_of_its_account(admin: Client) -> None:
    """The filter compares a field of the contact with one of the contract, whichever of the two changes."""
    acme, globex = record(admin, "Account", "Acme"), record(admin, "Account", "Globex")
    signer = record(admin, "Contact", "Maria Garcia")
    contract = admin.create("Contract", AccountId=acme, CustomerSignedId=signer)
    path = f"/sobjects/Contract/{contract}"
    stranger = {"CustomerSignedId": record(admin, "Contact", "Peter Novak")}
    assert refusal(admin.request("PATCH", path, stranger)) == (FILTERED, ["CustomerSignedId"])
    moved = admin.request("PATCH", path, {"AccountId": globex})
    assert refusal(moved) == (FILTERED, ["CustomerSignedId"])
    both = {"AccountId": globex, **stranger}
    assert admin.request("PATCH", path, both).status_code == 204


def test_describe_tells_that_a_lookup_is_filtered(admin: Client) -> None:
    """It names the fields of the record that the filter compares, and never what the filter asks for."""

    def filtered(name: str, field: str) -> Any:
        fields = admin.request("GET", f"/sobjects/{name}/describe").json()["fields"]
        return next(each["filteredLookupInfo"] for each in fields if each["name"] == field)

    assert filtered("Opportunity", "CampaignId") == {
        "controllingFields": [],
        "dependent": False,
        "optionalFilter": False,
    }
    assert filtered("Contract", "CustomerSignedId") == {
        "controllingFields": ["AccountId"],
        "dependent": True,
        "optionalFilter": False,
    }
    assert filtered("Opportunity", "AccountId") is None


def test_numbers_go_on_after_those_of_the_seed(admin: Client) -> None:
    """A new case takes the number after the highest one, also where the one before was rolled back."""
    numbers = [
        int(row["CaseNumber"])
        for row in admin.query("SELECT CaseNumber FROM Case ORDER BY CaseNumber DESC LIMIT 1")
    ]
    refused = admin.request("POST", "/sobjects/Case", {"Subject": "x", "Status": "y" * 50})
    assert refused.status_code == 400
    for _ in range(2):
        case = admin.create("Case", Subject="Numbered")
        [row] = admin.query(f"SELECT CaseNumber FROM Case WHERE Id = '{case}'")
        numbers.append(int(row["CaseNumber"]))
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert len(row["CaseNumber"]) == 8
