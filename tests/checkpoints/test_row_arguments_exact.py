"""What each row gives, and what is said of those that do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from tests.checkpoints.row_scene import (
    AMOUNT,
    deal_org,
    open_deals,
    plan_for,
    repeated,
)
from tests.scenario import value

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.plan import ForEach, Plan
from actwright.canonical import Json
from actwright.checkpoints.resolving.arguments import ArgumentResolver
from actwright.checkpoints.resolving.row_arguments import RowArguments, RowFaults, row_error
from actwright.checkpoints.resolving.rows import (
    Binding,
    BoundRow,
)
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.errors import NotFoundError, ValueInvalidError
from actwright.guardrails.issue import Issue
from actwright.org.query import Condition, JsonScalar

NEXT: Mapping[str, Json] = {"apiName": "NextStep"}


def conditions(*where: Condition) -> ForEach:
    """Return rows that are asked for by these conditions."""
    return ForEach(object="Opportunity", where=where, limit=99)


def binding(*rows: BoundRow, query: bool = True) -> Binding:
    """Return rows of an action."""
    for_each = conditions(Condition(field="Name", value="x"))
    given = for_each if query else for_each.model_copy(update={"rows": (), "where": ()})
    return Binding(given, "said", rows)


def each_row(
    plan: Plan, *rows: BoundRow, query: bool = True
) -> tuple[list[Mapping[str, ResolvedArgument]], tuple[Issue, ...]]:
    """Return what each sound row gives itself, and what is wrong with the others."""
    org = deal_org()
    (resolved,) = ArgumentResolver(plan, org).resolve()
    faults = RowFaults(resolved)
    arguments = RowArguments(resolved, binding(*rows, query=query), TypedValues(org))
    return [own for _, own in arguments.each(faults)], faults.issues()


def row(number: int = 1, name: str | None = None, **values: JsonScalar | Decimal) -> BoundRow:
    """Return a row."""
    return BoundRow(f"00600000000000{number}AAA", name, values)


def taking(**more: Json) -> Plan:
    """Return the action that takes its next step from a row."""
    needed: Mapping[str, Json] = {**NEXT, "label": "Next Step", **more}
    return plan_for(
        repeated(open_deals(), needed, AMOUNT, NextStep={"from": "row.Step"}, Amount=value(1))
    )


def test_a_row_gives_its_id_and_what_is_taken_from_it() -> None:
    """Found by a query, they come from a lookup and a record; the id has the record's name."""
    ((given,), faults) = each_row(taking(), row(name="Acme", step="call"))
    assert faults == ()
    key, step = given["Id"], given["NextStep"]
    assert (key.value, key.provenance, key.text) == ("006000000000001AAA", "lookup", "Acme")
    assert (step.value, step.provenance, step.text) == ("call", "record", None)
    assert {key.source, step.source} == {"Opportunity: said"}
    assert set(given) == {"Id", "NextStep"}


def test_rows_handed_in_are_data_from_where_they_come() -> None:
    """A row without a name leaves its id without one."""
    ((given,), _) = each_row(taking(), row(step="call"), query=False)
    assert [(each.provenance, each.source, each.text) for each in given.values()] == [("data", "said", None)] * 2  # fmt: skip


def test_a_number_of_a_record_is_taken_exactly() -> None:
    """A decimal keeps its digits."""
    plan = plan_for(repeated(open_deals(), AMOUNT, Amount={"from": "row.Sum"}))
    ((given,), _) = each_row(plan, row(sum=Decimal("0.10")))
    assert given["Amount"].value == Decimal("0.1")


def test_a_row_that_lacks_a_value_is_kept_back_and_the_others_are_not() -> None:
    """A value that was not given is not an empty one; an empty one is refused only where one is needed."""
    found, (missing,) = each_row(taking(), row(1), row(2, step="call"), row(3, step=None))
    assert [each["Id"].value for each in found] == ["006000000000002AAA", "006000000000003AAA"]
    assert (missing.code, missing.field, missing.object) == ("row_value_missing", "NextStep", "Opportunity")  # fmt: skip
    assert missing.message == "006000000000001AAA: Next Step is to come from the row's Step, which was not given."  # fmt: skip
    assert (missing.record_id, missing.action_id) == ("006000000000001AAA", "a")
    sound, (empty,) = each_row(taking(required=True), row(1, step=" "), row(2, step="x"))
    assert [each["NextStep"].value for each in sound] == ["x"]
    assert (empty.code, empty.record_id) == ("required_missing", "006000000000001AAA")
    assert empty.message.endswith("Next Step is required, and the row has no Step.")


@pytest.mark.parametrize(
    ("count", "ending"),
    [
        (1, "not given."),
        (2, "not given. And 1 more row has the same fault."),
        (3, "not given. And 2 more rows have the same fault."),
        (1_002, "not given. And 1,001 more rows have the same fault."),
    ],
)
def test_rows_with_the_same_fault_are_counted(count: int, ending: str) -> None:
    """The first is told in full."""
    _, (found,) = each_row(taking(), *(row(each % 10, name="Acme") for each in range(count)))
    assert found.message.startswith("Acme: ")
    assert found.message.endswith(ending)


def test_each_kind_of_fault_is_an_issue_of_its_own() -> None:
    """Another field, or another code, is another fault; a row without name and id is told without."""
    (resolved,) = ArgumentResolver(taking(), deal_org()).resolve()
    faults = RowFaults(resolved)
    odd, missing = ValueInvalidError("Odd.", hint="Mend."), NotFoundError("None.")
    for error, name in ((odd, "A"), (odd, "B"), (missing, "A"), (odd, "A")):
        faults.add(BoundRow(None, None, {}), error, name)
    told = [(each.code, each.field, each.message) for each in faults.issues()]
    assert [each[:2] for each in told] == [
        (odd.error_code, "A"),
        (odd.error_code, "B"),
        (missing.error_code, "A"),
    ]
    assert told[0][2] == "Odd. And 1 more row has the same fault."
    assert [each[2] for each in told[1:]] == ["Odd.", "None."]
    assert faults.issues()[0].hint == "Mend."


@pytest.mark.parametrize(
    ("where", "field"), [(None, None), ("a", None), ("a.X", "X"), ("a.X.Y", "X.Y"), ("a.", None)]
)
def test_the_field_of_an_error_stands_behind_its_action(where: str | None, field: str | None) -> None:  # fmt: skip
    """What has no field has none."""
    assert row_error(ValueInvalidError("Odd.", where=where)) == field


def test_a_long_source_is_cut_at_300_characters() -> None:
    """As much as an argument holds, whether rows were asked for or handed in."""
    org = deal_org()
    (resolved,) = ArgumentResolver(taking(), org).resolve()
    for query in (True, False):
        own = Binding(binding(query=query).for_each, "s" * 400, (row(step="x"),))
        arguments = RowArguments(resolved, own, TypedValues(org))
        ((_, given),) = arguments.each(RowFaults(resolved))
        assert len(given["Id"].source or "") == 300
