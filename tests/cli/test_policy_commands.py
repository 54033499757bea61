"""The commands of policies: what they print, and the exit code that goes with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.grant_scene import preview
from typer.testing import CliRunner, Result

from actwright import Actwright, Settings
from actwright.checkpoints.digest import digest_of
from actwright.cli.application import app
from actwright.errors import InputError, PolicyError
from actwright.guardrails.issue import Issue

POLICY = """\
version: 1
rules:
  - id: no-leads
    description: Leads are kept by marketing.
    match: {objects: [Lead]}
    effect: deny
"""
CASES = """\
tests:
  - name: a lead
    effects: [{object: Lead, operation: CREATE}]
    expect: {verdict: %s}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a policy, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY)
    return path


def ran(*arguments: str) -> Result:
    """Return what a command printed and how it ended."""
    return CliRunner().invoke(app, ["policy", *arguments])


def document(*arguments: str) -> Any:
    """Return the JSON a command printed."""
    return json.loads(ran(*arguments, "--json").stdout)


def test_check_says_a_policy_in_words(file: Path) -> None:
    """Each rule with its line, the built-in ones beside it, and what is to be minded."""
    done = ran("check", str(file))
    assert done.exit_code == 0
    assert "deny  Leads are kept by marketing.  no-leads, policy.yaml:3" in done.stdout
    assert "Denies writing Lead." in done.stdout
    assert "made-up-owners, built-in policy:27" in done.stdout
    assert "No cases stand in the file." in done.stdout
    told = document("check", str(file))
    assert told["rules"][0]["source"] == "policy.yaml:3"
    assert [each["code"] for each in told["findings"]] == ["no_tests"]
    assert document("check")["version"] == "built-in-2"


def test_check_names_the_settings_policy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file is named, the one in force is read; what is malformed ends with exit code 2."""
    monkeypatch.setenv("ACTWRIGHT_POLICY", str(file))
    assert document("check")["source"] == "policy.yaml"
    file.write_text("version: 3\n")
    done = ran("check")
    assert isinstance(done.exception, PolicyError)
    assert done.exception.exit_code == 2


def test_lint_minds_what_was_hardly_meant(file: Path) -> None:
    """Log-only, rules left out, redundant and useless ones, and a file that everybody may write."""
    file.write_text(
        POLICY
        + "  - {id: b, description: d, match: {objects: [Lead], fields: [Name]}, effect: deny}\n"
        + "  - {id: c, description: d, match: {objects: [Task]}, effect: allow}\n"
        + "mode: log-only\nwithout: [rights]\n"
    )
    file.chmod(0o666)
    told = {each["code"]: each["source"] for each in document("check", str(file))["findings"]}
    assert told == {
        "log_only": "policy.yaml:9",
        "built_in_left_out": "policy.yaml:10",
        "no_tests": "policy.yaml",
        "rule_redundant": "policy.yaml:7",
        "rule_without_effect": "policy.yaml:8",
        "file_open": "policy.yaml",
    }


def test_test_holds_a_policy_to_its_cases(file: Path) -> None:
    """Those beside it count; one that comes out otherwise is exit code 1, and none at all an error."""
    assert isinstance(ran("test", str(file)).exception, InputError)
    beside = file.with_name("policy_tests.yaml")
    beside.write_text(CASES % "deny")
    assert ran("test", str(file)).exit_code == 0
    beside.write_text(CASES % "allow")
    done = ran("test", str(file))
    assert done.exit_code == 1
    assert "FAIL  a lead" in done.stdout
    assert "allow was expected, and it is deny" in done.stdout
    (told,) = document("test", str(file))
    assert (told["passed"], told["verdict"]) == (False, "deny")


def test_explain_says_why(file: Path) -> None:
    """Which rule decided an effect that is written down, and where it stands."""
    effect = (
        '{"object": "Lead", "operation": "UPDATE", "changes": [{"field": "Name", "after": "x"}]}'
    )
    done = ran("explain", "--effect", effect, "--policy", str(file))
    assert "deny  Leads are kept by marketing: rule no-leads, policy.yaml:3." in done.stdout
    told = document("explain", "--effect", effect, "--policy", str(file))
    assert told["decisions"][0]["rule"]["source"] == "policy.yaml:3"
    assert told["approval"]["people"] == 1
    none = ran("explain", "--effect", effect.replace("Lead", "Task"), "--policy", str(file))
    assert "No rule is about it" in none.stdout
    for wrong in ((), ("prv_1", "--effect", effect)):
        assert isinstance(ran("explain", *wrong).exception, InputError)
    assert isinstance(ran("explain", "--effect", "{}").exception, InputError)


def test_explain_tells_of_a_budget_and_of_a_policy_that_is_broken_by_now(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no single rule decided is no silence, and what was recorded is told whatever the file says now."""
    full = Issue(
        code="policy_budget",
        guardrail="POLICY",
        rule="day, policy.yaml:9",
        message="At most 500 a day.",
    )
    with Actwright(settings=Settings(home=tmp_path / "home")) as desk:
        shown = preview(issues=(full,))
        stored = desk.previews.add(shown.model_copy(update={"digest": digest_of(shown)}))
    file.write_text("version: 3\n")
    monkeypatch.setenv("ACTWRIGHT_POLICY", str(file))
    asked = ("explain", stored.id, "--home", str(tmp_path / "home"))
    done = ran(*asked)
    assert done.exit_code == 0
    assert "deny  At most 500 a day." in done.stdout
    assert "allowed" not in done.stdout
    assert "what holds now cannot be read" in done.stderr
    assert [each["code"] for each in document(*asked)["beside"]] == ["policy_budget"]
    assert isinstance(ran(*asked, "--policy", str(file)).exception, InputError)


