"""Loopholes: ways around a rule that a reviewer found, each closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.policy_scene import (
    BOB,
    NOON,
    ORG,
    USER,
    change,
    context,
    facts,
    policy,
    said,
)

from actwright.guardrails.policy.budgets import Demand
from actwright.guardrails.policy.facts import PolicyAsk
from actwright.guardrails.policy.policy import Policy
from actwright.org.effect import Cascade

ACCOUNT = "001000000000001AAA"
CLOSED = "default: deny"
TWO_KINDS = (
    Cascade(object="Contact", label="Contacts", count=90, records="a"),
    Cascade(object="Contact", label="Contacts", count=90, records="b"),
)


def test_an_allowed_move_comes_from_where_the_rule_says() -> None:
    """A field from the goal beside it does not let a stage through that a model chose."""
    rule = (
        "match: {objects: [Opportunity], provenance: [goal], "
        "transitions: [{field: StageName, to: [Closed Won]}]}, effect: allow"
    )
    chosen = policy(rule, head=CLOSED)
    stage = change("StageName", "Closed Won", before="Prospecting", provenance="model")
    beside = change("Name", "Acme")
    assert said(chosen, context(stage, beside)).word == "deny"
    assert said(chosen, context(stage.model_copy(update={"provenance": "goal"}))).word == "allow"


def test_a_move_to_nobody_knows_what_is_not_allowed_by_another_move() -> None:
    """Each move is allowed for itself; the id of a record that does not exist yet is none of those named."""
    rule = (
        "match: {objects: [Opportunity], transitions: [{field: StageName, to: [Closed Won]}, "
        f"{{field: AccountId, to: [{ACCOUNT}]}}]}}, effect: allow"
    )
    stage = change("StageName", "Closed Won", before="Prospecting")
    chosen = policy(rule, head=CLOSED)
    assert said(chosen, context(stage, change("AccountId", ACCOUNT))).word == "allow"
    assert said(chosen, context(stage, change("AccountId", linked_to="b.1"))).word == "deny"


def test_children_of_two_kinds_of_one_object_add_up() -> None:
    """Contacts that hang on a record by two fields are 180 deletes, and no 90."""
    chosen = policy(
        "match: {operations: [DELETE]}, effect: allow",
        "match: {objects: [Contact], operations: [DELETE], rows: {over: 100}}, effect: deny",
    )
    whole = context(operation="DELETE", on="Account", cascade=("Contact", 90))
    assert said(chosen, whole).word == "allow"
    both = whole.effect.model_copy(update={"also_deletes": TWO_KINDS})
    assert said(chosen, replace(whole, effect=both)).word == "deny"


def test_children_count_in_a_budget_of_rows() -> None:
    """One account with 180 contacts is 181 records."""
    effect = context(operation="DELETE", on="Account").effect
    spent = Demand((effect.model_copy(update={"also_deletes": TWO_KINDS}),), 1, USER, ORG)
    assert spent.size("rows") == 181


@pytest.mark.parametrize(
    ("match", "word"),
    [
        ("objects: [Opportunity], amounts: [{field: Secret__c, over: 5}]", "require"),
        ("amounts: [{field: Opportunity.Secret__c, over: 5}]", "require"),
        ("amounts: [{field: Secret__c, over: 5}]", "allow"),
        (
            "objects: [Opportunity], amounts: [{field: Amount, over: 5}, {field: Secret__c, over: 5}]",
            "allow",
        ),
    ],
)
def test_an_amount_the_person_may_not_see_is_not_nothing(match: str, word: str) -> None:
    """Whoever lacks the right to read an amount does not get around the rule about it, and is told why."""
    chosen = policy(f"match: {{{match}}}, effect: require, require: {{people: 2}}")
    verdict = said(chosen, context(change("Name", "x"), standing={"Amount": Decimal(1)}))
    assert verdict.word == word
    assert all("Secret__c not known" in each.about for each in verdict.decisions)


def test_two_people_whose_ids_differ_by_case_are_two() -> None:
    """An id of 15 characters is told apart by its letters' case, as the org does; a user name is not."""
    chosen = policy("match: {users: [00500000000000A, BOB@ACME.example]}, effect: deny")
    asked = PolicyAsk(facts(context(change("Name", "x"))), replace(BOB, username="x@y"), ORG, NOON)
    for key, word in (("00500000000000AAAA", "deny"), ("00500000000000aAAA", "allow")):
        assert chosen.judge(replace(asked, person=replace(asked.person, id=key))).word == word
    assert said(chosen, context(change("Name", "x"))).word == "deny"


@pytest.mark.parametrize(
    ("match", "word"),
    [
        ("operations: [CALL]", "deny"),
        ("operations: [CALL, DELETE]", "allow"),
        ("implementations: [opaque]", "allow"),
    ],
)
def test_an_override_that_deletes_is_allowed_by_name_only(match: str, word: str) -> None:
    """A rule that names calls says nothing of deletes, whoever carries them out."""
    deleting = context(operation="DELETE", kind="opaque")
    chosen = policy(f"match: {{{match}}}, effect: allow")
    assert said(chosen, deleting, implementation="opaque").word == word


def test_an_undo_that_is_none_is_warned_of() -> None:
    """What a run did never came from a model: a plan that merely says that it takes something back gains nothing."""
    made_up = context(change("Amount", Decimal(5), provenance="model"))
    seen = facts(made_up, taking_back=True)
    assert Policy.built_in().judge(PolicyAsk(seen, BOB, ORG, NOON)).word == "warn"


def test_nobody_is_given_rights_by_being_created() -> None:
    """A new user with a login is as much an administrator's as the login of an old one."""
    new = context(change("Email", "a@b.example"), operation="CREATE", on="User")
    verdict = said(Policy.built_in(), new)
    assert verdict.word == "deny"
    assert "rights-of-people" in [each.rule.id for each in verdict.decisions]


@pytest.mark.parametrize(
    "written",
    ["Closed\u00a0Won", "Closed Won\u200b", "\uff23losed Won", "Closed  Won", "closed won "],
)
def test_a_stage_in_disguise_is_that_stage(written: str) -> None:
    """What a reader takes for the same is denied with it, and never allowed with it."""
    stage = context(change("StageName", written, before="Prospecting"))
    move = "match: {transitions: [{field: StageName, to: [Closed Won]}]}"
    assert said(policy(f"{move}, effect: deny"), stage).word == "deny"
    allowed = said(policy(f"{move}, effect: allow", head=CLOSED), stage).word
    assert allowed == ("allow" if written.strip().casefold() == "closed won" else "deny")


def test_an_id_is_the_same_in_both_its_forms() -> None:
    """A rule may write 15 characters; the org hands out 18."""
    chosen = policy(
        "match: {transitions: [{field: OwnerId, to: ['005000000000001']}]}, effect: deny"
    )
    assert said(chosen, context(change("OwnerId", "005000000000001AAA"))).word == "deny"
    assert said(chosen, context(change("OwnerId", "005000000000002AAA"))).word == "allow"
