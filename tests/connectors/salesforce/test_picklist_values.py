"""Picklist values by record type: read strictly, kept for a while, asked anew after a refresh."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.connectors.salesforce.conftest import HandClock
from tests.connectors.salesforce.scripted_org import Reply, ScriptedOrg, fault

from actwright.connectors.salesforce.answer import strict_json
from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.cache_folder import CacheFolder
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.picklist_values import PicklistCache, offered
from actwright.errors import NotFoundError, OrgProtocolError, OrgRefusedError
from actwright.org.schema import PicklistValue

RENEWAL = "012000000000001AAA"
MAKE = {"controllerValues": {}, "defaultValue": {"value": "VW"}, "values": [{"value": "VW", "label": "Volkswagen", "validFor": []}]}  # fmt: skip
MODEL = {"controllerValues": {"VW": 0, "Renault": 1}, "defaultValue": None, "values": [{"value": "Golf", "label": None, "validFor": [0]}, {"value": "Any", "validFor": [0, 1]}]}  # fmt: skip
ANSWER = {"picklistFieldValues": {"Make__c": MAKE, "Model__c": MODEL}}


class Watched:
    """A cache over a scripted org, and how often that org was asked."""

    def __init__(self, org: ScriptedOrg, clock: HandClock, folder: Path | None = None) -> None:
        self.client = OrgClient(Session("T", org.url))
        self.cache = PicklistCache(self.client, CacheFolder(folder), clock)

    def look(self, record_type: str = RENEWAL) -> object:
        """Look the values of one record type up."""
        return self.cache.values("Car", record_type)


def test_values_come_with_labels_defaults_and_what_they_go_with() -> None:
    """The numbers of controlling values become the values themselves; without any, nothing controls."""
    found = offered(strict_json(json.dumps(ANSWER)))
    assert found == {
        "Make__c": (PicklistValue("VW", "Volkswagen", default=True),),
        "Model__c": (
            PicklistValue("Golf", "Golf", valid_for=("VW",)),
            PicklistValue("Any", "Any", valid_for=("VW", "Renault")),
        ),
    }


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"picklistFieldValues": []},
        {"picklistFieldValues": {"A": {"values": {}}}},
        {"picklistFieldValues": {"A": {"values": [{"label": "x"}]}}},
        {"picklistFieldValues": {"A": {"values": [], "controllerValues": {"x": "0"}}}},
        {"picklistFieldValues": {"A": {"values": [], "controllerValues": {"x": 0, "y": 0}}}},
        {"picklistFieldValues": {"A": {"values": [{"value": "a"}], "controllerValues": {"x": 0}}}},
        {"picklistFieldValues": {"A": {"values": [{"value": "a", "validFor": [1]}], "controllerValues": {"x": 0}}}},
        {"picklistFieldValues": {"A": {"values": [{"value": "a", "validFor": ["x"]}], "controllerValues": {"x": 0}}}},
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused(body: object) -> None:
    """Nothing is guessed from half an answer."""
    with pytest.raises(OrgProtocolError):
        offered(strict_json(json.dumps(body)))


def test_they_are_asked_for_once_and_kept_between_processes(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """Ids of 15 and 18 characters are one; a second process reads the folder until five minutes have passed."""
    scripted.on("GET", f"/ui-api/object-info/Car/picklist-values/{RENEWAL}", Reply(body=ANSWER))
    first = Watched(scripted, clock, tmp_path)
    assert first.look() == first.look(RENEWAL[:15])
    assert Watched(scripted, clock, tmp_path).look() == first.look()
    assert len(scripted.requests) == first.client.api_calls == 1
    clock.forward(minutes=6)
    later = Watched(scripted, clock, tmp_path)
    later.look()
    assert (len(scripted.requests), later.client.api_calls) == (2, 0)


def test_a_refresh_asks_the_org_again_without_a_call_that_counts(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """After a refresh neither memory nor disk is trusted, and looking again is a revalidation."""
    scripted.on("GET", "/ui-api/", Reply(body=ANSWER), Reply(body={"picklistFieldValues": {}}))
    watched = Watched(scripted, clock, tmp_path)
    watched.look()
    watched.cache.refresh()
    assert watched.look() == {}
    assert (len(scripted.requests), watched.client.api_calls) == (2, 1)


@pytest.mark.parametrize("record_type", ["", "Renewal", "012/../x", "012000000000001AAB"])
def test_what_is_no_id_is_never_asked_for(
    scripted: ScriptedOrg, clock: HandClock, record_type: str
) -> None:
    """An id of a wrong shape or checksum names nothing."""
    with pytest.raises(NotFoundError):
        Watched(scripted, clock).look(record_type)
    assert scripted.requests == []


def test_what_the_org_hides_is_not_found_and_forgotten(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """A hidden record type is told as such, and its kept values are dropped; another refusal is passed on."""
    gone, refused = fault(404, "NOT_FOUND"), fault(403, "FUNCTIONALITY_NOT_ENABLED")
    scripted.on("GET", "/ui-api/", Reply(body=ANSWER), gone, refused)
    watched = Watched(scripted, clock, tmp_path)
    watched.look()
    watched.cache.refresh()
    with pytest.raises(NotFoundError, match="hidden from you"):
        watched.look()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OrgRefusedError):
        watched.look()


def test_the_local_org_tells_them(alice: SalesforceOrg) -> None:
    """A real answer: a record type narrows a picklist, and dependent values name what they go with."""
    kinds = {each.developer_name: each for each in alice.describe("Case").own_record_types}
    values = alice.picklist_values("case", kinds["Feature_Request"].id)
    assert [each.value for each in values["Component__c"]] == ["Reports", "Integrations"]
    support = alice.picklist_values("Case", kinds["Support"].id)
    timeout = next(each for each in support["Symptom__c"] if each.value == "Timeout")
    assert timeout.valid_for == ("Portal", "Reports", "Integrations")
