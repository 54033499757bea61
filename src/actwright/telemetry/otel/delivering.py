"""Delivering: what is exported, and what of it could not be; told once, and never in anybody's way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

Result = TypeVar("Result")

_LOGGER = logging.getLogger("actwright.telemetry")
_OURS: ContextVar[bool] = ContextVar("actwright_exporting", default=False)
_TALKATIVE = (
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.exporter.otlp.proto.http.metric_exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
)
"""The library's loggers that tell of every try; of our own exports, `Deliveries` tells once instead."""
_QUOTING_HEADERS = "opentelemetry.util.re"
"""The library's logger that repeats headers it cannot read."""


@dataclass
class Deliveries:
    """What became of everything that was to be delivered.

    Attributes:
        delivered: Batches that arrived.
        failed: Batches that did not, and are lost.
        defects: Faults of the adapter itself; each cost a span, and nothing else.
    """

    delivered: int = 0
    failed: int = 0
    defects: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _told: set[str] = field(default_factory=set)

    def arrived(self) -> None:
        """Count a batch that arrived."""
        with self._lock:
            self.delivered += 1

    def lost(self, signal: str, why: str) -> None:
        """Count a batch that did not arrive, and say so the first time."""
        with self._lock:
            self.failed += 1
        self._tell(
            "lost", f"Telemetry ({signal}) could not be delivered: {why}. Nothing else is affected."
        )

    def broke(self, error: Exception) -> None:
        """Count a fault of the adapter, and say so the first time."""
        with self._lock:
            self.defects += 1
        self._tell(
            "broke", f"A span could not be made: {type(error).__name__}. Nothing else is affected."
        )

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Let a fault of the adapter cost what is told, and nothing of what is done."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a run never ends because somebody watches it
            self.broke(error)

    def _tell(self, what: str, text: str) -> None:
        with self._lock:
            first = what not in self._told
            self._told.add(what)
        if first:
            _LOGGER.warning(text)


class _Watched(Generic[Result]):
    """Counts the exports of one signal."""

    def __init__(
        self, deliveries: Deliveries, signal: str, success: Result, failure: Result
    ) -> None:
        self._deliveries = deliveries
        self._signal = signal
        self._success = success
        self._failure = failure

    def export(self, export: Callable[[], Result]) -> Result:
        """Export a batch, and count what became of it."""
        try:
            with _quiet():
                result = export()
        except Exception as error:  # noqa: BLE001 - whatever an exporter raises, only a batch is lost
            self._deliveries.lost(self._signal, type(error).__name__)
            return self._failure
        if result is self._success:
            self._deliveries.arrived()
        else:
            self._deliveries.lost(self._signal, "the collector did not take it")
        return result


class WatchedSpans(SpanExporter):
    """Exports spans, and counts."""

    def __init__(self, exporter: SpanExporter, deliveries: Deliveries) -> None:
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "traces", SpanExportResult.SUCCESS, SpanExportResult.FAILURE
        )

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export a batch."""
        return self._watched.export(lambda: self._exporter.export(spans))

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._exporter.shutdown()


class WatchedLogs(LogRecordExporter):
    """Exports log records, and counts."""

    def __init__(self, exporter: LogRecordExporter, deliveries: Deliveries) -> None:
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "logs", LogRecordExportResult.SUCCESS, LogRecordExportResult.FAILURE
        )

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Export a batch."""
        return self._watched.export(lambda: self._exporter.export(batch))

    def force_flush(self, timeout_millis: int = 10_000) -> bool:
        """Export what is kept back: nothing is."""
        return self._exporter.force_flush(timeout_millis)

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the library's own is untyped


class WatchedMetrics(MetricExporter):
    """Exports metrics, and counts."""

    def __init__(self, exporter: MetricExporter, deliveries: Deliveries) -> None:
        super().__init__(exporter._preferred_temporality, exporter._preferred_aggregation)  # noqa: SLF001 - no other way to it
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "metrics", MetricExportResult.SUCCESS, MetricExportResult.FAILURE
        )

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **more: Any
    ) -> MetricExportResult:
        """Export a batch."""
        return self._watched.export(
            lambda: self._exporter.export(metrics_data, timeout_millis=timeout_millis, **more)
        )

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        """Export what is kept back: nothing is."""
        return self._exporter.force_flush(timeout_millis)

    def shutdown(self, timeout_millis: float = 30_000, **more: Any) -> None:
        """Let go of the connection."""
        self._exporter.shutdown(timeout_millis, **more)


def hush() -> None:
    """Keep the library's exporters from telling of each try of ours; of anybody else's they tell as ever."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if _FOREIGN_ONLY not in logger.filters:
            logger.addFilter(_FOREIGN_ONLY)
    headers = logging.getLogger(_QUOTING_HEADERS)
    if _UNQUOTED not in headers.filters:
        headers.addFilter(_UNQUOTED)


@contextmanager
def _quiet() -> Iterator[None]:
    token = _OURS.set(True)
    try:
        yield
    finally:
        _OURS.reset(token)


class _ForeignOnly(logging.Filter):
    """Lets pass what is told of exports that are not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record passes."""
        del record
        return not _OURS.get()


_FOREIGN_ONLY = _ForeignOnly()


class _Unquoted(logging.Filter):
    """Lets pass that headers are malformed, and not what they say: they hold keys."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass without what it quotes."""
        record.args = ("(not repeated here)",) if record.args else None
        return True


_UNQUOTED = _Unquoted()
