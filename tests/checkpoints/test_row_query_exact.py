"""The query for rows: which fields it asks for, and how many rows."""

from __future__ import annotations

from collections.abc import Mapping

from tests.checkpoints.row_scene import (
    STAGE,
    deal_org,
    open_deals,
    plan_for,
    repeated,
)
from tests.memory_org import demo_schemas

from actwright.blueprints.plan import ForEach
from actwright.canonical import Json
from actwright.checkpoints.resolving.row_query import MOST_ASKED, row_query, telling_fields
from actwright.org.query import Condition

DEAL = demo_schemas()["Opportunity"]


NEXT: Mapping[str, Json] = {"apiName": "NextStep"}


def asked(
    most: int = 100, limit: int = 10, **arguments: Json
) -> tuple[tuple[str, ...], int | None]:
    """Return the fields and the limit of the query for open deals."""
    (planned,) = plan_for(
        repeated(open_deals(limit=limit), STAGE, NEXT, key="a", **arguments)
    ).actions
    assert planned.for_each is not None
    query = row_query(deal_org(), planned, planned.for_each, most)
    assert [(each.field, each.descending) for each in query.order] == [("Id", False)]
    return query.fields, query.limit


def test_a_query_asks_for_ids_names_and_what_the_action_takes() -> None:
    """Each field once, in the schema's spelling; a field the schema does not know as it stands."""
    fields, _ = asked(StageName={"from": "row.leadsource"}, NextStep={"from": "row.Nope"})
    assert fields[:2] == ("Id", "Name")
    assert {"LeadSource", "Nope"} <= set(fields)
    assert len(set(fields)) == len(fields)


def test_a_query_asks_for_one_row_more_than_there_may_be() -> None:
    """The least of the ceilings counts, and never more than a query may ask for."""
    assert asked(most=100, limit=10)[1] == 11
    assert asked(most=5, limit=10)[1] == 6
    assert asked(most=MOST_ASKED, limit=50_000)[1] == MOST_ASKED == 50_000


def conditions(*where: Condition) -> ForEach:
    """Return rows that are asked for by these conditions."""
    return ForEach(object="Opportunity", where=where, limit=99)


def test_fields_that_bound_the_rows_come_first() -> None:
    """Numbers, days and moments that are compared; a name tells nothing, nor a field that is not there."""
    rows = conditions(
        Condition(field="Name", operator=">", value="x"),
        Condition(field="Probability", operator=">", value=1),
        Condition(field="CreatedDate", operator="<", value="2026-01-01"),
        Condition(field="Nope__c", operator="<", value=1),
    )
    names = [each.name for each in telling_fields(DEAL, rows)]
    assert names[:2] == ["Probability", "CreatedDate"]
    assert {"Amount", "CloseDate"} <= set(names)
    assert not {"Name", "LastActivityDate"} & set(names)
