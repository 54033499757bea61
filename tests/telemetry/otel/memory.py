"""Providers that keep what they are told in memory, for tests of single parts."""

from __future__ import annotations

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from actwright.telemetry.otel.deferred import Deferred
from actwright.telemetry.otel.delivering import Deliveries
from actwright.telemetry.otel.providers import Providers


class Memory:
    """Spans and log records, kept as they end."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._logs = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]  # it has no types
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        loggers = LoggerProvider(shutdown_on_exit=False)
        loggers.add_log_record_processor(SimpleLogRecordProcessor(self._logs))
        meters = MeterProvider(shutdown_on_exit=False)
        deliveries = Deliveries()
        self.providers = Providers(
            tracers.get_tracer("test"),
            meters.get_meter("test"),
            loggers.get_logger("test"),
            deliveries,
            Deferred(deliveries),
            (),
            (),
        )

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """Every span that has ended, in that order."""
        self.providers.deferred.tell()
        return self._spans.get_finished_spans()

    def one(self, name: str) -> ReadableSpan:
        """Return the one span of a name."""
        (span,) = (each for each in self.spans if each.name == name)
        return span

    @property
    def logs(self) -> list[dict[str, object]]:
        """Every log record: its event, its attributes, and the span it stands behind."""
        records = (each.log_record for each in self._logs.get_finished_logs())
        return [
            {"event": each.event_name, "span": each.span_id, **(each.attributes or {})}
            for each in records
        ]
