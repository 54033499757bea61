"""Summaries of many rows: least, greatest and sum, over the rows that are changed and no others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.row_scene import (
    AMOUNT,
    DealOrg,
    deal_org,
    handed,
    lost,
    open_deals,
    preview_on,
    repeated,
)
from tests.memory_org import demo_schemas

from actwright.blueprints.plan import ForEach
from actwright.canonical import Json
from actwright.checkpoints.preview import Extreme
from actwright.checkpoints.resolving.row_query import telling_fields
from actwright.checkpoints.resolving.rows import Binding, BoundRow
from actwright.checkpoints.summary import extremes
from actwright.org.query import Condition
from actwright.org.schema import FieldSchema

DEAL = demo_schemas()["Opportunity"]


def of(found: tuple[Extreme, ...], name: str) -> Extreme:
    """Return the extremes of one field."""
    return next(each for each in found if each.field == name)


def bound(org: DealOrg, for_each: Json) -> tuple[Extreme, ...]:
    """Return the extremes a preview shows."""
    return preview_on(org, lost(for_each)).rows[0].extremes


def test_amounts_have_a_least_a_greatest_and_a_sum() -> None:
    """Each with the record it belongs to."""
    org = deal_org()
    org.add(3)
    found = of(bound(org, open_deals()), "Amount")
    assert (found.least, found.least_record) == (Decimal(100), "Deal 1")
    assert (found.greatest, found.greatest_record) == (Decimal(300), "Deal 3")
    assert found.total == Decimal(600)


def test_days_have_no_sum() -> None:
    """The first and the last are told."""
    org = deal_org()
    org.add(1, CloseDate="2026-12-01")
    org.add(1, CloseDate="2026-02-01")
    found = of(bound(org, open_deals()), "CloseDate")
    assert (found.least, found.greatest, found.total) == ("2026-02-01", "2026-12-01", None)


def test_what_the_rows_are_asked_by_comes_first() -> None:
    """A condition's own day or number tells whether it found what was meant."""
    org = deal_org()
    org.add(2, CreatedDate="2026-05-01T10:00:00Z")
    where: Json = [{"field": "CreatedDate", "operator": "<", "value": "2026-08-01"}]
    found = bound(org, {"object": "Opportunity", "where": where, "limit": 5})
    assert found[0].field == "CreatedDate"


def test_rows_left_alone_and_empty_values_do_not_count() -> None:
    """The sum is that of what is changed; a row without an amount has none to add."""
    org = deal_org()
    org.add(1, Amount=10)
    org.add(1, Amount=None)
    org.add(1, Amount=7_000, StageName="Closed Lost")
    found = of(bound(org, open_deals()), "Amount")
    assert (found.total, found.greatest_record) == (Decimal(10), "Deal 1")


def test_a_field_without_any_value_is_not_told() -> None:
    """There is nothing to say of it."""
    org = deal_org()
    org.add(2, Amount=None)
    assert "Amount" not in {each.field for each in bound(org, open_deals())}


def test_rows_handed_in_tell_what_they_hold() -> None:
    """Values nobody can read are passed over."""
    org = deal_org()
    first, second = org.add(2)
    rows = handed({"Id": first, "Amount": "12.50"}, {"Id": second, "Amount": "a lot"})
    preview = preview_on(org, repeated(rows, AMOUNT, Amount={"value": 1, "provenance": "goal"}))
    found = of(preview.rows[0].extremes, "Amount")
    assert (found.least, found.total) == (Decimal("12.50"), Decimal("12.50"))
    assert found.least_record == "Deal 1"


@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1, max_size=30))
def test_a_sum_of_money_is_exact(amounts: list[Decimal]) -> None:
    """No cent gets lost, however many rows there are."""
    rows = tuple(
        BoundRow(f"006{place:015}", None, {"amount": amount})
        for place, amount in enumerate(amounts)
    )
    for_each = ForEach(object="Opportunity", where=(Condition(field="Name", value="x"),), limit=99)
    found = of(extremes(DEAL, Binding(for_each, "", rows), rows), "Amount")
    assert found.total == sum(amounts)
    assert (found.least, found.greatest) == (min(amounts), max(amounts))


def test_amounts_in_several_currencies_have_no_sum() -> None:
    """Where each record has a currency of its own, adding the amounts up would say something false."""
    code = FieldSchema(name="CurrencyIsoCode", label="Currency", type="picklist")
    schema = replace(DEAL, fields=(*DEAL.fields, code))
    rows = [BoundRow(str(at), None, {"amount": Decimal(at)}) for at in (1, 2)]
    binding = Binding(ForEach.model_validate(open_deals()), "open ones")
    assert of(extremes(DEAL, binding, rows), "Amount").total == Decimal(3)
    assert of(extremes(schema, binding, rows), "Amount").total is None


def test_what_the_org_works_out_by_itself_is_not_told() -> None:
    """One amount and one day tell rows apart; what follows from them would be noise."""
    made_up = FieldSchema(name="AAA", label="Weighted", type="currency", calculated=True)
    schema = replace(DEAL, fields=(made_up, *DEAL.fields))
    fields = telling_fields(schema, ForEach.model_validate(open_deals()))
    assert [each.name for each in fields] == ["Amount", "CloseDate"]
