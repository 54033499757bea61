"""Quieting: what the library logs of our own doing is not put before anybody as it is; of anybody else's it tells as ever."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

Note: TypeAlias = Callable[[str], None]
"""Takes what the library would have logged."""

_NOTE: Final[ContextVar[Note | None]] = ContextVar("actwright_quieted", default=None)
_QUOTING_HEADERS: Final = "opentelemetry.util.re"
"""The library's logger that repeats headers it cannot read."""
_TALKATIVE: Final = (
    _QUOTING_HEADERS,
    "opentelemetry.context",
    "opentelemetry.exporter.otlp.common._aggregation",
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.proto.common._internal.metrics_encoder",
    "opentelemetry.exporter.otlp.proto.http._common",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.exporter.otlp.proto.http.metric_exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk._logs._internal",
    "opentelemetry.sdk._logs._internal.export",
    "opentelemetry.sdk._shared_internal",
    "opentelemetry.sdk.environment_variables._internal",
    "opentelemetry.sdk.metrics._internal",
    "opentelemetry.sdk.metrics._internal.export",
    "opentelemetry.sdk.resources",
    "opentelemetry.sdk.trace",
    "opentelemetry.sdk.trace.export",
    "opentelemetry.sdk.trace.sampling",
    "opentelemetry.util._providers",
)
"""The library's loggers that tell of setting up, of queues and of each try to deliver."""


@contextmanager
def quiet(note: Note) -> Iterator[None]:
    """Hand what the library logs inside the context to ``note``, and let it be logged nowhere."""
    token = _NOTE.set(note)
    try:
        yield
    finally:
        _NOTE.reset(token)


def hush() -> None:
    """Make `quiet` hold; may be called again."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if name == _QUOTING_HEADERS and _UNQUOTED not in logger.filters:
            logger.addFilter(_UNQUOTED)
        if _FOREIGN_ONLY not in logger.filters:
            logger.addFilter(_FOREIGN_ONLY)


class _ForeignOnly(logging.Filter):
    """Lets pass what is told of doings that are not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record passes."""
        note = _NOTE.get()
        if note is not None:
            note(record.getMessage())
        return note is None


class _Unquoted(logging.Filter):
    """Lets pass that headers are malformed, and not what they say: they hold keys."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass without what it quotes."""
        record.args = ("(not repeated here)",) if record.args else None
        return True


_FOREIGN_ONLY: Final = _ForeignOnly()
_UNQUOTED: Final = _Unquoted()
