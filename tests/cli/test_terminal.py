"""A person at a terminal: a real pseudo-terminal, a real process; and streams that are closed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from tests.programs import Programs

AMOUNT = "Change the amount of Acme Renewal to 99000"
_SECONDS = 60


class Person:
    """Somebody who reads a terminal and types."""

    def __init__(
        self, programs: Programs, home: Path, *arguments: str, no_color: bool = True
    ) -> None:
        self._screen, self._terminal = pty.openpty()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "ACTWRIGHT_HOME": str(home / "aw"),
            "TERM": "xterm-256color",
            "COLUMNS": "100",
        }
        if no_color:
            environment["NO_COLOR"] = "1"
        self.process = programs.start(
            *arguments, folder=home, env=environment, streams=[os.ttyname(self._terminal)] * 3
        )
        self.seen = ""

    def reads(self, words: str) -> None:
        """Wait until the words are on the screen."""
        end = time.monotonic() + _SECONDS
        while words not in self.seen:
            assert time.monotonic() < end, f"{words!r} never came: {self.seen[-2000:]}"
            if not self._more():
                assert words in self.seen, self.seen[-2000:]

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self._screen, f"{text}\n".encode())

    def leaves(self) -> int:
        """Wait for the end, and return the exit code."""
        end = time.monotonic() + _SECONDS
        while self._more():
            assert time.monotonic() < end
        return self.process.ended(seconds=_SECONDS)

    def close(self) -> None:
        """Give the terminal back."""
        self.process.kill()
        os.close(self._screen)
        os.close(self._terminal)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._screen], [], [], 0.05)
        if not ready:
            return self.process.alive
        self.seen += os.read(self._screen, 65536).decode(errors="replace")
        return True


class Arriving(Protocol):
    """Lets somebody come to a terminal."""

    def __call__(self, *arguments: str, no_color: bool = True) -> Person:
        """Return who came, and has typed a command."""
        ...


@pytest.fixture
def comes(programs: Programs, tmp_path: Path) -> Iterator[Arriving]:
    """Return what lets somebody come to a terminal; all are sent home at the end."""
    present: list[Person] = []

    def arrive(*arguments: str, no_color: bool = True) -> Person:
        present.append(Person(programs, tmp_path, *arguments, no_color=no_color))
        return present[-1]

    yield arrive
    for each in present:
        each.close()


def test_a_yes_carries_it_out(comes: Arriving, programs: Programs, tmp_path: Path) -> None:
    """The preview is shown, the person is asked, and says yes: the change is made, with their name on it."""
    person = comes("run", AMOUNT)
    person.reads("Do this? [y/N]")
    assert "120,000" in person.seen
    assert "99,000" in person.seen
    person.types("y")
    assert person.leaves() == 0
    assert re.search(r"Applying.*/1", person.seen)
    assert re.search(r"Done.*run_", person.seen)
    (run,) = programs.run(
        "ps", "--json", folder=tmp_path, env={"ACTWRIGHT_HOME": str(tmp_path / "aw")}
    ).json
    assert run["approver"].startswith("alice")


def test_a_no_changes_nothing(comes: Arriving) -> None:
    """What is unclear is asked again, a no recorded, and no bar drawn; test_deciding.py has the other answers."""
    person = comes("run", AMOUNT)
    person.reads("Do this? [y/N]")
    person.types("yep")
    person.reads("Answer y to do it")
    person.types("n")
    assert person.leaves() == 3
    assert "said no" in person.seen
    assert "Applying" not in person.seen


def test_an_edit_is_what_is_carried_out(comes: Arriving) -> None:
    """The person sets a value by its number, sees what that changes, and says yes to just that."""
    person = comes("run", AMOUNT)
    person.reads("Do this? [y/N]")
    person.types("e")
    person.reads("say it in words")
    (number,) = re.findall(r"^ *([0-9]+) +Amount: 99000", person.seen, re.MULTILINE)
    person.types(f"{number}=98000")
    person.reads("goes back")
    assert "98,000" in person.seen
    person.types("y")
    assert person.leaves() == 0
    assert "120,000 -> 98,000" in person.seen.rpartition("Done")[2]


def test_open_questions_are_asked(comes: Arriving) -> None:
    """An answer becomes data, and planning goes on to the preview."""
    person = comes("run", "Create a contact")
    person.reads("Last Name? (text, empty stops)")
    person.types("Lovelace")
    person.reads("Do this? [y/N]")
    assert "Lovelace" in person.seen
    person.types("y")
    assert person.leaves() == 0


def test_no_answer_stops(comes: Arriving) -> None:
    """An empty answer ends the asking; the advice for scripts is not for whoever was just asked."""
    person = comes("run", "Create a contact")
    person.reads("Last Name? (text, empty stops)")
    person.types("")
    assert person.leaves() == 2
    assert "nothing was done" in person.seen
    assert "-d a1.LastName" not in person.seen


def test_nobody_says_yes_to_the_unseen(comes: Arriving) -> None:
    """With --json on a terminal the preview is still shown before the question."""
    person = comes("run", AMOUNT, "--json")
    person.reads("Do this? [y/N]")
    assert "Acme Renewal" in person.seen
    person.types("n")
    assert person.leaves() == 3


def test_ctrl_c_leaves_nothing_behind(comes: Arriving) -> None:
    """Interrupted at the question: exit 130, no traceback, and the local org has ended too."""
    person = comes("run", AMOUNT)
    person.reads("Do this? [y/N]")
    time.sleep(0.3)  # the prompt is on the screen just before the line is read
    os.killpg(person.process.pid, signal.SIGINT)
    assert person.leaves() == 130
    assert "Traceback" not in person.seen
    assert "nothing was done" in person.seen
    assert "may have changed" not in person.seen


def test_colour_only_where_it_is_wanted(comes: Arriving) -> None:
    """NO_COLOR takes the colours off a terminal; without it they are there."""
    for no_color in (True, False):
        person = comes("schema", "Nonsense", no_color=no_color)
        assert person.leaves() == 2
        assert bool(re.search(r"\x1b\[3\dm", person.seen)) is not no_color


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    """``actwright schema Plan | head -1`` is quiet."""
    process = subprocess.Popen(
        [sys.executable, "-m", "actwright", "schema", "Plan"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read().decode()
    process.stderr.close()
    process.wait()
    assert complaint == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_bug(tmp_path: Path, closed: str) -> None:
    """Jobs and services close what they do not need; the command does its work all the same."""
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m actwright run "{AMOUNT}" --yes --json {closed}', sys.executable],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert not (tmp_path / ".actwright" / "crashes").exists()


def test_the_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """No contract, no store and no connector is loaded to show the help."""
    code = (
        "import sys; from actwright.cli.entry import run; run(['--help']);"
        "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    loaded = set(json.loads(done.stderr))
    slow = {"pydantic", "requests", "sqlite3", "simple_salesforce", "asyncio", "actwright.app"}
    assert not loaded & slow
    for words in ("run", "doctor", "Exit codes", "From a goal to a change"):
        assert words in done.stdout
