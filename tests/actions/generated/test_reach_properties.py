"""Whatever code asks for, and in whatever shape: what reaches the org, and what is handed out, was declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.generated_scene import argument, create, read, request_for, small, update
from tests.memory_org import MemoryOrg, demo_org

from actwright.actions.generated.collecting import Collecting
from actwright.actions.generated.knowledge import Knowledge
from actwright.actions.generated.reading import Reading
from actwright.errors import ActwrightError
from actwright.org.record_id import record_id
from actwright.sandbox import Opaque, Value

KNOWN, UNKNOWN = record_id("006000000000001"), record_id("006000000000999")
ACTION = small(
    "    pass",
    reads=[
        read("Opportunity", "Name", "Amount", "AccountId"),
        read("Contact", "Email", opaque=["Email"]),
    ],
    writes=[create("Task", "Subject", "WhatId"), update("Opportunity", "NextStep")],
)
ORG = demo_org()
SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

handles = st.builds(
    Opaque,
    st.sampled_from([argument("x"), argument(KNOWN, "id"), argument(None, "id", linked_to="a1")]),
)
names = st.sampled_from(
    [
        "Opportunity",
        "Contact",
        "Account",
        "Task",
        "Id",
        "Name",
        "Amount",
        "AccountId",
        "Email",
        "Subject",
        "WhatId",
        "NextStep",
        "StageName",
        "Account.Name",
        "-Name",
        "name",
        "",
        " ",
        "\u200b",
        "Name, Amount",
    ]
)
scalars = st.one_of(
    names,
    st.none(),
    st.booleans(),
    st.integers(-5, 3_000),
    st.decimals(-10, 10, places=2),
    st.sampled_from([KNOWN, UNKNOWN, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)]),
    st.sampled_from(["=", "!=", "LIKE", "IN", "NOT IN", ">", "OR 1=1"]),
    st.text(max_size=5),
    handles,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
operators = st.sampled_from(["=", "IN", "LIKE", "!="]) | values
triples = st.tuples(names, operators, values).map(list)


def knowledge() -> Knowledge:
    """Return what code knows that was handed one deal."""
    return Knowledge("Small", {"deal": argument(KNOWN, "id", "lookup")})


@SETTINGS
@given(
    st.fixed_dictionaries(
        {"object": names, "fields": st.lists(names, max_size=3) | values},
        optional={
            "where": st.lists(triples, max_size=2) | values,
            "order": st.lists(names, max_size=2) | values,
            "limit": values,
        },
    )
)
def test_only_what_was_declared_reaches_the_org(arguments: Mapping[str, Value]) -> None:
    """An error of ours, or a query for declared fields of a declared object with ids the code was given."""
    org = MemoryOrg(ORG.rows, ORG.schemas, ORG.user)
    reading = Reading(ACTION, org, knowledge())
    try:
        reading.query(arguments)
    except ActwrightError:
        pass
    except (AssertionError, TypeError):
        # The org in memory is no real one: it breaks on comparisons that an org answers.
        assert org.asked
    declared = {each.object: {"Id", "Name", *each.fields} for each in ACTION.reads}
    for asked in org.asked:
        conditions = {*(each.field for each in asked.where), *(each.field for each in asked.order)}
        assert {*asked.fields, *conditions} <= declared[asked.object]
        assert UNKNOWN not in str([each.value for each in asked.where if each.field != "Name"])
        assert asked.limit is not None
        assert asked.limit <= 2_001


@SETTINGS
@given(
    st.sampled_from(["create", "update"]),
    names,
    values,
    st.dictionaries(names, values, max_size=3) | values,
)
def test_only_what_was_declared_is_handed_out(
    call: str, name: str, key: Value, given_values: Value
) -> None:
    """An error of ours, or an effect on a declared object, with declared fields, plain values and known records."""
    writes = Collecting(ACTION, request_for(ACTION, ORG), knowledge())
    arguments: dict[str, Value] = {"object": name, "id": key, "values": given_values}
    try:
        writes.create(arguments) if call == "create" else writes.update(arguments)
    except ActwrightError:
        assert writes.effects == []
    for effect in writes.effects:
        allowed = {
            "CREATE": ("Task", {"Subject", "WhatId"}),
            "UPDATE": ("Opportunity", {"NextStep"}),
        }
        target, fields = allowed[effect.operation]
        assert (effect.object, effect.record_id in {None, KNOWN}) == (target, True)
        assert {each.field for each in effect.changes} <= fields
        for each in effect.changes:
            assert each.after is None or type(each.after) in {str, bool, int, Decimal}
            assert each.field != "WhatId" or each.after in {None, KNOWN}
