"""Jobs carried out behind the calls: one thread a job, one transaction a chunk.

What a chunk wrote and how far the job came are committed together, so that a job which another process left
unfinished goes on where it stopped, and no row is tried twice.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from localorg.bulk.extract import extract
from localorg.bulk.ingest import Upload, carry_on, open_upload
from localorg.bulk.job import Job, save_job, unfinished_jobs
from localorg.database import Database
from localorg.errors import ApiError
from localorg.session import Session

SessionOf = Callable[[sqlite3.Connection, Job], Session]
"""Returns the session a job is carried out in: its owner's."""

_PAUSE = 0.001
"""Seconds between two chunks, in which calls that wait for the database get their turn."""


@dataclass
class Worker:
    """Carries out the jobs of one org."""

    database: Database
    session_of: SessionOf

    def start(self, job: Job) -> None:
        """Carry a job out, as soon as the running transaction is committed."""
        threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def resume(self) -> None:
        """Go on with the jobs that an earlier process left unfinished."""
        with self.database.read() as connection:
            left = unfinished_jobs(connection)
        for each in left:
            self.start(each)

    def _run(self, job: Job) -> None:
        upload: Upload | None = None
        going = True
        while going:
            try:
                upload, going = self.advance(job, upload)
            except ApiError:
                # Another process may hold the file longer than a write waits: the job is patient.
                pass
            except sqlite3.ProgrammingError:
                # The file was closed under it: whoever opens it again goes on with the job.
                return
            except Exception:  # noqa: BLE001 - a job whose thread is gone must not stay in progress for ever
                traceback.print_exc()
                going = not self._broken(job)
            time.sleep(_PAUSE)

    def _broken(self, job: Job) -> bool:
        """Let a job fail by which the org itself broke; False where that cannot be written down now."""
        try:
            with self.database.write() as connection:
                left = [each for each in unfinished_jobs(connection) if each.job_id == job.job_id]
                for each in left:
                    message = "UNKNOWN_EXCEPTION : An unexpected error occurred"
                    save_job(connection, each.moved("Failed", each.modified, message))
        except ApiError:
            return False
        return True

    def advance(self, job: Job, upload: Upload | None) -> tuple[Upload | None, bool]:
        """Take a job one step further, unless it was ended or forgotten; tell whether there is more.

        Args:
            job: The job as it was when it was started.
            upload: What the step before has read, or None for the first.

        Raises:
            ApiError: ``UNABLE_TO_LOCK_ROW`` where another process holds the file.
        """
        with self.database.write() as connection:
            left = [each for each in unfinished_jobs(connection) if each.job_id == job.job_id]
            return self._step(connection, left[0], upload) if left else (None, False)

    def _step(
        self, connection: sqlite3.Connection, job: Job, upload: Upload | None
    ) -> tuple[Upload | None, bool]:
        began = time.monotonic()
        session = self.session_of(connection, job)
        try:
            if upload is None and job.kind == "ingest":
                upload = open_upload(session, job)
            job, done = _carried_on(session, job, upload)
        except ApiError as error:
            save_job(connection, job.moved("Failed", session.timestamp, error.message))
            return None, False
        job = job.moved("JobComplete" if done else "InProgress", session.timestamp)
        save_job(connection, replace(job, seconds=job.seconds + time.monotonic() - began))
        return upload, not done


def _carried_on(session: Session, job: Job, upload: Upload | None) -> tuple[Job, bool]:
    if upload is None:
        return extract(session, job), True
    job = carry_on(session, job, upload)
    return job, job.processed >= len(upload.table.rows)
