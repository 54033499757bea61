"""Records called by another one: the owner of a deal, its main contact, an account's open case."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.blueprints.argument import LookupArgument

DEAL = ("Opportunity.Name", "=", "Acme Renewal")
Case = tuple[str, str, str, str, set[tuple[str, str, object]]]
"""A goal, the input that takes the record, and the lookup's object, field and conditions."""

RELATED: list[Case] = [
    (
        "create a task for Acme Renewal's main contact: call back",
        "WhoId",
        "OpportunityContactRole",
        "ContactId",
        {DEAL, ("IsPrimary", "=", True)},
    ),
    (
        "create a task for the main contact of Acme Renewal: call back",
        "WhoId",
        "OpportunityContactRole",
        "ContactId",
        {DEAL, ("IsPrimary", "=", True)},
    ),
    (
        "remind me to call the Acme renewal's main contact tomorrow",
        "WhoId",
        "OpportunityContactRole",
        "ContactId",
        {DEAL, ("IsPrimary", "=", True)},
    ),
    (
        "update the phone of Acme Renewal's main contact to +1 555 0999",
        "Id",
        "OpportunityContactRole",
        "ContactId",
        {DEAL, ("IsPrimary", "=", True)},
    ),
    (
        "create a task for the contact of case 00001002: call back",
        "WhoId",
        "Case",
        "ContactId",
        {("CaseNumber", "=", "00001002")},
    ),
    (
        "assign case 00001002 to the owner of Globex Pilot",
        "OwnerId",
        "Opportunity",
        "OwnerId",
        {("Name", "=", "Globex Pilot")},
    ),
    (
        "create a task for Globex Pilot assigned to the owner of Acme Renewal: x",
        "OwnerId",
        "Opportunity",
        "OwnerId",
        {("Name", "=", "Acme Renewal")},
    ),
    (
        "create a case for Kevin Brown's account: broken",
        "AccountId",
        "Contact",
        "AccountId",
        {("Name", "=", "Kevin Brown")},
    ),
    (
        "set the industry of the account of Globex Pilot to Energy",
        "Id",
        "Opportunity",
        "AccountId",
        {("Name", "=", "Globex Pilot")},
    ),
    (
        "set the priority of Acme's open case to low",
        "Id",
        "Case",
        "Id",
        {("Account.Name", "=", "Acme"), ("IsClosed", "=", False)},
    ),
    (
        "close the open case of Acme",
        "Id",
        "Case",
        "Id",
        {("Account.Name", "=", "Acme"), ("IsClosed", "=", False)},
    ),
    (
        "assign case 00001002 to me",
        "OwnerId",
        "User",
        "Id",
        {("Username", "=", "alice@demo.localorg.example")},
    ),
]


@pytest.mark.parametrize("case", RELATED, ids=[each[0][:60] for each in RELATED])
def test_a_related_record_is_one_typed_lookup(case: Case, plans: Any) -> None:
    """The record is found over its relation, by the names in the goal, and kept as a lookup."""
    goal, name, target, field, where = case
    outcome = plans(goal)
    assert outcome.questions == ()
    argument = outcome.plan.actions[0].arguments[name]
    assert isinstance(argument, LookupArgument)
    assert (argument.lookup.object, argument.lookup.field) == (target, field)
    assert {(each.field, each.operator, each.value) for each in argument.lookup.where} == where


def test_who_is_meant_is_told(plans: Any) -> None:
    """The plan says whom the words came to, so that a person can see a wrong relation."""
    outcome = plans("create a task for the Acme renewal's main contact: call back")
    assert any("is the main contact John Smith" in each for each in outcome.plan.assumptions)


ASKED = [
    ("create a case for Jane Doe's account: broken", "a1.AccountId", "not_found"),
    ("set the priority of Initech's escalated case to low", "a1.Id", "not_found"),
    ("create a task for Globex Pilot's main contact: x", "a1.WhoId", "not_found"),
    ("remove the owner of Globex Pilot", "a1.Id", "not_found"),
]


@pytest.mark.parametrize(("goal", "wanted", "reason"), ASKED, ids=[each[0][:60] for each in ASKED])
def test_a_relation_that_leads_nowhere_is_asked_about(
    goal: str, wanted: str, reason: str, plans: Any
) -> None:
    """A reference that is empty, or a relation that is none, becomes a question."""
    assert [(each.id, each.reason) for each in plans(goal).questions] == [(wanted, reason)]


def test_several_related_records_are_candidates(plans: Any, memory_org: Any) -> None:
    """Two open cases of one account: the person chooses, each by its number."""
    first = memory_org.rows["Case"][0]
    memory_org.rows["Case"].append({**first, "Id": "500000000000999AAA", "CaseNumber": "00009999"})
    (question,) = plans("set the priority of Acme's open case to low").questions
    assert question.reason == "ambiguous"
    assert [each.label for each in question.candidates] == ["00001001 (case)", "00009999 (case)"]


def test_several_bases_of_one_name_are_no_guess(plans: Any, memory_org: Any) -> None:
    """Two deals of one name have two owners: the owner is asked for."""
    twin = {**memory_org.rows["Opportunity"][2], "Id": "006000000000999AAA"}
    memory_org.rows["Opportunity"].append(twin)
    outcome = plans("assign case 00001002 to the owner of Globex Pilot")
    assert [each.id for each in outcome.questions] == ["a1.OwnerId"]


def test_me_is_asked_for_where_nobody_is_known(plans: Any, memory_org: Any) -> None:
    """Without a user name nobody can look the person up."""
    memory_org.user = memory_org.user.model_copy(update={"username": ""})
    outcome = plans("assign case 00001002 to me")
    assert [each.id for each in outcome.questions] == ["a1.OwnerId"]
