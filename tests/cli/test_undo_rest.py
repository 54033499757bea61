"""``actwright undo`` beside the undo itself: what is left is listed, and a person says what is to become of it."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from tests.cli.conftest import Call

from actwright.cli.render.undoings import of_run, undoings
from actwright.cli.render.words import here
from actwright.runs.undoing.decision import UndoDecision
from actwright.runs.undoing.undoing import Undoing, UndoneEffect

_DECISION = UndoDecision(
    id="udc_00000000000000000000",
    run_id="run_1",
    effects=("a3.1",),
    verdict="resolved",
    who="Bob",
    why="Set right by hand.",
    at="2026-11-21T12:00:00.000Z",
)
_UNDOING = Undoing(
    run_id="run_1",
    goal="Close it \x1b[31m[bold]now",
    outcome="partial",
    ended_at="2026-11-21T11:00:00.000Z",
    expires_at="2026-12-21T11:00:00.000Z",
    expired=True,
    undone_by=("run_2",),
    under_way=("run_3",),
    effects=(
        UndoneEffect(id="a1.1", what='Account "Acme"', status="taken_back", by=("run_2",)),
        UndoneEffect(
            id="2:a1.1", what='Account "Globex"', status="left", why="was changed since: Name is x."
        ),
        UndoneEffect(
            id="a2.1", what="Send a mail", status="failed", by=("run_2",), why="compensation_failed: no."
        ),
        UndoneEffect(id="a3.1", what="Task", status="resolved", decision=_DECISION),
    ),
)  # fmt: skip


def _shown(parts: Iterable[RenderableType]) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    for each in parts:
        console.print(each)
    told = console.file
    assert isinstance(told, io.StringIO)
    return told.getvalue()


def test_the_list_names_what_is_left_and_why() -> None:
    """What was taken back is not repeated; nothing a goal says reaches the terminal as an order."""
    shown = _shown(undoings((_UNDOING,)))
    first, *rest = shown.splitlines()
    assert first.split() == ["run_1", "taken", "back", "in", "part", "by", "run_2"]
    assert "Close it [31m[bold]now" in shown
    assert 'left  Account "Globex" was changed since: Name is x.  2:a1.1' in shown
    assert "failed  Send a mail: compensation_failed: no.  a2.1" in shown
    assert f"by Bob on {here('2026-11-21T12:00:00.000Z')}: Set right by hand." in shown
    assert "Under way: run_3" in shown
    assert f"Too late since {here('2026-12-21T11:00:00.000Z')}" in shown
    assert "Acme" not in shown
    assert all(each.startswith("    ") for each in rest)


def test_of_very_many_the_first_are_named() -> None:
    """The rest is counted, and --json has all of them."""
    many = tuple(UndoneEffect(id=f"a{each}.1", what="Task", status="failed") for each in range(30))
    shown = _shown(of_run(_UNDOING.model_copy(update={"effects": many})))
    assert shown.startswith("Undo: taken back in part  by run_2")
    assert "and 10 more; --json has all of them" in shown


def test_a_person_says_what_is_to_become_of_it(call: Call) -> None:
    """On the record for good: the list, the run itself and the next undo tell of it."""
    goal = "Change the amount of Globex Pilot to 7"
    run_id = call("run", goal, "--yes", "--json").json["envelope"]["runId"]
    assert call("undo").code == 2
    assert call("undo", run_id, "--resolve", "all", "--ignore", "all").code == 2
    assert call("undo", run_id, "--why", "because").code == 2
    assert call("undo", "--list", "--ignore", "all").code == 2
    unsaid = call("undo", run_id, "--ignore", "all", "--json")
    assert (unsaid.code, unsaid.json["error"]["where"]) == (2, "why")
    (listed,) = call("undo", run_id, "--list", "--json").json
    assert (listed["outcome"], [each["id"] for each in listed["effects"]]) == ("none", ["a1.1"])
    assert call("undo", "--list", "--json").json == []
    said = call("undo", run_id, "--ignore", "a1.1", "--why", "It is right so.")
    assert (said.code, "ignored" in said.out, "It is right so." in said.out) == (0, True, True)
    refused = call("undo", run_id, "--json")
    assert "was left for good by" in refused.json["error"]["message"]
    inspected = call("inspect", run_id, "--json").json
    assert inspected["undoing"]["effects"][0]["decision"]["why"] == "It is right so."
    assert "It is right so." in call("inspect", run_id).out
