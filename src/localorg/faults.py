"""Faults on demand: a server that fails the way servers do, so that a client's tests can meet it.

A fault waits for calls that match and then answers in the org's place, before the call is carried out or after it
was committed; or it drops the connection without a word. The resources lie under ``/localorg/`` and take a user
with View Setup.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from localorg.errors import invalid_json
from localorg.exchange import Call, Reply, Route
from localorg.session import Session
from localorg.usage import Usage

_KEYS: Final = frozenset({"match", "status", "body", "headers", "times", "after", "drop"})
_MATCH_KEYS: Final = frozenset({"method", "pathContains"})
_MAX_LATENCY: Final = 10_000


@dataclass
class Fault:
    """What to answer instead, to which calls, how often."""

    method: str | None
    path_contains: str
    status: int
    body: object
    headers: Mapping[str, str]
    times: int
    after_commit: bool
    drop: bool

    def matches(self, method: str, path: str) -> bool:
        """Tell whether the fault is meant for a call."""
        return self.method in {None, method} and self.path_contains in path


@dataclass
class Faults:
    """The faults that wait, and the latency every call suffers."""

    latency_ms: float = 0
    _waiting: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for a call, spending one of its times, or None."""
        with self._lock:
            for fault in self._waiting:
                if fault.matches(method, path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None


def parse_fault(body: Mapping[str, object]) -> Fault:
    """Return the fault a request describes.

    Raises:
        ApiError: A key is unknown or its value out of range.
    """
    match = body.get("match", {})
    unknown = set(body) - _KEYS
    if not isinstance(match, dict) or unknown or set(match) - _MATCH_KEYS:
        raise invalid_json(f"a fault has the keys {sorted(_KEYS)}, its match {sorted(_MATCH_KEYS)}")
    after = body.get("after", "before")
    status, times = body.get("status", 503), body.get("times", 1)
    headers = body.get("headers", {})
    in_order = isinstance(status, int) and 200 <= status <= 599  # noqa: PLR2004 - HTTP
    if after not in {"before", "commit"} or not in_order or not isinstance(headers, dict):
        raise invalid_json("after is before or commit, status 200 to 599, headers an object")
    if not isinstance(times, int) or times < 1 or not isinstance(status, int):
        raise invalid_json("times is a whole number from 1")
    method = match.get("method")
    return Fault(
        None if method is None else str(method).upper(),
        str(match.get("pathContains", "")),
        status,
        body.get("body"),
        {str(name): str(value) for name, value in headers.items()},
        times,
        after == "commit",
        body.get("drop") is True,
    )


def fault_routes(faults: Faults, usage: Usage) -> tuple[Route, ...]:
    """Return the routes that set faults and latency and tell the calls made."""

    def add(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        faults.add(parse_fault(call.fields()))
        return Reply(204)

    def clear(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        faults.clear()
        return Reply(204)

    def latency(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        wanted = call.fields().get("ms")
        if not isinstance(wanted, int | float) or not 0 <= wanted <= _MAX_LATENCY:
            raise invalid_json(f"ms is a number from 0 to {_MAX_LATENCY}")
        faults.latency_ms = wanted
        return Reply(204)

    def calls(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        return Reply(200, {"count": usage.count, "recent": usage.recent()})

    def reset(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        usage.reset()
        return Reply(204)

    return (
        Route("POST", "/localorg/faults", add, _always_reads),
        Route("DELETE", "/localorg/faults", clear, _always_reads),
        Route("POST", "/localorg/latency", latency, _always_reads),
        Route("GET", "/localorg/calls", calls),
        Route("DELETE", "/localorg/calls", reset, _always_reads),
    )


def _always_reads(_call: Call) -> bool:
    """None of these touches the database."""
    return True
