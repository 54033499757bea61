"""Who could grant a right, asked over an administrator's connection."""

from __future__ import annotations

from tests.connectors.salesforce.scripted_org import ScriptedOrg, composite, fault

from actwright.connectors.salesforce.auth import ClientCredentials, Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.connect import explaining
from actwright.connectors.salesforce.explainer import SalesforceExplainer
from actwright.org.ports import AccessExplainer, Grantor, PermissionAsk

ASKS = [
    PermissionAsk("Opportunity", "edit", "Amount"),
    PermissionAsk("Account", "delete"),
    PermissionAsk("Opportunity", "edit", "Nonsense__c"),
    PermissionAsk("Opportunity'", "read"),
]


def test_permission_sets_and_profiles_that_grant_a_right_are_named(local_org: str) -> None:
    """One call explains a field and an object; what nobody grants has no grantors."""
    explainer: AccessExplainer = explaining(local_org, ClientCredentials("admin", "localorg"))
    amount, delete, nonsense, crafted = explainer.explain(ASKS)
    assert Grantor("permission set", "Sales Amount Editor") in amount.grantors
    assert Grantor("profile", "System Administrator") in delete.grantors
    assert nonsense.grantors == crafted.grantors == ()
    assert [each.ask for each in (amount, delete, nonsense, crafted)] == ASKS


def test_all_asks_are_one_call(scripted: ScriptedOrg) -> None:
    """However many rights are missing, the org is asked once, and a crafted name is not passed on."""
    empty = {"records": [], "done": True}
    scripted.on("POST", "/composite", composite((200, empty), (200, empty)))
    SalesforceExplainer(OrgClient(Session("T", scripted.url))).explain(ASKS)
    assert len(scripted.requests) == 1
    assert b"Opportunity%27" not in scripted.requests[0].body


def test_an_administrator_who_may_not_look_explains_nothing(scripted: ScriptedOrg) -> None:
    """A refused look at permissions is no error: nobody can tell."""
    refused = (400, fault(400, "INVALID_TYPE").body)
    scripted.on("POST", "/composite", composite(refused, refused))
    explained = SalesforceExplainer(OrgClient(Session("T", scripted.url))).explain(ASKS)
    assert [each.grantors for each in explained] == [()] * 4
