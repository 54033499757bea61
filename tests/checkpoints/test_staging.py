"""Stages: what acts by itself goes out alone, behind what does not wait for it and before what does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from actwright.checkpoints.groups.grouping import calls_to_apply, grouped, notices, transactions
from actwright.errors import RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange


def row(action: str, *, ref: str | None = None, to: str | None = None, **more: object) -> Effect:
    """Return the create of a task."""
    link = FieldChange(field="WhatId", label="What", family="id", linked_to=to, provenance="output")
    given: dict[str, object] = {"object": "Task", "operation": "CREATE", "ref": ref}
    changes = (link,) if to else ()
    return Effect.model_validate(
        {"id": f"{action}.1", "action_id": action, "changes": changes} | given | more
    )


def acting(action: str, name: str = "Mailer") -> Effect:
    """Return the effect of an override that acts by itself."""
    return Effect(
        id=f"{action}.1",
        action_id=action,
        kind="opaque",
        operation="CALL",
        object=name,
        promises=("Acts.",),
    )


def groups_of(
    effects: Sequence[Effect], needs: Mapping[str, set[str]] | None = None, *, apart: bool = False
) -> tuple[EffectGroup, ...]:
    """Return the effects' groups."""
    waits = {key: frozenset(each) for key, each in (needs or {}).items()}
    return grouped(effects, waits, org="00D", apart=apart)


def order(groups: Sequence[EffectGroup]) -> list[list[str]]:
    """Return the actions of each group."""
    return [[each.action_id for each in group.effects] for group in groups]


def test_each_is_a_group_of_its_own_behind_the_records() -> None:
    """Records that wait for none of them stay one transaction, which is tried first."""
    found = groups_of([acting("o"), row("a"), acting("p"), row("b")], {"b": {"a"}})
    assert order(found) == [["a", "b"], ["o"], ["p"]]
    assert [(each.carrier, each.atomic) for each in found] == [
        ("composite", True),
        ("opaque", False),
        ("opaque", False),
    ]
    assert (transactions(found), calls_to_apply(found)) == (3, 2)
    assert "An override acts by itself" in " ".join(notices(found))


def test_what_waits_for_one_goes_behind_it() -> None:
    """Also where it waits through an action without an effect."""
    effects = [row("a"), acting("o"), row("b"), acting("p"), row("c")]
    needs = {"o": {"a"}, "idle": {"o"}, "b": {"idle"}, "p": {"b"}, "c": {"p"}}
    assert order(groups_of(effects, needs)) == [["a"], ["o"], ["b"], ["p"], ["c"]]


def test_one_that_waits_for_records_that_wait_for_another_goes_behind_that() -> None:
    """Whatever their order in the plan."""
    effects = [row("a", ref="a"), acting("early"), acting("late"), row("b", to="a")]
    needs = {"early": {"a"}, "b": {"a", "late"}}
    assert order(groups_of(effects, needs)) == [["late"], ["a", "b"], ["early"]]


def test_records_that_belong_together_are_not_torn_by_it() -> None:
    """A linked pair would have to go both before and behind it: refused, by name and with a way out."""
    effects = [row("a", ref="a"), acting("o"), row("b", to="a")]
    with pytest.raises(RefusedError, match="'o' acts by itself") as caught:
        groups_of(effects, {"o": {"a"}, "b": {"a", "o"}})
    assert caught.value.error_code == "link_across_groups"
    assert "Split the plan" in (caught.value.hint or "")


def test_writes_brought_together_into_one_are_not_torn_either() -> None:
    """One effect of two actions, of which one is waited for and the other waits."""
    both = row("a", also_for=("b",))
    with pytest.raises(RefusedError):
        groups_of([both, acting("o")], {"o": {"a"}, "b": {"o"}})


def test_its_name_makes_it_no_setup_object() -> None:
    """An override called as a setup object goes where its plan puts it, and the records stay one group."""
    found = groups_of([acting("o", "User"), row("a"), row("b")], {"a": {"o"}})
    assert order(found) == [["b"], ["o"], ["a"]]


def test_apart_it_is_still_alone() -> None:
    """Parts that stand apart are graphs; it is none of them."""
    found = groups_of([row("a"), acting("o"), row("b")], apart=True)
    assert [(each.carrier, len(each.parts)) for each in found] == [("graph", 2), ("opaque", 0)]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Effect], dict[str, set[str]]]:
    """Draw actions that wait for earlier ones; some act by themselves, some link."""
    effects: list[Effect] = []
    needs: dict[str, set[str]] = {}
    for number in range(draw(st.integers(1, 8))):
        action = f"a{number}"
        waits = draw(st.sets(st.sampled_from(sorted(needs)), max_size=3)) if needs else set()
        records = [each.action_id for each in effects if each.kind == "record"]
        to = draw(st.sampled_from([None, *records]))
        alone = draw(st.integers(0, 2)) == 0
        needs[action] = set(waits) | ({to} if to and not alone else set())
        effects.append(acting(action) if alone else row(action, ref=action, to=to))
    return effects, needs


@examples(150)
@given(plan=plans())
def test_nothing_is_lost_or_comes_before_what_it_waits_for(
    plan: tuple[list[Effect], dict[str, set[str]]],
) -> None:
    """Whatever the plan; what acts by itself is never beside anything else."""
    effects, needs = plan
    try:
        found = groups_of(effects, needs)
    except RefusedError as error:
        assert error.error_code == "link_across_groups"  # noqa: PT017 - one of two outcomes
        assert any(each.kind == "opaque" for each in effects)
        return
    assert sorted(each.id for group in found for each in group.effects) == sorted(
        each.id for each in effects
    )
    done: set[str] = set()
    for group in found:
        here = {each.action_id for each in group.effects}
        assert all(needs[each] <= here | done for each in here)
        alone = any(each.kind == "opaque" for each in group.effects)
        assert (group.carrier == "opaque") == alone
        assert not alone or (len(here) == 1 and not needs[next(iter(here))] & here)
        done |= here
