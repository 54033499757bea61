"""The exit codes, each brought about for real on the embedded local org."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

AMOUNT = "Change the amount of Acme Renewal to 99000"


@pytest.fixture
def preview_id(call: Call) -> str:
    """The id of a preview that may be confirmed."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    return str(call("preview", plan, "--json").json["id"])


def test_0_done(call: Call) -> None:
    """A goal that was carried out."""
    answer = call("run", AMOUNT, "--yes", "--json")
    assert answer.code == 0
    assert answer.json["envelope"]["success"] is True


def test_1_a_dead_org(call: Call) -> None:
    """Nobody listens there: one JSON document says so, and nothing else is printed."""
    answer = call("query", "SELECT Id FROM Account", "--org", "http://127.0.0.1:9", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "org_unreachable"
    assert answer.err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("plan",), "usage"),
        (("plan", "x", "--nonsense"), "usage"),
        (("nonsense",), "usage"),
        (("plan", "x", "-d", "nonsense"), "payload_invalid"),
        (("preview", "missing.json"), "document_malformed"),
        (("preview", "plan_00000000000000000000"), "not_found"),
        (("inspect", "run_x"), "not_found"),
        (("schema", "Nonsense"), "not_found"),
        (("ps", "--limit", "0"), "usage"),
        (("plan", "x", "--org", "ftp://example.com"), "config_invalid"),
    ],
)
def test_2_bad_input(call: Call, arguments: tuple[str, ...], code: str) -> None:
    """What cannot be used is refused before anything is asked, with its code, a message and a way out."""
    answer = call(*arguments, "--json")
    assert answer.code == 2
    assert set(answer.json) == {"error"}
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]
    assert answer.err == ""


def test_2_open_questions(call: Call) -> None:
    """Without a terminal nobody can answer; the document names the questions, and stderr what to type."""
    answer = call("run", "Create a contact", "--yes", "--json")
    assert answer.code == 2
    assert answer.json["questions"][0]["id"] == "a1.LastName"
    assert answer.json["envelope"] is None
    assert "--answer VALUE" in call("plan", "Create a contact").err


def test_2_no_plan(call: Call) -> None:
    """A goal that nothing fits gets a refusal, not an arbitrary action."""
    answer = call("plan", "Make me a sandwich", "--json")
    assert answer.code == 2
    assert answer.json["plan"] is None
    assert answer.json["refusal"]["message"]


def test_2_a_query_nobody_understands(call: Call) -> None:
    """A mistake in the query is the asker's, and is told as such."""
    answer = call("query", "SELECT Nonsense FROM Account", "--json")
    assert answer.code == 2
    assert answer.json["error"]["code"] == "query_invalid"


def test_3_not_confirmed(call: Call, preview_id: str) -> None:
    """A preview nobody confirmed is not carried out."""
    answer = call("apply", preview_id, "--json")
    assert (answer.code, answer.json["stoppedBy"]) == (3, "confirmation_missing")
    assert answer.json["runId"] is None


def test_3_nobody_can_be_asked(call: Call, preview_id: str) -> None:
    """Without a terminal and without --yes there is no confirmation, and the error says how to give one."""
    answer = call("confirm", preview_id, "--json")
    assert answer.code == 3
    assert preview_id in answer.json["error"]["hint"]


def test_3_the_person_said_no(call: Call, preview_id: str) -> None:
    """A recorded no is done as asked, and stops the run."""
    assert call("confirm", preview_id, "--no").code == 0
    answer = call("apply", preview_id, "--json")
    assert (answer.code, answer.json["stoppedBy"]) == (3, "confirmation_refused")


def test_3_used_twice(call: Call, preview_id: str) -> None:
    """One yes starts one run."""
    assert call("confirm", preview_id, "--yes").code == 0
    assert call("apply", preview_id).code == 0
    answer = call("apply", preview_id, "--json")
    assert (answer.code, answer.json["stoppedBy"]) == (3, "confirmation_used")


def test_3_confirming_what_is_done_already(call: Call, preview_id: str) -> None:
    """A preview that was carried out takes no further yes, and says which run it was."""
    assert call("confirm", preview_id, "--yes").code == 0
    run_id = call("apply", preview_id, "--json").json["runId"]
    answer = call("confirm", preview_id, "--yes", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "confirmation_used")
    assert f"already carried out by {run_id}; preview again" in answer.json["error"]["message"]
    assert call("confirm", preview_id).out == ""


def test_3_a_confirmation_of_another_preview(call: Call, preview_id: str) -> None:
    """A yes to one preview is no yes to another."""
    plan = call("plan", "Change the amount of Globex Pilot to 1", "--json").json["plan"]["id"]
    other = call("preview", plan, "--json").json["id"]
    yes = call("confirm", other, "--yes", "--json").json["id"]
    answer = call("apply", preview_id, "--confirmation", yes, "--json")
    assert (answer.code, answer.json["stoppedBy"]) == (3, "confirmation_foreign")


