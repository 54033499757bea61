"""The current span: made, entered and left, so that what is done inside belongs to it, requests over HTTP included."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from actwright.tracing import carrying

_W3C: Final = TraceContextTextMapPropagator()
_FROM_ENVIRONMENT: Final = {"traceparent": "TRACEPARENT", "tracestate": "TRACESTATE"}


class Current(AbstractContextManager[None]):
    """The context in which a span is the current one.

    Args:
        span: The span; it is not ended here.
    """

    def __init__(self, span: Span) -> None:
        self._span = span

    def __enter__(self) -> None:
        inside = trace.set_span_in_context(self._span)
        self._token = contexts.attach(inside)
        self._carrying = carrying(_headers(inside))
        self._carrying.__enter__()

    def __exit__(self, *_: object) -> None:
        self._carrying.__exit__(None, None, None)
        contexts.detach(self._token)


def outer() -> Context:
    """Return the context a new span belongs to: the current one, else that of the process which started this one.

    A process hands its trace on in the variables ``TRACEPARENT`` and ``TRACESTATE``, as a request does in headers.
    """
    here = contexts.get_current()
    if trace.get_current_span(here).get_span_context().is_valid:
        return here
    carried = {
        header: os.environ[variable]
        for header, variable in _FROM_ENVIRONMENT.items()
        if variable in os.environ
    }
    return _W3C.extract(carried, here) if carried else here


def _headers(context: Context) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    _W3C.inject(headers, context)
    return headers
