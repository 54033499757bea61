"""Resources of jobs that read records: made, told about, and their rows fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from localorg.bulk.extract import ALL_ROWS, FOUND, OPERATIONS
from localorg.bulk.job import UNFINISHED, new_job, results_of, save_job
from localorg.errors import ApiError
from localorg.exchange import Call, Reply, Route
from localorg.routes.jobs import (
    as_csv,
    deleted,
    invalid_job,
    invalid_state,
    listed,
    own_job,
    requested,
    told,
)
from localorg.session import Session
from localorg.soql.answers import flat_query

Parts = Mapping[str, str]

_PAGE: Final = 50_000
"""Rows in one answer, where the caller does not say."""


def post_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Make a job out of a query and start it."""
    request = requested(call.fields(), frozenset({"query"}), OPERATIONS)
    if not request.get("query"):
        raise invalid_job("query is required")
    everything = request["operation"] == ALL_ROWS
    compiled = flat_query(session, request["query"], include_deleted=everything)
    request["object"] = compiled.definition.name
    job = new_job(session.connection, "query", session.user_id, session.timestamp, request)
    session.start_job(job)
    return Reply(200, told(session, job))


def get_jobs(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the user's jobs."""
    return listed(session, "query")


def get_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer how far a job came."""
    return Reply(200, told(session, own_job(session, "query", parts["id"])))


def patch_job(session: Session, call: Call, parts: Parts) -> Reply:
    """Abort a job."""
    job = own_job(session, "query", parts["id"])
    if call.fields() != {"state": "Aborted"}:
        raise invalid_job("state can be set to Aborted, and nothing else be changed")
    if job.state not in UNFINISHED:
        raise invalid_state(job, "it cannot become Aborted")
    job = job.moved("Aborted", session.timestamp)
    save_job(session.connection, job)
    return Reply(200, told(session, job))


def delete_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Forget a job."""
    return deleted(session, "query", parts["id"])


def get_results(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer rows found, from where the locator says, as many as ``maxRecords``."""
    job = own_job(session, "query", parts["id"])
    if job.state != "JobComplete":
        raise invalid_state(job, "it has no results yet")
    start, most = _number(call, "locator", 0), _number(call, "maxRecords", _PAGE)
    header, *lines = results_of(session.connection, job, FOUND)
    if most == 0 or start > len(lines):
        raise ApiError(400, "INVALID_QUERY_LOCATOR", "locator or maxRecords is out of range")
    rows, end = lines[start : start + most], start + most
    locator = str(end) if end < len(lines) else "null"
    headers = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(len(rows))}
    return as_csv(header + "".join(rows), headers)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isdecimal():
        raise ApiError(400, "INVALID_QUERY_LOCATOR", f"{name} must be a whole number")
    return int(text)


ROUTES: Final = (
    Route("POST", "/jobs/query", post_job),
    Route("GET", "/jobs/query", get_jobs),
    Route("GET", "/jobs/query/{id}", get_job),
    Route("PATCH", "/jobs/query/{id}", patch_job),
    Route("DELETE", "/jobs/query/{id}", delete_job),
    Route("GET", "/jobs/query/{id}/results", get_results),
)
"""The routes of jobs that read records."""
