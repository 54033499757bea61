"""The org behind its port, against a real local org, and against one that pages, hides and lies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.connectors.salesforce.conftest import HandClock
from tests.connectors.salesforce.scripted_org import (
    USER_ID,
    Reply,
    ScriptedOrg,
    composite,
    described,
)

from actwright.connectors.salesforce.auth import ClientCredentials, Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import InputError, NotFoundError, OrgError, OrgProtocolError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.ports import Org, RecordRead
from actwright.org.query import Condition, Ordering, RecordQuery
from actwright.org.record_id import record_id

LARGE = RecordQuery(
    object="Opportunity",
    fields=("Name", "Account.Name", "Amount", "CloseDate", "LastModifiedDate"),
    where=(Condition(field="Amount", operator=">", value=50_000),),
    order=(Ordering(field="Amount", descending=True),),
    limit=3,
)


def _change(field: str, after: str | None = None, **more: str) -> FieldChange:
    return FieldChange(field=field, label=field, after=after, provenance="goal", **more)


def _group(org: Org, *effects: Effect) -> EffectGroup:
    return EffectGroup(id="g", org=org.identity.id, effects=effects)


def test_a_session_knows_its_org_and_its_person(alice: SalesforceOrg, local_org: str) -> None:
    """Identity and running user come from the org itself."""
    org: Org = alice
    assert (org.identity.url, org.identity.name, org.identity.local) == (
        local_org,
        "Actwright Demo",
        False,
    )
    assert (org.user.name, org.user.zone) == ("Alice Archer", "America/New_York")
    assert org.api_calls == 0


def test_who_is_logged_in_is_remembered_for_a_day(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """A second process asks nothing; two days later it asks again."""
    org_row = {"records": [{"Name": "Acme"}], "done": True}
    user_row = {"records": [{"Username": "a@b", "TimeZoneSidKey": "Mars/Base"}], "done": True}
    scripted.on("POST", "/composite", composite((200, org_row), (200, user_row)))
    for step in (0, 0, 2):
        clock.forward(days=step)
        org = connect(scripted.url, ClientCredentials("a", "b"), cache_dir=tmp_path, clock=clock)
        assert (org.identity.name, org.user.username, org.user.zone) == ("Acme", "a@b", "UTC")
    assert len(scripted.seen("/composite")) == 2


def test_two_servers_that_claim_the_same_ids_share_no_cache(
    clock: HandClock, tmp_path: Path
) -> None:
    """A second server with the first one's org and user ids is asked for its own identity and schema."""
    for name, updateable in (("First", True), ("Second", False)):
        with ScriptedOrg() as server:
            row = {"records": [{"Name": name, "Username": name}], "done": True}
            server.on("POST", "/composite", composite((200, row), (200, row)))
            document = {**described("Account", "001"), "updateable": updateable}
            server.on("GET", "/Account/describe", Reply(body=document))
            org = connect(server.url, ClientCredentials("a", "b"), cache_dir=tmp_path, clock=clock)
            assert (org.identity.name, org.user.username) == (name, name)
            assert org.describe("Account").updateable is updateable
            org.close()


def test_a_local_org_of_our_own_keeps_its_cache_on_another_port(
    clock: HandClock, tmp_path: Path
) -> None:
    """Started again, it is known: neither identity nor schema is asked for, and the address is the new one."""
    for asked in (1, 0):
        with ScriptedOrg() as server:
            row = {"records": [{"Name": "Demo"}], "done": True}
            server.on("POST", "/composite", composite((200, row), (200, row)))
            server.on("GET", "/Account/describe", Reply(body=described("Account", "001")))
            org = connect(
                server.url, ClientCredentials("a", "b"), cache_dir=tmp_path, clock=clock, local=True
            )
            org.describe("Account")
            assert (org.identity.name, org.identity.url) == ("Demo", server.url)
            assert len(server.seen("/composite")) == len(server.seen("/describe")) == asked
            org.close()


