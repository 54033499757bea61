"""A model plans, from the outside: real processes, a real server that speaks as a model's service does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.programs import Ended, Programs, clean_environment

from actwright.canonical import Json
from actwright.testing.model_server import ModelRequest, ScriptedModel
from actwright.testing.replies import Reply

GOAL = "close the Acme Renewal as won and book a follow-up call"
KEY = "sk-a-key-for-tests-only"


def _plan(_: ModelRequest) -> Reply:
    """Return the plan for the goal."""
    where: Json = [{"field": "Name", "operator": "=", "values": ["Acme Renewal"]}]
    rest: dict[str, Json] = {"dependsOn": [], "forEach": None}
    actions: Json = [
        {
            "id": "a1",
            "blueprint": "oppty_closed_won",
            "arguments": [
                {"name": "Id", "kind": "record", "object": "Opportunity", "where": where}
            ],
            **rest,
        },
        {
            "id": "a2",
            "blueprint": "task_create",
            "arguments": [
                {"name": "Subject", "kind": "literal", "value": "follow-up call"},
                {"name": "WhatId", "kind": "output", "action": "a1"},
            ],
            **rest,
        },
    ]
    return Reply.json(
        {
            "outcome": "plan",
            "actions": actions,
            "checkpoint": "Close the Acme Renewal as won and book a call.",
            "assumptions": [],
            "questions": [],
            "reason": "",
        }
    )


@pytest.fixture
def actwright(programs: Programs, tmp_path: Path) -> Callable[..., Ended]:
    """Return a function that runs ``actwright`` with some settings in its environment, and nobody else's."""

    def run(*arguments: str, env: Mapping[str, str]) -> Ended:
        clean = clean_environment("OPENAI_")
        return programs.run(*arguments, folder=tmp_path, env=clean | dict(env))

    return run


def test_a_goal_goes_the_whole_path_with_a_model(actwright: Callable[..., Ended]) -> None:
    """``run --planner openai --yes`` plans over HTTP, previews, confirms and changes the record; nothing shows the key."""
    with ScriptedModel(_plan) as model:
        env = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
        done = actwright("run", GOAL, "--planner", "openai", "--yes", "--json", env=env)
        logged = actwright("telemetry", "list", "--exchanges", "--json", env=env)
    assert done.code == 0, done.err + done.out
    document: Any = done.json
    assert document["plan"]["planner"]["kind"] == "model"
    assert document["plan"]["planner"]["promptName"] == "plan"
    assert len(document["plan"]["planner"]["promptHash"]) == 64
    assert document["envelope"]["success"]
    assert [each["status"] for each in document["envelope"]["results"]] == ["done", "done"]
    assert model.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert [each["outcome"] for each in logged.json] == ["ok"]
    assert KEY not in done.out + done.err + logged.out
    soql = "SELECT StageName FROM Opportunity WHERE Name = 'Acme Renewal'"
    found = actwright("query", soql, "--json", env={}).json
    assert found[0]["StageName"] == "Closed Won"


def test_a_model_that_fails_changes_nothing_and_says_what_to_do(
    actwright: Callable[..., Ended],
) -> None:
    """A key that is refused ends with exit code 1, one message, and no traceback; with the fallback the goal is planned."""
    with ScriptedModel(lambda _: Reply.error(401), strict=False) as model:
        env = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
        failed = actwright("run", GOAL, "--planner", "openai", "--yes", env=env)
        stood_in = actwright("plan", GOAL, "--planner", "openai", "--fallback", env=env)
    assert failed.code == 1
    assert "Traceback" not in failed.err
    assert "next:" in failed.err
    assert KEY not in failed.out + failed.err
    assert stood_in.code == 0, stood_in.err
    assert "instead of the model" in " ".join(stood_in.out.split())
