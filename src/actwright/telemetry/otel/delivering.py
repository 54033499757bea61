"""Delivering: what is exported, and what of it could not be; told once, and never in anybody's way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from actwright.inert import inert
from actwright.telemetry.otel.quieting import quiet
from actwright.telemetry.otel.variables import Signal

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.trace import ReadableSpan

    from actwright.telemetry.otel.route import Route

Result = TypeVar("Result")

_LOGGER = logging.getLogger("actwright.telemetry")


@dataclass
class Deliveries:
    """What became of everything that was to be delivered.

    Attributes:
        delivered: Batches that arrived.
        failed: Batches that did not, and single items for which a queue had no room; they are lost.
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

    def lost(self, signal: str, why: str, *, address: str = "") -> None:
        """Count what did not arrive, and say so the first time.

        Args:
            signal: What was lost.
            why: The cause, in a few words.
            address: Where it should have gone, if it had set out.
        """
        with self._lock:
            self.failed += 1
        to = f" to {address}" if address else ""
        self._tell(
            "lost",
            f"Telemetry ({signal}) could not be delivered{to}: {why}. Nothing else is affected.",
        )

    def remarked(self, text: str) -> None:
        """Say, the first time, what the library would have logged while it was set up."""
        self._tell(text, f"Telemetry: OpenTelemetry says: {inert(text)}")

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
    """Counts the exports of one signal, and lets go of its connection once.

    Args:
        deliveries: Counts.
        signal: What is exported.
        route: The way to the collector; None where there is none, or a plug-in of the library made it.
        success: What an export returns that arrived.
        failure: What it returns otherwise.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        signal: Signal,
        route: Route | None,
        success: Result,
        failure: Result,
    ) -> None:
        self._deliveries = deliveries
        self._signal = signal
        self._route = route
        self._success = success
        self._failure = failure
        self._ended = False

    def export(self, export: Callable[[], Result]) -> Result:
        """Export a batch, and count what became of it."""
        if self._route is not None and not self._ended:
            self._route.why = ""
        try:
            with quiet(_unheard):
                result = export()
        except Exception as error:  # noqa: BLE001 - whatever an exporter raises, only a batch is lost
            self._lost(type(error).__name__)
            return self._failure
        if result is self._success:
            self._deliveries.arrived()
        elif self._route is None:
            self._lost("the collector did not take it")
        else:
            self._lost(self._route.why or "it was too large, or could not be written down")
        return result

    def ending(self) -> bool:
        """Tell, the first time only, that the connection is to be let go."""
        first = not self._ended
        self._ended = True
        return first

    def hastening(self) -> bool:
        """Let no try wait from now on; tell whether the collector is known to be out of reach."""
        if self._route is None:
            return False
        self._route.closing = True
        return self._route.hopeless

    def _lost(self, why: str) -> None:
        address = self._route.address if self._route else ""
        self._deliveries.lost(self._signal, why, address=address)


def _unheard(_: str) -> None:
    """Take what the library logs of an export: the route knows better."""


class WatchedSpans(SpanExporter):
    """Exports spans, and counts."""

    def __init__(
        self, exporter: SpanExporter, deliveries: Deliveries, route: Route | None = None
    ) -> None:
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "traces", route, SpanExportResult.SUCCESS, SpanExportResult.FAILURE
        )

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export a batch."""
        return self._watched.export(lambda: self._exporter.export(spans))

    def shutdown(self) -> None:
        """Let go of the connection."""
        if self._watched.ending():
            self._exporter.shutdown()

    def hasten(self) -> None:
        """Wait for nothing from now on; give up at once where nobody is there."""
        if self._watched.hastening():
            self.shutdown()


class WatchedLogs(LogRecordExporter):
    """Exports log records, and counts."""

    def __init__(
        self, exporter: LogRecordExporter, deliveries: Deliveries, route: Route | None = None
    ) -> None:
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "logs", route, LogRecordExportResult.SUCCESS, LogRecordExportResult.FAILURE
        )

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Export a batch."""
        return self._watched.export(lambda: self._exporter.export(batch))

    def force_flush(self, timeout_millis: int = 10_000) -> bool:
        """Export what is kept back: nothing is."""
        return self._exporter.force_flush(timeout_millis)

    def shutdown(self) -> None:
        """Let go of the connection."""
        if self._watched.ending():
            self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the library's own is untyped

    def hasten(self) -> None:
        """Wait for nothing from now on; give up at once where nobody is there."""
        if self._watched.hastening():
            self.shutdown()


class WatchedMetrics(MetricExporter):
    """Exports metrics, and counts."""

    def __init__(
        self, exporter: MetricExporter, deliveries: Deliveries, route: Route | None = None
    ) -> None:
        super().__init__(exporter._preferred_temporality, exporter._preferred_aggregation)  # noqa: SLF001 - no other way to it
        self._exporter = exporter
        self._watched = _Watched(
            deliveries, "metrics", route, MetricExportResult.SUCCESS, MetricExportResult.FAILURE
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
        if self._watched.ending():
            self._exporter.shutdown(timeout_millis, **more)

    def hasten(self) -> None:
        """Wait for nothing from now on; give up at once where nobody is there."""
        if self._watched.hastening():
            self.shutdown()
