"""The built-in policy: what is stopped before anybody is asked, what is shown, and that honest plans pass."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.policy_scene import change, context, policy, said

from actwright.guardrails.policy.case import FieldKind  # type: ignore[attr-defined]  # one of its words
from actwright.guardrails.policy.describing import rule_words
from actwright.guardrails.policy.field_kinds import kinds_of
from actwright.guardrails.policy.lint import findings
from actwright.guardrails.policy.policy import Policy
from actwright.org.provenance import Provenance
from actwright.org.schema import FieldSchema

BUILT_IN = Policy.built_in()


@pytest.mark.parametrize(
    ("field", "provenance", "word"),
    [
        ("Email", "model", "deny"),
        ("Email", "extract", "deny"),
        ("Email", "record", "warn"),
        ("Email", "output", "warn"),
        ("Email", "goal", "allow"),
        ("Email", "data", "allow"),
        ("Website", "extract", "deny"),
        ("IBAN__c", "model", "deny"),
        ("IBAN__c", "lookup", "warn"),
        ("OwnerId", "extract", "deny"),
        ("OwnerId", "lookup", "allow"),
        ("OwnerId", "record", "allow"),
        ("Phone", "model", "deny"),
        ("Phone", "extract", "warn"),
        ("Amount", "model", "warn"),
        ("Amount", "extract", "warn"),
        ("Amount", "goal", "allow"),
        ("Description", "model", "allow"),
        ("Description", "extract", "allow"),
        ("StageName", "model", "allow"),
    ],
)
def test_where_values_may_come_from(field: str, provenance: Provenance, word: str) -> None:
    """What moves money, ownership or mail is never made up in silence."""
    after = Decimal(5) if field == "Amount" else "x"
    assert said(BUILT_IN, context(change(field, after, provenance=provenance))).word == word


def test_rights_are_no_plan_s_business() -> None:
    """Permissions, and what makes a person who they are."""
    for on in ("PermissionSetAssignment", "profile", "ObjectPermissions", "UserRole"):
        assert said(BUILT_IN, context(change("Name", "x"), on=on)).word == "deny"
        assert (
            said(BUILT_IN, context(change("Name", "x"), on=on, operation="CREATE")).word == "deny"
        )
    assert said(BUILT_IN, context(change("Email", "x@y.example"), on="User")).word == "deny"
    assert said(BUILT_IN, context(change("Name", "x"), on="User")).word == "allow"


def test_more_than_200_records_do_not_change_hands() -> None:
    """Two hundred do; what is new has to have an owner."""
    moves = [
        context(change("OwnerId", "005x", before="005y"), number=each) for each in range(1, 202)
    ]
    assert said(BUILT_IN, *moves[:200]).word == "allow"
    assert said(BUILT_IN, *moves).word == "deny"
    made = [
        context(change("OwnerId", "005x"), number=each, operation="CREATE")
        for each in range(1, 202)
    ]
    assert said(BUILT_IN, *made).word == "allow"


def test_deletes_and_overrides_stay_where_the_terms_and_settings_put_them() -> None:
    """The built-in policy denies neither: --allow-delete and allow_opaque decide, as they did."""
    assert said(BUILT_IN, context(operation="DELETE")).word == "allow"
    assert said(BUILT_IN, context(kind="opaque")).word == "allow"
    assert said(BUILT_IN, context(kind="call")).word == "deny"


def test_its_rules_hold_beside_any_other() -> None:
    """A policy that says nothing of them inherits those that restrict, and denies deletes by its own default."""
    own = policy()
    made_up = context(change("Email", "x", provenance="model"))
    assert said(own, made_up).decisions[0].rule.source == "built-in policy:20"
    assert said(own, context(operation="DELETE")).word == "deny"
    assert said(policy(head="without: [made-up-recipients]"), made_up).word == "allow"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("Email", "string", {"mail"}),
        ("PersonEmail", "email", {"mail"}),
        ("Billing_Email__c", "string", {"mail"}),
        ("ToAddress", "string", {"mail"}),
        ("BillingAddress", "address", set()),
        ("HasOptedOutOfEmail", "boolean", set()),
        ("HasOptedOutOfEmail", "string", {"mail"}),
        ("Website", "string", {"link"}),
        ("Callback_URL__c", "string", {"link"}),
        ("PhotoUrl", "url", {"link"}),
        ("OWNERID", "reference", {"owner"}),
        ("Ownership", "picklist", set()),
        ("IBAN__c", "string", {"bank"}),
        ("Bank_Account_Number__c", "string", {"bank"}),
        ("AccountNumber", "string", set()),
        ("Amount", "currency", {"money"}),
        ("Fax", "phone", {"phone"}),
    ],
)
def test_what_a_field_is_for(name: str, kind: str, told: set[FieldKind]) -> None:
    """Its type tells, else its name, in any case."""
    assert kinds_of(name, FieldSchema(name, name, kind)) == told


def test_every_rule_has_words_and_nothing_is_redundant() -> None:
    """`actwright policy check` says them; lint has nothing to mind but that there are no cases."""
    assert all(rule_words(each.rule).endswith(".") for each in BUILT_IN.rules)
    assert [each.code for each in findings(BUILT_IN)] == ["no_tests"]
