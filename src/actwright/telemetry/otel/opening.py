"""Opening: whether tracing is on, and the adapter where it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from actwright.errors import ConfigError
from actwright.inert import inert
from actwright.model.exchange import ExchangeSink
from actwright.telemetry.log.entry import Sink
from actwright.tracing import NoTracing, Tracing

PIP = "pip install 'actwright[otel]'"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Traces:
    """Tracing as it was opened, by what listens to what.

    Attributes:
        tracing: Listens to the calls and to the journal.
        exchanges: Listen to exchanges with models; none where tracing is off.
        contents: Further sinks of the prompt log, which are handed redacted texts; none unless content is told.
    """

    tracing: Tracing
    exchanges: tuple[ExchangeSink, ...] = ()
    contents: tuple[Sink, ...] = ()


class TraceSettings(Protocol):
    """What the settings say of traces."""

    @property
    def traces(self) -> Literal["off", "console", "otlp"]:
        """Where traces, metrics and log records go."""

    @property
    def traces_content(self) -> bool:
        """Whether texts are told too, redacted: goals, prompts, replies."""

    @property
    def model(self) -> str:
        """The model that is asked, by the name it is asked by."""

    @property
    def model_url(self) -> str:
        """The address of its service."""


def open_tracing(settings: TraceSettings, stack: ExitStack) -> Traces:
    """Return what listens; where nothing is to, nothing is imported.

    Args:
        settings: What they say of traces.
        stack: Closes it, and waits two seconds at most for what is left to deliver.

    Raises:
        ConfigError: The extra ``otel`` is not installed, or an ``OTEL_*`` variable holds what cannot be.
    """
    if settings.traces == "off":
        return Traces(NoTracing())
    from actwright.telemetry.otel.variables import Variables  # noqa: PLC0415 - only where it is on

    variables = Variables(os.environ)
    if variables.disabled:
        return Traces(NoTracing())
    variables.check(settings.traces)  # first: the library reads some as it is imported
    with _understood():
        from actwright.telemetry.otel.adapter import OpenTelemetry  # noqa: PLC0415 - an extra
        from actwright.telemetry.otel.chats import Service  # noqa: PLC0415 - an extra
        from actwright.telemetry.otel.providers import providers  # noqa: PLC0415 - an extra

        made = providers(settings.traces, variables)
    stack.callback(made.close)
    service = Service(settings.model, settings.model_url)
    adapter = OpenTelemetry(made, service=service, content=settings.traces_content)
    contents = () if adapter.contents is None else (adapter.contents,)
    return Traces(adapter, (adapter,), contents)


def traces_state(settings: TraceSettings) -> str:
    """Return where telemetry goes, for who looks after an installation; a collector is asked, for two seconds at most.

    Args:
        settings: What they say of traces.

    Raises:
        ConfigError: Tracing is on, and cannot be, or the collector does not take what it is sent.
    """
    if settings.traces == "off":
        return "off"
    from actwright.telemetry.otel.variables import Variables  # noqa: PLC0415 - only where it is on

    variables = Variables(os.environ)
    if variables.disabled:
        return "off, by OTEL_SDK_DISABLED"
    variables.check(settings.traces)
    with _understood():
        from actwright.telemetry.otel.probing import probe  # noqa: PLC0415 - an extra

        return "on, to stderr" if settings.traces == "console" else probe(variables)


@contextmanager
def _understood() -> Iterator[None]:
    """Let the library's faults leave as errors of the settings."""
    try:
        yield
    except ConfigError:
        raise
    except ImportError as missing:
        raise ConfigError(
            f"Tracing is on, and OpenTelemetry is not installed: {missing.name} is missing.",
            where="traces",
            hint=f'{PIP}; or set traces = "off".',
        ) from missing
    except Exception as unfit:  # the library raises what it likes
        why = inert(str(unfit).rstrip("."), limit=_LONGEST) or type(unfit).__name__
        raise ConfigError(
            f"Tracing is on, and OpenTelemetry cannot be set up: {why}.",
            where="traces",
            hint='Check the variables that begin with OTEL_; or set traces = "off".',
        ) from unfit
