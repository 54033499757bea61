"""Summaries: which rows extremes belong to, and when nothing is left to be done."""

from __future__ import annotations

from decimal import Decimal

from tests.memory_org import demo_schemas

from actwright.blueprints.plan import ForEach
from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.resolving.rows import (
    Binding,
    BoundRow,
)
from actwright.checkpoints.summary import extremes, unchanged_issues
from actwright.org.query import Condition

DEAL = demo_schemas()["Opportunity"]


def conditions(*where: Condition) -> ForEach:
    """Return rows that are asked for by these conditions."""
    return ForEach(object="Opportunity", where=where, limit=99)


def summary(found: int, unchanged: int) -> RowsBound:
    """Return what is known of the rows of an action."""
    return RowsBound(
        action_id="a",
        object="Lead",
        label="Lead",
        label_plural="Leads",
        query="q",
        ceiling=9_999,
        found=found,
        unchanged=unchanged,
        extremes=(),
    )


def test_only_rows_that_all_hold_the_values_are_an_issue() -> None:
    """With their number; none at all and a single one to change are none."""
    (told,) = unchanged_issues([summary(1_200, 1_200), summary(5, 4), summary(0, 0)])
    assert (told.code, told.action_id, told.object) == ("rows_unchanged", "a", "Lead")
    assert told.message.startswith("All 1,200 Leads hold the new values already")


def test_extremes_name_the_rows_they_belong_to() -> None:
    """By name, else by id; moments by when they are and not by how they are written; money alone is summed."""
    for_each = conditions(
        Condition(field="CreatedDate", operator="<", value="2027-01-01"),
        Condition(field="IsClosed", value=False),
    )
    rows = (
        BoundRow("1", "One", {"createddate": "2026-01-01T12:00:00+05:00", "amount": Decimal(2)}),
        BoundRow("2", None, {"createddate": "2026-01-01T10:00:00+00:00", "amount": Decimal(1)}),
        BoundRow("3", "Odd", {"createddate": "no moment", "amount": None}),
    )
    found = {each.field: each for each in extremes(DEAL, Binding(for_each, "q", rows), rows)}
    created, amount = found["CreatedDate"], found["Amount"]
    assert (created.least_record, created.greatest_record, created.total) == ("One", "2", None)
    assert (amount.least_record, amount.greatest_record, amount.total) == ("2", "One", Decimal(3))
    assert (amount.label, amount.family) == ("Amount", "decimal")
    assert "CloseDate" not in found
