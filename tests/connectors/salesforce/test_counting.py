"""Counting rows: one small call, however many there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.memory_org import demo_schemas

from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.questions import total_size
from actwright.connectors.salesforce.soql import render_count
from actwright.errors import InputError, OrgProtocolError
from actwright.org.query import Condition, Ordering, RecordQuery

OPEN = RecordQuery(
    object="opportunity",
    fields=("Id", "Name"),
    where=(
        Condition(field="IsClosed", value=False),
        Condition(field="Account.Name", value="Acme"),
    ),
    order=(Ordering(field="Id"),),
    limit=1,
)


def test_a_count_asks_for_no_field_no_order_and_no_limit() -> None:
    """Conditions are rendered as for any query."""
    text = render_count(OPEN, lambda name: demo_schemas()[name.capitalize()])
    assert text == (
        "SELECT COUNT() FROM Opportunity WHERE IsClosed = false AND Account.Name = 'Acme'"
    )
    everything = RecordQuery(object="Task")
    assert render_count(everything, demo_schemas().__getitem__) == "SELECT COUNT() FROM Task"


def test_the_org_counts_in_one_call(login: Callable[[str], SalesforceOrg]) -> None:
    """It counts what the query without its limit would find."""
    alice = login("alice")
    (rows,) = alice.query([OPEN.model_copy(update={"limit": None})])
    before = alice.api_calls
    assert alice.count(OPEN) == len(rows) > 1
    assert alice.api_calls == before + 1


def test_a_field_nobody_sees_is_refused_unsent(login: Callable[[str], SalesforceOrg]) -> None:
    """As in any query."""
    alice = login("alice")
    wrong = RecordQuery(object="Task", where=(Condition(field="Bogus__c", value=1),))
    with pytest.raises(InputError, match="Bogus__c"):
        alice.count(wrong)


@pytest.mark.parametrize("size", [None, -1, "12", True, 1.5])
def test_an_answer_that_counts_nothing_is_no_answer(size: object) -> None:
    """A number of rows is a whole number, and not negative."""
    with pytest.raises(OrgProtocolError):
        total_size({"totalSize": size, "done": True})  # type: ignore[dict-item]  # that is the mistake
    assert total_size({"totalSize": 0}) == 0
