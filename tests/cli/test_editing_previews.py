"""Editing a preview on the command line, over a real local org: one trip from a template to a changed record."""

from __future__ import annotations

import json

from tests.cli.conftest import Call

GOAL = 'create an opportunity called Big One and create a task "Call Ann" due 10 December'


def test_a_template_is_filled_in_and_the_preview_edited(call: Call) -> None:
    """The template comes back through stdin; an edit and a response make previews of their own, and one is applied."""
    asked = call("plan", GOAL, "--json").json["plan"]
    document = call("preview", asked["id"], "--template").json
    assert document["payload"] == {"a1": {"StageName": None, "CloseDate": None}}
    assert "Prospecting" in document["about"]["a1.StageName"]["values"]
    document["payload"]["a1"] = {"CloseDate": "2027-01-31", "StageName": "Prospecting"}
    filled = call("preview", asked["id"], "--payload", "-", "--json", stdin=json.dumps(document))
    old = filled.json
    assert call("confirm", old["id"], "--yes").code == 0
    whole = call("preview", old["planId"], "--template")
    assert (whole.json["payload"], "Nothing is missing" in whole.err) == ({}, True)
    shown = call("confirm", old["id"], "--without", "a2", "--set", "a1.Close Date=1 February 2027")
    assert shown.code == 3, "nobody was there to be asked"
    again = call("confirm", old["id"], "--yes")
    assert "unattended said yes to" in again.err, "whoever confirms hears that somebody has"
    assert "- Task" in shown.out
    assert "Jan 31, 2027" in shown.out
    assert "Feb 1, 2027" in shown.out
    words = ("--respond", "not the task, and use 15 February 2027", "--yes", "--json")
    said = call("confirm", old["id"], *words).json
    assert said["previewId"] != old["id"]
    assert said["digest"] != old["digest"]
    unsaid = call("apply", old["id"])
    assert unsaid.code == 3, unsaid.err
    assert "confirm again" in unsaid.err
    done = call("apply", said["previewId"])
    assert done.code == 0, done.err
    assert "15 Feb 2027" in " ".join(done.out.split())
    assert "Task" not in done.out


def test_an_edit_excludes_a_plain_no(call: Call) -> None:
    """Whoever says no has nothing to edit, an empty response is none, and stdin is read once."""
    refused = call("confirm", "prv_x", "--no", "--without", "a1")
    assert (refused.code, "exclude each other" in refused.err) == (2, True)
    assert call("confirm", "prv_x", "--respond", " ").code == 2
    unreadable = call("confirm", "prv_x", "--set", "amount")
    assert (unreadable.code, "--set" in unreadable.err) == (2, True)
    missing = call("preview", "plan_x", "--payload", "nofile.json")
    assert (missing.code, "--template" in missing.err) == (2, True)
    both = call("preview", "-", "--payload", "-", stdin="{}")
    assert (both.code, "cannot both come from stdin" in both.err) == (2, True)
