"""Runs on the record, for tests of the journal's keeping; and somebody who changes rows past the program."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from actwright.runs.keeping.compacting import Compacting
from actwright.runs.keeping.exporting import Exporting
from actwright.runs.keeping.importing import Importing
from actwright.runs.keeping.seal import Seal
from actwright.runs.keeping.seal_key import PublicKey, SealKey
from actwright.runs.keeping.sealing import Sealing
from actwright.runs.keeping.verification import Verification
from actwright.runs.keeping.verifying import verify
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.store.blobs import FileBlobs
from actwright.store.database import Database

BEGUN = datetime(2026, 11, 20, 9, tzinfo=UTC)
UNDO = timedelta(days=30)


class SteppingClock:
    """A clock that goes on by a second each time it is asked, and by more where a test says so."""

    def __init__(self, moment: datetime = BEGUN) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the next second."""
        self.moment += timedelta(seconds=1)
        return self.moment


def started(run_id: str, **more: Any) -> Entry:
    """Return the first event of a run."""
    data = {
        "goal": "Close the deal",
        "planId": f"plan_{run_id}",
        "previewId": f"prv_{run_id}",
        "confirmationId": f"cnf_{run_id}",
        "digest": "d",
        "user": "alice",
        "org": "00D",
    }
    return ("run_started", data | more)


def intended(number: int = 1) -> Entry:
    """Return the intent of a group."""
    return ("group_intended", {"groupId": f"g{number}", "effects": [f"a{number}.1"], "stage": 1})


def settled(number: int = 1, **more: Any) -> Entry:
    """Return the outcome of a group."""
    data = {"groupId": f"g{number}", "outcomes": [{"effectId": "a1.1", "status": "done"}]}
    return ("group_settled", data | more)


def ended(status: str = "completed", *, done: int = 0) -> Entry:
    """Return the end of a run."""
    envelope = {"success": status == "completed", "effectsDone": done}
    return ("run_ended", {"envelope": envelope, "status": status})


@dataclass
class Kept:
    """A store with its journal, its blobs and its key, in a folder of the test's own."""

    database: Database
    folder: Path
    clock: SteppingClock

    def __post_init__(self) -> None:
        """Open the journal."""
        self.journal = Journal(self.database, self.clock, FileBlobs(self.folder / "blobs"))
        self.key = SealKey(self.folder / "seal.key")

    @property
    def public(self) -> PublicKey | None:
        """The public key, where one was made."""
        return self.key.public if self.key.exists else None

    @property
    def sealing(self) -> Sealing:
        """The seals."""
        return Sealing(self.database, self.clock, self.key)

    @property
    def exporting(self) -> Exporting:
        """The way out."""
        return Exporting(self.database, self.journal.offloading, self.clock)

    @property
    def importing(self) -> Importing:
        """The way in."""
        return Importing(self.database, self.journal.offloading, self.public)

    @property
    def compacting(self) -> Compacting:
        """The way out for old runs."""
        return Compacting(self.exporting, self.sealing, UNDO)

    def run(self, run_id: str, *entries: Entry, **more: Any) -> Head:
        """Write a run down: the given events behind its first one; a whole short run where none are given."""
        given = entries or (intended(), settled(), ended())
        return self.journal.append(
            run_id, [started(run_id, **more), *given], actor="al", after=None
        )

    def verify(self, run_id: str | None = None, *, against: Seal | None = None) -> Verification:
        """Verify the store."""
        return verify(
            self.database,
            self.journal.offloading,
            run_id=run_id,
            public=self.public,
            against=against,
        )

    def faults(self, run_id: str | None = None, *, against: Seal | None = None) -> list[str]:
        """Return what verifying finds wrong."""
        return [str(each) for each in self.verify(run_id, against=against).faults]

    def tamper(self, *statements: str) -> None:
        """Change rows with the guards out of the way, as an administrator of the database could."""
        with unguarded(self.database) as execute:
            for each in statements:
                execute(each)


@contextlib.contextmanager
def unguarded(database: Database) -> Iterator[Any]:
    """Give a way to run statements that no trigger holds up."""
    if database.dialect == "sqlite":
        stranger = sqlite3.connect(database.name, isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        guards = stranger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        told = guards.fetchall()
        for name, _ in told:
            stranger.execute(f"DROP TRIGGER {name}")
        yield stranger.execute
        for _, sql in told:
            stranger.execute(sql)
        stranger.execute("COMMIT")
        stranger.close()
        return
    with psycopg.connect(database.name, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        yield lambda statement: server.execute(statement.encode())


def rows(database: Database, sql: str) -> Sequence[tuple[Any, ...]]:
    """Return the rows of a query."""
    with database.read() as transaction:
        return transaction.execute(sql).fetchall()
