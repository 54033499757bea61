"""Traces that cannot be sent: commands say which variable is wrong, and doctor has a row for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]


def test_a_wrong_variable_is_named_by_commands_and_by_doctor(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command ends as with any wrong setting, and doctor goes on to check the rest."""
    monkeypatch.setenv("ACTWRIGHT_TRACES", "otlp")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "-1")
    answer = call("telemetry", "list")
    assert answer.code == 2
    assert "OTEL_BSP_MAX_QUEUE_SIZE is '-1'" in answer.err
    doctor = call("doctor", "--json")
    (problem,) = [each for each in doctor.json if not each["ok"]]
    assert (doctor.code, problem["name"]) == (1, "traces")
    assert "OTEL_BSP_MAX_QUEUE_SIZE" in problem["message"]
