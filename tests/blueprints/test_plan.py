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


SHORT, LONG = "006000000000001", "006000000000001AAA"


def _id(value: object, provenance: str) -> dict[str, Any]:
    return {"value": value, "provenance": provenance}


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        (f"close {SHORT}", LONG),
        (f"close {LONG}.", SHORT),
        (f"close https://acme.example/Opportunity/{LONG}/view", LONG),
        (f"({SHORT})", f" {SHORT} "),
    ],
)
def test_an_id_may_stand_in_the_goal(goal: str, value: str) -> None:
    """An id that is one of the goal's words is taken, with 15 or 18 characters alike."""
    plan = _plan(_action("a", Id=_id(value, "goal")), goal=goal)
    assert plan.actions[0].arguments.keys() == {"Id"}


@pytest.mark.parametrize(
    "goal",
    ["tidy up", f"close x{LONG}", f"close {LONG}1", f"close {SHORT}_1", f"close {SHORT.replace('6', '7')}"],
)  # fmt: skip
@pytest.mark.parametrize("value", [SHORT, LONG])
def test_an_invented_id_is_not_of_the_goal(goal: str, value: str) -> None:
    """An id that calls itself the goal's and is no whole word of it is refused, and so is any other value there."""
    message = _refusal(_action("a", Id=_id(value, "goal")), goal=goal)
    assert f"action 'a', input 'Id': '{value}' is no word of the goal" in message
    assert "from data, from a lookup or from an output" in message
    assert "is no word of the goal" in _refusal(_action("a", Id=_id(5, "goal")), goal=goal)


def test_an_id_of_data_is_a_value_of_the_plans_data() -> None:
    """An id that calls itself data is taken where the data holds it, and refused where it does not."""
    planned = _action("a", WhatId=_id(SHORT, "data"))
    assert _plan(planned, data={"deal": LONG}).actions
    for data in ({}, {"deal": LONG[:14]}, {"deal": "001000000000001"}, {"deal": None}):
        message = _refusal(planned, data=data)
        assert f"input 'WhatId': '{SHORT}' is no value of the plan's data" in message
    assert "no value of the plan's data" in _refusal(planned, goal=f"close {SHORT}")


@pytest.mark.parametrize("provenance", ["lookup", "record", "output", "default"])
def test_an_id_written_out_has_no_other_origin(provenance: str) -> None:
    """An id of a lookup, a record, an output or a default comes by that way, never written out."""
    planned = _action("a", Id=_id(SHORT, provenance))
    assert "its provenance cannot have given" in _refusal(planned, goal=SHORT, data={"x": SHORT})


@pytest.mark.parametrize("provenance", ["goal", "data", "record"])
def test_no_id_hides_in_text(provenance: str) -> None:
    """A checked id is held to its provenance in a text input too."""
    assert "input 'Subject'" in _refusal(_action("a", Subject=_id(LONG, provenance)))
    assert _plan(_action("a", Subject=_id(LONG, "goal")), goal=f"call about {LONG}").actions


def test_no_value_is_no_id() -> None:
    """An id input that is given nothing is left to the check for required values."""
    for value in (None, " "):
        assert _plan(_action("a", Id=_id(value, "model"))).actions


@pytest.mark.parametrize(
    ("field", "value"), [("Id", SHORT), ("Owner.Id", SHORT), ("Parent__c", LONG)]
)
def test_no_lookup_finds_an_invented_id(field: str, value: str) -> None:
    """A lookup by an id that stands neither in the goal nor in data is refused; by a name it is not."""

    def looking(wanted: object) -> dict[str, Any]:
        where = [{"field": field, "operator": "IN", "value": ["x", wanted]}]
        return _action("a", Id={"lookup": {"object": "Task", "where": where}})

    assert f"the lookup's '{value}' stands neither" in _refusal(looking(value))
    assert _plan(looking(value), goal=f"close {SHORT}").actions
    assert _plan(looking(value), data={"x": SHORT}).actions
    assert _plan(looking("Acme")).actions


def test_a_source_is_made_of_the_goals_words() -> None:
    """What a value from the goal was taken from are the goal's own words; other sources are free."""
    told = {"value": "2027-01-01", "provenance": "goal", "source": "Next (FRIDAY)"}
    assert _plan(_action("a", Subject=told), goal="call next friday").actions
    message = _refusal(_action("a", Subject=told), goal="call next fridays")
    assert "input 'Subject': its source says 'friday'" in message
    assert _plan(_action("a", Subject=told | {"provenance": "data"})).actions


def test_a_long_source_may_be_cut_within_a_word() -> None:
    """A planner that cuts the goal's words at the most a source holds makes no other word of the last one."""
    words = "word " * 59 + "remarkable"
    told = {"value": "x", "provenance": "goal", "source": words[:300]}
    assert _plan(_action("a", Subject=told), goal=words).actions
    assert "'wor'" in _refusal(_action("a", Subject=told | {"source": "wor"}), goal=words)


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


@pytest.mark.parametrize("name", ["$integer", "", "a b", "1st", "x" * 141])
def test_data_names_are_names(name: str) -> None:
    """Named data bears names an argument can refer to; nothing that could forge a typed string."""
    assert "data." in _refusal(_action("a"), data={name: 1})


def test_the_rows_of_a_for_each_are_bounded() -> None:
    """A query over rows needs a condition and a ceiling."""
    loop: dict[str, Any] = {"object": "Task", "where": [{"field": "Subject", "value": "x"}]}
    assert "forEach.limit" in _refusal(_action("a") | {"forEach": loop})
    assert "at least one condition" in _refusal(
        _action("a") | {"forEach": loop | {"where": [], "limit": 5}}
    )


def test_rows_are_asked_for_or_handed_in_but_not_both() -> None:
    """Rows handed in stand in a query's place; beside one nobody could tell which is meant."""
    rows = {"object": "Task", "limit": 5, "rows": [{"Id": "00T000000000001AAA"}]}
    both = rows | {"where": [{"field": "Subject", "value": "x"}]}
    assert "not both" in _refusal(_action("a") | {"forEach": both})


def test_an_action_is_found_by_its_id() -> None:
    """A plan hands out its actions by id, and None for an id it does not have."""
    plan = _plan(_action("a"))
    assert plan.action("a") is plan.actions[0]
    assert plan.action("b") is None