def test_3_a_preview_changed_on_disk(call: Call, tmp_path: Path) -> None:
    """A file is a copy: where it differs from the store it is refused."""
    plan, copy = call("plan", AMOUNT, "--json").json["plan"]["id"], tmp_path / "preview.json"
    assert call("preview", plan, "--out", str(copy)).code == 0
    assert call("confirm", str(copy), "--yes").code == 0
    copy.write_text(copy.read_text().replace("99000", "99001"))
    answer = call("apply", str(copy), "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "document_edited")


def test_3_yes_meant_for_another_org(call: Call, preview_id: str) -> None:
    """A confirmation that names another org than the preview's is refused."""
    answer = call("confirm", preview_id, "--yes", "--org", "https://acme.example", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "confirmation_foreign")


def test_4_the_record_moved_on(call: Call, preview_id: str) -> None:
    """What was confirmed is no longer what is there: the field that moved is named, nothing is written."""
    assert call("confirm", preview_id, "--yes").code == 0
    assert call("run", "Change the amount of Acme Renewal to 5", "--yes").code == 0
    answer = call("apply", preview_id, "--json")
    assert (answer.code, answer.json["stoppedBy"]) == (4, "drift")
    assert "Amount" in json.dumps(answer.json["results"][0]["issues"])


def test_5_a_permission_is_missing(call: Call) -> None:
    """Bob may not edit amounts; preview, confirm and run all say so, by field."""
    plan = call("plan", AMOUNT, "--as", "bob", "--json").json["plan"]["id"]
    previewed = call("preview", plan, "--as", "bob", "--json")
    assert previewed.code == 5
    assert [each["field"] for each in previewed.json["issues"]] == ["Amount"]
    asked = call("confirm", previewed.json["id"])
    assert asked.code == 5
    assert asked.out.rstrip().endswith("Nothing was done.")
    assert asked.err == ""
    confirmed = call("confirm", previewed.json["id"], "--yes", "--json")
    assert confirmed.code == 5
    assert confirmed.json["error"]["where"] == "Opportunity.Amount"


def test_5_a_refused_run_says_so_once(call: Call) -> None:
    """The issue, then one line that ends it: no question, and nothing told again after it."""
    answer = call("run", AMOUNT, "--as", "bob")
    assert answer.code == 5
    text = " ".join(answer.out.split())
    assert text.endswith("Refused, for the error above. Nothing was done.")
    assert text.count("may read this field but not edit it (field-level security).") == 1
    assert "Opportunity.Amount: Amount" not in text
    assert not [word for word in ("Question", "Undo", "Cost", "Not done") if word in text]


def test_2_a_value_does_not_fit(call: Call) -> None:
    """A preview that only a value blocks is bad input, in preview, run and confirm alike."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    previewed = call("preview", plan, "-d", "a1.Amount=much", "--json")
    assert previewed.code == 2
    assert [each["field"] for each in previewed.json["issues"]] == ["Amount"]
    confirmed = call("confirm", previewed.json["id"], "--yes", "--json")
    assert (confirmed.code, confirmed.json["error"]["code"]) == (2, "value_invalid")
    payload = json.dumps({"a1": {"Amount": "much"}})
    run = call("run", AMOUNT, "--payload", "-", "--yes", "--json", stdin=payload)
    assert (run.code, run.json["envelope"]["stoppedBy"]) == (2, "input_invalid")
    assert run.json["confirmation"] is None


def test_0_a_warning_does_not_block(call: Call) -> None:
    """A goal that is reached already is warned about, and carried out if confirmed."""
    answer = call("run", "Change the amount of Acme Renewal to 120000", "--yes", "--json")
    assert answer.code == 0
    assert [each["code"] for each in answer.json["preview"]["issues"]] == ["no_change"]


def test_5_deleting_was_not_allowed(call: Call) -> None:
    """A delete needs --allow-delete."""
    goal = ("run", "Delete the opportunity Globex Pilot", "--yes", "--json")
    assert call(*goal).code == 5
    assert call(*goal, "--allow-delete").code == 0


def test_1_an_internal_error_leaves_a_file_not_a_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bug is one line with code internal, and a private file that holds the traceback."""

    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("actwright.app.Actwright.listed_runs", broken)
    answer = call("ps", "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "internal"
    report = tmp_path / answer.json["error"]["where"]
    assert report.parent == tmp_path / "home" / "crashes"
    assert "boom" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0
    assert "Traceback" not in call("ps").err


def test_130_interrupted(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command cleanly."""

    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("actwright.app.Actwright.listed_runs", interrupted)
    answer = call("ps")
    assert (answer.code, answer.out) == (130, "")
    assert "Traceback" not in answer.err
