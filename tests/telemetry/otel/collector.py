"""A collector: the OTLP receiver of ``oteltest``, on a port of its own, and what arrived there as plain spans."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from oteltest.sink import HttpSink  # type: ignore[import-untyped]  # it has no types


@dataclass(frozen=True)
class Arrived:
    """A span as it arrived."""

    name: str
    id: str
    parent: str
    trace: str
    kind: int
    status: int
    seconds: float
    attributes: Mapping[str, object]
    events: tuple[str, ...]
    links: tuple[str, ...]


class Collector:
    """Keeps everything that arrives."""

    def __init__(self) -> None:
        self.traces: list[ExportTraceServiceRequest] = []
        self.metrics: list[ExportMetricsServiceRequest] = []
        self.logs: list[ExportLogsServiceRequest] = []
        self.url = ""

    def handle_trace(self, request: ExportTraceServiceRequest, headers: object) -> None:
        """Keep spans."""
        del headers
        self.traces.append(request)

    def handle_metrics(self, request: ExportMetricsServiceRequest, headers: object) -> None:
        """Keep metrics."""
        del headers
        self.metrics.append(request)

    def handle_logs(self, request: ExportLogsServiceRequest, headers: object) -> None:
        """Keep log records."""
        del headers
        self.logs.append(request)

    @property
    def spans(self) -> tuple[Arrived, ...]:
        """Every span, by when it began."""
        found = (
            span
            for request in self.traces
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        )
        ordered = sorted(found, key=lambda each: each.start_time_unix_nano)
        return tuple(
            Arrived(
                each.name,
                each.span_id.hex(),
                each.parent_span_id.hex(),
                each.trace_id.hex(),
                each.kind,
                each.status.code,
                (each.end_time_unix_nano - each.start_time_unix_nano) / 1e9,
                _plain(each.attributes),
                tuple(event.name for event in each.events),
                tuple(link.span_id.hex() for link in each.links),
            )
            for each in ordered
        )

    def named(self, name: str) -> tuple[Arrived, ...]:
        """Return the spans of a name."""
        return tuple(each for each in self.spans if each.name == name)

    def one(self, name: str) -> Arrived:
        """Return the one span of a name."""
        (span,) = self.named(name)
        return span

    def children(self, parent: Arrived) -> list[str]:
        """Return the names of a span's children."""
        return [each.name for each in self.spans if each.parent == parent.id]

    @property
    def metric_names(self) -> frozenset[str]:
        """The names of all metrics."""
        return frozenset(
            metric.name
            for request in self.metrics
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        )

    @property
    def everything(self) -> str:
        """All that arrived, as text."""
        return "\n".join(map(str, (*self.traces, *self.metrics, *self.logs)))


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port of this machine."""
    collector = Collector()
    sink = HttpSink(collector, logging.getLogger("oteltest"), port=0)
    sink.start()
    until = time.monotonic() + 5
    while sink.httpd is None and time.monotonic() < until:
        time.sleep(0.005)
    assert sink.httpd is not None, "the collector did not start"
    collector.url = f"http://127.0.0.1:{sink.httpd.server_port}"
    try:
        yield collector
    finally:
        sink.stop()


def _plain(attributes: Iterable[KeyValue]) -> dict[str, object]:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    return getattr(value, kind) if kind else None
