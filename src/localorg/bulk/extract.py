"""Queries of jobs: every row found, as one table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from localorg.bulk.job import Job, add_result, save_job
from localorg.session import Session
from localorg.soql.answers import flat_query, run_flat

FOUND: Final = "found"

ALL_ROWS: Final = "queryAll"
OPERATIONS: Final = frozenset({"query", ALL_ROWS})
"""What a job may read."""


def extract(session: Session, job: Job) -> Job:
    """Run a job's query, keep its lines after the header's, and return the job with their number.

    Raises:
        ApiError: The query can no longer be run: the user's rights, say, have changed.
    """
    deleted = job.request["operation"] == ALL_ROWS
    compiled = flat_query(session, job.request["query"], include_deleted=deleted)
    header = job.dialect.line(".".join(each.names) for each in compiled.outputs)
    rows = run_flat(session, compiled)
    lines = [job.dialect.line(map(_cell, row)) for row in rows]
    job = replace(job, processed=len(lines))
    add_result(session.connection, job, FOUND, [header, *lines])
    save_job(session.connection, job)
    return job


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
