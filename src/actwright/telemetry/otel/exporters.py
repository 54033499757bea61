"""Exporters: to a collector by OTLP over HTTP, or to stderr, one JSON line each, for development."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, LogRecordExporter
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricExporter
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SpanExporter

from actwright.telemetry.otel.variables import Target

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

    from actwright.telemetry.otel.route import Route


def span_exporter(
    target: Target, route: Route | None = None, *, seconds: float | None = None
) -> SpanExporter:
    """Return what exports spans.

    Args:
        target: Where they go.
        route: The way to the collector.
        seconds: How long a delivery may take, if not as long as the variables say.
    """
    if target == "console":
        return ConsoleSpanExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - not for the console
        OTLPSpanExporter,
    )

    return OTLPSpanExporter(session=route, timeout=seconds)


def log_exporter(
    target: Target, route: Route | None = None, *, seconds: float | None = None
) -> LogRecordExporter:
    """Return what exports log records.

    Args:
        target: Where they go.
        route: The way to the collector.
        seconds: How long a delivery may take, if not as long as the variables say.
    """
    if target == "console":
        return ConsoleLogRecordExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http._log_exporter import (  # noqa: PLC0415 - not for the console
        OTLPLogExporter,
    )

    return OTLPLogExporter(session=route, timeout=seconds)


def metric_exporter(
    target: Target, route: Route | None = None, *, seconds: float | None = None
) -> MetricExporter:
    """Return what exports metrics.

    Args:
        target: Where they go.
        route: The way to the collector.
        seconds: How long a delivery may take, if not as long as the variables say.
    """
    if target == "console":
        return ConsoleMetricExporter(out=sys.stderr, formatter=_line)
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415 - not for the console
        OTLPMetricExporter,
    )

    return OTLPMetricExporter(session=route, timeout=seconds)


def _line(item: ReadableSpan | ReadableLogRecord | MetricsData) -> str:
    return f"{item.to_json(indent=None)}\n"
