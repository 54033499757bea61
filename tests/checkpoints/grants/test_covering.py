"""Covering: every ceiling is named with what was found, what is allowed, and the effects it is about."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkpoints.edited_plans import following, plan_made
from tests.grant_scene import (
    NOON,
    PLAN,
    SHOWN,
    change,
    effect,
    granted,
    money,
    need,
    preview,
    unused,
    with_ceilings,
)

from actwright.actions.implementation import ResolvedArgument
from actwright.checkpoints.drawn import Drawn, drawn_by
from actwright.checkpoints.grants.covering import Used, outside
from actwright.checkpoints.grants.grant import Writable
from actwright.checkpoints.preview import Preview
from actwright.org.effect import Cascade, Effect, EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser

ONE = effect(1, change(), money(100))
GRANT = granted(ONE)


def ceilings_exceeded(shown: Preview, used: Used | None = None, **ceilings: object) -> list[str]:
    """Return the names of the ceilings that a preview exceeds."""
    grant = with_ceilings(GRANT, **ceilings)
    return [each.ceiling for each in outside(grant, shown, PLAN, used or unused())]


def test_what_was_proposed_is_covered() -> None:
    """A grant made from a preview says yes to that very preview."""
    assert outside(GRANT, preview(ONE), PLAN, unused()) == ()


OTHER_ORG = OrgIdentity(id="00E", url="https://acme.example")
MOVED_ORG = OrgIdentity(id="00D", url="https://other.example")
LOCAL_ORG = OrgIdentity(id="00D", url="https://acme.example", local=True)
BOB = RunningUser(id="006", username="bob")
DUPLICATES = (EffectGroup(id="g1", org="00D", effects=(ONE,), allow_duplicates=True),)
MADE_UP = ResolvedArgument(input="Id", value="006", provenance="model")
BY_MODEL = (SHOWN.model_copy(update={"arguments": (MADE_UP,)}),)
MIXED = ResolvedArgument(input="Id", value="006", provenance="lookup", mixed=("extract",))
WITH_EXTRACT = (SHOWN.model_copy(update={"arguments": (MIXED,)}),)
OTHER_CODE = (SHOWN.model_copy(update={"implementation": "evil:Thing"}),)
STRAY = (SHOWN.model_copy(update={"action_id": "a9"}),)


@pytest.mark.parametrize(
    ("shown", "ceiling"),
    [
        (preview(ONE, org=OTHER_ORG), "org"),
        (preview(ONE, org=MOVED_ORG), "org"),
        (preview(ONE, org=LOCAL_ORG), "org"),
        (preview(ONE, running_user=BOB), "user"),
        (preview(ONE, actions=OTHER_CODE), "subject"),
        (preview(ONE, actions=()), "subject"),
        (preview(effect(1, action_id="a9"), actions=(SHOWN, *STRAY)), "subject"),
        (preview(effect(1, action_id="a9")), "subject"),
        (preview(effect(1, also_for=("a9",))), "subject"),
        (preview(ONE, plan_id="plan_9"), "subject"),
        (preview(effect(operation="DELETE", changes=())), "operation"),
        (preview(effect(object="Account")), "operation"),
        (preview(effect(operation="CREATE", record_id=None)), "operation"),
        (preview(effect(1, change("Probability", 5))), "fields"),
        (preview(effect(1, change("St\u0430geName"))), "fields"),
        (preview(effect(1), effect(2)), "rows"),
        (preview(effect(1, money(100.01))), "amount"),
        (preview(effect(1, money(-101))), "amount"),
        (preview(effect(1, change(provenance="model"))), "provenance"),
        (preview(effect(1, change(provenance="extract"))), "provenance"),
        (preview(effect(1, change(provenance="record", mixed=("model",)))), "provenance"),
        (preview(ONE, actions=BY_MODEL), "provenance"),
        (preview(ONE, actions=WITH_EXTRACT), "provenance"),
        (preview(ONE, groups=DUPLICATES), "duplicates"),
        (preview(ONE, approval=need(1)), "approval"),
        (preview(ONE, approval=need(2)), "approval"),
        (preview(ONE, approval=need(1, "Ann", keys=False)), "approval"),
    ],
)
def test_each_ceiling_is_named(shown: Preview, ceiling: str) -> None:
    """One thing is otherwise than granted, and that is among what is told."""
    assert ceiling in ceilings_exceeded(shown)


@pytest.mark.parametrize(
    ("used", "ceiling"),
    [
        (unused(uses=3), "uses"),
        (unused(uses=9), "uses"),
        (unused(today=1), "uses_per_day"),
        (unused(now=NOON + timedelta(days=30)), "expiry"),
        (unused(now=NOON - timedelta(minutes=6)), "expiry"),
        (unused(drawn={"opportunity.amount": Decimal("200.01")}), "amount_in_all"),
        (unused(run=Drawn(rows=1)), "rows"),
        (unused(run=Drawn(amounts={"opportunity.amount": Decimal("0.01")})), "amount"),
    ],
)
def test_what_was_used_counts(used: Used, ceiling: str) -> None:
    """Uses, days, sums over all runs, and what earlier waves of the run have drawn."""
    assert ceilings_exceeded(preview(ONE), used, uses_per_day=1) == [ceiling]


def test_a_run_that_goes_on_takes_no_further_use() -> None:
    """Its use was taken when it began."""
    last = unused(uses=3, today=3, run=Drawn())
    assert ceilings_exceeded(preview(ONE), last, uses_per_day=1) == []


def test_a_finding_names_the_ceiling_the_value_and_the_effect() -> None:
    """In one sentence, and with no more than five effects by name."""
    shown = preview(*(effect(each, change("Probability", 5)) for each in range(1, 8)))
    told = [str(each) for each in outside(GRANT, shown, PLAN, unused())]
    effects = "a1.1, a1.2, a1.3, a1.4, a1.5 and 2 more"
    assert told == [
        f"fields: Opportunity.Probability ({effects}), and the grant allows Amount, StageName",
        "rows: 7 effects, and the grant allows 1 a run",
    ]


def test_money_without_a_ceiling_is_outside() -> None:
    """Nobody has said how much; an amount the field list alone lets through is no amount."""
    assert ceilings_exceeded(preview(ONE), amounts={}) == ["amount"]


def test_children_of_a_delete_count() -> None:
    """They need a yes of their own, and each is an effect."""
    child = Cascade(object="OpportunityLineItem", label="Products", count=4, records="0" * 64)
    gone = effect(operation="DELETE", changes=(), also_deletes=(child,))
    delete = Writable(operation="DELETE", object="Opportunity")
    assert ceilings_exceeded(preview(gone), writes=(delete,)) == ["operation", "rows"]
    both = (delete, Writable(operation="DELETE", object="OpportunityLineItem"))
    assert ceilings_exceeded(preview(gone), writes=both, rows=5) == []


def test_names_fit_in_any_case() -> None:
    """The org does not tell them apart either."""
    lower = (Writable(operation="UPDATE", object="opportunity", fields=("stagename", "AMOUNT")),)
    assert ceilings_exceeded(preview(ONE), writes=lower, amounts={"OPPORTUNITY.amount": 100}) == []


def test_another_version_of_the_blueprint_is_another_subject() -> None:
    """One input more, or another word in it, and a person has to look."""
    other = plan_made(following("a1", about=None))
    found = outside(GRANT, preview(ONE, plan_id=other.id), other, unused())
    assert "subject" in {each.ceiling for each in found}


effects_made = st.lists(
    st.builds(
        lambda number, name, amount, source: effect(
            number, change(name, provenance=source), money(amount)
        ),
        st.integers(1, 9),
        st.sampled_from(["StageName", "NextStep"]),
        st.integers(-300, 300),
        st.sampled_from(["goal", "model", "record"]),
    ),
    min_size=1,
    max_size=6,
)
"""Effects of which some are within the grant below."""

WIDE = granted(effect(1, change(), change("NextStep"), money(500)), rows=4)


@settings(max_examples=25)
@given(effects_made, st.randoms(use_true_random=False))
def test_the_order_of_effects_makes_no_difference(made: list[Effect], random: Any) -> None:
    """What is found is the same, in the same order."""
    mixed = random.sample(made, len(made))
    first = outside(WIDE, preview(*made), PLAN, unused())
    assert outside(WIDE, preview(*mixed), PLAN, unused()) == first


@settings(max_examples=25)
@given(effects_made, st.integers(0, 6))
def test_splitting_effects_over_waves_gains_nothing(made: list[Effect], cut: int) -> None:
    """What a run may not do at once it may not do in two parts either."""
    first, second = made[:cut], made[cut:]
    whole = {each.ceiling for each in outside(WIDE, preview(*made), PLAN, unused())}
    parts: set[str] = set()
    if first:
        parts |= {each.ceiling for each in outside(WIDE, preview(*first), PLAN, unused())}
    if second:
        used = unused(run=drawn_by(first), drawn=drawn_by(first).amounts)
        parts |= {each.ceiling for each in outside(WIDE, preview(*second), PLAN, used)}
    assert bool(whole) == bool(parts)


@settings(max_examples=25)
@given(effects_made, effects_made)
def test_more_effects_never_fit_where_fewer_do_not(some: list[Effect], more: list[Effect]) -> None:
    """Nothing that is added takes a finding away."""
    before = {each.ceiling for each in outside(WIDE, preview(*some), PLAN, unused())}
    after = {each.ceiling for each in outside(WIDE, preview(*some, *more), PLAN, unused())}
    assert before <= after
