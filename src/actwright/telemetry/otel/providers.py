"""Providers: the library's tracer, meter and logger for one set of calls. No global of the library is touched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from opentelemetry._logs import Logger
from opentelemetry.metrics import Meter
from opentelemetry.sdk._logs import LoggerProvider, ReadWriteLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import (
    AlwaysOffExemplarFilter,
    AlwaysOnExemplarFilter,
    MeterProvider,
    TraceBasedExemplarFilter,
)
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    ParentBased,
    Sampler,
    TraceIdRatioBased,
)
from opentelemetry.trace import Tracer

from actwright.telemetry.otel.conventions import SCOPE
from actwright.telemetry.otel.deferred import Deferred
from actwright.telemetry.otel.delivering import (
    Deliveries,
    WatchedLogs,
    WatchedMetrics,
    WatchedSpans,
)
from actwright.telemetry.otel.exporters import log_exporter, metric_exporter, span_exporter
from actwright.telemetry.otel.quieting import Note, hush, quiet
from actwright.telemetry.otel.route import Route
from actwright.telemetry.otel.variables import Queue, Sampling, Signal, Target, Variables

RELEASE: Final = version(SCOPE)
"""Our own version."""
_COMMAND: Final = "process.command"
_UNUSED: Final = 30_000
"""How many milliseconds a delivery may take: the library asks for it, and goes by the exporter's own."""
_EXEMPLARS: Final = {
    "trace_based": TraceBasedExemplarFilter(),
    "always_on": AlwaysOnExemplarFilter(),
    "always_off": AlwaysOffExemplarFilter(),
}
CLOSING_SECONDS: Final = 2.0
"""How long closing waits for what is still to be delivered, all signals together."""


@dataclass(frozen=True, slots=True)
class Providers:
    """What spans, metrics and log records are made with.

    Attributes:
        tracer: Makes spans.
        meter: Makes instruments.
        logger: Takes log records.
        deliveries: What became of what was exported.
        deferred: What is told a moment later.
        flushes: What delivers at once what each provider has kept back.
        ends: What each provider does at its end.
        hastens: What lets no exporter wait for a collector that is not there.
        addresses: Where it all goes; none for the console.
    """

    tracer: Tracer
    meter: Meter
    logger: Logger
    deliveries: Deliveries
    deferred: Deferred
    flushes: tuple[Callable[[], bool], ...]
    ends: tuple[Callable[[], None], ...]
    hastens: tuple[Callable[[], None], ...] = ()
    addresses: tuple[str, ...] = ()

    def flush(self) -> None:
        """Deliver what was kept back until now, however long that takes; no error leaves it."""
        self.deferred.tell()
        for each in self.flushes:
            with self.deliveries.guarding(), quiet(_unheard):
                each()

    def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Deliver what is left and let go; what is not through in time is left behind.

        Args:
            seconds: How long to wait, for all signals together.
        """
        self.deferred.tell()
        threads = [
            threading.Thread(
                target=_ended, args=(each,), name="actwright-telemetry-end", daemon=True
            )
            for each in self.ends
        ]
        until = time.monotonic() + seconds
        for hasten in self.hastens:
            with quiet(_unheard):
                hasten()
        for each in threads:
            each.start()
        for each in threads:
            each.join(max(0.0, until - time.monotonic()))
        if any(each.is_alive() for each in threads):
            self.deliveries.lost(
                "what was left at the end",
                f"it took longer than {seconds:g} seconds",
                address=", ".join(self.addresses),
            )


def providers(target: Target, variables: Variables | None = None) -> Providers:
    """Return providers that send to ``target``.

    Endpoint, headers, resource, sampler and batches are as the standard ``OTEL_*`` variables say; a signal is left out
    where its ``OTEL_TRACES_EXPORTER``, ``OTEL_METRICS_EXPORTER`` or ``OTEL_LOGS_EXPORTER`` is ``none``.

    Args:
        target: Where telemetry goes.
        variables: What the variables say, checked; those of the environment unless given.

    Raises:
        ConfigError: A variable holds what cannot be.
    """
    said = variables or Variables()
    if variables is None:
        said.check(target)
    hush()
    deliveries = Deliveries()
    with quiet(deliveries.remarked):
        return _Making(target, said, deliveries).made()


class _Spans(BatchSpanProcessor):
    """Queues spans; one there is no room for is counted."""

    def __init__(self, exporter: WatchedSpans, queue: Queue, note: Note) -> None:
        super().__init__(
            exporter,
            max_queue_size=queue.size,
            schedule_delay_millis=queue.milliseconds,
            max_export_batch_size=queue.batch,
            export_timeout_millis=_UNUSED,
        )
        self._note = note

    def on_end(self, span: ReadableSpan) -> None:
        """Take a span."""
        with quiet(self._note):
            super().on_end(span)


class _Logs(BatchLogRecordProcessor):
    """Queues log records; one there is no room for is counted."""

    def __init__(self, exporter: WatchedLogs, queue: Queue, note: Note) -> None:
        super().__init__(
            exporter,
            max_queue_size=queue.size,
            schedule_delay_millis=queue.milliseconds,
            max_export_batch_size=queue.batch,
            export_timeout_millis=_UNUSED,
        )
        self._note = note

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Take a log record."""
        with quiet(self._note):
            super().on_emit(log_record)


