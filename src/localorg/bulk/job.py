"""A job: what was asked for, how far it came, and where it is kept.

Jobs lie in the org's file, so that one outlives the process that began it: a chunk of rows and the note of how
far the job came are one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from localorg.bulk.table import Dialect
from localorg.errors import not_found
from localorg.ids import new_id

State = Literal["Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted"]
"""Where a job stands."""

Kind = Literal["ingest", "query"]

UNFINISHED: Final = frozenset({"UploadComplete", "InProgress"})
"""The states in which a job is being carried out."""

_PREFIX: Final = "750"


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Attributes:
        job_id: Its 18-character id.
        kind: Whether it changes or reads.
        owner: The id of the user whose rights it has.
        state: Where it stands.
        created: When it was made.
        modified: When its state last changed.
        request: What was asked for, by the names of the wire.
        processed: The rows tried, or read.
        failed: The rows refused.
        seconds: The time spent on it.
        message: Why it failed as a whole.
    """

    job_id: str
    kind: Kind
    owner: str
    state: State
    created: str
    modified: str
    request: Mapping[str, str]
    processed: int = 0
    failed: int = 0
    seconds: float = 0
    message: str | None = None

    @property
    def dialect(self) -> Dialect:
        """How its tables are written."""
        return Dialect(self.request["columnDelimiter"], self.request["lineEnding"])

    def moved(self, state: State, timestamp: str, message: str | None = None) -> Job:
        """Return the job in another state."""
        return replace(self, state=state, modified=timestamp, message=message)


def new_job(
    connection: sqlite3.Connection, kind: Kind, owner: str, now: str, request: Mapping[str, str]
) -> Job:
    """Store and return a fresh job: open for its upload, or, for a query, ready to be carried out."""
    state: State = "Open" if kind == "ingest" else "UploadComplete"
    job = Job(new_id(connection, _PREFIX), kind, owner, state, now, now, request)
    save_job(connection, job)
    return job


def save_job(connection: sqlite3.Connection, job: Job) -> None:
    """Store a job as it is now."""
    connection.execute(
        "INSERT OR REPLACE INTO localorg_job VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            job.job_id,
            job.kind,
            job.owner,
            job.state,
            job.created,
            job.modified,
            json.dumps(dict(job.request)),
            job.processed,
            job.failed,
            job.seconds,
            job.message,
        ),
    )


def find_job(connection: sqlite3.Connection, kind: Kind, job_id: str) -> Job:
    """Return a job.

    Raises:
        ApiError: ``NOT_FOUND``.
    """
    row = connection.execute(
        "SELECT * FROM localorg_job WHERE kind = ? AND substr(id, 1, 15) = ? AND ? IN (id, substr(id, 1, 15))",
        (kind, job_id[:15], job_id),
    ).fetchone()
    if row is None:
        raise not_found()
    return _job(row)


def jobs_of(connection: sqlite3.Connection, kind: Kind, owner: str) -> list[Job]:
    """Return a user's jobs of a kind, oldest first."""
    rows = connection.execute(
        "SELECT * FROM localorg_job WHERE kind = ? AND owner = ? ORDER BY created, id",
        (kind, owner),
    )
    return [_job(row) for row in rows]


def unfinished_jobs(connection: sqlite3.Connection) -> list[Job]:
    """Return the jobs that are to be carried out, oldest first."""
    marks = ", ".join("?" * len(UNFINISHED))
    rows = connection.execute(
        f"SELECT * FROM localorg_job WHERE state IN ({marks}) ORDER BY created, id",  # noqa: S608 - question marks
        sorted(UNFINISHED),
    )
    return [_job(row) for row in rows]


def delete_job(connection: sqlite3.Connection, job: Job) -> None:
    """Forget a job, its upload and its results."""
    connection.execute("DELETE FROM localorg_job WHERE id = ?", (job.job_id,))
    for table in ("localorg_job_upload", "localorg_job_result"):
        connection.execute(f"DELETE FROM {table} WHERE job_id = ?", (job.job_id,))  # noqa: S608 - our own names


def save_upload(connection: sqlite3.Connection, job: Job, content: str) -> None:
    """Keep a job's upload.

    Raises:
        sqlite3.IntegrityError: It has one.
    """
    connection.execute("INSERT INTO localorg_job_upload VALUES (?, ?)", (job.job_id, content))


def upload_of(connection: sqlite3.Connection, job: Job) -> str | None:
    """Return a job's upload, or None where it has none."""
    row = connection.execute(
        "SELECT content FROM localorg_job_upload WHERE job_id = ?", (job.job_id,)
    ).fetchone()
    return None if row is None else str(row[0])


def add_result(connection: sqlite3.Connection, job: Job, kind: str, lines: list[str]) -> None:
    """Keep the result lines of the rows up to where the job came."""
    connection.execute(
        "INSERT INTO localorg_job_result VALUES (?, ?, ?, ?)",
        (job.job_id, kind, job.processed, json.dumps(lines)),
    )


def results_of(connection: sqlite3.Connection, job: Job, kind: str) -> Iterator[str]:
    """Yield a job's result lines of a kind, in the order of its rows."""
    rows = connection.execute(
        "SELECT lines FROM localorg_job_result WHERE job_id = ? AND kind = ? ORDER BY position",
        (job.job_id, kind),
    )
    for row in rows:
        yield from json.loads(row[0])


def _job(row: sqlite3.Row) -> Job:
    return Job(
        job_id=row["id"],
        kind=row["kind"],
        owner=row["owner"],
        state=row["state"],
        created=row["created"],
        modified=row["modified"],
        request=json.loads(row["request"]),
        processed=row["processed"],
        failed=row["failed"],
        seconds=row["seconds"],
        message=row["message"],
    )
