"""Reads of generated code: typed, within what was declared, with exact values, and never more rows than are allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.generated_scene import argument, ids, read, small, work, written
from tests.memory_org import MemoryOrg

from actwright.errors import ImplementationError, OrgRefusedError
from actwright.org.query import Condition, Ordering
from actwright.sandbox import Sandbox

DEALS = read("Opportunity", "Name", "Amount", "IsClosed", "CloseDate", "AccountId", "Account.Name")


def acme(org: MemoryOrg) -> str:
    """Return the id of the account called Acme."""
    return ids(org, "Account", lambda row: row["Name"] == "Acme")[0]


def test_values_arrive_in_exact_types(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Amounts are decimals, dates dates, truth values truth values, and what is empty is None."""
    action = small(
        '    (deal,) = org.query("Opportunity", ["Amount", "IsClosed", "CloseDate", "Account.Name"],'
        ' [["Name", "=", "Acme Renewal"]])\n'
        '    right = [type(deal["Amount"]) is Decimal, type(deal["IsClosed"]) is bool,'
        ' type(deal["CloseDate"]) is date, type(deal["Account.Name"]) is str, type(deal["Id"]) is str]\n'
        '    org.create("Task", {"Subject": str(all(right)), "ActivityDate": deal["CloseDate"]})',
        reads=[DEALS],
    )
    (effect,) = work(action, sandbox, org).effects
    values = written(effect)
    assert values["Subject"][0] == "True"
    (row,) = (each for each in org.rows["Opportunity"] if each["Name"] == "Acme Renewal")
    assert values["ActivityDate"][0] == row["CloseDate"]