class _Making:
    """Makes the providers of one set of calls."""

    def __init__(self, target: Target, said: Variables, deliveries: Deliveries) -> None:
        self._target = target
        self._said = said
        self._deliveries = deliveries
        self._resource = _resource(said)
        self._routes: dict[Signal, Route] = {}
        self._hastens: list[Callable[[], None]] = []

    def made(self) -> Providers:
        """Return them."""
        tracers, meters, loggers = self._tracers(), self._meters(), self._loggers()
        return Providers(
            tracers.get_tracer(SCOPE, RELEASE),
            meters.get_meter(SCOPE, RELEASE),
            loggers.get_logger(SCOPE, RELEASE),
            self._deliveries,
            Deferred(self._deliveries),
            (tracers.force_flush, meters.force_flush, loggers.force_flush),
            (tracers.shutdown, meters.shutdown, loggers.shutdown),
            tuple(self._hastens),
            tuple(each.address for each in self._routes.values()),
        )

    def _tracers(self) -> TracerProvider:
        made = TracerProvider(
            _sampler(self._said.sampling), resource=self._resource, shutdown_on_exit=False
        )
        if "traces" in self._said.wanted:
            route, queue = self._route("traces"), self._said.spans
            exporter = WatchedSpans(span_exporter(self._target, route), self._deliveries, route)
            made.add_span_processor(_Spans(exporter, queue, self._full("traces")))
            self._hastens.append(exporter.hasten)
        return made

    def _meters(self) -> MeterProvider:
        readers = []
        if "metrics" in self._said.wanted:
            route = self._route("metrics")
            exporter = WatchedMetrics(metric_exporter(self._target, route), self._deliveries, route)
            every, patience = self._said.interval, self._said.patience
            readers.append(PeriodicExportingMetricReader(exporter, every, patience))
            self._hastens.append(exporter.hasten)
        return MeterProvider(
            readers,
            resource=self._resource,
            exemplar_filter=_EXEMPLARS[self._said.exemplars],
            shutdown_on_exit=False,
        )

    def _loggers(self) -> LoggerProvider:
        made = LoggerProvider(resource=self._resource, shutdown_on_exit=False)
        if "logs" in self._said.wanted:
            route, queue = self._route("logs"), self._said.log_records
            exporter = WatchedLogs(log_exporter(self._target, route), self._deliveries, route)
            made.add_log_record_processor(_Logs(exporter, queue, self._full("logs")))
            self._hastens.append(exporter.hasten)
        return made

    def _route(self, signal: Signal) -> Route | None:
        """Return the way of a signal; None for the console, and where a plug-in of the library makes it."""
        if self._target == "console" or self._said.credentials(signal):
            return None
        return self._routes.setdefault(signal, Route(self._said.address(signal)))

    def _full(self, signal: Signal) -> Note:
        """Return what counts an item that found its queue full."""

        def note(text: str) -> None:
            if text.startswith("Queue full"):
                self._deliveries.lost(signal, "its queue was full")

        return note


def _unheard(_: str) -> None:
    """Take what the library logs at the end."""


def _ended(end: Callable[[], None]) -> None:
    with quiet(_unheard):
        end()


def _sampler(sampling: Sampling) -> Sampler:
    ends: dict[float, Sampler] = {0.0: ALWAYS_OFF, 1.0: ALWAYS_ON}
    root = ends.get(sampling.share) or TraceIdRatioBased(sampling.share)
    return ParentBased(root) if sampling.joined else root


def _resource(said: Variables) -> Resource:
    """Return what the process is called, as the environment says, else by our own name."""
    ours = {"service.version": RELEASE}
    made = Resource.create(ours if said.service_named else {"service.name": SCOPE, **ours})
    # A goal may stand in the command line, which a detector tells of where the environment names it.
    told = {key: made.attributes[key] for key in made.attributes if not key.startswith(_COMMAND)}
    return Resource(told, made.schema_url)