def test_an_org_that_does_not_say_who_is_logged_in_is_refused(scripted: ScriptedOrg) -> None:
    """Without an identity there is no one whose rights could count."""
    scripted.on("GET", "/userinfo", Reply(body={"organization_id": "../..", "user_id": USER_ID}))
    with pytest.raises(OrgProtocolError):
        SalesforceOrg(OrgClient(Session("T", scripted.url)))


def test_several_queries_are_one_call(alice: SalesforceOrg) -> None:
    """Answers come in the order asked, in their families' forms, by the paths asked for."""
    tasks = RecordQuery(object="Task", fields=("subject", "What.Name"), limit=2)
    alice.query([LARGE, tasks])
    before = alice.api_calls
    deals, calls = alice.query([LARGE, tasks])
    assert alice.api_calls == before + 1
    first = deals[0].values
    assert first["Account.Name"] == "Contoso"
    assert first["Amount"] == Decimal(150_000)
    assert isinstance(first["Amount"], Decimal)
    assert str(first["LastModifiedDate"]).endswith("Z")
    assert set(calls[0].values) == {"subject", "What.Name"}


def test_a_field_hidden_from_the_person_is_unknown(alice: SalesforceOrg) -> None:
    """An invented field and an invented object are refused by name, before the org is asked."""
    before = alice.api_calls
    with pytest.raises(InputError) as caught:
        alice.query([RecordQuery(object="Opportunity", fields=("Nonsense__c",))])
    assert caught.value.where == "Opportunity.Nonsense__c"
    with pytest.raises(NotFoundError):
        alice.describe("Nonsense__c")
    assert alice.api_calls <= before + 2


def test_snapshots_of_several_objects_are_one_call(alice: SalesforceOrg) -> None:
    """Version, name, values and access of records of two objects come with one call; unknown ids are absent."""
    deals = alice.query([LARGE])[0]
    accounts = alice.query([RecordQuery(object="Account", limit=2)])[0]
    gone = record_id("006Lo00000zzzzz")
    before = alice.api_calls
    found = alice.read(
        [
            RecordRead("Opportunity", (*(each.id for each in deals), gone), ("Amount",)),
            RecordRead("account", tuple(each.id[:15] for each in accounts), ("Name",)),
        ]
    )
    assert alice.api_calls == before + 1
    assert set(found) == {each.id for each in (*deals, *accounts)}
    top = found[deals[0].id]
    assert (top.name, top.values["Amount"], top.editable) == (
        deals[0].values["Name"],
        Decimal(150_000),
        True,
    )
    assert top.version == deals[0].values["LastModifiedDate"]


def test_objects_without_record_access_are_read_without_it(alice: SalesforceOrg) -> None:
    """Where the org has no record-level answer, it is None, and the detour is made once."""
    lines = alice.query([RecordQuery(object="OpportunityLineItem", limit=2)])[0]
    wanted = [RecordRead("OpportunityLineItem", tuple(each.id for each in lines), ("Quantity",))]
    first = alice.read(wanted)
    before = alice.api_calls
    assert alice.read(wanted) == first
    assert alice.api_calls == before + 1
    assert len(first) == len(lines) > 0


def test_a_group_happens_as_a_whole(alice: SalesforceOrg) -> None:
    """An account, a linked task and an update commit together, and the snapshot shows them."""
    deal = alice.query([LARGE])[0][0]
    version = alice.read([RecordRead("Opportunity", (deal.id,), ())])[deal.id].version
    outcome = alice.send(
        _group(
            alice,
            Effect(id="t", action_id="1", operation="CREATE", object="Task", changes=(
                _change("Subject", "Call"), _change("WhatId", linked_to="acc"),
                _change("Status", "Not Started"), _change("Priority", "Normal"),
            )),
            Effect(id="a", action_id="2", operation="CREATE", object="Account", ref="acc", changes=(_change("Name", "New'co"),)),
            Effect(id="u", action_id="3", operation="UPDATE", object="Opportunity", record_id=deal.id, version=version, changes=(_change("NextStep", "Sign"),)),
        )
    )  # fmt: skip
    assert outcome.committed
    task, account, _ = (str(each.record_id) for each in outcome.outcomes)
    found = alice.read(
        [RecordRead("Task", (task,), ("WhatId",)), RecordRead("Account", (account,), ("Name",))]
    )
    assert found[task].values["WhatId"] == account
    assert found[account].name == "New'co"


