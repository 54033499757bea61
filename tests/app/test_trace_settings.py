"""The settings of traces: off unless somebody says otherwise, and texts only where they are redacted."""

from __future__ import annotations

from pathlib import Path

import pytest

from actwright.errors import ConfigError
from actwright.settings import load_settings


def test_traces_are_off_until_somebody_turns_them_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent anywhere by default; the environment can turn it on, and another word is refused."""
    assert load_settings(folder=tmp_path).traces == "off"
    monkeypatch.setenv("ACTWRIGHT_TRACES", "otlp")
    assert load_settings(folder=tmp_path).traces == "otlp"
    monkeypatch.setenv("ACTWRIGHT_TRACES", "jaeger")
    with pytest.raises(ConfigError, match="traces"):
        load_settings(folder=tmp_path)


def test_texts_are_told_only_where_the_log_keeps_them(tmp_path: Path) -> None:
    """What is not kept is not redacted either, so that it is told nowhere."""
    with pytest.raises(ConfigError, match="traces_content"):
        load_settings({"traces_content": True}, folder=tmp_path)
    settings = load_settings({"traces_content": True, "telemetry": "full"}, folder=tmp_path)
    assert settings.traces_content
