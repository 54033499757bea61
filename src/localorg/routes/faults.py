"""The administrator's resources of faults, latency and the calls made."""

from __future__ import annotations

from collections.abc import Mapping

from localorg.errors import invalid_json
from localorg.exchange import Call, Reply, Route
from localorg.fault_kinds import parse_fault
from localorg.faults import Faults
from localorg.session import Session
from localorg.usage import Usage

_MAX_LATENCY = 10_000


def fault_routes(faults: Faults, usage: Usage) -> tuple[Route, ...]:
    """Return the routes that arm and release faults, set the latency and tell the calls made."""

    def add(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        faults.add(parse_fault(call.fields()))
        return Reply(204)

    def told(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        return Reply(200, {"faults": faults.told()})

    def clear(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        faults.clear()
        return Reply(204)

    def release(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
        name = call.fields().get("name")
        faults.release(None if name is None else str(name))
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
        Route("GET", "/localorg/faults", told),
        Route("DELETE", "/localorg/faults", clear, _always_reads),
        Route("POST", "/localorg/faults/release", release, _always_reads),
        Route("POST", "/localorg/latency", latency, _always_reads),
        Route("GET", "/localorg/calls", calls),
        Route("DELETE", "/localorg/calls", reset, _always_reads),
    )


def _always_reads(_call: Call) -> bool:
    """None of these touches the database."""
    return True
