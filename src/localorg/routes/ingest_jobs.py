"""Resources of jobs that change records: made, given their upload, started, aborted, told about."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import chain, islice
from typing import Final, cast

from localorg.bulk.ingest import FAILED, OPERATIONS, SUCCEEDED
from localorg.bulk.job import (
    UNFINISHED,
    Job,
    State,
    new_job,
    results_of,
    save_job,
    save_upload,
    upload_of,
)
from localorg.bulk.table import Table, read_table
from localorg.errors import ApiError, invalid_json, not_found
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
from localorg.upserts import upsert_field

Parts = Mapping[str, str]

_KEYS: Final = frozenset({"object", "externalIdFieldName"})
_UPSERT: Final = "upsert"
_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "UploadComplete": frozenset({"Open"}),
    "Aborted": frozenset({"Open"}) | UNFINISHED,
}
"""The states a caller may set, and those from which."""


def post_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Make a job, open for its upload."""
    request = requested(call.fields(), _KEYS, OPERATIONS)
    name = request.get("object", "")
    definition = session.catalogue.get(name)
    if definition is None or not session.access.can(definition.name, "read"):
        raise invalid_job(f"Unable to find object: {name}")
    if (request["operation"] == _UPSERT) != ("externalIdFieldName" in request):
        raise invalid_job("externalIdFieldName is given for an upsert, and for nothing else")
    if request["operation"] == _UPSERT:
        upsert_field(session, definition, request["externalIdFieldName"])
    request["object"] = definition.name
    job = new_job(session.connection, "ingest", session.user_id, session.timestamp, request)
    return Reply(200, told(session, job))


def get_jobs(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the user's jobs."""
    return listed(session, "ingest")


def get_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer how far a job came."""
    return Reply(200, told(session, own_job(session, "ingest", parts["id"])))


def put_upload(session: Session, call: Call, parts: Parts) -> Reply:
    """Take a job's upload, which comes once and whole."""
    job = own_job(session, "ingest", parts["id"])
    if job.state != "Open":
        raise invalid_state(job, "only an open job takes an upload")
    if not isinstance(call.body, str):
        raise invalid_json("an upload is text/csv")
    try:
        save_upload(session.connection, job, call.body)
    except sqlite3.IntegrityError as error:
        message = (
            f"Found multiple contents for job: <{job.job_id}>, please 'Close' / 'Abort' / 'Delete' the"
            " current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
        raise ApiError(400, "CLIENTERROR", message) from error
    return Reply(201)


def patch_job(session: Session, call: Call, parts: Parts) -> Reply:
    """Start a job whose upload is there, or abort it."""
    job = own_job(session, "ingest", parts["id"])
    state = call.fields().get("state")
    if state not in _MOVES or len(call.fields()) != 1:
        raise invalid_job(f"state is one of {', '.join(_MOVES)}, and nothing else can be changed")
    if job.state not in _MOVES[str(state)]:
        raise invalid_state(job, f"it cannot become {state}")
    if state == "UploadComplete" and upload_of(session.connection, job) is None:
        raise invalid_state(job, "it has no upload")
    job = job.moved(cast("State", state), session.timestamp)
    save_job(session.connection, job)
    if state == "UploadComplete":
        session.start_job(job)
    return Reply(200, told(session, job))


def delete_job(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Forget a job."""
    return deleted(session, "ingest", parts["id"])


def get_results(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the rows that succeeded, those refused, or those never tried."""
    job = own_job(session, "ingest", parts["id"])
    kind = parts["results"].lower()
    table = _table(session, job)
    if kind == "unprocessedrecords":
        rows = islice(table.rows, job.processed, None)
        return as_csv("".join(map(job.dialect.line, chain([table.header], rows))))
    if kind not in _RESULTS:
        raise not_found()
    name, stored = _RESULTS[kind]
    header = job.dialect.line(("sf__Id", name, *table.header))
    return as_csv(header + "".join(results_of(session.connection, job, stored)))


def _table(session: Session, job: Job) -> Table:
    """Return the upload; one that is no table has neither header nor rows."""
    try:
        return read_table(upload_of(session.connection, job) or "", job.dialect)
    except ApiError:
        return Table((), ())


_RESULTS: Final = {
    "successfulresults": ("sf__Created", SUCCEEDED),
    "failedresults": ("sf__Error", FAILED),
}

ROUTES: Final = (
    Route("POST", "/jobs/ingest", post_job),
    Route("GET", "/jobs/ingest", get_jobs),
    Route("GET", "/jobs/ingest/{id}", get_job),
    Route("PATCH", "/jobs/ingest/{id}", patch_job),
    Route("DELETE", "/jobs/ingest/{id}", delete_job),
    Route("PUT", "/jobs/ingest/{id}/batches", put_upload),
    Route("GET", "/jobs/ingest/{id}/{results}", get_results),
)
"""The routes of jobs that change records."""
