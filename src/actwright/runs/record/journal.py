"""The journal: append-only, hash-chained per run. The journal is the run; state is a fold over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import ActwrightError, JournalDamagedError, StoreError
from actwright.runs.record.appending import Also, Appending, check_order, news
from actwright.runs.record.chain import COLUMNS, Link, check_whole, hash_of
from actwright.runs.record.event import GENESIS, EventKind, JournalEvent
from actwright.runs.record.head import Head
from actwright.runs.record.migrations import check_known, version_of
from actwright.runs.record.offloading import Offloading, is_reference, text_of
from actwright.runs.record.projection import Columns, changes
from actwright.runs.record.rebuilding import catch_up
from actwright.runs.record.register import Register, can_be_id
from actwright.store.blobs import Blobs
from actwright.store.commits import UNCERTAIN
from actwright.store.database import Database, Transaction

Entry = tuple[EventKind, dict[str, Any]]
"""What is appended: the kind of event and its data."""

Heard = Callable[[str, Sequence[Entry], str], None]
"""Hears of a run's events once they are durable, with who acts: only of those this journal appends itself."""


class Journal:
    """The events of all runs in one store.

    Args:
        database: The store; a register that an older program did not write is made on the way.
        clock: For the time of each event.
        blobs: Where large data is kept; in the journal itself where left out.
        heard: Hears of what is appended; it must not raise.

    Raises:
        StoreError: The store cannot be read, or its register cannot be made.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        blobs: Blobs | None = None,
        *,
        heard: Heard | None = None,
    ) -> None:
        self.database = database
        self._clock = clock
        self._heard = heard
        self.offloading = Offloading(blobs)
        self._register = Register(database)
        catch_up(database, self.offloading)

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction of the store, for events that are written together with something else."""
        return self.database.write()

    def append(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Append events behind ``after`` in one durable commit, and return the run's new head.

        Args:
            run_id: The run.
            entries: Kinds and data of the events, in order.
            actor: Who acts.
            after: The run's newest event; None starts the run.
            also: What is written first in the same transaction; its exception takes all back.
            at: When they happened; now where left out.

        Raises:
            JournalConflictError: Somebody else appended meanwhile, or the run has ended; nothing was written.
            DocumentError: The data of an event has no canonical form.
            StoreError: The store cannot be written.
        """
        texts = self._kept([text_of(data) for _, data in entries])
        head = self._committed(
            self._prepared(run_id, entries, texts, actor, after, also=also, at=at)
        )
        self.tell(run_id, entries, actor)
        return head

    async def aappend(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Do the same from an event loop.

        Raises:
            JournalConflictError: As `append` does.
            DocumentError: As `append` does.
            StoreError: As `append` does.
        """
        texts = [text_of(data) for _, data in entries]
        if any(map(self.offloading.takes, texts)):
            texts = await asyncio.to_thread(self._kept, texts)
        work = self._prepared(run_id, entries, texts, actor, after, also=also, at=at)
        try:
            head = await self.database.acommit(work)
        except StoreError as lost:
            if lost.error_code != UNCERTAIN:
                raise
            head = await asyncio.to_thread(self._written_again, work)
        self.tell(run_id, entries, actor)
        return head

    def append_within(
        self,
        transaction: Transaction,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        beside: Columns | None = None,
    ) -> Head:
        """Append events inside an open transaction; once that is durable, whoever opened it calls `tell`.

        Args:
            transaction: The transaction.
            run_id: The run.
            entries: Kinds and data of the events, in order.
            actor: Who acts.
            after: The run's newest event; None starts the run.
            beside: What the register's row is to hold that no event tells: who has the run.

        Raises:
            JournalConflictError: As `append` does; the transaction has to be rolled back.
            DocumentError: As `append` does.
        """
        texts = self._kept([text_of(data) for _, data in entries])
        return self._prepared(run_id, entries, texts, actor, after, beside=beside)(transaction)

    def tell(self, run_id: str, entries: Sequence[Entry], actor: str) -> None:
        """Let whoever listens hear of events that were just appended, and are durable."""
        if self._heard is not None:
            self._heard(run_id, entries, actor)

    def events(
        self, run_id: str, *, after: int = 0, upto: int | None = None
    ) -> tuple[JournalEvent, ...]:
        """Return a run's events in order.

        Args:
            run_id: The run.
            after: Only events behind that one.
            upto: Only events up to and with that one; to the newest where left out.

        Raises:
            NotFoundError: There is no such run.
            JournalUnknownError: A newer program has written one of them.
            JournalDamagedError: Offloaded data is missing or is not what was stored, or all events are gone.
            DocumentError: An event was damaged.
        """
        found = self._links(run_id, after, upto) if can_be_id(run_id) else []
        return tuple(map(self._read, found or self._missed(run_id, after, upto)))

    def whole(self, run_id: str) -> tuple[JournalEvent, ...]:
        """Return a run's events as `events` does, for somebody who acts on them.

        Raises:
            JournalDamagedError: They are not as they were written, up to the newest the register knows of.
        """
        head, events = self.head(run_id), self.events(run_id)  # they may grow in between
        check_whole(events, head)
        return events

    def head(self, run_id: str) -> Head:
        """Return where a run stands.

        Raises:
            NotFoundError: There is no such run.
        """
        row = self._register.row(run_id)
        return Head(run_id, row.seq, row.hash, row.updated_at)

    def run_ids(self, *, limit: int) -> tuple[str, ...]:
        """Return the ids of the newest runs, newest first."""
        return tuple(each.run_id for each in self._register.newest(limit))

    def runs_undoing(self, run_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the runs that were to take back each of these, oldest first; none for those nobody did."""
        return self._register.undoing(run_ids)

    def _committed(self, work: Appending) -> Head:
        try:
            return self.database.commit(work)
        except StoreError as lost:
            if lost.error_code != UNCERTAIN:
                raise
        return self._written_again(work)

    def _written_again(self, work: Appending) -> Head:
        """Write what may have been written: it goes in once, and where it is in already, its head is the run's.

        Raises:
            StoreError: As `append` does.
        """
        try:
            return self.database.commit(work)
        except ActwrightError:
            newest, last = self.head(work.head.run_id), work.links[-1]
            if newest.hash != last[8]:
                raise
            return newest

    def _kept(self, texts: Sequence[str]) -> list[str]:
        return [self.offloading.kept(text) for text in texts]

    def _prepared(
        self,
        run_id: str,
        entries: Sequence[Entry],
        texts: Sequence[str],
        actor: str,
        after: Head | None,
        *,
        also: Also | None = None,
        at: str | None = None,
        beside: Columns | None = None,
    ) -> Appending:
        """Return the writing of an append: all that can be done before the transaction is done."""
        check_order([kind for kind, _ in entries], starts=after is None)
        seq, last = (after.seq, after.hash) if after else (0, GENESIS)
        at, links = at or timestamp(self._clock.now()), list[Link]()
        for (kind, _), text in zip(entries, texts, strict=True):
            seq, before, version = seq + 1, last, version_of(kind)
            last = hash_of(run_id, seq, at, kind, version, actor, text, before)
            links.append((run_id, seq, at, kind, version, actor, text, before, last))
        known = after.known if after else {}
        moved = news(known, changes(entries, actor=actor, at=at)) | (beside or {})
        head = Head(run_id, seq, last, at, {**known, **moved} if moved else known)
        return Appending(links, moved, head, after, also)

    def _missed(self, run_id: str, after: int, upto: int | None) -> list[Link]:
        """Return events that were not there a moment ago: none, unless the register knows of some.

        Raises:
            NotFoundError: There is no such run.
            JournalDamagedError: The register knows of some, and they are gone.
        """
        seq = self._register.row(run_id).seq
        if after >= (seq if upto is None else min(seq, upto)):
            return []
        found = self._links(run_id, after, upto)
        if not found:
            raise JournalDamagedError(
                f"Events of {run_id} are gone: the register knows {seq}.",
                where=run_id,
                hint=f"actwright verify {run_id}",
            )
        return found

    def _links(self, run_id: str, after: int, upto: int | None) -> list[Link]:
        last = "" if upto is None else " AND seq <= ?"
        parameters = (run_id, after) if upto is None else (run_id, after, upto)
        with self.database.read() as transaction:
            rows = transaction.execute(
                f"SELECT {COLUMNS} FROM journal WHERE run_id = ? AND seq > ?{last} ORDER BY seq",  # noqa: S608 - our own names
                parameters,
            ).fetchall()
        return [(run_id, *each[1:]) for each in rows]

    def _read(self, link: Link) -> JournalEvent:
        run_id, seq, at, kind, version, actor, data, prev_hash, hash_ = link
        check_known(run_id, seq, kind, version)
        values = {
            "run_id": run_id,
            "seq": seq,
            "at": at,
            "kind": kind,
            "version": version,
            "actor": actor,
            "data": self.offloading.read(data, run_id=run_id, seq=seq),
            "prev_hash": prev_hash,
            "hash": hash_,
            "offloaded": is_reference(data),
            "kept_inline": self.offloading.takes(data),
        }
        return validated(JournalEvent, values, where=f"event {seq} of {run_id}")
