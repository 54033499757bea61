"""A model asks for a generated action: described in words, made into a blueprint by us, never with code or ids."""

from __future__ import annotations

import pytest
from tests.model_replies import Document, action, literal, named, output, plan, reply

from actwright.canonical import Json

GOAL = "Create a task for Acme whose subject says how many of its cases are open"


def described(**more: Json) -> Document:
    """Return what a model says of a generated action."""
    said: Document = {
        "name": "CreateTaskWithOpenCases",
        "object": "Task",
        "inputs": [
            {
                "name": "AccountId",
                "kind": "record",
                "object": "Account",
                "description": "The account.",
            }
        ],
        "logic": "Count the Case records of AccountId where IsClosed is false. Create a Task with the number.",
    }
    return said | more


def wanted(*arguments: Document, **more: Json) -> Document:
    """Return the generated action with its arguments."""
    given = arguments or (named("AccountId", "Account", "Acme"),)
    return action("generated", *given, generated=described(**more))


def test_it_becomes_a_call_with_typed_inputs() -> None:
    """The blueprint is ours: a CALL, its logic in words, its name made of what it does."""
    made = plan(GOAL, reply(wanted()))
    assert made.outcome.plan is not None, made.outcome.refusal
    (planned,) = made.outcome.plan.actions
    blueprint = planned.blueprint
    assert (blueprint.operation, blueprint.category, blueprint.recipe) == (
        "CALL",
        "GENERATED",
        None,
    )
    assert blueprint.name.startswith("CreateTaskWithOpenCases_")
    assert blueprint.summary.startswith("Count the Case records")
    (given,) = blueprint.inputs
    assert (given.api_name, given.data_type, given.usage) == ("AccountId", "Id", "PARAMETER")


def test_another_logic_is_another_action() -> None:
    """An approval of one logic never stands for another one of the same name."""
    names = []
    for logic in ("Count the Case records.", "Count all Case records."):
        made = plan(GOAL, reply(wanted(logic=logic))).outcome.plan
        assert made is not None
        names.append(made.actions[0].blueprint.name)
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (action("generated"), "is filled where the blueprint is"),
        (
            action("task_create", literal("Subject", "x"), generated=described()),
            "is filled where the blueprint is",
        ),
        (wanted(object="Wibble"), "nothing can be written"),
        (wanted(object="PermissionSet"), "nothing can be written"),
        (wanted(logic="  "), "no logic"),
        (wanted(logic="Update the account 001000000000001AAA."), "record id"),
        (
            wanted(
                inputs=[{"name": "AccountId", "kind": "record", "object": None, "description": ""}]
            ),
            "object",
        ),
        (
            wanted(inputs=[{"name": "1", "kind": "text", "object": None, "description": ""}]),
            "should match pattern",
        ),
        (wanted(name="import os"), "name"),
        (wanted(named("AccountId", "Contact", "Acme")), "record of Account"),
        (wanted(literal("AccountId", "001000000000001AAA")), "neither in the goal"),
    ],
)
def test_what_does_not_hold_goes_back(bad: Document, why: str) -> None:
    """Every fault is told to the model, and the next answer counts."""
    made = plan(GOAL, reply(bad), reply(wanted()))
    assert made.outcome.plan is not None
    assert why in made.chat.faults()


def test_nothing_takes_its_output() -> None:
    """What generated code makes is not there while planning; an action that would take it is refused."""
    after = action("task_create", literal("Subject", "x"), output("WhatId", "a1"), id="a2")
    made = plan(GOAL, reply(wanted(), after), reply(wanted()))
    assert "puts out nothing" in made.chat.faults()


def test_it_is_not_used_where_the_goal_forbids() -> None:
    """Generated code cannot be held to what a goal says not to do, so it is not planned then."""
    goal = f"{GOAL}, but do not touch the owner"
    refusal = reply(outcome="noPlan", reason="No.")
    made = plan(goal, reply(wanted()), refusal)
    assert made.outcome.plan is None
    assert "must not be done" in made.chat.faults()
