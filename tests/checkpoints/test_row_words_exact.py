"""Rows in words: which records behind ids are called by their names, and which names are asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.memory_org import MemoryOrg, demo_org, demo_schemas

from actwright.checkpoints.wording.row_words import names_found, naming_queries, rows_in_words
from actwright.org.ports import Record
from actwright.org.query import Condition, JsonScalar

DEAL = demo_schemas()["Opportunity"]
ORG = demo_org()
ACME, HOOLI = "001000000000001AAA", "001000000000002AAA"
NAMES = {ACME: "Acme", HOOLI: "Hooli"}


def account(*ids: JsonScalar, operator: str = "IN") -> Condition:
    """Return the condition that a deal is of one of some accounts."""
    value = ids if operator.endswith("IN") else ids[0]
    document = {"field": "AccountId", "operator": operator, "value": value}
    return Condition.model_validate(document)


def spared(*ids: str) -> Condition:
    """Return the condition that leaves out some records."""
    return Condition(field="Id", operator="NOT IN", value=ids)


def words(*where: Condition) -> str:
    """Return conditions in words, as Alice reads them."""
    return rows_in_words(DEAL, where, ORG.user, NAMES)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (account(ACME, operator="="), "of Acme"),
        (account(ACME[:15], operator="="), "of Acme"),
        (account(ACME, operator="!="), "not of Acme"),
        (account(ACME, HOOLI), "of Acme or Hooli"),
        (account(ACME, HOOLI, operator="NOT IN"), "not of Acme or Hooli"),
    ],
)
def test_a_reference_is_told_by_the_name_of_what_it_refers_to(
    condition: Condition, told: str
) -> None:
    """Ids of either length, one or several."""
    assert words(condition) == told


@pytest.mark.parametrize(
    "condition",
    [
        account("001000000000009AAA", operator="="),
        account(ACME, "001000000000009AAA"),
        account(ACME, None),
        account(ACME, operator=">"),
        account("Acme", operator="="),
    ],
)
def test_what_not_all_names_are_known_of_is_told_by_ids(condition: Condition) -> None:
    """An unknown record, an empty value, an order of ids: no name stands for part of it."""
    assert "of Acme" not in words(condition)
    assert not words(condition).startswith("of ")


def test_a_person_is_told_that_they_are_meant() -> None:
    """By their name, else by their user name; a hidden object has no names."""
    owner = Condition(field="OwnerId", value=ORG.user.id)
    assert words(owner) == f"owned by {ORG.user.name} (you)"
    nameless = replace_name(ORG)
    assert rows_in_words(DEAL, [owner], nameless.user) == f'owned by "{ORG.user.username}" (you)'
    assert rows_in_words(None, [account(ACME, operator="=")], ORG.user, NAMES) != "of Acme"


def replace_name(org: MemoryOrg) -> MemoryOrg:
    """Return the org as somebody without a name sees it."""
    return MemoryOrg(org.rows, org.schemas, org.user.model_copy(update={"name": ""}))


def test_few_records_left_out_are_named_and_more_are_counted() -> None:
    """Up to three; where one of them has no name, all are counted."""
    open_ = Condition(field="IsClosed", value=False)
    assert words(open_, spared(ACME)) == 'open, without "Acme"'
    assert words(spared(ACME, HOOLI)) == 'without "Acme" and "Hooli"'
    third = {**NAMES, "001000000000003AAA": "Initech"}
    three = spared(*third)
    assert rows_in_words(DEAL, [three], ORG.user, third).count('"') == 6
    fourth = {**third, "001000000000004AAA": "Umbrella"}
    assert rows_in_words(DEAL, [spared(*fourth)], ORG.user, fourth) == "4 left out one by one"
    assert words(open_, spared(ACME, "001000000000009AAA")) == "open, 2 left out one by one"


def asked(
    *where: Condition, beside: int = 1, org: MemoryOrg | None = None, of: str = "Opportunity"
) -> list[tuple[str, tuple[str, ...]]]:
    """Return whose names are asked for, by object."""
    queries = naming_queries(org or ORG, [(of, where)], beside=beside)
    assert all(each.fields[0] == "Id" for each in queries)
    assert all((each.limit, each.where[0].operator) == (200, "IN") for each in queries)
    values = [each.where[0].value for each in queries]
    return [
        (each.object, tuple(map(str, value)))
        for each, value in zip(queries, values, strict=True)
        if isinstance(value, tuple)
    ]


def test_each_name_behind_an_id_is_asked_for_once() -> None:
    """One query an object, ids at full length; who asks is known already, and so is text that is no id."""
    assert asked(account(ACME[:15], HOOLI), account(ACME, operator="=")) == [
        ("Account", (ACME, HOOLI))
    ]
    assert asked(Condition(field="OwnerId", value=ORG.user.id)) == []
    assert asked(account("Acme", operator="="), Condition(field="Name", value=ACME)) == []
    assert asked(account("zzz000000000001AAA", operator="=")) == []
    assert asked(account(ACME, operator="="), of="Secret__c") == []


def test_names_that_are_not_told_are_not_asked_for() -> None:
    """Three records left out, five of a reference; of more, only their number is told."""
    ids = [f"00600000000000{place}AAA" for place in range(1, 5)]
    assert [len(each) for _, each in asked(spared(*ids[:3]))] == [3]
    assert asked(spared(*ids)) == []
    of = [f"00100000000000{place}AAA" for place in range(1, 7)]
    assert [len(each) for _, each in asked(account(*of[:5]))] == [5]
    assert asked(account(*of)) == []


def test_names_cost_no_call_of_their_own() -> None:
    """They fill the call that is made anyway, and go without where there is no room."""
    contact = Condition(field="OwnerId", value="005000000000999AAA")
    both = (account(ACME, operator="="), contact)
    assert [name for name, _ in asked(*both, beside=3)] == ["Account", "User"]
    assert [name for name, _ in asked(*both, beside=4)] == ["Account"]
    assert [name for name, _ in asked(*both, beside=9)] == ["Account"]
    assert asked(*both, beside=5) == []


def test_an_object_without_names_is_not_asked() -> None:
    """Neither is one that nobody may see."""
    account_schema = demo_schemas()["Account"]
    fields = tuple(replace(each, name_field=False) for each in account_schema.fields if each.name != "Name")  # fmt: skip
    nameless = replace(account_schema, fields=fields)
    org = MemoryOrg(ORG.rows, {**ORG.schemas, "Account": nameless}, ORG.user)
    assert asked(account(ACME, operator="="), org=org) == []


def test_answers_are_kept_by_full_ids() -> None:
    """A record without a name, or with an id that is none, has no entry."""
    queries = naming_queries(ORG, [("Opportunity", (account(ACME, HOOLI),))], beside=1)
    title = queries[0].fields[-1]
    answers = [
        [
            Record("Account", ACME[:15], {title: "Acme"}),
            Record("Account", HOOLI, {title: None}),
            Record("Account", "odd", {title: "Odd"}),
        ]
    ]
    assert names_found(queries, answers) == {ACME: "Acme"}
