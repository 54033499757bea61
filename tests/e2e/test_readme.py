"""What the README shows is run as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from actwright.cli.entry import run as command_line

README = Path(__file__).parents[2] / "README.md"
PYTHON = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("actwright ") and "jane@acme" not in line
]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder of its own, without a terminal."""
    environment = os.environ | {"ACTWRIGHT_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_python_example_changes_a_record(tmp_path: Path) -> None:
    """Ten lines go from a goal to a changed record."""
    done = run(tmp_path, "-c", PYTHON[0])
    assert done.returncode == 0, done.stderr
    assert "True\nChanged Opportunity" in done.stdout
    assert len(PYTHON[0].strip().splitlines()) <= 10


def test_the_override_example_is_used(tmp_path: Path) -> None:
    """The override of the README takes the standard implementation's place, and its own field is written."""
    example = PYTHON[1].replace(
        "actwright.register",
        "from actwright import Actwright\nactwright = Actwright()\nactwright.register",
    )
    goes_on = """
with actwright:
    preview = actwright.preview(actwright.plan("Close the Acme Renewal as won").plan)
    print(preview.actions[0].implementation, preview.effects[0].change("NextStep").after)
"""
    done = run(tmp_path, "-c", example + goes_on)
    assert done.returncode == 0, done.stderr
    assert "CloseWithNextStep Send the welcome pack" in done.stdout


def test_the_testing_example_passes(tmp_path: Path) -> None:
    """A user's test with the fixtures runs as it is shown."""
    plugins, _, test = PYTHON[2].partition("\n\n\n")
    (tmp_path / "conftest.py").write_text(plugins, encoding="utf-8")
    (tmp_path / "test_ours.py").write_text(test, encoding="utf-8")
    done = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_ours.py")
    assert "1 passed" in done.stdout, done.stdout


EXPECTED = {
    "run": {0, 2, 3, 5},
    "plan": {0, 2},
    "preview": {0, 2},
    "blueprints": {0, 2},
    "confirm": {2, 3},
    "apply": {2, 3},
    "show": {2},
    "undo": {2},
    "inspect": {2},
    "resume": {2},
    "cancel": {2},
    "actions": {2},
    "regress": {0, 2, 5},
    "telemetry": {0, 2},
    "policy": {0, 2},
    "approvers": {0},
    "grants": {2},
}
"""Without a terminal nobody can answer: what needs a yes ends with 3, what asks with 2, and bob is refused with 5.

There is no key here, so planning with a model ends with 2 as well; nothing is called PLAN, PREVIEW, RUN or NAME; and CI
is refused to record.

"""


@pytest.mark.timeout(200)
def test_every_command_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No command of the README is a usage error, and what asks a person refuses to guess an answer."""
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) >= 8
    for shown in COMMANDS:
        command = shown.removesuffix(" --watch")  # a watch ends when somebody ends it
        _, verb, *rest = shlex.split(command)
        code = command_line([verb, *rest])
        told = capsys.readouterr()
        assert code in EXPECTED.get(verb, {0}), f"{command}: {told.err}{told.out}"
        assert "--help" not in told.err, f"{command}: {told.err}"
