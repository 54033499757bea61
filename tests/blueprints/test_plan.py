"""Plans: ids, order, references, and the ids no model may invent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.plan import Plan
from actwright.document import validated
from actwright.errors import PlanError

BLUEPRINT: dict[str, Any] = {
    "name": "UpdateTask",
    "targetSObject": "Task",
    "operation": "UPDATE",
    "inputs": [
        {"apiName": "Id", "dataType": "Id", "required": True},
        {"apiName": "Subject"},
        {"apiName": "WhatId", "dataType": "Reference"},
    ],
}


def _action(name: str, *needs: str, **arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "blueprint": BLUEPRINT,
        "arguments": arguments,
        "dependsOn": list(needs),
    }


def _plan(*actions: dict[str, Any], **more: object) -> Plan:
    document = {"goal": "tidy up", "planner": {"kind": "offline"}, "actions": list(actions), **more}
    return validated(Plan, document, where="plan.json", error=PlanError)


def _refusal(*actions: dict[str, Any], **more: object) -> str:
    with pytest.raises(PlanError) as refused:
        _plan(*actions, **more)
    return refused.value.message


def _order(plan: Plan) -> list[str]:
    return [each.id for each in plan.order()]


def test_actions_stand_behind_what_they_need() -> None:
    """An action that depends on a later one is carried out after it."""
    assert _order(_plan(_action("a", "b"), _action("b"), _action("c"))) == ["b", "a", "c"]


def test_an_output_taken_is_a_dependency() -> None:
    """Taking another action's output is depending on it, without saying so twice."""
    taking = _action("a", WhatId={"from": "actions.b.output.id"})
    plan = _plan(taking, _action("b"))
    assert _order(plan) == ["b", "a"]
    assert plan.actions[0].needs == {"b"}


@given(st.data())
def test_a_plan_that_is_in_order_keeps_its_order(data: st.DataObject) -> None:
    """Where every action already stands behind what it needs, the plan's own order is kept."""
    names = [f"a{index}" for index in range(data.draw(st.integers(1, 8)))]
    actions = [
        _action(name, *data.draw(st.sets(st.sampled_from(names[:index])) if index else st.just(set())))
        for index, name in enumerate(names)
    ]  # fmt: skip
    assert _order(_plan(*actions)) == names


@given(st.permutations(["a", "b", "c", "d"]))
def test_no_order_breaks_a_dependency(names: list[str]) -> None:
    """However a chain is written down, each action comes behind the one it needs."""
    chain = {"a": (), "b": ("a",), "c": ("b",), "d": ("c",)}
    plan = _plan(*(_action(name, *chain[name]) for name in names))
    assert _order(plan) == ["a", "b", "c", "d"]


def test_a_circle_is_refused_and_shown() -> None:
    """Actions that wait for each other are refused, with the circle in the message."""
    message = _refusal(_action("a", "b"), _action("b", "a"))
    assert "in a circle: " in message
    assert "a -> b" in message or "b -> a" in message


def test_an_action_that_waits_for_itself_is_refused() -> None:
    """The smallest circle is one, too."""
    assert "in a circle: a -> a" in _refusal(_action("a", "a"))


def test_two_actions_of_one_id_are_refused() -> None:
    """An id names one action only."""
    assert "share the id 'a'" in _refusal(_action("a"), _action("b"), _action("a"))


@pytest.mark.parametrize(
    "action",
    [_action("a", "ghost"), _action("a", WhatId={"from": "actions.ghost.output.id"})],
    ids=["dependsOn", "output"],
)
def test_a_reference_to_no_action_is_refused(action: dict[str, Any]) -> None:
    """A dependency or an output of an action the plan does not have is refused."""
    assert "'a' waits for 'ghost'" in _refusal(action)


def test_an_argument_without_an_input_names_the_inputs() -> None:
    """An argument the blueprint has no input for is refused with the inputs it has."""
    message = _refusal(_action("a", Colour={"value": "red", "provenance": "goal"}))
    assert "UpdateTask has no input 'Colour'; its inputs: Id, Subject, WhatId" in message


@pytest.mark.parametrize("provenance", ["model", "extract"])
@pytest.mark.parametrize("name", ["Id", "WhatId"])
def test_no_model_supplies_a_record_id(name: str, provenance: str) -> None:
    """A record id whose provenance is a model is refused wherever an id belongs."""
    argument = {"value": "006000000000001", "provenance": provenance}
    assert "a record id the model made up" in _refusal(_action("a", **{name: argument}))


def test_no_model_smuggles_a_record_id_through_text() -> None:
    """A checked id from a model is refused in a text input too: its checksum gives it away."""
    argument = {"value": "006000000000001AAA", "provenance": "model"}
    assert "a record id the model made up" in _refusal(_action("a", Subject=argument))


def test_a_model_may_write_text() -> None:
    """Fifteen letters are a word: text a model wrote is no id for looking like one."""
    argument = {"value": "congratulations", "provenance": "model"}
    assert _plan(_action("a", Subject=argument)).actions[0].arguments.keys() == {"Subject"}


@pytest.mark.parametrize("provenance", ["goal", "data", "lookup", "output"])
def test_ids_come_from_elsewhere(provenance: str) -> None:
    """An id from the goal's words, data, a lookup or an output is taken."""
    argument = {"value": "006000000000001", "provenance": provenance}
    assert _plan(_action("a", Id=argument)).actions[0].arguments.keys() == {"Id"}


def test_the_id_is_made_of_the_content() -> None:
    """The same plan has the same id, and a changed one has another."""
    plan, same = _plan(_action("a")), _plan(_action("a"))
    assert plan.id == same.id
    assert plan.id.startswith("plan_")
    assert plan.model_copy(update={"goal": "tidy up now"}).id != plan.id


def test_a_written_plan_reads_back_with_its_id() -> None:
    """A plan written to a file and read again is the same plan with the same id."""
    plan = _plan(_action("a", Subject={"value": "Call", "provenance": "goal"}), data={"n": 2**60})
    written = json.loads(plan.model_dump_json())
    assert written["id"] == plan.id
    again = validated(Plan, written, where="plan.json")
    assert (again, again.id) == (plan, plan.id)


def test_an_edited_file_cannot_keep_its_id() -> None:
    """Whatever id an edited file claims, the plan's id is computed from what it says."""
    written = json.loads(_plan(_action("a")).model_dump_json())
    edited = validated(Plan, written | {"goal": "delete all"}, where="plan.json")
    assert edited.id != written["id"]


@pytest.mark.parametrize("name", ["$integer", "", "a b", "1st", "x" * 81])
def test_data_names_are_names(name: str) -> None:
    """Named data bears names an argument can refer to; nothing that could forge a typed string."""
    assert "data." in _refusal(_action("a"), data={name: 1})


def test_the_rows_of_a_for_each_are_bounded() -> None:
    """A query over rows needs a condition and a ceiling."""
    loop: dict[str, Any] = {"object": "Task", "where": [{"field": "Subject", "value": "x"}]}
    assert "forEach.limit" in _refusal(_action("a") | {"forEach": loop})
    assert "forEach.where" in _refusal(_action("a") | {"forEach": loop | {"where": [], "limit": 5}})


def test_an_action_is_found_by_its_id() -> None:
    """A plan hands out its actions by id, and None for an id it does not have."""
    plan = _plan(_action("a"))
    assert plan.action("a") is plan.actions[0]
    assert plan.action("b") is None
