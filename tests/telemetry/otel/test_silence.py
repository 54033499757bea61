"""What leaves no trace: everything while tracing is off, and whatever only reads or repeats what happened before."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.scenario import confirmed, win
from tests.telemetry.otel.collector import Collector
from tests.telemetry.otel.trip import overheard

from actwright import Actwright, Settings
from actwright.errors import ConfigError
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.telemetry.otel.opening import open_tracing
from actwright.testing import LocalOrg, re_execute
from actwright.tracing import NoTracing, trace_headers


def _arrived(app: Actwright, collector: Collector) -> int:
    assert isinstance(app.tracing, OpenTelemetry)
    app.tracing.flush()
    return len(collector.spans)


def test_a_replay_emits_nothing(shared_org: LocalOrg, collector: Collector, tmp_path: Path) -> None:
    """Replayed, executed again, verified, exported, imported elsewhere and rebuilt: not one span comes of it."""
    with shared_org.as_user(settings={"traces": "otlp"}) as app:
        run_id = app.run(*confirmed(app, win())).run_id or ""
        before = _arrived(app, collector)
        assert before > 0
        state = app.run_state(run_id)
        app.verify()
        app.rebuild()
        app.export(tmp_path / "runs.jsonl", [run_id])
        plan, preview = app.plans.get(state.plan_id), app.previews.get(state.preview_id)
        re_execute(app.events(run_id), [plan], [preview])
        elsewhere = app.settings.model_copy(update={"home": tmp_path})
        with Actwright(settings=elsewhere) as other:
            assert other.import_(tmp_path / "runs.jsonl").runs
            other.verify(run_id)
        assert _arrived(app, collector) == before


def test_without_tracing_no_request_carries_a_header(shared_org: LocalOrg) -> None:
    """Tracing is off unless somebody turns it on: nothing listens, and requests to the org are as they were."""
    app = shared_org.as_user("bob")
    assert isinstance(app.tracing, NoTracing)
    with overheard() as sent:
        app.org.describe("Task")
        app.query("SELECT Id FROM Task LIMIT 1")
    assert sent
    assert {header for _, header in sent} == {""}
    assert trace_headers() == {}


def test_the_library_is_needed_only_where_tracing_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, calls open as ever with tracing off; with it on, the error says what to install."""
    ours = [each for each in sys.modules if each.startswith("actwright.telemetry.otel.")]
    for each in ours:
        if not each.endswith(".opening"):
            monkeypatch.delitem(sys.modules, each)
    for each in [each for each in sys.modules if each.partition(".")[0] == "opentelemetry"]:
        monkeypatch.setitem(sys.modules, each, None)
    with ExitStack() as stack:
        assert not open_tracing(Settings(), stack).tracing.on
        with pytest.raises(ConfigError, match="opentelemetry") as missing:
            open_tracing(Settings(traces="otlp"), stack)
    assert "pip install 'actwright[otel]'" in (missing.value.hint or "")


def test_the_standard_switch_turns_tracing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """``OTEL_SDK_DISABLED`` counts for more than the setting."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with ExitStack() as stack:
        assert not open_tracing(Settings(traces="otlp"), stack).tracing.on
