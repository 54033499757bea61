"""Resources of queries and of the batches that follow."""

from __future__ import annotations

from collections.abc import Mapping

from localorg.exchange import Call, Reply, Route
from localorg.session import Session
from localorg.soql.answers import run_query

Parts = Mapping[str, str]


def query(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer a SOQL query."""
    return Reply(200, run_query(session, call.parameter("q")))


def query_all(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer a SOQL query, deleted records among the rest."""
    return Reply(200, run_query(session, call.parameter("q"), include_deleted=True))


def query_more(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the batch a locator names."""
    path = session.resource("query")
    return Reply(200, session.cursors.further(session.user_id, path, parts["locator"]))


ROUTES = (
    Route("GET", "/query", query),
    Route("GET", "/queryAll", query_all),
    Route("GET", "/query/{locator}", query_more),
)
"""The routes of queries."""
