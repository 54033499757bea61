"""Groups: what shares a transaction, what carries it, where a large plan is cut, and what is said about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actwright.checkpoints.groups.grouping import calls_to_apply, grouped, notices, transactions
from actwright.errors import RefusedError
from actwright.org.batch import batches
from actwright.org.effect import Effect, EffectGroup, FieldChange, RecordOperation


def effect(
    action: str,
    place: int = 1,
    operation: RecordOperation = "UPDATE",
    name: str = "Lead",
    *,
    ref: str | None = None,
    to: str | None = None,
    **more: object,
) -> Effect:
    """Return an effect of an action."""
    link = FieldChange(
        field="ParentId", label="Parent", family="id", linked_to=to, provenance="output"
    )
    known = None if operation == "CREATE" else f"{name}-{action}-{place}"
    document = {
        "id": f"{action}.{place}",
        "actionId": action,
        "operation": operation,
        "object": name,
        "objectLabel": name,
        "recordId": known,
        "version": None if known is None else "2026-11-21T12:00:00Z",
        "ref": ref,
        "changes": (link,) if to else (),
        **more,
    }
    return Effect.model_validate(document)


def rows(
    action: str, count: int, operation: RecordOperation = "UPDATE", name: str = "Lead"
) -> list[Effect]:
    """Return the effects of an action that is repeated for rows."""
    return [effect(action, place, operation, name) for place in range(1, count + 1)]


def groups_of(
    effects: Sequence[Effect], needs: Mapping[str, set[str]] | None = None, *, apart: bool = False
) -> tuple[EffectGroup, ...]:
    """Return the effects' groups."""
    waits = {key: frozenset(each) for key, each in (needs or {}).items()}
    return grouped(effects, waits, org="00D", apart=apart)


def shape(groups: Sequence[EffectGroup]) -> list[tuple[str, int]]:
    """Return carrier and size of each group."""
    return [(each.carrier, len(each.effects)) for each in groups]


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        (rows("a", 23), [("composite", 23)]),
        (rows("a", 24), [("collections", 24)]),
        (rows("a", 11, "DELETE"), [("composite", 11)]),
        (rows("a", 12, "DELETE"), [("collections", 12)]),
        (rows("a", 1_000), [("collections", 1_000)]),
        (rows("a", 1_001), [("collections", 1_000), ("composite", 1)]),
        (rows("a", 2_000), [("collections", 1_000)] * 2),
        (rows("a", 2_001), [("bulk", 2_001)]),
        (rows("a", 2_001) + rows("b", 3, name="Case"), [("composite", 3), ("bulk", 2_001)]),
        (rows("a", 3, name="User") + rows("b", 2), [("composite", 2), ("composite", 3)]),
    ],
)  # fmt: skip
def test_the_carrier_follows_from_the_number_of_writes(
    effects: list[Effect], expected: list[tuple[str, int]]
) -> None:
    """One plain call, then collections, then several transactions, then a job; data before setup."""
    assert Counter(shape(groups_of(effects))) == Counter(expected)


def test_what_fits_no_collections_is_one_graph() -> None:
    """Sixty chains of three creates each are too many levels and kinds of rows for five collections."""
    chained = [
        effect(f"a{chain}", step, "CREATE", f"O{step}", ref=f"{chain}-{step}", to=f"{chain}-{step - 1}" if step else None)
        for chain in range(60)
        for step in range(7)
    ]  # fmt: skip
    assert shape(groups_of(chained)) == [("graph", 420)]


def test_writes_that_belong_together_and_fit_nowhere_are_refused() -> None:
    """A parent with 1,000 children is 1,001 writes that must share a transaction, and none takes them."""
    family = [effect("p", 1, "CREATE", "Account", ref="p")]
    family += [effect("c", place, "CREATE", "Contact", to="p") for place in range(1_000)]
    with pytest.raises(RefusedError) as caught:
        groups_of(family, {"c": {"p"}})
    assert caught.value.error_code == "too_many_writes"


def test_rows_of_one_parent_stand_together() -> None:
    """Collections are sorted by object and parent, so that one parent is locked once."""
    opposed = [
        effect("a", place, "CREATE", "Task", changes=(_parent(f"001{place % 3}"),)) for place in range(60)
    ]  # fmt: skip
    (group,) = groups_of(opposed)
    parents = [str(each.changes[0].after) for each in group.effects]
    assert parents == sorted(parents)


def _parent(value: str) -> FieldChange:
    return FieldChange(field="WhatId", label="What", family="id", after=value, provenance="lookup")


