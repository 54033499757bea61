"""Trials: sample records read as any org is, and what came out held against what was expected."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.generated_scene import SUMMED, open_total, read
from tests.memory_org import MemoryOrg

from actwright.actions.generated.sample_org import SampleOrg
from actwright.actions.generated.trial import GeneratedTest, SampleRow
from actwright.actions.generated.trying import dry_run, tried
from actwright.errors import InputError
from actwright.org.query import Condition, JsonScalar, Operator, Ordering, RecordQuery
from actwright.org.record_id import record_id
from actwright.sandbox import Sandbox


def deal(number: int, **values: JsonScalar) -> SampleRow:
    """Return a sample deal of Acme's."""
    key, account = record_id(f"00600000000000{number}"), record_id("001000000000001")
    return {"Id": key, "AccountId": account, **values}


ROWS = (
    deal(1, Name="Alpha", Amount="10.5", CloseDate="2026-01-01", IsClosed=False),
    deal(2, Name="beta", Amount=9, CloseDate="2026-02-01", IsClosed=True),
    deal(3, Name="Gamma", IsClosed=False),
)
RECORDS: dict[str, tuple[SampleRow, ...]] = {
    "Opportunity": ROWS,
    "Account": ({"Id": record_id("001000000000001"), "Name": "Acme"},),
}


def names(org: MemoryOrg, *where: Condition, order: tuple[Ordering, ...] = ()) -> list[str]:
    """Return the names of the sample deals for which conditions hold."""
    query = RecordQuery(object="Opportunity", fields=("Name",), where=where, order=order)
    (found,) = SampleOrg(org, RECORDS).query([query])
    return [str(each.values["Name"]) for each in found]


@pytest.mark.parametrize(
    ("field", "operator", "value", "found"),
    [
        ("Name", "=", "ALPHA", ["Alpha"]),
        ("Name", "!=", "Alpha", ["beta", "Gamma"]),
        ("Name", "LIKE", "%a", ["Alpha", "beta", "Gamma"]),
        ("Name", "LIKE", "be_a", ["beta"]),
        ("Name", "IN", ("alpha", "Gamma"), ["Alpha", "Gamma"]),
        ("Name", "NOT IN", ("alpha", "Gamma"), ["beta"]),
        ("Amount", ">", 9, ["Alpha"]),
        ("Amount", ">=", "9.0", ["Alpha", "beta"]),
        ("Amount", "<", 10, ["beta"]),
        ("Amount", "<=", 9, ["beta"]),
        ("Amount", "=", None, ["Gamma"]),
        ("CloseDate", ">", "2026-01-15", ["beta"]),
        ("IsClosed", "=", False, ["Alpha", "Gamma"]),
        ("Account.Name", "=", "Acme", ["Alpha", "beta", "Gamma"]),
    ],
)
def test_conditions_hold_as_they_do_in_an_org(
    org: MemoryOrg, field: str, operator: Operator, value: object, found: list[str]
) -> None:
    """Text compares without case, numbers as numbers, and nothing is above or below what is empty."""
    condition = Condition.model_validate({"field": field, "operator": operator, "value": value})
    assert names(org, condition) == found


def test_rows_are_ordered_by_each_key(org: MemoryOrg) -> None:
    """The first key counts most; what is empty comes first."""
    assert names(org, order=(Ordering(field="Amount"),)) == ["Gamma", "beta", "Alpha"]
    ordered = names(
        org, order=(Ordering(field="IsClosed"), Ordering(field="Name", descending=True))
    )
    assert ordered == ["Gamma", "Alpha", "beta"]


def test_sample_values_have_their_fields_types(org: MemoryOrg) -> None:
    """A sample is read as the org would read it, and what does not fit its field is told."""
    query = RecordQuery(object="Opportunity", fields=("Amount",), limit=1)
    sample = SampleOrg(org, RECORDS)
    ((first,),) = sample.query([query])
    assert first.values["Amount"] == Decimal("10.5")
    assert sample.count(query) == 3
    wrong = SampleOrg(org, {"Opportunity": ({"Id": ROWS[0]["Id"], "Amount": "much"},)})
    with pytest.raises(InputError):
        wrong.query([query])
    with pytest.raises(InputError):
        sample.query([RecordQuery(object="Opportunity", fields=("Nothing",))])
    with pytest.raises(InputError):
        sample.query(
            [RecordQuery(object="Opportunity", where=(Condition(field="Amount", value="much"),))]
        )


def test_a_test_passes_where_exactly_the_expected_comes_out(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """The sum of two open deals stands in the task."""
    assert tried(open_total(), SUMMED, sandbox, org).passed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"object": "Case"}, "object 'Case' expected, 'Task' came."),
        ({"operation": "UPDATE"}, "operation 'UPDATE' expected, 'CREATE' came."),
        ({"links": {"WhatId": 1}}, "links {'WhatId': 1} expected, {} came."),
        ({"values": {**SUMMED.effects[0].values, "Subject": "No"}}, "Subject 'No' expected"),
        ({"values": {"Subject": "Look at Acme"}}, "Description was written."),
        ({"values": {**SUMMED.effects[0].values, "Status": "Open"}}, "Status was not written."),
    ],
)
def test_a_test_fails_where_something_else_comes_out(
    sandbox: Sandbox, org: MemoryOrg, change: dict[str, object], message: str
) -> None:
    """The first difference is told, with what was expected and what came."""
    effect = SUMMED.effects[0].model_copy(update=change)
    result = tried(open_total(), SUMMED.model_copy(update={"effects": (effect,)}), sandbox, org)
    assert not result.passed
    assert message in result.message


def test_a_test_may_expect_that_the_code_breaks_off(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Without the case there is nothing to write, and so it is to be."""
    missing = GeneratedTest(name="no case", arguments=SUMMED.arguments, fails=True)
    assert tried(open_total(), missing, sandbox, org).passed
    told = tried(open_total(), missing.model_copy(update={"fails": False}), sandbox, org)
    assert "is not there" in told.message
    found = tried(open_total(), SUMMED.model_copy(update={"fails": True}), sandbox, org)
    assert "handed out 1 effect" in found.message
    few = tried(open_total(), SUMMED.model_copy(update={"effects": ()}), sandbox, org)
    assert few.message == "0 effects expected, 1 effect came."


def test_a_dry_run_tells_what_came_out_or_why_it_broke_off(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Counts of the sample, the effects, or the failure."""
    ran = dry_run(open_total(), SUMMED.arguments, SUMMED.records, sandbox, org)
    assert (ran.failure, ran.effects) == ("", SUMMED.effects)
    assert ran.records == {"Case": 1, "Account": 1, "Opportunity": 3}
    broken = dry_run(open_total(reads=(read("Case", "Id"),)), SUMMED.arguments, {}, sandbox, org)
    assert "has not declared" in broken.failure


@pytest.mark.parametrize("key", [None, 5, "", "Acme"])
def test_a_sample_without_an_id_fails_its_test_and_nothing_else(
    key: str | int | None, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """A model writes samples too: what is missing in them is told, and breaks nothing down."""
    row = {name: value for name, value in SUMMED.records["Opportunity"][0].items() if name != "Id"}
    rows = ({**row, "Id": key} if key is not None else row,)
    test = SUMMED.model_copy(update={"records": {**SUMMED.records, "Opportunity": rows}})
    found = tried(open_total(), test, sandbox, org)
    assert not found.passed
    assert "no Id that is a record's" in found.message
