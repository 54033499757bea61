"""What ``--json`` prints, and the operands that take it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from actwright.cli.schema import CONTRACTS, schema_of

Call = Callable[..., Any]

AMOUNT = "Change the amount of Acme Renewal to 99000"


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_every_contract_has_a_valid_schema(name: str) -> None:
    """Each published schema is a JSON Schema, closed, in camelCase."""
    schema = schema_of(name.upper())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert not [each for each in schema["properties"] if "_" in each]  # type: ignore[attr-defined]


def test_schema_prints_what_the_names_stand_for(call: Call) -> None:
    """The short names lead to the same schema, and the list names every contract."""
    assert call("schema", "Blueprint").json == call("schema", "ActionBlueprint").json
    assert call("schema", "Envelope").json["title"] == "OrchestratorResult"
    assert call("schema", "--list", "--json").json == sorted(CONTRACTS)
    assert call("schema", "--list").out.split() == sorted(CONTRACTS)


def test_run_prints_one_document_that_keeps_its_schemas(call: Call) -> None:
    """Plan, preview, confirmation and envelope: each valid, each about the one before."""
    document = call("run", AMOUNT, "--yes", "--json").json
    assert list(document) == ["plan", "preview", "confirmation", "envelope"]
    for key, name in zip(document, ("Plan", "Preview", "Confirmation", "Envelope"), strict=True):
        assert not _faults(document[key], schema_of(name))
    assert document["preview"]["planId"] == document["plan"]["id"]
    assert document["confirmation"]["previewId"] == document["preview"]["id"]
    assert document["confirmation"]["approver"] == "unattended"


def test_a_blocked_run_has_no_confirmation(call: Call) -> None:
    """Where a guardrail refuses, nobody is asked, and the issues stand in preview and envelope alike."""
    document = call("run", AMOUNT, "--as", "bob", "--yes", "--json").json
    assert document["confirmation"] is None
    (result,) = document["envelope"]["results"]
    assert result["status"] == "refused"
    assert result["issues"] == document["preview"]["issues"]
    assert document["envelope"]["errors"] == [result["issues"][0]["message"]]


def test_an_unasked_run_has_no_confirmation(call: Call) -> None:
    """Without --yes and without a terminal the document still holds plan, preview and envelope."""
    answer = call("run", AMOUNT, "--json")
    assert answer.code == 3
    assert answer.json["confirmation"] is None
    assert answer.json["envelope"]["stoppedBy"] == "confirmation_missing"


def test_a_plan_travels_by_file_and_by_stdin(call: Call, tmp_path: Path) -> None:
    """``--out``, the output of ``plan --json``, and stdin are all copies the store recognises."""
    copy, printed = tmp_path / "plan.json", tmp_path / "printed.json"
    answer = call("plan", AMOUNT, "--out", str(copy), "--json")
    printed.write_text(answer.out)
    for operand, stdin in ((str(copy), ""), (str(printed), ""), ("-", copy.read_text())):
        previewed = call("preview", operand, "--json", stdin=stdin)
        assert previewed.code == 0
        assert previewed.json["planId"] == answer.json["plan"]["id"]


def test_the_other_kind_of_document_is_recognised(call: Call, tmp_path: Path) -> None:
    """A plan where a preview belongs, and the other way round, is one line with the command that takes it."""
    plan, preview = tmp_path / "plan.json", tmp_path / "preview.json"
    printed = call("plan", AMOUNT, "--out", str(plan), "--json")
    assert call("preview", str(plan), "--out", str(preview)).code == 0
    (tmp_path / "printed.json").write_text(printed.out)
    plan_id = printed.json["plan"]["id"]
    for command, operand, needed in (
        ("confirm", str(plan), "preview"),
        ("apply", "printed.json", "preview"),
        ("apply", plan_id, "preview"),
        ("preview", str(preview), "confirm"),
        ("apply", "run_1", "inspect"),
        ("inspect", plan_id, "show"),
    ):
        answer = call(command, operand, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (2, "other_document")
        assert answer.json["error"]["hint"] == f"actwright {needed} {operand}"


def test_a_short_answer_to_a_short_question(call: Call) -> None:
    """A yes given beforehand repeats the question and its digest, not the whole preview."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    preview = call("preview", plan, "--json").json
    shown = call("confirm", preview["id"], "--yes").out
    assert shown.startswith("Digest: ")
    assert "\nQuestion: Change Opportunity" in shown
    assert preview["digest"] in shown
    assert "Undo" not in shown


def test_a_plan_file_that_repeats_a_key_is_refused(call: Call, tmp_path: Path) -> None:
    """Strict reading: what a lenient parser would pick at random is an error with the place."""
    path = tmp_path / "plan.json"
    path.write_text('{"id": "plan_x", "id": "plan_y"}')
    answer = call("preview", str(path), "--json")
    assert (answer.code, answer.json["error"]["where"]) == (2, str(path))