def test_apart_each_part_is_a_transaction_of_its_own() -> None:
    """An account with its contact is one part, each of the rows another; all are one call."""
    effects = [
        effect("new", 1, "CREATE", "Account", ref="new"),
        effect("child", 1, "CREATE", "Contact", to="new"),
        *rows("rate", 3),
    ]
    (group,) = groups_of(effects, {"child": {"new"}}, apart=True)
    assert (group.atomic, group.carrier) == (False, "graph")
    assert group.parts == (("new.1", "child.1"), ("rate.1",), ("rate.2",), ("rate.3",))
    assert transactions([group]) == 4
    assert "a part that fails does not take the others with it" in notices([group])[0]


def test_apart_more_parts_than_a_call_takes_are_several_calls() -> None:
    """A call takes 75 graphs."""
    assert shape(groups_of(rows("a", 160), apart=True)) == [("graph", 75), ("graph", 75), ("graph", 10)]  # fmt: skip


def test_apart_a_single_part_stays_one_transaction() -> None:
    """Where everything belongs together there is nothing to take apart."""
    effects = [effect("a", 1, "CREATE", "Account", ref="r"), effect("b", 1, "CREATE", to="r")]
    (group,) = groups_of(effects, {"b": {"a"}}, apart=True)
    assert (group.carrier, group.atomic) == ("composite", True)


def test_a_job_that_something_waits_for_goes_before_it() -> None:
    """The transaction behind a job is behind it, and one before it before it."""
    effects = [*rows("first", 1, name="Case"), *rows("job", 2_001), *rows("last", 1, name="Task")]
    found = groups_of(effects, {"job": {"first"}, "last": {"job"}})
    assert [each.effects[0].action_id for each in found] == ["first", "job", "last"]


def test_transactions_that_wait_for_each_other_are_refused() -> None:
    """A linked pair around a job would have to go before and behind it."""
    effects = [
        effect("a", 1, "CREATE", "Account", ref="r"),
        *rows("job", 2_001),
        effect("b", 1, "CREATE", "Contact", to="r"),
    ]
    with pytest.raises(RefusedError) as caught:
        groups_of(effects, {"job": {"a"}, "b": {"job", "a"}})
    assert caught.value.error_code == "link_across_groups"


def test_what_is_more_than_a_plain_transaction_is_said() -> None:
    """Counts, atomicity, the moment between, and duplicate rules stand in sentences."""
    assert notices(groups_of(rows("a", 23))) == ()
    assert (
        notices(groups_of(rows("a", 24)))[0]
        == "All 24 changes are one transaction: all of them happen, or none."
    )
    several = " ".join(notices(groups_of(rows("a", 1_500))))
    assert "1,500 changes go out in 2 steps" in several
    assert "moment between" in several
    job = " ".join(notices(grouped(rows("a", 5_000), {}, org="o", allow_duplicates=True)))
    assert "nothing is rolled back" in job
    assert "duplicate rule" in job


def test_calls_are_counted_by_queries_of_200_rows() -> None:
    """Two hundred updates take a look, a send and a look; five queries go in one call."""
    assert calls_to_apply(groups_of(rows("a", 200))) == 3
    assert calls_to_apply(groups_of(rows("a", 1_000))) == 3
    assert calls_to_apply(groups_of(rows("a", 2_000))) == 6
    assert calls_to_apply(groups_of(rows("a", 10_000))) == 17


OPERATIONS: tuple[RecordOperation, ...] = ("CREATE", "UPDATE", "DELETE")


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Effect], dict[str, set[str]]]:
    """Draw actions that wait for earlier ones, with rows, links and mixed operations."""
    effects: list[Effect] = []
    needs: dict[str, set[str]] = {}
    refs: list[tuple[str, str]] = []
    for number in range(draw(st.integers(1, 6))):
        action = f"a{number}"
        operation: RecordOperation = draw(st.sampled_from(OPERATIONS))
        name = draw(st.sampled_from(["Account", "Lead", "Task", "User"]))
        linked = draw(st.sampled_from([None, *refs]))
        waits = draw(st.sets(st.sampled_from(sorted(needs)), max_size=2)) if needs else set()
        count = draw(st.sampled_from([1, 1, 2, 30, 210]))
        ref = action if operation == "CREATE" and count == 1 else None
        to = linked[0] if linked and operation != "DELETE" else None
        needs[action] = set(waits) | ({linked[1]} if linked and to else set())
        effects += [
            effect(action, place, operation, name, ref=ref, to=to) for place in range(count)
        ]
        refs += [(ref, action)] if ref else []
    return effects, needs


