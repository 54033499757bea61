"""A plan from outside keeps only the provenances that its goal and its data bear out."""

from __future__ import annotations

from datetime import UTC
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import TODAY, demo_schemas

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.derived import update_blueprint
from actwright.blueprints.plan import Plan, PlannedAction, PlannerInfo
from actwright.errors import NotFoundError, PlanError
from actwright.org.provenance import Provenance
from actwright.org.schema import ObjectSchema
from actwright.planning.provenance.attribution import attributed

DEAL = update_blueprint(
    demo_schemas()["Opportunity"], ["Amount", "NextStep", "StageName", "AccountId"]
)
PARAMETERS = ActionBlueprint(
    name="Ping",
    operation="CALL",
    target="pinger",
    inputs=(ActionInput(api_name="times", data_type="Integer", usage="PARAMETER", default=3),),
)
ID = "006000000000001AAA"
MADE_UP = ("lookup", "record", "output", "extract")


def described(name: str) -> ObjectSchema:
    """Return an object's schema as the demo org's administrator sees it."""
    found = demo_schemas().get(name)
    if found is None:
        raise NotFoundError(f"no object {name}")
    return found


def plan_of(
    goal: str,
    arguments: dict[str, Any],
    data: dict[str, Any] | None = None,
    what: ActionBlueprint = DEAL,
) -> Plan:
    """Return a plan somebody made in Python."""
    action = PlannedAction(id="a1", blueprint=what, arguments=arguments)
    info = PlannerInfo(kind="scripted")
    return Plan(goal=goal, data=data or {}, actions=(action,), planner=info)


def told(plan: Plan) -> dict[str, tuple[Provenance, str | None]]:
    """Return what an attributed plan says of its literals."""
    found = attributed(plan, today=TODAY, zone=UTC, describe=described)
    (action,) = found.actions
    return {
        name: (each.provenance, each.source)
        for name, each in action.arguments.items()
        if isinstance(each, ValueArgument)
    }


def literal(
    value: object, provenance: str = "goal", source: str | None = None
) -> dict[str, object]:
    """Return a literal argument."""
    return {"value": value, "provenance": provenance, "source": source}


def test_a_true_plan_comes_back_as_it_is() -> None:
    """Claims that hold keep their sources, and the plan its id."""
    arguments = {
        "Amount": literal(45000, "goal", "45k"),
        "NextStep": literal("ring", "data", "step"),
        "StageName": literal("Prospecting", "model"),
    }
    plan = plan_of("set it to 45k", arguments, {"step": "ring"})
    same = attributed(plan, today=TODAY, zone=UTC, describe=described)
    assert same == plan
    assert same.id == plan.id


def test_a_value_the_goal_does_not_say_is_the_models() -> None:
    """``goal`` is no more than a claim: another amount, stage or text than the goal's is made up."""
    arguments = {
        "Amount": literal(54000),
        "NextStep": literal("wire the money"),
        "StageName": literal("Closed Won", "data", "stage"),
    }
    told_of = told(plan_of("set the amount to 45k", arguments, {"stage": "Closed Lost"}))
    assert set(told_of.values()) == {("model", None)}


@pytest.mark.parametrize("claim", MADE_UP)
def test_a_literal_comes_from_no_reading(claim: str) -> None:
    """What a lookup, a record, an output or an extraction gives is no literal of a plan from outside."""
    said = told(plan_of("set the amount to 45k", {"Amount": literal(45000, claim)}))
    unsaid = told(plan_of("set the amount", {"Amount": literal(45000, claim)}))
    assert said["Amount"] == ("goal", "45k")
    assert unsaid["Amount"] == ("model", None)


def test_a_false_claim_gets_what_is_true() -> None:
    """Data called the goal's are data, and the default is the default."""
    data = told(plan_of("set it", {"Amount": literal(5)}, {"fee": 5}))
    assert data["Amount"] == ("data", "fee")
    default = told(plan_of("ping", {"times": literal(3, "record", "the record")}, what=PARAMETERS))
    assert default["times"] == ("default", None)
    other = told(plan_of("ping", {"times": literal(4, "default")}, what=PARAMETERS))
    assert other["times"] == ("model", None)


def test_an_id_nobody_gave_is_refused_also_in_a_plan_that_was_not_validated() -> None:
    """Copies made without validation are held to the contract all the same."""
    plan = plan_of(f"use {ID}", {"Id": literal(ID)})
    assert told(plan)["Id"] == ("goal", None)
    with pytest.raises(PlanError, match="no word of the goal"):
        told(plan.model_copy(update={"goal": "use another"}))


def test_an_object_nobody_may_see_is_no_obstacle() -> None:
    """Without a field to read by, the input's type decides."""
    hidden = DEAL.model_copy(update={"target_s_object": "Secret__c"})
    told_of = told(
        plan_of("set it to 45k", {"Amount": literal(45000), "NextStep": literal("x")}, what=hidden)
    )
    assert told_of == {"Amount": ("goal", None), "NextStep": ("model", None)}


CLAIMS = st.sampled_from(list(get_args(Provenance)))
VALUES = st.sampled_from(["ring", "won", "Closed Won", "45k", 45000, 5, None, "", "2026-11-24"])


@given(
    goal=st.lists(
        st.sampled_from(
            ["set", "ring", "45k", "won", "close", "as", "it", "clear", "next", "step"]
        ),
        max_size=7,
    ),
    amount=st.integers(0, 10**5) | st.just(45000),
    text=VALUES,
    claims=st.tuples(CLAIMS, CLAIMS),
)
def test_only_what_is_said_is_the_goals(
    goal: list[str], amount: int, text: Any, claims: tuple[str, str]
) -> None:
    """Whatever is claimed, ``goal`` stays only on what the goal says; no other claim is ever made stronger twice."""
    arguments = {"Amount": literal(amount, claims[0]), "NextStep": literal(text, claims[1])}
    plan = plan_of(" ".join(goal) or "x", arguments)
    found = attributed(plan, today=TODAY, zone=UTC, describe=described)
    kept = found.actions[0].arguments
    for name, claim in zip(("Amount", "NextStep"), claims, strict=True):
        argument = kept[name]
        assert isinstance(argument, ValueArgument)
        assert argument.provenance in {"goal", "model"}
        assert claim != "model" or argument.provenance == "model"
    if "45k" not in goal:
        assert isinstance(kept["Amount"], ValueArgument)
        assert kept["Amount"].provenance == "model"
    assert attributed(found, today=TODAY, zone=UTC, describe=described) == found


def test_rows_found_by_an_id_nobody_gave_are_refused() -> None:
    """A plan from outside binds its rows by what the goal or the data say, or not at all."""
    info = PlannerInfo(kind="scripted")
    rows = {"object": "Opportunity", "where": [{"field": "AccountId", "value": ID}], "limit": 5}
    action = PlannedAction.model_validate({"id": "a1", "blueprint": DEAL, "forEach": rows})
    made_up = Plan(goal="do it", actions=(action,), planner=info)
    with pytest.raises(PlanError, match="forEach"):
        attributed(made_up, today=TODAY, zone=UTC, describe=described)
    given_one = Plan(goal="do it", data={"account": ID}, actions=(action,), planner=info)
    assert attributed(given_one, today=TODAY, zone=UTC, describe=described) == given_one
