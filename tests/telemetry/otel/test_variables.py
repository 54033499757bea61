"""The ``OTEL_*`` variables: a wrong one is named with what is allowed, and a right one counts, however the library takes it."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import ConfigError
from actwright.settings import Settings
from actwright.telemetry.otel.opening import open_tracing
from actwright.telemetry.otel.providers import providers
from actwright.telemetry.otel.variables import Queue, Sampling, Variables

OTLP = "OTEL_EXPORTER_OTLP_"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1", "from 1 to"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "99999999999999999999", "from 1 to"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5000", "at most 2048"),
        ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "5000", "OTEL_BLRP_MAX_QUEUE_SIZE"),
        ("OTEL_BSP_SCHEDULE_DELAY", "abc", "whole number"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0", "above 0"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "nan", "above 0"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "some", "trace_based"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "abc", "whole number"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "-3", "whole number"),
        ("OTEL_TRACES_SAMPLER", "bogus", "traceidratio"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "otlp or none"),
        ("OTEL_METRICS_EXPORTER", "bogus", "otlp or none"),
        ("OTEL_RESOURCE_ATTRIBUTES", "bad", "key=value"),
        ("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "bogus", "installed"),
        ("OTEL_PYTHON_CONTEXT", "bogus", "installed"),
        (f"{OTLP}PROTOCOL", "grpc", "http/protobuf"),
        (f"{OTLP}LOGS_PROTOCOL", "http/json", "http/protobuf"),
        (f"{OTLP}ENDPOINT", "nonsense", "http://"),
        (f"{OTLP}ENDPOINT", "http://host:notaport", "http://"),
        (f"{OTLP}TRACES_ENDPOINT", "localhost:4317", "http://"),
        (f"{OTLP}TIMEOUT", "0", "above 0"),
        (f"{OTLP}COMPRESSION", "zip", "gzip"),
        (f"{OTLP}CERTIFICATE", "/nowhere/at/all", "file of certificates"),
        (f"{OTLP}CERTIFICATE", __file__, "file of certificates"),
        (f"{OTLP}CLIENT_KEY", "/nowhere/at/all", "file that is there"),
        (f"{OTLP}METRICS_TEMPORALITY_PREFERENCE", "bogus", "delta"),
        ("OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER", "bogus", "installed"),
        ("OTEL_SDK_DISABLED", "1", "true or false"),
        ("OTEL_SERVICE_NAME", "caf\udce9", "UTF-8"),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    """The error says which it is, what it holds, and what it may hold."""
    monkeypatch.setenv(name, value)
    with ExitStack() as stack, pytest.raises(ConfigError) as refused:
        open_tracing(Settings(traces="otlp"), stack)
    assert refused.value.where == name
    for words in (name, allowed, "" if value.endswith("\udce9") else value):
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (f"{OTLP}HEADERS", "api-key planted-key-12345"),
        (f"{OTLP}HEADERS", "api-key=planted-key-12345%0Aplanted: too"),
        (f"{OTLP}ENDPOINT", "ftp://user:planted-key-12345@host/?key=planted-key-12345"),
        (f"{OTLP}ENDPOINT", "user:planted-key-12345@host"),
    ],
)
def test_what_may_be_a_key_is_not_repeated(name: str, value: str) -> None:
    """Headers hold keys, and an address may hold a password."""
    with pytest.raises(ConfigError) as refused:
        Variables({name: value}).check("otlp")
    assert name in str(refused.value)
    assert "planted" not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", ""),
        ("OTEL_BSP_SCHEDULE_DELAY", ""),
        ("OTEL_METRIC_EXPORT_INTERVAL", ""),
        ("OTEL_TRACES_SAMPLER", ""),
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "of no use to the sampler there is"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", ""),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", ""),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,a=b%20c"),
        (f"{OTLP}TIMEOUT", "2.5"),
        (f"{OTLP}HEADERS", "authorization=Bearer abc, x-scope=1"),
        (f"{OTLP}TRACES_PROTOCOL", "http/protobuf"),
    ],
)
def test_a_right_variable_is_taken_in_silence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, value: str
) -> None:
    """Also where the library by itself would refuse it, or log of it."""
    for signal in ("METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "none")
    monkeypatch.setenv(name, value)
    made = providers("otlp")
    made.close()
    assert not caplog.records


def test_what_the_library_logs_while_it_is_set_up_is_said_as_ours_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """None of its own lines reaches stderr."""
    monkeypatch.setenv("OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED", "")
    providers("otlp").close()
    (said,) = caplog.records
    assert said.name == "actwright.telemetry"
    assert "OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED" in said.getMessage()


def test_what_finds_its_queue_full_is_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, as ours."""
    for signal in ("METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "none")
    made = providers("console", Variables({"OTEL_BSP_MAX_QUEUE_SIZE": "1"}))
    with caplog.at_level(logging.INFO):
        for _ in range(50):
            made.tracer.start_span("something").end()
        made.close()
    assert made.deliveries.failed
    (said,) = caplog.records
    assert "its queue was full" in said.getMessage()


def test_a_signal_that_is_left_out_asks_nothing_of_its_variables() -> None:
    """A protocol that is another signal's is no fault."""
    said = Variables({"OTEL_LOGS_EXPORTER": "none", f"{OTLP}LOGS_PROTOCOL": "grpc"})
    said.check("otlp")
    assert said.wanted == ("traces", "metrics")


def test_the_console_asks_nothing_of_a_collectors_variables() -> None:
    """They are of the environment, and of no use there."""
    Variables({f"{OTLP}PROTOCOL": "grpc", f"{OTLP}ENDPOINT": "nonsense"}).check("console")


def test_variables_are_read_as_the_standard_has_it() -> None:
    """A batch is never larger than its queue, and a signal's own address counts for more than the one of all."""
    said = Variables(
        {
            "OTEL_BSP_MAX_QUEUE_SIZE": "100",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.25",
            f"{OTLP}ENDPOINT": "https://collector.example/",
            f"{OTLP}LOGS_ENDPOINT": "https://logs.example/in",
        }
    )
    assert said.spans == Queue(100, 100, 5000)
    assert said.log_records == Queue(2048, 512, 1000)
    assert said.sampling == Sampling(0.25, joined=True)
    assert said.address("traces") == "https://collector.example/v1/traces"
    assert said.address("logs") == "https://logs.example/in"


def test_certificates_that_are_there_are_taken() -> None:
    """A file of them, or a folder."""
    bundle = Path(pytest.importorskip("certifi").where())
    for path in (bundle, bundle.parent):
        Variables({f"{OTLP}CERTIFICATE": str(path)}).check("otlp")


NAMES = (
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_METRIC_EXPORT_TIMEOUT",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    f"{OTLP}ENDPOINT",
    f"{OTLP}HEADERS",
    f"{OTLP}CERTIFICATE",
)


@given(st.sampled_from(NAMES), st.text(max_size=12).filter(lambda text: "\0" not in text))
def test_whatever_a_variable_holds_it_is_taken_or_refused(name: str, value: str) -> None:
    """No value ends in another error than the one of the settings."""
    said = Variables({name: value, "OTEL_TRACES_SAMPLER": "traceidratio"})
    refused = _refusal(said)
    if refused is None:
        assert said.spans.size >= said.spans.batch
        assert 0 <= said.sampling.share <= 1
    else:
        assert refused.where == name


def _refusal(said: Variables) -> ConfigError | None:
    try:
        said.check("otlp")
    except ConfigError as refused:
        return refused
    return None
