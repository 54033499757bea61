"""Several calls as one: up to 25 subrequests in order, each able to use the answers before it.

With ``allOrNone`` the first failure takes back everything and every other subrequest answers
``PROCESSING_HALTED``; without it each subrequest stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from localorg.database import savepoint
from localorg.errors import ApiError, halted, invalid_json
from localorg.exchange import Call, Reply, Route, Router
from localorg.routes import collections, metadata, queries, rows
from localorg.session import Session

MAX_SUBREQUESTS: Final = 25
MAX_QUERIES: Final = 5
"""Queries and collections together, of the subrequests of one call."""

INNER: Final = Router(
    (*metadata.ROUTES, *queries.ROUTES, *collections.ROUTES, *rows.ROUTES),
)
"""The routes a subrequest may take."""

_REFERENCE: Final = re.compile(r"@\{([A-Za-z]\w*)((?:\.\w+|\[\d+\])*)\}", re.ASCII)
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)
_VERSIONED: Final = re.compile(r"/services/data/v(\d\d\.0)(?=[/?]|$)")
_REDIRECTS: Final = 300
"""The first HTTP status that is not a success; an upsert's 300 is not one either."""
_RESERVED: Final = frozenset({"accept", "authorization", "content-type"})


@dataclass(frozen=True, slots=True)
class Subrequest:
    """One call inside the call, its references not yet resolved."""

    reference_id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: object


def composite(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
    """Answer a composite call; it always succeeds as a whole, its subrequests may not.

    Raises:
        ApiError: The call itself is malformed, and no subrequest was made.
    """
    body = call.fields()
    subrequests = _subrequests(body)
    all_or_none = body.get("allOrNone") is True
    answers: list[tuple[Subrequest, Reply]] = []
    results: dict[str, object] = {}
    with savepoint(session.connection) as mark:
        for each in subrequests:
            reply = _answer(session, _atomic(each) if all_or_none else each, results)
            answers.append((each, reply))
            if all_or_none and _failed(reply):
                mark.abandon()
                break
            if reply.status < _REDIRECTS:
                results[each.reference_id] = reply.body
    if mark.abandoned:
        answers = _halted(subrequests, answers[-1])
    return Reply(200, {"compositeResponse": [_entry(*each) for each in answers]})


def reads(call: Call) -> bool:
    """Tell whether every subrequest of a composite call only reads."""
    entries = call.body.get("compositeRequest") if isinstance(call.body, dict) else None
    return isinstance(entries, list) and all(
        isinstance(each, dict) and each.get("method") == "GET" for each in entries
    )


def _subrequests(body: Mapping[str, object]) -> list[Subrequest]:
    entries = body.get("compositeRequest")
    if not isinstance(entries, list) or not entries:
        raise invalid_json("compositeRequest must be a list of subrequests")
    if len(entries) > MAX_SUBREQUESTS:
        message = f"The composite request has more than {MAX_SUBREQUESTS} subrequests"
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    subrequests = [_subrequest(each) for each in entries]
    names = [each.reference_id for each in subrequests]
    if len(set(names)) < len(names):
        raise invalid_json("Each subrequest needs a referenceId of its own")
    heavy = [each for each in subrequests if "/query" in each.url or "/composite/" in each.url]
    if len(heavy) > MAX_QUERIES:
        message = f"The composite request has more than {MAX_QUERIES} queries and collections"
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    return subrequests


def _subrequest(entry: object) -> Subrequest:
    if not isinstance(entry, dict):
        raise invalid_json("A subrequest must be an object")
    name, method, url = (_text(entry, key) for key in ("referenceId", "method", "url"))
    if not _NAME.fullmatch(name):
        raise invalid_json(f"referenceId {name[:40]!r} must be letters, digits and underscores")
    headers = entry.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise invalid_json("httpHeaders must be an object")
    lowered = {str(k).lower(): str(v) for k, v in headers.items()}
    if _RESERVED & set(lowered):
        raise invalid_json("httpHeaders cannot set Accept, Authorization or Content-Type")
    return Subrequest(name, method.upper(), url, lowered, entry.get("body"))


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise invalid_json(f"A subrequest needs the text {key}")
    return value


def _atomic(subrequest: Subrequest) -> Subrequest:
    """Return a collection's subrequest with ``allOrNone``, which the outer one imposes on it."""
    url, body = subrequest.url, subrequest.body
    if "/composite/sobjects" not in url:
        return subrequest
    if subrequest.method == "DELETE":
        return replace(subrequest, url=f"{url}&allOrNone=true")
    return replace(subrequest, body={**body, "allOrNone": True} if isinstance(body, dict) else body)


def _failed(reply: Reply) -> bool:
    """Tell whether a subrequest, or one row of its collection, was refused."""
    rows = reply.body if isinstance(reply.body, list) else []
    refused = any(isinstance(each, dict) and each.get("success") is False for each in rows)
    return refused or reply.status >= _REDIRECTS


def _answer(session: Session, subrequest: Subrequest, results: Mapping[str, object]) -> Reply:
    """Make one subrequest; whatever it wrote before failing is taken back."""
    try:
        with savepoint(session.connection):
            return _dispatch(session, subrequest, results)
    except ApiError as error:
        return Reply(error.status, error.body())


def _dispatch(session: Session, subrequest: Subrequest, results: Mapping[str, object]) -> Reply:
    def encoded(match: re.Match[str]) -> str:
        return quote(_text_of(_resolve(match, results)), safe="")

    url = _REFERENCE.sub(encoded, subrequest.url)
    version = _VERSIONED.match(url)
    if version is None or not metadata.spoken(version[1]):
        raise ApiError(400, "INVALID_URL", "a subrequest's url starts with /services/data/vNN.0")
    body = _substituted(subrequest.body, results)
    call = Call.to(subrequest.method, url[version.end() :], subrequest.headers, body)
    route, parts = INNER.find(call.method, call.path)
    return route.handler(session, call, parts)


def _substituted(value: object, results: Mapping[str, object]) -> object:
    if isinstance(value, dict):
        return {key: _substituted(each, results) for key, each in value.items()}
    if isinstance(value, list):
        return [_substituted(each, results) for each in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None:
        return _resolve(whole, results)
    return _REFERENCE.sub(lambda match: _text_of(_resolve(match, results)), value)


def _text_of(value: object) -> str:
    return "true" if value is True else "false" if value is False else str(value)


def _resolve(match: re.Match[str], results: Mapping[str, object]) -> object:
    name, path = match.groups()
    value: object = results.get(name)
    for step in _steps(path):
        value = _step(value, step)
    if value is None:
        message = f"Invalid reference specified. No value for {name}{path} found in {name}."
        raise ApiError(400, "PROCESSING_HALTED", message)
    return value


def _steps(path: str) -> Iterator[str | int]:
    for match in _STEP.finditer(path):
        key, index = match.groups()
        yield key if key is not None else int(index)


def _step(value: object, step: str | int) -> object:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and step < len(value) else None


def _halted(
    subrequests: list[Subrequest], failed: tuple[Subrequest, Reply]
) -> list[tuple[Subrequest, Reply]]:
    rest = Reply(400, halted().body())
    return [(each, failed[1] if each is failed[0] else rest) for each in subrequests]


def _entry(subrequest: Subrequest, reply: Reply) -> dict[str, object]:
    return {
        "body": reply.body,
        "httpHeaders": dict(reply.headers),
        "httpStatusCode": reply.status,
        "referenceId": subrequest.reference_id,
    }


ROUTES: Final = (Route("POST", "/composite", composite, reads),)
"""The route of composite calls."""
