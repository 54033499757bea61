"""``actwright regress record`` and ``check`` as they are typed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.programs import Programs, clean_environment

from actwright.cli.regress import CI_NAMES

MUST_FAIL = Path(__file__).parent / "must_fail"


def test_a_closed_gate_is_opened_by_recording_again(programs: Programs, tmp_path: Path) -> None:
    """Exit code 1 with findings as JSON and as JUnit; recorded as the hint says, exit code 0."""
    shutil.copytree(MUST_FAIL, tmp_path / "own")
    environment = {
        each: value for each, value in clean_environment().items() if each not in CI_NAMES
    }
    said = ("--suite", "own/suite.yaml", "--cassettes", "own/cassettes")

    closed = programs.run(
        *("regress", "check", *said, "--json", "--junit", "report.xml"),
        folder=tmp_path,
        env=environment,
    )
    assert closed.code == 1
    hints = {each["code"]: each["hint"] for each in closed.json["findings"]}
    command = "actwright regress record --suite own/suite.yaml --cassettes own/cassettes"
    assert command in hints["request_unmatched"]
    assert not closed.json["green"]
    assert 'failures="4"' in (tmp_path / "report.xml").read_text("utf-8")

    recorded = programs.run("regress", "record", *said, folder=tmp_path, env=environment)
    assert recorded.code == 0
    assert "2 of 2" in recorded.out
