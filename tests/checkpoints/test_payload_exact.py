"""Payloads without an org behind them: what joins the plan, and all that is said of what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.checkpoints.row_scene import plan_for
from tests.scenario import action, blueprint

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.payload import read_payload, with_payload
from actwright.errors import PayloadError

SUBJECT: Mapping[str, Json] = {"apiName": "Subject", "required": True, "label": "Subject"}


def tasks(*keys: str, **more: Json) -> Plan:
    """Return a plan of tasks."""
    entry = blueprint("CREATE", "Task", SUBJECT)
    return plan_for(*(action(each, entry) for each in keys), **more)


def test_a_payload_joins_the_plans_data() -> None:
    """Under a name of its own, beside the data there was; the argument says where it came from."""
    plan = tasks("one", "two", data={"note": "x"})
    made = with_payload(plan, {"two": {"Subject": "Ring"}})
    assert made.data == {"note": "x", "payload.two.Subject": "Ring"}
    assert made.actions[0] == plan.actions[0]
    given = made.actions[1].arguments["Subject"].model_dump()
    assert (given["value"], given["provenance"], given["source"]) == (
        "Ring",
        "data",
        "handed in beside the plan",
    )


def test_a_payload_answers_only_its_own_actions_questions() -> None:
    """The same input of another action stays asked."""
    asked: list[Json] = [
        {"id": f"{key}.Subject", "actionId": key, "input": "Subject", "reason": "missing", "text": "?"}
        for key in ("one", "two")
    ]  # fmt: skip
    made = with_payload(tasks("one", "two", questions=asked), {"one": {"Subject": "x"}})
    assert [each.action_id for each in made.questions] == ["two"]


@pytest.mark.parametrize(
    ("payload", "message", "hint"),
    [
        ({"Nobody": {}}, "No action of the plan is called 'Nobody'.", "Its actions: one (CreateTask), two (CreateTask)."),
        ({"CreateTask": {}}, "2 actions of the plan use the blueprint 'CreateTask'.", "Key the payload by action id instead: one, two."),
        ({"one": {"Nope": 1}}, "CreateTask has no input 'Nope'.", "Its inputs: Subject."),
        ({"one": 5}, "The inputs of an action are an object.", None),
        ({"n" * 99: {}}, f"No action of the plan is called {'n' * 80!r}.", "Its actions: one (CreateTask), two (CreateTask)."),
        ({"one": {"n" * 99: 1}}, f"CreateTask has no input {'n' * 80!r}.", "Its inputs: Subject."),
    ],
)  # fmt: skip
def test_a_payload_that_does_not_fit_says_what_would(
    payload: Any, message: str, hint: str | None
) -> None:
    """Long keys are cut; what there is instead is listed."""
    with pytest.raises(PayloadError) as caught:
        with_payload(tasks("one", "two"), payload)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_an_action_is_filled_once() -> None:
    """By its id and by its blueprint's name it would be filled twice; by the name alone it is meant."""
    plan = tasks("one")
    with pytest.raises(PayloadError, match="gives action 'one' twice"):
        with_payload(plan, {"one": {}, "CreateTask": {}})
    made = with_payload(plan, {"CreateTask": {"Subject": "x"}})
    assert made.data == {"payload.one.Subject": "x"}


@pytest.mark.parametrize(
    ("document", "where"),
    [([], None), ({"a": 1}, "a"), ({"a": {"b": []}}, "a.b"), ({"a": {"b": {}}}, "a.b")],
)
def test_a_document_that_is_no_payload_is_refused_with_its_place(
    document: Json, where: str | None
) -> None:
    """An object of objects of plain values, and nothing else."""
    with pytest.raises(PayloadError) as caught:
        read_payload(document)
    assert caught.value.where == where
    assert read_payload({"a": {"b": None, "c": False}}) == {"a": {"b": None, "c": False}}
