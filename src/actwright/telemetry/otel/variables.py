"""Variables: what the standard ``OTEL_*`` variables say, read and checked before the library reads them.

The library raises what it likes at some wrong values, logs at others and goes on, or says nothing. Here each wrong one is
an error of the settings that names the variable, and says what is allowed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from actwright.errors import ConfigError
from actwright.inert import inert
from actwright.telemetry.otel.variable_forms import (
    Form,
    address,
    certificates,
    detectors,
    file,
    headers,
    named,
    number,
    one_of,
    pairs,
    provider,
    whole,
)

Target: TypeAlias = Literal["console", "otlp"]
"""Where telemetry goes: stderr, or a collector by OTLP over HTTP, at the address the ``OTEL_*`` variables say."""
Signal: TypeAlias = Literal["traces", "metrics", "logs"]
"""What is sent each on its own way."""
SIGNALS: Final[tuple[Signal, ...]] = ("traces", "metrics", "logs")

_NOWHERE: Final = "http://localhost:4318"
"""Where a collector is, unless the environment says otherwise."""
_SAMPLERS: Final = ("always_on", "always_off", "traceidratio")
_QUEUES: Final = {"BSP": 5000, "BLRP": 1000}
"""The queues of spans and of log records, with the milliseconds after which each is emptied."""
_QUEUE_SIZE: Final = 2048
_BATCH_SIZE: Final = 512

_BOOLEAN = one_of("true", "false")
_LIMITS = (
    "ATTRIBUTE_COUNT",
    "ATTRIBUTE_VALUE_LENGTH",
    "EVENT_ATTRIBUTE_COUNT",
    "LINK_ATTRIBUTE_COUNT",
    "LOGRECORD_ATTRIBUTE_COUNT",
    "LOGRECORD_ATTRIBUTE_VALUE_LENGTH",
    "SPAN_ATTRIBUTE_COUNT",
    "SPAN_ATTRIBUTE_VALUE_LENGTH",
    "SPAN_EVENT_COUNT",
    "SPAN_LINK_COUNT",
)
_ALWAYS: Final[Mapping[str, Form]] = {
    **{f"OTEL_{each}_LIMIT": whole(0) for each in _LIMITS},
    **{
        f"OTEL_{queue}_{name}": form
        for queue in _QUEUES
        for name, form in (
            ("MAX_QUEUE_SIZE", whole(1)),
            ("MAX_EXPORT_BATCH_SIZE", whole(1)),
            ("SCHEDULE_DELAY", whole(1)),
            ("EXPORT_TIMEOUT", whole(0)),
        )
    },
    "OTEL_METRIC_EXPORT_INTERVAL": number(),
    "OTEL_METRIC_EXPORT_TIMEOUT": number(),
    "OTEL_METRICS_EXEMPLAR_FILTER": one_of("trace_based", "always_on", "always_off", folded=False),
    "OTEL_TRACES_SAMPLER": one_of(*_SAMPLERS, *(f"parentbased_{each}" for each in _SAMPLERS)),
    "OTEL_RESOURCE_ATTRIBUTES": pairs(),
    "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS": detectors(),
    "OTEL_PYTHON_SDK_INTERNAL_METRICS_ENABLED": _BOOLEAN,
    "OTEL_PYTHON_CONTEXT": named("opentelemetry_context"),
    "OTEL_PYTHON_METER_PROVIDER": provider("meter"),
    "OTEL_PYTHON_LOGGER_PROVIDER": provider("logger"),
    "OTEL_PYTHON_TRACER_PROVIDER": provider("tracer"),
}
_OF_METRICS: Final[Mapping[str, Form]] = {
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": one_of("cumulative", "delta", "lowmemory"),
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": one_of(
        "explicit_bucket_histogram", "base2_exponential_bucket_histogram", folded=False
    ),
}
_OF_EXPORTERS: Final[Mapping[str, Form]] = {
    "PROTOCOL": one_of("http/protobuf"),
    "ENDPOINT": address(),
    "HEADERS": headers(),
    "TIMEOUT": number(),
    "COMPRESSION": one_of("none", "gzip", "deflate"),
    "CERTIFICATE": certificates(),
    "CLIENT_CERTIFICATE": file(),
    "CLIENT_KEY": file(),
}
"""What may be said of all signals, or of one, by variables whose names end so."""
_CREDENTIALS: Final = "OTEL_PYTHON_EXPORTER_OTLP_HTTP_{}CREDENTIAL_PROVIDER"
_SESSIONS: Final = named("opentelemetry_otlp_credential_provider")


@dataclass(frozen=True, slots=True)
class Queue:
    """How what was made waits to be delivered.

    Attributes:
        size: How many it holds.
        batch: How many go out at once.
        milliseconds: How long the first one waits.
    """

    size: int
    batch: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which traces are told.

    Attributes:
        share: How many of them, from 0 to 1.
        joined: Whether a trace that was begun elsewhere is told where it is told there.
    """

    share: float
    joined: bool


