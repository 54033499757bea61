"""The port of tracing: the calls tell what they are doing and what came of it; whoever listens decides what to tell on.

Nothing here knows OpenTelemetry. `actwright.telemetry.otel` is the adapter; where tracing is off, `NoTracing` stands in
its place, and nothing is made, kept or sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from typing import Any, Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal[
    "plan",
    "preview",
    "confirm",
    "run",
    "continue",
    "undo",
    "recover",
    "intervene",
]
"""What can be traced: the calls, by the words of the glossary."""

Told: TypeAlias = Sequence[tuple[str, Mapping[str, Any]]]
"""Events as they were appended to a run's journal: the kind and the data of each."""

_CARRIED: ContextVar[Mapping[str, str]] = ContextVar("actwright_trace_headers")


class Activity(Protocol):
    """One thing that is being done, from entering its context to leaving it; an error that leaves it is its end."""

    def about(self, subject: object) -> None:
        """Tell what it is done to, where that is known only now: a plan, a preview, the id of a run."""
        ...

    def done(self, result: object) -> None:
        """Tell what came of it: a planning outcome, a preview, a confirmation, an envelope."""
        ...


class Tracing(Protocol):
    """Listens to what is done. Nothing it does raises or delays what it listens to."""

    @property
    def on(self) -> bool:
        """Whether anybody listens; where not, nothing need be told."""
        ...

    def activity(self, kind: Kind, subject: object) -> AbstractContextManager[Activity]:
        """Open an activity; what is done inside its context belongs to it.

        Args:
            kind: What is done.
            subject: What it is done to: the words of a goal, a document, or the id of one.
        """
        ...

    def appended(self, run_id: str, events: Told, actor: str) -> None:
        """Hear of events this process has appended to a run's journal, once they are durable.

        What was appended before, or elsewhere, is never told: a replay and an import are silent by construction.
        """
        ...

    def sending(self, run_id: str, group_id: str) -> AbstractContextManager[None]:
        """Return the context in which an effect group's call goes out, so that the call belongs to it."""
        ...


class Untraced:
    """An activity nobody listens to."""

    def about(self, subject: object) -> None:
        """Tell nobody."""

    def done(self, result: object) -> None:
        """Tell nobody."""


_UNTRACED = Untraced()


class NoTracing:
    """Listens to nothing: tracing is off."""

    @property
    def on(self) -> bool:
        """Always False."""
        return False

    def activity(self, kind: Kind, subject: object) -> AbstractContextManager[Activity]:  # noqa: ARG002 - a port
        """Open nothing."""
        return nullcontext(_UNTRACED)

    def appended(self, run_id: str, events: Told, actor: str) -> None:
        """Hear nothing."""

    def sending(self, run_id: str, group_id: str) -> AbstractContextManager[None]:  # noqa: ARG002 - a port
        """Return a context that is none."""
        return nullcontext()


def trace_headers() -> Mapping[str, str]:
    """Return the headers by which a request of now belongs to its trace (W3C ``traceparent``); none where tracing is off.

    Whatever speaks HTTP for a call adds them to its requests.
    """
    return _CARRIED.get({})


def carrying(headers: Mapping[str, str]) -> AbstractContextManager[None]:
    """Let requests inside the context carry these headers; threads that copy the context carry them too."""
    return _Carrying(headers)


class _Carrying(AbstractContextManager[None]):
    """The context of `carrying`."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __enter__(self) -> None:
        self._token = _CARRIED.set(self._headers)

    def __exit__(self, *_: object) -> None:
        with suppress(
            ValueError
        ):  # a coroutine that was let go ends in whichever context clears up
            _CARRIED.reset(self._token)
