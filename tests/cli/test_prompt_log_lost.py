"""What the prompt log lost is said on stderr, once, and stops nothing; doctor finds out why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def test_a_log_that_cannot_be_written_is_told_once(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command does what it was asked for, and says in one line what is missing from the log."""
    monkeypatch.setenv("ACTWRIGHT_TELEMETRY_FILE", str(tmp_path))
    answer = call("recommend", "book a call", "--json")
    assert answer.code == 0
    assert answer.json
    assert answer.err.count("The prompt log lost 1 entry") == 1
    doctor = call("doctor", "--json")
    (problem,) = [each for each in doctor.json if not each["ok"]]
    assert (doctor.code, problem["name"]) == (1, "prompt log")
    assert "telemetry_file" in problem["hint"]
