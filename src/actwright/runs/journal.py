"""The journal: append-only, hash-chained per run. The journal is the run; state is a fold over it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from actwright.canonical import canonical_bytes
from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import NotFoundError, StoreError
from actwright.runs.event import GENESIS, EventKind, JournalEvent
from actwright.store.database import Database
from actwright.store.documents import stored_json

Entry = tuple[EventKind, dict[str, Any]]
"""What is appended: the kind of event and its data."""


class Journal:
    """The events of all runs in one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open a transaction of the store, for events that are written together with something else."""
        return self._database.write()

    def append(
        self, run_id: str, entries: Sequence[Entry], *, actor: str, after: JournalEvent | None
    ) -> JournalEvent:
        """Append events behind ``after`` in one commit, and return the last of them.

        Raises:
            StoreError: Somebody else appended meanwhile, or the store cannot be written.
        """
        with self._database.write() as connection:
            return self.append_within(connection, run_id, entries, actor=actor, after=after)

    def append_within(
        self,
        connection: sqlite3.Connection,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: JournalEvent | None,
    ) -> JournalEvent:
        """Append events inside an open transaction; ``seq`` is the optimistic lock."""
        last = after
        for kind, data in entries:
            at = timestamp(self._clock.now())
            last = JournalEvent.following(
                last, run_id=run_id, at=at, kind=kind, actor=actor, data=data
            )
            _insert(connection, last)
        if last is None:
            raise ValueError("nothing to append")
        return last

    def events(self, run_id: str) -> tuple[JournalEvent, ...]:
        """Return a run's events in order.

        Raises:
            NotFoundError: There is no such run.
        """
        rows = self._rows(run_id) if run_id.isascii() else []
        if not rows:
            raise NotFoundError(
                f"There is no run {run_id[:60]!r} in this store.", hint="actwright ps"
            )
        return tuple(_read(row) for row in rows)

    def _rows(self, run_id: str) -> list[tuple[object, ...]]:
        with self._database.read() as connection:
            return connection.execute(
                "SELECT run_id, seq, at, kind, actor, data, prev_hash, hash FROM journal "
                "WHERE run_id = ? ORDER BY seq",
                (run_id,),
            ).fetchall()

    def run_ids(self, *, limit: int) -> tuple[str, ...]:
        """Return the ids of the newest runs, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT run_id FROM journal WHERE kind = 'run_started' "
                "ORDER BY at DESC, run_id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(str(row[0]) for row in rows)

    def runs_undoing(self, run_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the runs that were to take back each of these, oldest first; none for those nobody did."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT CASE WHEN json_valid(data) THEN json_extract(data, '$.undoes') END AS undone, run_id "
                "FROM journal WHERE kind = 'run_started' "
                "AND undone IN (SELECT value FROM json_each(?)) ORDER BY at, run_id",
                (json.dumps(list(run_ids)),),
            ).fetchall()
        found: dict[str, list[str]] = {}
        for undone, by in rows:
            found.setdefault(str(undone), []).append(str(by))
        return {undone: tuple(by) for undone, by in found.items()}


def first_fault(events: Sequence[JournalEvent]) -> str | None:
    """Return what is wrong with a run's chain, naming the first bad event, or None where it is whole."""
    prev_hash = GENESIS
    for position, event in enumerate(events, start=1):
        if event.seq != position:
            return f"event {position} is missing"
        if event.prev_hash != prev_hash:
            return f"event {event.seq} does not follow the one before it"
        if event.hash != event.expected_hash():
            return f"event {event.seq} ({event.kind}) was changed after it was written"
        prev_hash = event.hash
    return None


def _insert(connection: sqlite3.Connection, event: JournalEvent) -> None:
    try:
        connection.execute(
            "INSERT INTO journal (run_id, seq, at, kind, actor, data, prev_hash, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.run_id,
                event.seq,
                event.at,
                event.kind,
                event.actor,
                canonical_bytes(event.data).decode(),
                event.prev_hash,
                event.hash,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise StoreError(
            f"Event {event.seq} of {event.run_id} was already written by somebody else.",
            hint=f"actwright inspect {event.run_id}",
        ) from error


def _read(row: tuple[object, ...]) -> JournalEvent:
    names = ("run_id", "seq", "at", "kind", "actor", "data", "prev_hash", "hash")
    values = dict(zip(names, row, strict=True))
    where = f"event {values['seq']} of {values['run_id']}"
    values["data"] = stored_json(str(values["data"]), where=where)
    return validated(JournalEvent, values, where=where)
