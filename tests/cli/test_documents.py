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
    ):
        answer = call(command, operand, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (2, "other_document")
        assert answer.json["error"]["hint"] == f"actwright {needed} {operand}"


def test_a_short_answer_to_a_short_question(call: Call) -> None:
    """A yes given beforehand repeats the question and its digest, not the whole preview."""
    plan = call("plan", AMOUNT, "--json").json["plan"]["id"]
    preview = call("preview", plan, "--json").json
    shown = call("confirm", preview["id"], "--yes").out
    assert shown.startswith("Question: ")
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