def test_a_query_reaches_the_org_as_it_was_asked(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Conditions, order and limit are typed parts of one query; an id that was handed in may be among them."""
    action = small(
        '    deals = org.query("Opportunity", ["Name"], where=[["AccountId", "=", account], ["Amount", ">", 10.5],'
        ' ["CloseDate", ">=", date(2026, 1, 2)], ["Name", "IN", ["a", "b"]]], order=["-Amount", "Name"], limit=3)\n'
        '    org.create("Task", {"Subject": str(len(deals))})',
        inputs={"account": "Reference"},
        reads=[DEALS],
    )
    work(action, sandbox, org, account=argument(acme(org), "id", "lookup"))
    (asked,) = org.asked
    assert asked.where == (
        Condition(field="AccountId", value=acme(org)),
        Condition(field="Amount", operator=">", value="10.5"),
        Condition(field="CloseDate", operator=">=", value="2026-01-02"),
        Condition(field="Name", operator="IN", value=("a", "b")),
    )
    assert asked.order == (Ordering(field="Amount", descending=True), Ordering(field="Name"))
    assert asked.limit == 3


def test_a_record_that_is_not_there_ends_the_run(sandbox: Sandbox, org: MemoryOrg) -> None:
    """The code has no way to go on without the record it asked for."""
    action = small(
        '    org.get("Opportunity", account, ["Name"])\n    org.create("Task", {"Subject": "x"})',
        inputs={"account": "Reference"},
        reads=[DEALS],
    )
    with pytest.raises(ImplementationError) as stopped:
        work(action, sandbox, org, account=argument(acme(org), "id"))
    assert stopped.value.error_code == "record_not_found"


def test_more_rows_than_may_be_read_are_no_silent_cut(sandbox: Sandbox, org: MemoryOrg) -> None:
    """A sum over some of the rows would be a wrong sum; only a limit of its own lets the code read fewer."""
    some = org.rows["Opportunity"][0]
    org.rows["Opportunity"] = [{**some, "Name": "same"}] * 2_001
    body = '    found = org.query("Opportunity", ["Amount"], [["Name", "=", "same"]]{})\n'
    body += '    org.create("Task", {{"Subject": str(len(found))}})'
    with pytest.raises(ImplementationError) as stopped:
        work(small(body.format(""), reads=[DEALS]), sandbox, org)
    assert stopped.value.error_code == "rows_over_ceiling"
    (effect,) = work(small(body.format(", limit=5"), reads=[DEALS]), sandbox, org).effects
    assert written(effect)["Subject"][0] == "5"


def test_the_ceiling_of_rows_holds_for_all_queries_together(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Many small queries reach it as one large one does."""
    some = org.rows["Opportunity"][0]
    org.rows["Opportunity"] = [{**some, "Name": "same"}] * 900
    action = small(
        '    for _ in range(3):\n        org.query("Opportunity", ["Amount"], [["Name", "=", "same"]])\n'
        '    org.create("Task", {"Subject": "x"})',
        reads=[DEALS],
    )
    with pytest.raises(ImplementationError) as stopped:
        work(action, sandbox, org)
    assert stopped.value.error_code == "rows_over_ceiling"


def test_an_opaque_field_is_passed_on_unseen_and_keeps_its_own_provenance(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """What is written unchanged is told as the field of that record, and the code never saw it."""
    (contact,) = [each for each in org.rows["Contact"] if each["Email"]][:1]
    action = small(
        '    person = org.get("Contact", who, ["Email", "Title"])\n'
        '    org.create("Task", {"Subject": repr(person["Email"]), "Description": person["Email"]})',
        inputs={"who": "Reference"},
        reads=[read("Contact", "Email", "Title", opaque=["Email"])],
    )
    worked = work(action, sandbox, org, who=argument(str(contact["Id"]), "id", "lookup"))
    values = written(worked.effects[0])
    named = contact["Name"]
    assert values["Description"] == (contact["Email"], "record", f"Contact.Email of {named}")
    assert str(contact["Email"]) not in str(values["Subject"][0])


def test_an_opaque_value_may_find_other_records(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Compared for equality only, an opaque value leads to what belongs to it."""
    action = small(
        '    deal = org.get("Opportunity", deal, ["AccountId"])\n'
        '    found = org.query("Account", ["Name"], [["Id", "=", deal["AccountId"]]])\n'
        '    org.create("Task", {"Subject": found[0]["Name"]})',
        inputs={"deal": "Reference"},
        reads=[read("Opportunity", "AccountId", opaque=["AccountId"]), read("Account", "Name")],
    )
    (deal,) = ids(org, "Opportunity", lambda row: row["Name"] == "Acme Renewal")
    (effect,) = work(action, sandbox, org, deal=argument(deal, "id", "lookup")).effects
    assert written(effect)["Subject"][0] == "Acme"


def test_decimals_add_up_exactly(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Ten times a tenth is one."""
    some = org.rows["Opportunity"][0]
    org.rows["Opportunity"] = [{**some, "Name": "same", "Amount": Decimal("0.1")}] * 10
    action = small(
        '    found = org.query("Opportunity", ["Amount"], [["Name", "=", "same"]])\n'
        '    org.create("Task", {"Subject": str(sum([each["Amount"] for each in found]))})',
        reads=[DEALS],
    )
    (effect,) = work(action, sandbox, org).effects
    assert Decimal(str(written(effect)["Subject"][0])) == 1


def test_what_the_org_refuses_is_told_as_a_fault_of_the_action(
    sandbox: Sandbox, org: MemoryOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query no org answers blocks its action, with the org's reason; it does not end the whole preview."""

    def refuse(*_: object) -> None:
        raise OrgRefusedError("The field is not sortable.", org_code="INVALID_FIELD")

    monkeypatch.setattr(org, "query", refuse)
    action = small('    org.query("Opportunity", ["Name"])', reads=[DEALS])
    with pytest.raises(ImplementationError, match="refuses: The field is not sortable") as told:
        work(action, sandbox, org)
    assert told.value.error_code == "generated_failed"


def test_calls_do_not_take_for_ever_together(
    sandbox: Sandbox, org: MemoryOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox counts the code's own time; a slow org's has a ceiling as well."""
    monkeypatch.setattr("actwright.actions.generated.implementation._PATIENCE", -1.0)
    action = small('    org.query("Opportunity", ["Name"])', reads=[DEALS])
    with pytest.raises(ImplementationError) as told:
        work(action, sandbox, org)
    assert (told.value.error_code, org.asked) == ("generated_slow", [])
