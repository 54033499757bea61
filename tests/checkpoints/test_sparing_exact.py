"""Rows left out one by one: how a query is narrowed, and what stays left out."""

from __future__ import annotations

import pytest
from tests.checkpoints.edited_plans import (
    DEAL,
    OTHER,
    closing,
    following,
    plan_made,
    repeated,
)
from tests.scenario import action, blueprint, value

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.spared_rows import sparing, still_sparing
from actwright.errors import PlanError
from actwright.org.query import Condition

BOTH = plan_made(closing(), following(about=None))


def many(*where: Json, key: str = "a1") -> Plan:
    """Return a plan of an action that is repeated for what fits."""
    return plan_made(repeated(key, where=list(where)))


OPEN: Json = {"field": "IsClosed", "value": False}


def except_for(*ids: str) -> Json:
    """Return the condition that leaves out some records."""
    return {"field": "ID", "operator": "NOT IN", "value": list(ids)}


def test_rows_left_out_join_those_left_out_before() -> None:
    """In one condition, each once, behind all others; a condition that only looks like it stays."""
    other: Json = {"field": "StageName", "operator": "NOT IN", "value": ["x"]}
    asked: Json = {"field": "Id", "operator": "IN", "value": [DEAL]}
    one: Json = {"field": "Id", "operator": "NOT IN", "value": ["006000000000003AAA"]}
    plan = many(except_for(DEAL), other, asked, one)
    spared = sparing(plan.actions[0], [OTHER[:15], DEAL])
    assert spared.for_each is not None
    found = [(each.field, each.operator, each.value) for each in spared.for_each.where]
    assert found == [
        ("StageName", "NOT IN", ("x",)),
        ("Id", "IN", (DEAL,)),
        ("Id", "NOT IN", (DEAL, "006000000000003AAA", OTHER)),
    ]


def test_as_many_conditions_as_a_query_takes_leave_rows_out() -> None:
    """Twenty in all; one row more than they hold is refused with the number and another way."""
    (planned,) = many(OPEN).actions
    ids = [f"006{number:012d}" for number in range(19 * 200 + 1)]
    spared = sparing(planned, ids[:-1])
    assert spared.for_each is not None
    assert [len(each.value) for each in spared.for_each.where[1:]] == [200] * 19  # type: ignore[arg-type]  # tuples
    with pytest.raises(PlanError, match=r"^3801 rows are more than") as caught:
        sparing(planned, ids)
    assert (caught.value.error_code, caught.value.where) == ("edit_too_many", "a1.forEach")


def test_an_action_without_rows_is_left_as_it_is() -> None:
    """There is nothing to take out of it."""
    assert sparing(BOTH.actions[0], [DEAL]) is BOTH.actions[0]


def test_rows_handed_in_are_left_out_by_their_ids() -> None:
    """In either length; a row whose id is none, or that has none, stays."""
    task = action("a1", blueprint("CREATE", "Task", "Subject"), Subject=value("x"))
    odd: list[Json] = [{"Id": DEAL[:15]}, {"Id": "odd"}, {"Id": None}, {"Name": "x"}]
    rows: Json = {"object": "Opportunity", "limit": 9, "rows": odd}
    spared = sparing(plan_made(task | {"forEach": rows}).actions[0], [DEAL])
    assert spared.for_each is not None
    assert list(spared.for_each.rows or ()) == odd[1:]


def test_rows_left_out_before_stay_left_out_of_actions_alike() -> None:
    """Those over the same object, in any case; one over others, or over none, is as it was."""
    before = many(except_for(DEAL), OPEN).actions
    (alike,) = many(OPEN).actions
    assert alike.for_each is not None
    small = alike.model_copy(
        update={"for_each": alike.for_each.model_copy(update={"object": "opportunity"})}
    )
    for each in (alike, small):
        spared = still_sparing(each, before).for_each
        assert spared is not None
        assert spared.where[1:] == (Condition(field="Id", operator="NOT IN", value=(DEAL,)),)
    other = alike.model_copy(
        update={"for_each": alike.for_each.model_copy(update={"object": "Lead"})}
    )
    assert still_sparing(other, before) is other
    assert still_sparing(alike, many(OPEN).actions) is alike
    assert still_sparing(alike, BOTH.actions) is alike
    assert still_sparing(BOTH.actions[0], before) is BOTH.actions[0]
