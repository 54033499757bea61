"""``actwright regress suggest`` writes cases for a person to review, and writes over nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Answer
from tests.telemetry.fates.plan_life import PlanLife

from actwright.document import validated
from actwright.regression.suite.suite_file import SuiteFile
from actwright.yaml_document import read_yaml

Call = Callable[..., Answer]
SUITE = """\
suite: 1
at: 2026-11-21T12:00:00Z
cases:
- id: known
  goal: close the known deal
  expect: {refusal: no_fit}
"""


def test_cases_are_written_once_and_goals_of_the_suite_passed_over(
    call: Call, tmp_path: Path
) -> None:
    """What people agreed to and refused goes into a new file; what holds personal data is told and stays out."""
    life = PlanLife.at(tmp_path / "home")
    for goal in ("close the known deal", "close the deal", "close it and tell jane@globex.example"):
        plan = life.planned(goal)
        life.ran(life.previewed(plan))
    personal = plan.id
    life.answered(life.previewed(life.planned("close the wrong deal")), "no")
    life.database.close()
    suite = tmp_path / "suite.yaml"
    suite.write_text(SUITE, encoding="utf-8")
    done = call("regress", "suggest", "--suite", str(suite))
    assert done.code == 0, done.err
    assert f"1 plan is not suggested, because it holds personal data: {personal}." in " ".join(
        done.out.split()
    )
    out = tmp_path / "suggested.yaml"
    written = validated(SuiteFile, read_yaml(out), where="suggested.yaml")
    assert [(each.goal, each.status) for each in written.cases] == [("close the deal", "suggested")]
    text = out.read_text(encoding="utf-8")
    assert "close the wrong deal" in text
    assert "jane" not in text + done.out
    again = call("regress", "suggest", "--suite", str(suite), "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "file_exists")
    assert out.read_text(encoding="utf-8") == text
    other = call("regress", "suggest", "--out", "other.yaml", "--json").json
    assert (len(other["cases"]), len(other["refused"]), other["file"]) == (2, 1, "other.yaml")


def test_a_store_without_decisions_writes_no_file(call: Call, tmp_path: Path) -> None:
    """Where nothing is suggested, no file is made, and that is said."""
    done = call("regress", "suggest")
    assert done.code == 0
    assert "No plan that people decided on" in done.out
    assert not (tmp_path / "suggested.yaml").exists()
