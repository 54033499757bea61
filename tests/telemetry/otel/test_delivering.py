"""A collector that is not there, is slow, or refuses: runs go on as ever, closing is quick, and it is said once."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from tests.scenario import confirmed, win
from tests.telemetry.otel.memory import Memory

from actwright.errors import RefusedError
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.telemetry.otel.chats import Service
from actwright.telemetry.otel.providers import providers
from actwright.testing import LocalOrg

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@contextmanager
def silent_server() -> Iterator[str]:
    """Take connections, and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    kept.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        for each in kept:
            each.close()


def nobody() -> str:
    """Return an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_dead_collector_stops_no_run_and_is_told_of_once(
    shared_org: LocalOrg, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The run succeeds, what could not be delivered is counted, and one sentence says so for all signals."""
    monkeypatch.setenv(ENDPOINT, nobody())
    with (
        caplog.at_level(logging.WARNING),
        shared_org.as_user(settings={"traces": "otlp"}) as app,
    ):
        assert app.run(*confirmed(app, win())).success
        assert isinstance(app.tracing, OpenTelemetry)
        deliveries = app.tracing.deliveries
        begun = time.monotonic()
    assert time.monotonic() - begun < 1.5  # nobody waits for a collector that is not there
    assert deliveries.failed
    assert deliveries.delivered == 0
    said = [each.getMessage() for each in caplog.records if "deliver" in each.getMessage()]
    assert len(said) == 1
    assert "to http://127.0.0.1" in said[0]
    assert "the connection was refused" in said[0]
    assert not [each for each in caplog.records if each.name.startswith("opentelemetry.exporter")]


def test_closing_waits_two_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that takes the connection and never answers is left behind."""
    with silent_server() as url:
        monkeypatch.setenv(ENDPOINT, url)
        made = providers("otlp")
        made.tracer.start_span("something").end()
        begun = time.monotonic()
        made.close(0.3)
        assert time.monotonic() - begun < 1.5
    assert made.deliveries.failed


def test_a_fault_in_telling_costs_nothing_but_the_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where making a span breaks, what is done goes on, its result and its errors alike, and the fault is counted."""
    memory = Memory()
    adapter = OpenTelemetry(
        memory.providers, service=Service("a-model", "https://models.example/v1")
    )

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no span today")

    monkeypatch.setattr(memory.providers.tracer, "start_span", broken)
    with adapter.activity("preview", "plan_0") as activity:
        activity.done(object())
    adapter.appended("run_0", [("group_intended", {"groupId": "g1"})], "alice")
    with pytest.raises(RefusedError), adapter.activity("confirm", "prv_0"):
        raise RefusedError("No.")
    assert memory.providers.deliveries.defects == 2


def test_a_signal_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """``OTEL_METRICS_EXPORTER=none`` sends no metrics, for collectors that take none."""
    monkeypatch.setenv(ENDPOINT, nobody())
    for each in ("TRACES", "METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{each}_EXPORTER", "none")
    made = providers("otlp")
    made.tracer.start_span("something").end()
    made.close()
    assert (made.deliveries.delivered, made.deliveries.failed) == (0, 0)


def test_the_console_is_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """For development, a line of JSON for each span goes to stderr, so that a command's output stays what it is."""
    made = providers("console")
    made.tracer.start_span("something").end()
    made.close()
    printed = capsys.readouterr()
    assert '"name": "something"' in printed.err
    assert printed.out == ""


def test_no_command_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal may stand in it."""
    monkeypatch.setenv(ENDPOINT, nobody())
    monkeypatch.setenv("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "process")
    for each in ("METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{each}_EXPORTER", "none")
    monkeypatch.setattr(sys, "argv", ["actwright", "plan", "call Jane Roe"])
    made = providers("otlp")
    span = made.tracer.start_span("something")
    assert isinstance(span, ReadableSpan)
    assert span.resource.attributes["process.pid"]
    assert not [each for each in span.resource.attributes if each.startswith("process.command")]
    made.close(0.1)
