"""The command line from the outside: real processes, the embedded local org, the issue's own words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.programs import Ended, Programs, clean_environment

Actwright = Callable[..., Ended]


@pytest.fixture
def actwright(programs: Programs, tmp_path: Path) -> Actwright:
    """Return a function that runs ``actwright`` in a folder of its own, without a terminal."""
    return partial(programs.run, folder=tmp_path, env=clean_environment())


@pytest.fixture
def cold(tmp_path: Path) -> Actwright:
    """Return a function that does so as a shell would, with an interpreter of its own."""

    def run(*arguments: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "actwright", *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            env=clean_environment(),
            timeout=100,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


def test_close_as_won_and_follow_up_in_one_atomic_call(actwright: Actwright) -> None:
    """Both changes go out together, and a query shows them."""
    goal = "Close the Acme Renewal as won and create a follow-up task for next Tuesday"
    done = actwright("run", goal, "--yes", "--json")
    assert done.code == 0, done.out
    document = done.json
    (group,) = document["preview"]["groups"]
    assert group["atomic"] is True
    assert [each["operation"] for each in group["effects"]] == ["UPDATE", "CREATE"]
    assert document["envelope"]["success"] is True
    assert [each["status"] for each in document["envelope"]["results"]] == ["done", "done"]

    won = actwright(
        "query", "SELECT StageName, IsWon FROM Opportunity WHERE Name = 'Acme Renewal'", "--json"
    )
    assert won.json == [{"StageName": "Closed Won", "IsWon": True}]
    (task_id,) = document["envelope"]["results"][1]["recordIds"]
    (task,) = actwright(
        "query", f"SELECT ActivityDate, What.Name FROM Task WHERE Id = '{task_id}'", "--json"
    ).json
    assert task["What"]["Name"] == "Acme Renewal"
    (due,) = [
        each["after"] for each in group["effects"][1]["changes"] if each["field"] == "ActivityDate"
    ]
    assert task["ActivityDate"] == due


def test_bob_may_not_change_the_amount_and_alice_may(actwright: Actwright) -> None:
    """As bob it ends with 5 before any write and names Amount; as alice it is done."""
    goal = "Change the amount of Acme Renewal to 99000"
    amount = ("query", "SELECT Amount FROM Opportunity WHERE Name = 'Acme Renewal'", "--json")
    refused = actwright("run", goal, "--as", "bob", "--yes", "--json")
    assert refused.code == 5
    assert refused.json["confirmation"] is None
    for issues in (
        refused.json["preview"]["issues"],
        refused.json["envelope"]["results"][0]["issues"],
    ):
        (issue,) = issues
        assert issue["field"] == "Amount"
        assert set(issue) >= {"code", "field", "message", "hint"}
    assert actwright(*amount).json == [{"Amount": 120000}]
    assert actwright("ps", "--json").json == []
    assert actwright("run", goal, "--as", "alice", "--yes", "--json").code == 0
    assert actwright(*amount).json == [{"Amount": 99000}]


def test_the_four_steps_by_hand(actwright: Actwright, cold: Actwright, tmp_path: Path) -> None:
    """Plan to a file, preview to a file, confirm, apply, and read the run back in another process."""
    plan, preview = str(tmp_path / "plan.json"), str(tmp_path / "preview.json")
    assert actwright("plan", "Move Globex Pilot to Qualification", "--out", plan).code == 0
    shown = cold("preview", plan, "--out", preview)
    assert shown.code == 0
    for words in ("Globex Pilot", "Prospecting", "Qualification", "Undo", "Cost", "Question"):
        assert words in shown.out
    assert actwright("confirm", preview, "--yes").code == 0
    applied = cold("apply", preview, "--json")
    assert applied.code == 0
    (run,) = actwright("ps", "--json").json
    assert run["id"] == applied.json["runId"]
    assert actwright("inspect", run["id"], "--json").json["run"]["status"] == "completed"


def test_it_never_waits_for_a_terminal(actwright: Actwright) -> None:
    """Without a terminal a run without --yes stops at the question, and says what to do."""
    stopped = actwright("run", "Move Globex Pilot to Qualification")
    assert stopped.code == 3
    assert "actwright confirm prv_" in stopped.err


def test_yes_away_from_the_embedded_local_org_is_refused(actwright: Actwright, served: str) -> None:
    """An org we did not start ourselves is never changed unattended."""
    done = actwright(
        "run", "Move Globex Pilot to Qualification", "--org", served, "--yes", "--json"
    )
    assert done.code == 3
    assert done.json["confirmation"] is None
    assert done.json["envelope"]["stoppedBy"] == "confirmation_foreign"


@pytest.fixture
def served(tmp_path: Path) -> Any:
    """The address of a local org that somebody else serves."""
    database = str(tmp_path / "served.db")
    process = subprocess.Popen(
        [sys.executable, "-m", "localorg", "serve", "--port", "0", "--db", database],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
