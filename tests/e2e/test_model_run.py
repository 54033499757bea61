"""A model plans, from the outside: real processes, a real server that speaks as a model's service does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def _run(folder: Path, *arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ACTWRIGHT_", "OPENAI_"))}
    return subprocess.run(
        [sys.executable, "-m", "actwright", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env={**clean, **env},
        timeout=100,
    )


def test_a_goal_goes_the_whole_path_with_a_model(tmp_path: Path) -> None:
    """``run --planner openai --yes`` plans over HTTP, previews, confirms and changes the record; nothing shows the key."""
    with ScriptedModel(_plan) as model:
        env = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
        done = _run(tmp_path, "run", GOAL, "--planner", "openai", "--yes", "--json", env=env)
        logged = _run(tmp_path, "telemetry", "list", "--json", env=env)
    assert done.returncode == 0, done.stderr + done.stdout
    document: Any = json.loads(done.stdout)
    assert document["plan"]["planner"]["kind"] == "model"
    assert document["plan"]["planner"]["promptName"] == "plan"
    assert len(document["plan"]["planner"]["promptHash"]) == 64
    assert document["envelope"]["success"]
    assert [each["status"] for each in document["envelope"]["results"]] == ["done", "done"]
    assert model.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert [each["outcome"] for each in json.loads(logged.stdout)] == ["ok"]
    assert KEY not in done.stdout + done.stderr + logged.stdout
    soql = "SELECT StageName FROM Opportunity WHERE Name = 'Acme Renewal'"
    found = json.loads(_run(tmp_path, "query", soql, "--json", env={}).stdout)
    assert found[0]["StageName"] == "Closed Won"


def test_a_model_that_fails_changes_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    """A key that is refused ends with exit code 1, one message, and no traceback; with the fallback the goal is planned."""
    with ScriptedModel(lambda _: Reply.error(401), strict=False) as model:
        env = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
        failed = _run(tmp_path, "run", GOAL, "--planner", "openai", "--yes", env=env)
        stood_in = _run(tmp_path, "plan", GOAL, "--planner", "openai", "--fallback", env=env)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert "next:" in failed.stderr
    assert KEY not in failed.stdout + failed.stderr
    assert stood_in.returncode == 0, stood_in.stderr
    assert "instead of the model" in " ".join(stood_in.stdout.split())