def test_a_payload_changes_the_plan(call: Call) -> None:
    """A payload on stdin and an answer by -d both make a new plan, whose value comes from data."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    payload = json.dumps({"UpdateOpportunityAmount": {"Amount": 4000}})
    for previewed in (
        call("preview", plan, "--payload", "-", "--json", stdin=payload),
        call("preview", plan, "-d", "a1.Amount=4000", "--json"),
    ):
        (change,) = previewed.json["groups"][0]["effects"][0]["changes"]
        assert (change["after"], change["provenance"]) == (4000, "data")
        assert previewed.json["planId"] != plan


def test_a_payload_for_no_action_is_refused(call: Call, tmp_path: Path) -> None:
    """A key that names nothing is told with what there is."""
    path = tmp_path / "payload.json"
    path.write_text('{"Nonsense": {}}')
    answer = call("run", AMOUNT, "--payload", str(path), "--yes", "--json")
    assert (answer.code, answer.json["error"]["where"]) == (2, "Nonsense")
    assert "UpdateOpportunity" in answer.json["error"]["hint"]


def test_an_unwritable_copy_is_an_error_of_its_own(call: Call, tmp_path: Path) -> None:
    """The store has the plan all the same, and the error says so."""
    answer = call("plan", AMOUNT, "--out", str(tmp_path / "no" / "plan.json"), "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "file_unwritable")


def _faults(document: object, schema: dict[str, object]) -> list[str]:
    return [each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(document)]


def test_a_plan_is_shown_again_by_its_id(call: Call, tmp_path: Path) -> None:
    """Without an answer, a plan's id or its file shows it with what it still asks; nothing new is planned."""
    asked = call("plan", "Create a contact", "--json").json
    shown = call("plan", asked["plan"]["id"], "--json")
    assert shown.code == 2
    assert (shown.json["plan"], shown.json["questions"]) == (asked["plan"], asked["questions"])
    assert "--answer VALUE" in call("plan", asked["plan"]["id"]).err
    done = call("plan", AMOUNT, "--out", str(tmp_path / "plan.json"), "--json").json
    again = call("plan", str(tmp_path / "plan.json"), "--json")
    assert (again.code, again.json["plan"]) == (0, done["plan"])


@pytest.mark.parametrize("more", [(), ("--answer", "1")])
@pytest.mark.parametrize("operand", ["plan_nope", "plan_00000000000000000000"])
def test_a_plan_that_is_not_there_is_said_so(
    call: Call, operand: str, more: tuple[str, ...]
) -> None:
    """What looks like a plan's id is never planned as a goal."""
    answer = call("plan", operand, *more, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "not_found")
    assert f"There is no plan '{operand}'" in answer.json["error"]["message"]


def test_a_plan_shown_again_takes_no_data(call: Call) -> None:
    """Data beside a plan that is made would be dropped: it is refused, with what to do."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    answer = call("plan", plan, "-d", "a1.Amount=5", "--json")
    assert (answer.code, answer.json["error"]["where"]) == (2, "-d")


def test_a_goal_may_be_called_as_a_folder_is(call: Call, tmp_path: Path) -> None:
    """A folder of the goal's words does not make it a file."""
    (tmp_path / "sandwich").mkdir()
    assert call("plan", "sandwich", "--json").json["refusal"]["code"]


BULK = "Set the next step of all Alice's opportunities to 'Call back'"


def test_a_plan_that_repeats_for_rows_is_shown_with_its_next_step(call: Call) -> None:
    """Planning says for which records it would be done, and that the preview comes next."""
    answer = call("plan", BULK)
    assert answer.code == 0, answer
    assert "for each Opportunity" in answer.out
    assert "actwright preview plan_" in answer.err


@pytest.mark.parametrize(
    "options", [("--candidates", "3"), ("--model", "foo"), ("--fallback",), ("--no-cache",)]
)
def test_a_models_options_are_not_ignored_by_the_offline_planner(
    call: Call, options: tuple[str, ...]
) -> None:
    """An option that nothing would come of is refused, with the planner it belongs to."""
    for command in ("plan", "run"):
        answer = call(command, AMOUNT, *options, "--json")
        assert (answer.code, answer.json["error"]["where"]) == (2, options[0])
        assert "--planner openai" in answer.json["error"]["hint"]


def test_a_refusal_says_what_a_snapshot_leaves_out(call: Call, tmp_path: Path) -> None:
    """Where --schema narrowed what was seen, the refusal names the object or the field of the goal that is not in it."""
    accounts, cases = tmp_path / "accounts.json", tmp_path / "cases.json"
    accounts.write_text(call("org", "snapshot", "Account").out)
    whole = json.loads(call("org", "snapshot", "Case", "--shape", "map").out)
    del whole["objects"]["Case"]["fields"]["Priority"]
    cases.write_text(json.dumps(whole))
    goal = "set the priority of case 00001001 to High"
    for file, missing in ((accounts, "Case"), (cases, "Case.Priority")):
        answer = call("plan", goal, "--schema", str(file), "--json").json
        (note,) = answer["notes"]
        assert answer["refusal"]
        assert str(file) in note
        assert note.endswith(f"It leaves out what the goal names: {missing}.")
    assert call("plan", "make me a sandwich", "--schema", str(accounts), "--json").json[
        "notes"
    ] == [f"Planning saw only what the schema snapshot {accounts} has, 1 object."]


def test_a_write_of_what_is_there_is_no_change(call: Call) -> None:
    """A value that the record holds already is warned of, and the run's log does not call it a change."""
    assert call("run", AMOUNT, "--yes", "--json").json["envelope"]["logs"][0].startswith("Changed ")
    again = call("run", AMOUNT, "--yes", "--json").json
    assert [each["code"] for each in again["preview"]["issues"]] == ["no_change"]
    assert "there is nothing to take back" in again["preview"]["undo"][0]["text"]
    (log,) = again["envelope"]["logs"]
    assert log == 'No change: Opportunity "Acme Renewal" has Amount 99,000 already.'