def test_a_group_that_fails_leaves_nothing(alice: SalesforceOrg) -> None:
    """One refused effect rolls the other back, and nothing is in the org."""
    outcome = alice.send(
        _group(
            alice,
            Effect(id="a", action_id="1", operation="CREATE", object="Account", changes=(_change("Name", "Ghost Ltd"),)),
            Effect(id="b", action_id="2", operation="CREATE", object="Opportunity", changes=(_change("Name", "No stage"),)),
        )
    )  # fmt: skip
    assert [each.status for each in outcome.outcomes] == ["rolled_back", "failed"]
    assert outcome.outcomes[1].faults[0].code == "REQUIRED_FIELD_MISSING"
    ghosts = RecordQuery(object="Account", where=(Condition(field="Name", value="Ghost Ltd"),))
    assert alice.query([ghosts]) == [[]]


def _upserted(name: str, **more: object) -> Effect:
    changes = (_change("External_Key__c", "KEY-1"), _change("Name", name))
    document = {
        "id": "u", "actionId": "1", "operation": "UPSERT", "object": "Account",
        "keyField": "External_Key__c", "changes": changes, **more,
    }  # fmt: skip
    return Effect.model_validate(document)


def test_an_upsert_does_what_was_shown(alice: SalesforceOrg) -> None:
    """It creates; shown as a create again it is refused; shown as a change it changes that record."""
    first = alice.send(_group(alice, _upserted("One"))).outcomes[0]
    made = str(first.record_id)
    assert (first.status, first.created) == ("done", True)
    twin = alice.send(_group(alice, _upserted("Twin"))).outcomes[0]
    assert (twin.status, twin.faults[0].code) == ("failed", "DUPLICATE_VALUE")
    version = alice.read([RecordRead("Account", (made,), ())])[made].version
    second = _upserted("Two", recordId=made, version=version)
    again = alice.send(_group(alice, second)).outcomes[0]
    assert (again.status, again.record_id, again.created) == ("done", made, False)
    assert alice.read([RecordRead("Account", (made,), ())])[made].name == "Two"
    stale = _upserted("Three", recordId=made, version="2020-01-01T00:00:00Z")
    assert alice.send(_group(alice, stale)).outcomes[0].faults[0].code == "PRECONDITION_FAILED"


@pytest.mark.parametrize("operation", ["UPDATE", "DELETE"])
def test_a_record_that_moved_on_is_left_alone(alice: SalesforceOrg, operation: str) -> None:
    """A change or a delete planned on an older version fails with the precondition's code."""
    create = Effect(
        id="c",
        action_id="1",
        operation="CREATE",
        object="Account",
        changes=(_change("Name", "Moving"),),
    )
    made = str(alice.send(_group(alice, create)).outcomes[0].record_id)
    document = {
        "id": "e", "actionId": "2", "operation": operation, "object": "Account", "recordId": made,
        "version": "2020-01-01T00:00:00Z", "changes": [_change("Name", "Moved")] if operation == "UPDATE" else [],
    }  # fmt: skip
    stale = Effect.model_validate(document)
    outcome = alice.send(_group(alice, stale)).outcomes[0]
    assert (outcome.status, outcome.faults[0].code) == ("failed", "PRECONDITION_FAILED")
    found = alice.read([RecordRead("Account", (made,), ())])[made]
    assert found.name == "Moving"
    fresh = stale.model_copy(update={"version": found.version})
    assert alice.send(_group(alice, fresh)).committed


def test_a_dead_org_is_an_org_error() -> None:
    """Nobody at the address is told as such."""
    with pytest.raises(OrgError):
        connect("http://127.0.0.1:9", ClientCredentials("a", "b"))
