"""The worker of jobs: patient where the file is held, and at an end where the job is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from localorg.bulk.job import Job, delete_job, find_job, new_job, save_upload, unfinished_jobs
from localorg.database import Database
from localorg.errors import ApiError
from localorg.schema.catalogue import load_catalogue
from localorg.service import Service

REQUEST = {
    "operation": "insert",
    "object": "Account",
    "columnDelimiter": "COMMA",
    "lineEnding": "LF",
}
NOW = "2026-11-21T10:00:00.000+0000"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Give an org without records or users."""
    catalogue = load_catalogue()
    with closing(Database(str(tmp_path / "org.db"), catalogue)) as database:
        yield Service(database, catalogue)


def begun(service: Service) -> Job:
    """Store a job of one row that waits to be carried out by a user who is not there."""
    with service.database.write() as connection:
        job = new_job(connection, "ingest", "005000000000000AAA", NOW, REQUEST)
        save_upload(connection, job, "Name\nx\n")
        moved = job.moved("UploadComplete", NOW)
        connection.execute("UPDATE localorg_job SET state = ?", (moved.state,))
    return moved


def unfinished(service: Service) -> list[Job]:
    """Return the jobs still to be carried out."""
    with service.database.read() as connection:
        return unfinished_jobs(connection)


def eventually(done: Callable[[], bool]) -> bool:
    """Wait a moment for something to happen behind the call."""
    for _ in range(500):
        if done():
            return True
        time.sleep(0.01)
    return False


def test_a_held_file_delays_a_job_and_does_not_end_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a write is refused because another process holds the file, the job tries again."""
    job, refusals = begun(service), [1, 2, 3]
    write = service.database.write

    @contextmanager
    def held() -> Iterator[object]:
        if refusals:
            refusals.pop()
            raise ApiError(400, "UNABLE_TO_LOCK_ROW", "held")
        with write() as connection:
            yield connection

    monkeypatch.setattr(service.database, "write", held)
    service.worker.start(job)
    assert eventually(lambda: not unfinished(service))
    assert refusals == []


def test_a_job_without_rights_fails_as_a_whole(service: Service) -> None:
    """An owner who may no longer see the object changes nothing, and the job says so."""
    service.worker.start(begun(service))
    assert eventually(lambda: not unfinished(service))
    with service.database.read() as connection:
        told = connection.execute("SELECT state, processed FROM localorg_job").fetchone()
    assert tuple(told) == ("Failed", 0)


def test_a_job_that_is_gone_is_let_go(service: Service) -> None:
    """A worker whose job was forgotten meanwhile stops without a word."""
    job = begun(service)
    with service.database.write() as connection:
        delete_job(connection, job)
    upload, more = service.worker.advance(job, None)
    assert (upload, more) == (None, False)


def test_a_job_by_which_the_org_breaks_fails(
    service: Service, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever waits for it is not left waiting; the cause goes to standard error."""
    job = begun(service)

    def broken(*_: object) -> None:
        raise LookupError("broken on purpose")

    monkeypatch.setattr(service.worker, "session_of", broken)
    service.worker.start(job)
    assert eventually(lambda: not unfinished(service))
    with service.database.read() as connection:
        found = find_job(connection, "ingest", job.job_id)
    assert (found.state, "purpose" in (found.message or "")) == ("Failed", False)
    assert "broken on purpose" in capfd.readouterr().err