class Variables:
    """The ``OTEL_*`` variables of one environment; an empty one counts as not set, as the standard has it.

    Args:
        environment: What stands in the environment.

    Raises:
        ConfigError: A variable is not text.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._set = {
            key: value
            for key, value in environment.items()
            if key.startswith("OTEL_") and value.strip()
        }
        for name, value in self._set.items():
            if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
                raise refused(name, inert(value), "text in UTF-8")

    @property
    def disabled(self) -> bool:
        """Whether all of it is turned off.

        Raises:
            ConfigError: It is neither said nor denied.
        """
        self._check("OTEL_SDK_DISABLED", _BOOLEAN)
        return self._word("OTEL_SDK_DISABLED") == "true"

    def check(self, target: Target) -> None:
        """Check every variable that has a say where telemetry goes to ``target``.

        Raises:
            ConfigError: One holds what cannot be.
        """
        for signal in SIGNALS:
            self._check(f"OTEL_{signal.upper()}_EXPORTER", one_of(target, "none"))
        for name, form in _ALWAYS.items():
            self._check(name, form)
        self._check_ratio()
        for prefix in _QUEUES:
            self._check_batch(prefix)
        if target == "otlp":
            for signal in self.wanted:
                self._check_exporter(signal)

    @property
    def wanted(self) -> tuple[Signal, ...]:
        """The signals that are not left out."""
        return tuple(
            each for each in SIGNALS if self._word(f"OTEL_{each.upper()}_EXPORTER") != "none"
        )

    @property
    def spans(self) -> Queue:
        """The queue of spans."""
        return self._queue("BSP")

    @property
    def log_records(self) -> Queue:
        """The queue of log records."""
        return self._queue("BLRP")

    @property
    def interval(self) -> float:
        """How many milliseconds lie between two deliveries of metrics."""
        return float(self._set.get("OTEL_METRIC_EXPORT_INTERVAL", 60_000))

    @property
    def patience(self) -> float:
        """How many milliseconds collecting metrics may take."""
        return float(self._set.get("OTEL_METRIC_EXPORT_TIMEOUT", 30_000))

    @property
    def sampling(self) -> Sampling:
        """Which traces are told."""
        name = self._word("OTEL_TRACES_SAMPLER") or "parentbased_always_on"
        kind = name.removeprefix("parentbased_")
        fixed = {"always_on": 1.0, "always_off": 0.0}.get(kind)
        share = self._set.get("OTEL_TRACES_SAMPLER_ARG", 1) if fixed is None else fixed
        return Sampling(float(share), joined=name != kind)

    @property
    def exemplars(self) -> str:
        """Which measurements are told with their trace."""
        return self._set.get("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based")

    @property
    def service_named(self) -> bool:
        """Whether the environment says what the process is called."""
        return "OTEL_SERVICE_NAME" in self._set or "service.name" in self._set.get(
            "OTEL_RESOURCE_ATTRIBUTES", ""
        )

    def address(self, signal: Signal) -> str:
        """Return where a signal goes."""
        of_its_own = self._set.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT")
        base = self._set.get("OTEL_EXPORTER_OTLP_ENDPOINT", _NOWHERE)
        return of_its_own or f"{base.removesuffix('/')}/v1/{signal}"

    def credentials(self, signal: Signal) -> bool:
        """Tell whether a plug-in of the library makes a signal's connection."""
        return self._effective(_CREDENTIALS, signal) in self._set

    def _queue(self, prefix: str) -> Queue:
        size = int(self._set.get(f"OTEL_{prefix}_MAX_QUEUE_SIZE", _QUEUE_SIZE))
        batch = self._set.get(f"OTEL_{prefix}_MAX_EXPORT_BATCH_SIZE")
        delay = int(self._set.get(f"OTEL_{prefix}_SCHEDULE_DELAY", _QUEUES[prefix]))
        return Queue(size, min(_BATCH_SIZE, size) if batch is None else int(batch), delay)

    def _check_batch(self, prefix: str) -> None:
        """Refuse a batch that is larger than its queue: it would never be full."""
        queue = self._queue(prefix)
        if queue.batch > queue.size:
            at_most = f"at most {queue.size}, which is what OTEL_{prefix}_MAX_QUEUE_SIZE allows"
            raise refused(f"OTEL_{prefix}_MAX_EXPORT_BATCH_SIZE", str(queue.batch), at_most)

    def _check_ratio(self) -> None:
        if self._word("OTEL_TRACES_SAMPLER").endswith("traceidratio"):
            self._check("OTEL_TRACES_SAMPLER_ARG", number(0, 1))

    def _check_exporter(self, signal: Signal) -> None:
        for ending, form in _OF_EXPORTERS.items():
            name = self._effective(f"OTEL_EXPORTER_OTLP_{{}}{ending}", signal)
            self._check(name, form)
        self._check(self._effective(_CREDENTIALS, signal), _SESSIONS)
        if signal == "metrics":
            for name, form in _OF_METRICS.items():
                self._check(name, form)

    def _effective(self, pattern: str, signal: Signal) -> str:
        """Return the name of the variable that counts for a signal: its own where that is set."""
        general, own = pattern.format(""), pattern.format(f"{signal.upper()}_")
        first, second = (general, own) if pattern == _CREDENTIALS else (own, general)
        return first if first in self._set else second

    def _word(self, name: str) -> str:
        return self._set.get(name, "").strip().lower()

    def _check(self, name: str, form: Form) -> None:
        value = self._set.get(name)
        if value is not None and (allowed := form.refuses(value)):
            raise refused(name, form.shown(value), allowed)


def refused(name: str, shown: str, allowed: str) -> ConfigError:
    """Return the error about a variable that holds what cannot be.

    Args:
        name: The variable's.
        shown: Its value as it may be shown; empty where it may not.
        allowed: What would be right.
    """
    value = f" is {shown!r}, and" if shown else ""
    return ConfigError(
        f"Tracing is on, and {name}{value} has to be {allowed}.",
        where=name,
        hint='Change or unset the variable; or set traces = "off".',
    )
