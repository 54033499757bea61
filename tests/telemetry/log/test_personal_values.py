"""Which values of a plan are personal, and which words of a goal may be, where no plan tells."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_org
from tests.model_replies import action, data, literal, named, plan, reply

from actwright.blueprints.plan import Plan
from actwright.errors import OrgError
from actwright.org.schema import ObjectSchema
from actwright.telemetry.log.personal_fields import is_personal, is_personal_name
from actwright.telemetry.log.personal_values import Personal, PlanValues, doubtful_words

ORG = demo_org()


def personal(made: Plan | None) -> Personal:
    """Return the personal values of a plan."""
    assert made is not None
    return PlanValues(ORG.describe).of(made)


@pytest.mark.parametrize(
    ("object_name", "path", "kind", "expected"),
    [
        ("Contact", "Name", "", True),
        ("contact", "LastName", "", True),
        ("Opportunity", "Name", "", False),
        ("Account", "Name", "", False),
        ("CampaignMember", "Name", "", True),
        ("Invoice__c", "Name", "", False),
        ("Gym_Member__c", "Name", "", True),
        ("", "Name", "", True),
        ("Account", "FirstName", "", True),
        ("Account", "BillingStreet", "", True),
        ("Task", "Who.Name", "", True),
        ("Task", "What.Name", "", False),
        ("Opportunity", "Account.Name", "", False),
        ("Opportunity", "Owner.Name", "", True),
        ("Opportunity", "Buyer__r.Name", "", True),
        ("Case", "SuppliedEmail", "", True),
        ("Thing__c", "Reach__c", "Phone", True),
        ("Thing__c", "Birth_Date__c", "", True),
        ("Thing__c", "Colour__c", "String", False),
        ("User", "Title", "", False),
    ],
)
def test_fields_are_told_by_object_name_and_type(
    object_name: str,
    path: str,
    kind: str,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """People's own fields, and fields that say it; a parent nobody knows counts as a person."""
    assert is_personal(object_name, path, kind) is expected


def test_named_data_is_told_by_its_name() -> None:
    """Who hands in a person under such a name has said so."""
    assert is_personal_name("contact_email")
    assert is_personal_name("customer")
    assert not is_personal_name("amount")


def test_lookups_and_literals_of_personal_fields_are_found() -> None:
    """A name looked up, and what is written into a personal field; a deal's name and a subject are none."""
    name = str(ORG.rows["Contact"][0]["Name"])
    made = plan(
        f"Log a call with {name} about the renewal",
        reply(action("task_create", named("WhoId", "Contact", name), literal("Subject", "Call"))),
    )
    found = personal(made.outcome.plan)
    assert found.values == {name: "Contact.Name"}
    assert "Call" not in found.plain


def test_data_counts_by_its_name_and_by_the_field_it_goes_to() -> None:
    """Named data is personal where its name says so."""
    made = plan(
        "Add a task",
        reply(action("task_create", data("Subject", "contact_note"))),
        data={"contact_note": "Ask Mia"},
    )
    assert personal(made.outcome.plan).values == {"Ask Mia": "data contact_note"}


def test_a_field_nobody_can_describe_counts_as_personal() -> None:
    """Where the org does not answer, nothing is taken for harmless."""

    def silent(name: str) -> ObjectSchema:
        raise OrgError(f"no {name}")

    made = plan(
        "Close the Acme Renewal as won",
        reply(action("oppty_closed_won", named("Id", "Opportunity", "Acme Renewal"))),
    ).outcome.plan
    assert made is not None
    assert "Acme Renewal" in PlanValues(silent).of(made).values


def test_without_a_plan_each_unknown_word_is_doubtful() -> None:
    """Names, also in small letters; what the prompt says itself is known, a verb at the beginning too."""
    known = ["Plan with renewal and Opportunity records."]
    found = doubtful_words("Close the renewal of acme for Mia", {"x": "Renewal"}, known, None)
    assert found == ("acme", "Mia", "Renewal")


def test_with_a_plan_only_capitals_it_does_not_account_for_are_doubtful() -> None:
    """A deal's name that was looked up is accounted for; a person who is only mentioned is not."""
    found = doubtful_words("Close the Acme deal, Mia asked", {}, [], {"Acme"})
    assert found == ("Mia",)
