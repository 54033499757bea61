"""Exporters: to a collector by OTLP over HTTP, or to stderr, one JSON line each, for development."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, TypeAlias

from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, LogRecordExporter
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricExporter
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SpanExporter

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

Target: TypeAlias = Literal["console", "otlp"]
"""Where telemetry goes: stderr, or a collector by OTLP over HTTP, at the address the ``OTEL_*`` variables say."""


def span_exporter(target: Target) -> SpanExporter:
    """Return what exports spans."""
    if target == "console":
        return ConsoleSpanExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - not for the console
        OTLPSpanExporter,
    )

    return OTLPSpanExporter()


def log_exporter(target: Target) -> LogRecordExporter:
    """Return what exports log records."""
    if target == "console":
        return ConsoleLogRecordExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http._log_exporter import (  # noqa: PLC0415 - not for the console
        OTLPLogExporter,
    )

    return OTLPLogExporter()


def metric_exporter(target: Target) -> MetricExporter:
    """Return what exports metrics."""
    if target == "console":
        return ConsoleMetricExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415 - not for the console
        OTLPMetricExporter,
    )

    return OTLPMetricExporter()


def _line(item: ReadableSpan | ReadableLogRecord | MetricsData) -> str:
    return f"{item.to_json(indent=None)}\n"
