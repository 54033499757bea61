"""Resources of queries and of the batches that follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from localorg.cursors import BATCH, SMALLEST
from localorg.errors import ApiError
from localorg.exchange import Call, Reply, Route
from localorg.session import Session
from localorg.soql.answers import run_query

Parts = Mapping[str, str]

_BATCH_SIZE: Final = re.compile(r"batchSize\s*=\s*(\d{1,9})", re.ASCII | re.IGNORECASE)


def query(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer a SOQL query."""
    return Reply(200, run_query(session, call.parameter("q"), batch=_batch(call)))


def query_all(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer a SOQL query, deleted records among the rest."""
    batch = _batch(call)
    return Reply(200, run_query(session, call.parameter("q"), include_deleted=True, batch=batch))


def query_more(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the batch a locator names."""
    path = session.resource("query")
    return Reply(200, session.cursors.further(session.user_id, path, parts["locator"]))


def _batch(call: Call) -> int:
    """Return how many records one answer holds; a wish out of range is brought into it, as on the platform."""
    options = call.headers.get("sforce-query-options", "")
    if not options:
        return BATCH
    found = _BATCH_SIZE.fullmatch(options.strip())
    if found is None:
        message = "Sforce-Query-Options is batchSize=N, N from 200 to 2000"
        raise ApiError(400, "INVALID_HEADER", message)
    return max(SMALLEST, min(BATCH, int(found[1])))


ROUTES = (
    Route("GET", "/query", query),
    Route("GET", "/queryAll", query_all),
    Route("GET", "/query/{locator}", query_more),
)
"""The routes of queries."""