@settings(max_examples=25, deadline=None)
@given(plan=plans(), apart=st.booleans())
def test_groups_hold_every_effect_once_and_in_an_order_that_can_be_sent(
    *, plan: tuple[list[Effect], dict[str, set[str]]], apart: bool
) -> None:
    """Whatever the plan, nothing is lost or doubled, no link leaves its group, and nothing precedes what it needs."""
    effects, needs = plan
    try:
        found = groups_of(effects, needs, apart=apart)
    except RefusedError:
        return
    assert Counter(each.id for group in found for each in group.effects) == Counter(
        each.id for each in effects
    )
    done: set[str] = set()
    for group in found:
        here = {each.action_id for each in group.effects}
        assert all(needs[each] <= here | done for each in here)
        refs = {each.ref for each in group.effects}
        assert all(change.linked_to in refs for each in group.effects for change in each.changes)
        if group.carrier == "collections":
            parts = batches(group.effects)
            assert parts is not None
            assert tuple(each for part in parts for each in part.effects) == group.effects
            assert all(len(part.effects) <= 200 for part in parts)
            assert sum(part.collected for part in parts) <= 5
            assert sum(part.requests for part in parts) <= 23
        if group.parts:
            assert [name for part in group.parts for name in part] == [
                each.id for each in group.effects
            ]
        done |= here


def test_the_same_effects_always_make_the_same_groups() -> None:
    """The digest is over the groups: they must not hang on anything but the effects."""
    effects = [*rows("a", 700), *rows("b", 700, "DELETE", "Task"), *rows("c", 90, "CREATE", "Case")]
    assert groups_of(effects) == groups_of(list(effects))


@pytest.mark.parametrize("first", ["Account", "Case", "Contact"])
def test_what_goes_with_its_parent_is_deleted_before_it(first: str) -> None:
    """Whatever order they were planned in, no delete takes away what a later one of its transaction names."""
    below = {"Account": ("Contact", "Case"), "Contact": ("Case",), "Case": ()}
    effects = [
        effect(name, place, "DELETE", name, alsoDeletes=[cascade(each) for each in below[name]])
        for name in sorted(below, key=lambda name: name != first)
        for place in range(10)
    ]
    (group,) = groups_of(effects)
    assert list(dict.fromkeys(each.object for each in group.effects)) == ["Case", "Contact", "Account"]  # fmt: skip


def cascade(name: str) -> dict[str, object]:
    """Return one child a delete takes with it."""
    return {"object": name, "label": name, "count": 1, "records": "0"}


def test_deletes_that_take_each_other_along_stand_in_some_order() -> None:
    """A circle of cascades ends the ranking, and the plan is grouped all the same."""
    effects = [
        effect(name, place, "DELETE", name, alsoDeletes=[cascade("Case"), cascade("Account")])
        for name in ("Case", "Account")
        for place in range(12)
    ]
    (group,) = groups_of(effects)
    assert len(group.effects) == 24


@pytest.mark.parametrize(("family", "calls"), [("string", 4), ("decimal", 15)])
def test_the_keys_of_upserts_cost_what_it_takes_to_look_them_up(family: str, calls: int) -> None:
    """Sixty keys of text are one query; keys that cannot be told apart in an answer are sixty."""
    key = {"field": "Key__c", "label": "Key", "after": 1, "family": family, "provenance": "goal"}
    key |= {"after": "k"} if family == "string" else {}
    effects = [
        effect("a", place, "UPSERT", keyField="Key__c", changes=(key,)) for place in range(60)
    ]
    assert calls_to_apply(groups_of(effects)) == calls


@pytest.mark.parametrize(
    ("count", "more", "said"),
    [
        (30, 0, "is saved all the same."),
        (2001, 30, "is saved all the same, but not by a bulk job."),
        (
            2001,
            0,
            "saves nothing a duplicate rule of the org warns about, also where you allow it.",
        ),
    ],
)
def test_a_bulk_job_is_not_said_to_save_duplicates(count: int, more: int, said: str) -> None:
    """It takes no word on duplicate rules, whatever a person has allowed."""
    effects = [*rows("a", count, "CREATE"), *rows("b", more, "CREATE", "Case")]
    groups = grouped(effects, {}, org="00D", allow_duplicates=True)
    assert any(each.endswith(said) for each in notices(groups))
