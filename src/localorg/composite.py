"""Several calls as one: up to 25 subrequests in order, each able to use the answers before it.

With ``allOrNone`` the first failure takes back everything and every other subrequest answers
``PROCESSING_HALTED``; without it each subrequest stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from localorg.database import savepoint
from localorg.errors import ApiError
from localorg.exchange import Call, Reply, Route, Router
from localorg.routes import collections, metadata, queries, rows
from localorg.session import Session
from localorg.subrequests import (
    REDIRECTS,
    Subrequest,
    entry,
    halted_entries,
    make,
    read_subrequests,
)

MAX_SUBREQUESTS: Final = 25
MAX_QUERIES: Final = 5
"""Queries and collections together, of the subrequests of one call."""

INNER: Final = Router(
    (*metadata.ROUTES, *queries.ROUTES, *collections.ROUTES, *rows.ROUTES),
)
"""The routes a subrequest may take."""


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
            reply = make(session, INNER, _atomic(each) if all_or_none else each, results)
            answers.append((each, reply))
            if all_or_none and _failed(reply):
                mark.abandon()
                break
            if reply.status < REDIRECTS:
                results[each.reference_id] = reply.body
    entries = [entry(*each) for each in answers]
    if mark.abandoned:
        entries = halted_entries(subrequests, *answers[-1])
    return Reply(200, {"compositeResponse": entries})


def reads(call: Call) -> bool:
    """Tell whether every subrequest of a composite call only reads."""
    entries = call.body.get("compositeRequest") if isinstance(call.body, dict) else None
    return isinstance(entries, list) and all(
        isinstance(each, dict) and each.get("method") == "GET" for each in entries
    )


def _subrequests(body: Mapping[str, object]) -> list[Subrequest]:
    entries = body.get("compositeRequest")
    if isinstance(entries, list) and len(entries) > MAX_SUBREQUESTS:
        message = f"The composite request has more than {MAX_SUBREQUESTS} subrequests"
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    subrequests = read_subrequests(entries)
    heavy = [each for each in subrequests if "/query" in each.url or "/composite/" in each.url]
    if len(heavy) > MAX_QUERIES:
        message = f"The composite request has more than {MAX_QUERIES} queries and collections"
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    return subrequests


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
    return refused or reply.status >= REDIRECTS


ROUTES: Final = (Route("POST", "/composite", composite, reads),)
"""The route of composite calls."""
