"""Probing: whether a collector is there and takes what we send, found out by sending it nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExportResult, MetricsData
from opentelemetry.sdk.trace.export import SpanExportResult

from actwright.errors import ConfigError
from actwright.telemetry.otel.exporters import log_exporter, metric_exporter, span_exporter
from actwright.telemetry.otel.quieting import hush, quiet
from actwright.telemetry.otel.route import Route
from actwright.telemetry.otel.variable_forms import shown_address
from actwright.telemetry.otel.variables import Signal, Variables

_SECONDS: Final = 2.0
"""How long one answer may take; the first that does not come ends the probe."""


def probe(variables: Variables) -> str:
    """Send an empty batch of each signal, and return what became of it.

    Raises:
        ConfigError: A collector cannot be reached, or does not take it.
    """
    hush()
    for signal in variables.wanted:
        with Route(variables.address(signal)) as route, quiet(lambda _: None):
            route.closing = True
            taken = _SENDING[signal](None if variables.credentials(signal) else route)
        if not taken:
            raise ConfigError(
                f"The collector does not take {signal}: {route.why or 'it gave no reason'}.",
                where=route.address,
                hint="Start it, or check the variables that begin with OTEL_EXPORTER_OTLP_. Only telemetry is affected.",
            )
    return _told(variables)


def _told(variables: Variables) -> str:
    """Return which addresses take which signals."""
    by_base: dict[str, list[str]] = {}
    for signal in variables.wanted:
        address = shown_address(variables.address(signal))
        by_base.setdefault(address.removesuffix(f"/v1/{signal}"), []).append(signal)
    taken = (f"{base} takes {', '.join(signals)}" for base, signals in by_base.items())
    return "; ".join(taken) or "on, with every signal left out"


def _traces(route: Route | None) -> bool:
    exporter = span_exporter("otlp", route, seconds=_SECONDS)
    return exporter.export(()) is SpanExportResult.SUCCESS


def _metrics(route: Route | None) -> bool:
    exporter = metric_exporter("otlp", route, seconds=_SECONDS)
    return exporter.export(MetricsData(())) is MetricExportResult.SUCCESS


def _logs(route: Route | None) -> bool:
    exporter = log_exporter("otlp", route, seconds=_SECONDS)
    return exporter.export(()) is LogRecordExportResult.SUCCESS


_SENDING: Final[dict[Signal, Callable[[Route | None], bool]]] = {
    "traces": _traces,
    "metrics": _metrics,
    "logs": _logs,
}
