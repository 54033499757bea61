"""Exporting: runs with all they refer to, as JSON lines that any store of the same program takes in again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from actwright.canonical import plain
from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import parse_json
from actwright.errors import NotFoundError
from actwright.runs.keeping.export_lines import (
    FORMAT,
    ArchivedLine,
    DocumentLine,
    EventLine,
    Header,
    Line,
    LineWriter,
)
from actwright.runs.keeping.seal import seal_behind
from actwright.runs.keeping.whole_file import file_hash, whole_file
from actwright.runs.record.chain import COLUMNS, Link
from actwright.runs.record.offloading import Offloading, is_reference
from actwright.runs.record.scanning import pages
from actwright.store.database import Database

_REFERRING = ("run_started", "run_continued")
_REFERRED = {"planId": "plan", "previewId": "preview", "confirmationId": "confirmation"}
"""By the key in an event's data: the kind of document it names."""

_OF_THE_DAY = """SELECT run_id FROM run WHERE ended_at >= ? AND ended_at < ?
    UNION ALL SELECT run_id FROM run WHERE ended_at IS NULL AND updated_at >= ? AND updated_at < ?"""
"""An index over the ends, since one over the newest events would have to be written with each event."""


class Exported(Contract):
    """What was exported."""

    where: str
    runs: int
    events: int
    sha256: str
    """Of the file."""


def references(kind: str, data: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield kind and id of the documents that an event refers to."""
    if kind in _REFERRING:
        yield from ((_REFERRED[key], str(data[key])) for key in _REFERRED if data.get(key))


@dataclass(frozen=True, slots=True)
class Exporting:
    """The way out of one store.

    Attributes:
        database: The store.
        offloading: Where large data is.
        clock: The time.
    """

    database: Database
    offloading: Offloading
    clock: Clock

    def to_file(self, path: Path, run_ids: Sequence[str] | None = None) -> Exported:
        """Write runs to a file, which is there whole or not at all.

        Args:
            path: The file; readable by its owner only.
            run_ids: The runs; all of them, with the seals, where left out.

        Raises:
            NotFoundError: There is no such run.
            JournalDamagedError: A run's offloaded data is missing.
            StoreError: The file cannot be written, or the store cannot be read.
        """
        heads = self._heads(run_ids)
        with whole_file(path) as out:
            self._write(out, heads, complete=run_ids is None)
        return Exported(
            where=str(path),
            runs=len(heads),
            events=sum(heads.values()),
            sha256=file_hash(path),
        )

    def runs_of(self, day: date) -> tuple[str, ...]:
        """Return the runs whose newest event was written on a day, in UTC."""
        with self.database.read() as transaction:
            rows = transaction.execute(
                _OF_THE_DAY, (day.isoformat(), (day + timedelta(days=1)).isoformat()) * 2
            ).fetchall()
        return tuple(sorted(str(row[0]) for row in rows))

    def _heads(self, run_ids: Sequence[str] | None) -> dict[str, int]:
        """Return how many events of each run are exported: what is appended meanwhile is not."""
        with self.database.read() as transaction:
            rows = transaction.execute("SELECT run_id, seq FROM run ORDER BY run_id").fetchall()
        known = {str(row[0]): int(row[1]) for row in rows}
        missing = [each for each in run_ids or () if each not in known]
        if missing:
            raise NotFoundError(
                f"There is no run {missing[0][:60]!r} in this store.", hint="actwright ps"
            )
        return known if run_ids is None else {each: known[each] for each in sorted(set(run_ids))}

    def _write(self, out: IO[bytes], heads: dict[str, int], *, complete: bool) -> None:
        writer = LineWriter(out)
        header = Header(
            actwright="journal",
            format=FORMAT,
            at=timestamp(self.clock.now()),
            runs=len(heads),
            events=sum(heads.values()),
            complete=complete,
        )
        writer.write(Line(header=header))
        # Read before the runs: a seal must not know of events that the file has not.
        closing = list(self._closing()) if complete else []
        referred: dict[tuple[str, str], None] = {}
        for event in self._events(heads):
            writer.write(Line(event=event))
            referred |= dict.fromkeys(references(event.kind, event.data))
        for kind, key in referred:
            self._write_document(writer, kind, key)
        for line in closing:
            writer.write(line)
        writer.finish()

    def _events(self, heads: dict[str, int]) -> Iterator[EventLine]:
        for run_id, seq in heads.items():
            for page in pages(self.database.read, COLUMNS, run_id=run_id):
                yield from (self._event(row) for row in page if row[1] <= seq)

    def _event(self, link: Link) -> EventLine:
        run_id, seq, at, kind, version, actor, text, prev_hash, hash_ = link
        data = plain(parse_json(text, where=f"event {seq} of {run_id}", largest=len(text)))
        content = self.offloading.read(text, run_id=run_id, seq=seq) if is_reference(text) else None
        return EventLine.model_validate(
            {
                "run_id": run_id,
                "seq": seq,
                "at": at,
                "kind": kind,
                "version": version,
                "actor": actor,
                "data": data,
                "content": content,
                "prev_hash": prev_hash,
                "hash": hash_,
            }
        )

    def _write_document(self, writer: LineWriter, kind: str, key: str) -> None:
        with self.database.read() as transaction:
            row = transaction.execute(
                "SELECT kind, id, parent, body, at FROM document WHERE kind = ? AND id = ?",
                (kind, key),
            ).fetchone()
        if row is not None:
            names = ("kind", "id", "parent", "body", "at")
            line = DocumentLine.model_validate(dict(zip(names, row, strict=True)))
            writer.write(Line(document=line))

    def _closing(self) -> Iterator[Line]:
        """Yield what belongs to the store as a whole: the runs moved out before, and the seals."""
        names = ("run_id", "seq", "hash", "at", "file", "file_sha256")
        with self.database.read() as transaction:
            rows = transaction.execute(
                f"SELECT {', '.join(names)} FROM archived ORDER BY run_id"  # noqa: S608 - our own names
            ).fetchall()
        for row in rows:
            yield Line(archived=ArchivedLine.model_validate(dict(zip(names, row, strict=True))))
        number = 0
        while True:
            with self.database.read() as transaction:
                seal = seal_behind(transaction, number)
            if seal is None:
                return
            number = seal.number
            yield Line(seal=seal)