def test_diff_says_what_becomes_of_what(file: Path, tmp_path: Path) -> None:
    """Rule by rule; exit code 1 where something differs, 0 where nothing does."""
    new = tmp_path / "new.yaml"
    new.write_text(POLICY.replace("[Lead]", "[Lead, Task]").replace("deny", "warn"))
    home = ("--home", str(tmp_path / "home"))
    done = ran("diff", str(file), str(new), *home)
    assert done.exit_code == 1
    assert "changed  no-leads" in done.stdout
    assert "- Denies writing Lead." in done.stdout
    assert "+ Warns of writing Lead or Task." in done.stdout
    same = ran("diff", str(file), str(file), *home)
    assert same.exit_code == 0
    assert "The two say the same." in same.stdout
    assert document("diff", str(file), str(new), *home)["lookedAt"] == 0


def test_when_is_said_and_why_a_case_fails(file: Path) -> None:
    """A window is tried by --at; a case without a time is said to have one, and a failing one says what decided."""
    file.write_text(
        POLICY.replace(
            "{objects: [Lead]}", "{objects: [Lead], during: [{days: [sun]}], users: [bob]}"
        )
    )
    effect = '{"object": "Lead", "operation": "CREATE"}'
    asked = ("explain", "--effect", effect, "--policy", str(file))
    assert "Monday 2026-11-23 12:00 UTC" in ran(*asked).stderr
    assert ran(*asked, "--at", "2026-11-22T12:00:00Z").exit_code == 0
    assert isinstance(ran(*asked, "--at", "2026-11-22T12:00:00").exception, InputError)
    assert "no-leads is about bob" in ran("check", str(file)).stdout
    file.write_text(POLICY)
    file.with_name("policy_tests.yaml").write_text(CASES % "allow")
    failed = ran("test", str(file))
    assert "deny: Leads are kept by marketing: rule no-leads" in failed.stdout
    assert "A case without `at` takes place Monday" in failed.stderr
    file.write_text(f"{POLICY}mode: log-only\n")
    assert ran("check", str(file)).stdout.startswith("! THE POLICY ONLY LOGS")
    file.write_text("version: 1\nrules: {}\ntests: [{name: a, user: bob, at: noon}]\n")
    broken = str(ran("check", str(file)).exception)
    assert "rules: has to be a list" in broken
    assert "tests[0].user: has to be keys with their values" in broken
    assert "tests[0].at: has to be a point in time with a zone" in broken
