"""Providers: the library's tracer, meter and logger for one set of calls. No global of the library is touched."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from opentelemetry._logs import Logger
from opentelemetry.metrics import Meter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

from actwright.telemetry.otel.conventions import SCOPE
from actwright.telemetry.otel.delivering import (
    Deliveries,
    WatchedLogs,
    WatchedMetrics,
    WatchedSpans,
    hush,
)
from actwright.telemetry.otel.exporters import Target, log_exporter, metric_exporter, span_exporter

RELEASE: Final = version(SCOPE)
"""Our own version."""
_COMMAND: Final = "process.command"
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
        flushes: What delivers at once what each provider has kept back.
        ends: What each provider does at its end.
    """

    tracer: Tracer
    meter: Meter
    logger: Logger
    deliveries: Deliveries
    flushes: tuple[Callable[[], bool], ...]
    ends: tuple[Callable[[], None], ...]

    def flush(self) -> None:
        """Deliver what was kept back until now, however long that takes; no error leaves it."""
        for each in self.flushes:
            with self.deliveries.guarding():
                each()

    def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Deliver what is left and let go; what is not through in time is left behind.

        Args:
            seconds: How long to wait, for all signals together.
        """
        threads = [
            threading.Thread(target=each, name="actwright-telemetry-end", daemon=True)
            for each in self.ends
        ]
        until = time.monotonic() + seconds
        for each in threads:
            each.start()
        for each in threads:
            each.join(max(0.0, until - time.monotonic()))
        if any(each.is_alive() for each in threads):
            self.deliveries.lost(
                "what was left at the end", f"it took longer than {seconds:g} seconds"
            )


def providers(target: Target) -> Providers:
    """Return providers that send to ``target``.

    Endpoint, headers, resource, sampler and batches are as the standard ``OTEL_*`` variables say; a signal is left out
    where its ``OTEL_TRACES_EXPORTER``, ``OTEL_METRICS_EXPORTER`` or ``OTEL_LOGS_EXPORTER`` is ``none``.

    Args:
        target: Where telemetry goes.
    """
    hush()
    deliveries, resource = Deliveries(), _resource()
    tracers = _tracers(target, resource, deliveries)
    meters = _meters(target, resource, deliveries)
    loggers = _loggers(target, resource, deliveries)
    return Providers(
        tracers.get_tracer(SCOPE, RELEASE),
        meters.get_meter(SCOPE, RELEASE),
        loggers.get_logger(SCOPE, RELEASE),
        deliveries,
        (tracers.force_flush, meters.force_flush, loggers.force_flush),
        (tracers.shutdown, meters.shutdown, loggers.shutdown),
    )


def _tracers(target: Target, resource: Resource, deliveries: Deliveries) -> TracerProvider:
    made = TracerProvider(resource=resource, shutdown_on_exit=False)
    if _wanted("TRACES"):
        exporter = WatchedSpans(span_exporter(target), deliveries)
        made.add_span_processor(BatchSpanProcessor(exporter))
    return made


def _meters(target: Target, resource: Resource, deliveries: Deliveries) -> MeterProvider:
    readers = []
    if _wanted("METRICS"):
        exporter = WatchedMetrics(metric_exporter(target), deliveries)
        readers.append(PeriodicExportingMetricReader(exporter))
    return MeterProvider(readers, resource=resource, shutdown_on_exit=False)


def _loggers(target: Target, resource: Resource, deliveries: Deliveries) -> LoggerProvider:
    made = LoggerProvider(resource=resource, shutdown_on_exit=False)
    if _wanted("LOGS"):
        exporter = WatchedLogs(log_exporter(target), deliveries)
        made.add_log_record_processor(BatchLogRecordProcessor(exporter))
    return made


def _wanted(signal: str) -> bool:
    return os.environ.get(f"OTEL_{signal}_EXPORTER", "").strip().lower() != "none"


def _resource() -> Resource:
    """Return what the process is called, as the environment says, else by our own name."""
    named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    ours = {"service.version": RELEASE}
    made = Resource.create(ours if named else {"service.name": SCOPE, **ours})
    # A goal may stand in the command line, which a detector tells of where the environment names it.
    told = {key: made.attributes[key] for key in made.attributes if not key.startswith(_COMMAND)}
    return Resource(told, made.schema_url)
