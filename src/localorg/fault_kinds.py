"""The kinds of faults by name, and faults read from a request's body or from a call's own header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from localorg.errors import invalid_json
from localorg.faults import Fault, Match

HEADER: Final = "x-localorg-fault"
"""The header by which a call asks for a fault of its own: a kind, and options such as ``slow; delayMs=200``."""

_KEYS: Final = frozenset(
    {
        "match", "kind", "name", "nth", "times", "after", "delayMs",
        "status", "body", "headers", "drop",
    }
)  # fmt: skip
_MATCH_KEYS: Final = frozenset({"method", "pathContains", "path", "writes"})
_OPTIONS: Final = frozenset({"after", "delayMs"})
_MOST_DELAY: Final = 60_000


def _body(code: str, message: str) -> list[dict[str, object]]:
    return [{"errorCode": code, "message": message}]


KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "answer": {},
    "lost-answer": {"end": "drop", "after_commit": True},
    "lost-request": {"end": "drop"},
    "cut-answer": {"end": "cut"},
    "row-lock": {"end": "own", "locked": True},
    "slow": {"end": "own", "delay_seconds": 1.0},
    "hang": {"end": "own", "hold": True},
    "server-error": {
        "status": 500,
        "body": _body("UNKNOWN_EXCEPTION", "An unexpected error occurred"),
    },
    "unavailable": {
        "status": 503,
        "body": _body("SERVER_UNAVAILABLE", "server is temporarily unavailable"),
    },
    "expired-session": {
        "status": 401,
        "body": _body("INVALID_SESSION_ID", "Session expired or invalid"),
    },
    "request-limit": {
        "status": 403,
        "body": _body("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    },
}
"""What each kind is made of. ``answer`` is the one whose status, body and headers the caller gives."""


def parse_fault(body: Mapping[str, object]) -> Fault:
    """Return the fault a request describes.

    Raises:
        ApiError: A key is unknown or its value out of range.
    """
    unknown = set(body) - _KEYS
    if unknown:
        raise invalid_json(f"a fault has the keys {sorted(_KEYS)}")
    kind = body.get("kind", "answer")
    made = _made(kind) | {"match": _match(body.get("match", {})), "kind": str(kind)}
    made |= _answer(body) if kind == "answer" else {}
    made |= _timing(body)
    return Fault(
        name=str(body.get("name", "")),
        nth=_count(body, "nth"),
        times=_count(body, "times"),
        **made,
    )


def fault_of_header(value: str) -> Fault:
    """Return the fault a call asks for by its own header.

    Raises:
        ApiError: There is no such kind, or an option is unknown or out of range.
    """
    kind, *options = (each.strip() for each in value.split(";"))
    pairs = dict(each.partition("=")[::2] for each in options if each)
    if set(pairs) - _OPTIONS:
        raise invalid_json(f"{HEADER} takes a kind and the options {sorted(_OPTIONS)}")
    given: dict[str, object] = dict(pairs)
    if "delayMs" in pairs:
        given["delayMs"] = float(pairs["delayMs"]) if pairs["delayMs"].isdecimal() else -1
    return Fault(kind=kind, **_made(kind) | _timing(given))


def _made(kind: object) -> dict[str, Any]:
    if not isinstance(kind, str) or kind not in KINDS:
        raise invalid_json(f"the kinds of faults are {', '.join(sorted(KINDS))}")
    return dict(KINDS[kind])


def _match(told: object) -> Match:
    if not isinstance(told, dict) or set(told) - _MATCH_KEYS:
        raise invalid_json(f"the match of a fault has the keys {sorted(_MATCH_KEYS)}")
    method = told.get("method")
    return Match(
        method=None if method is None else str(method).upper(),
        path_contains=str(told.get("pathContains", "")),
        path=str(told.get("path", "*")),
        writes=told.get("writes") is True,
    )


def _answer(body: Mapping[str, object]) -> dict[str, Any]:
    status, headers = body.get("status", 503), body.get("headers", {})
    in_order = isinstance(status, int) and 200 <= status <= 599  # noqa: PLR2004 - HTTP
    if not in_order or not isinstance(headers, dict):
        raise invalid_json("status is 200 to 599, headers an object")
    return {
        "status": status,
        "body": body.get("body"),
        "headers": {str(name): str(value) for name, value in headers.items()},
        "end": "drop" if body.get("drop") is True else "answer",
    }


def _timing(body: Mapping[str, object]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    after, delay = body.get("after"), body.get("delayMs")
    if after not in {None, "before", "commit"}:
        raise invalid_json("after is before or commit")
    if after is not None:
        made["after_commit"] = after == "commit"
    if delay is not None:
        number = isinstance(delay, int | float) and not isinstance(delay, bool)
        if not number or not 0 <= delay <= _MOST_DELAY:  # type: ignore[operator]  # just looked at
            raise invalid_json(f"delayMs is a number from 0 to {_MOST_DELAY}")
        made["delay_seconds"] = delay / 1000  # type: ignore[operator]  # as above
    return made


def _count(body: Mapping[str, object], key: str) -> int:
    count = body.get(key, 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise invalid_json(f"{key} is a whole number from 1")
    return count
