"""Resources of both kinds of jobs: looked up, listed, told, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from localorg.bulk.job import UNFINISHED, Job, Kind, delete_job, find_job, jobs_of
from localorg.bulk.table import DELIMITERS, LINE_ENDINGS
from localorg.errors import ApiError
from localorg.exchange import Reply
from localorg.session import Session

Fields = Mapping[str, object]

_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "columnDelimiter": DELIMITERS,
    "lineEnding": LINE_ENDINGS,
    "contentType": {"CSV": ""},
}
_DEFAULTS: Final = {"columnDelimiter": "COMMA", "lineEnding": "LF", "contentType": "CSV"}
_CSV: Final = "text/csv"


def own_job(session: Session, kind: Kind, job_id: str) -> Job:
    """Return a job of the session's user.

    Raises:
        ApiError: ``NOT_FOUND``, for somebody else's too.
    """
    job = find_job(session.connection, kind, job_id)
    if job.owner != session.user_id:
        raise ApiError(404, "NOT_FOUND", "The requested resource does not exist")
    return job


def requested(body: Fields, known: frozenset[str], operations: frozenset[str]) -> dict[str, str]:
    """Return what a new job is asked to do, defaults filled in.

    Args:
        body: The body of the call.
        known: The keys this kind of job has beside those of every job.
        operations: What this kind of job does.

    Raises:
        ApiError: ``INVALIDJOB`` for an unknown key, a value that is no text, or one out of place.
    """
    unknown = sorted(set(body) - known - set(_CHOICES) - {"operation"})
    if unknown or not all(isinstance(each, str) for each in body.values()):
        raise invalid_job(f"Unexpected parameter or value: {', '.join(unknown) or 'not a text'}")
    request = _DEFAULTS | {name: str(value) for name, value in body.items()}
    for name, choices in _CHOICES.items():
        if request[name] not in choices:
            raise invalid_job(f"{name} must be one of {', '.join(choices)}")
    if request.get("operation") not in operations:
        raise invalid_job(f"operation must be one of {', '.join(sorted(operations))}")
    return request


def invalid_job(message: str) -> ApiError:
    """Return the refusal of a job that cannot be."""
    return ApiError(400, "INVALIDJOB", f"InvalidJob : {message}")


def invalid_state(job: Job, wanted: str) -> ApiError:
    """Return the refusal of something a job's state does not allow."""
    message = f"InvalidJobState : job {job.job_id} is {job.state}: {wanted}"
    return ApiError(400, "INVALIDJOBSTATE", message)


def told(session: Session, job: Job) -> dict[str, object]:
    """Return a job as the platform tells it."""
    milliseconds = round(job.seconds * 1000)
    body: dict[str, object] = {
        "id": job.job_id,
        "operation": job.request["operation"],
        "createdById": job.owner,
        "createdDate": job.created,
        "systemModstamp": job.modified,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(session.version),
        "lineEnding": job.request["lineEnding"],
        "columnDelimiter": job.request["columnDelimiter"],
        "jobType": "V2Ingest" if job.kind == "ingest" else "V2Query",
        "numberRecordsProcessed": job.processed,
        "retries": 0,
        "totalProcessingTime": milliseconds,
    }
    names = ("object", "externalIdFieldName")
    body |= {name: job.request[name] for name in names if name in job.request}
    if job.kind == "ingest":
        path = session.resource("jobs", "ingest", job.job_id, "batches")
        body |= {"contentUrl": path.removeprefix("/"), "numberRecordsFailed": job.failed}
        body |= {"apexProcessingTime": 0, "apiActiveProcessingTime": milliseconds}
    return body if job.message is None else body | {"errorMessage": job.message}


def listed(session: Session, kind: Kind) -> Reply:
    """Answer the user's jobs of a kind."""
    jobs = [told(session, each) for each in jobs_of(session.connection, kind, session.user_id)]
    return Reply(200, {"done": True, "records": jobs, "nextRecordsUrl": None})


def deleted(session: Session, kind: Kind, job_id: str) -> Reply:
    """Forget a job, unless it is being carried out."""
    job = own_job(session, kind, job_id)
    if job.state in UNFINISHED:
        raise invalid_state(job, "abort it before it is deleted")
    delete_job(session.connection, job)
    return Reply(204)


def as_csv(content: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer a table."""
    return Reply(200, content, headers or {}, _CSV)
