"""Exporting: runs with all they refer to, as JSON lines that any store of the same program takes in again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import DocumentError, NotFoundError
from actwright.runs.keeping.export_lines import (
    FORMAT,
    ArchivedLine,
    Header,
    Line,
    LineWriter,
)
from actwright.runs.keeping.seal import seal_behind
from actwright.runs.keeping.verification import Fault
from actwright.runs.keeping.whole_file import file_hash, whole_file
from actwright.runs.keeping.writing_out import WritingOut
from actwright.runs.record.offloading import Offloading
from actwright.store.database import Database

_OF_THE_DAY = """SELECT run_id FROM run WHERE ended_at >= ? AND ended_at < ?
    UNION SELECT run_id FROM run WHERE ended_at IS NULL AND updated_at >= ? AND updated_at < ?
    UNION SELECT run_id FROM document JOIN run ON run_id = parent
    WHERE kind = 'undo_decision' AND document.at >= ? AND document.at < ?"""
"""An index over the ends, since one over the newest events would have to be written with each event."""


_UNKNOWN_TO_REGISTER = """SELECT DISTINCT run_id FROM journal
    WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.run_id = journal.run_id)"""
_NO_HEAD = (0, "")


class Exported(Contract):
    """What was exported."""

    where: str
    runs: int
    events: int
    sha256: str
    """Of the file."""
    left_out: tuple[Fault, ...] = ()
    """Runs and documents that are not as they were written, and that the file has not."""


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

        Each chain is followed on the way. What is damaged keeps nothing else from being written: it is left out, and
        named in the file and in what is returned.

        Args:
            path: The file; readable by its owner only.
            run_ids: The runs; all of them, with the seals, where left out.

        Raises:
            NotFoundError: There is no such run.
            StoreError: The file cannot be written, or the store cannot be read.
        """
        heads = self._heads(run_ids)
        with whole_file(path) as out:
            written = self._write(out, heads, complete=run_ids is None)
        return Exported(
            where=str(path),
            runs=written.runs,
            events=written.events,
            sha256=file_hash(path),
            left_out=tuple(written.left_out),
        )

    def runs_of(self, day: date) -> tuple[str, ...]:
        """Return the runs whose newest event was written on a day in UTC, or whose undo was decided on then."""
        with self.database.read() as transaction:
            rows = transaction.execute(
                _OF_THE_DAY, (day.isoformat(), (day + timedelta(days=1)).isoformat()) * 3
            ).fetchall()
        return tuple(sorted(str(row[0]) for row in rows))

    def _heads(self, run_ids: Sequence[str] | None) -> dict[str, tuple[int, str]]:
        """Return the event up to which each run is exported, and its hash: what is appended meanwhile is not.

        Where all runs are, those are among them that somebody took out of the register, so that they are named.
        """
        with self.database.read() as transaction:
            rows = transaction.execute(
                "SELECT run_id, seq, hash FROM run ORDER BY run_id"
            ).fetchall()
            unknown = (
                transaction.execute(_UNKNOWN_TO_REGISTER).fetchall() if run_ids is None else []
            )
        known = {str(row[0]): (int(row[1]), str(row[2])) for row in rows}
        known |= {str(row[0]): _NO_HEAD for row in unknown}
        missing = [each for each in run_ids or () if each not in known]
        if missing:
            raise NotFoundError(
                f"There is no run {missing[0][:60]!r} in this store.", hint="actwright ps"
            )
        return known if run_ids is None else {each: known[each] for each in sorted(set(run_ids))}

    def _write(
        self, out: IO[bytes], heads: dict[str, tuple[int, str]], *, complete: bool
    ) -> WritingOut:
        writer = LineWriter(out)
        header = Header(
            actwright="journal",
            format=FORMAT,
            at=timestamp(self.clock.now()),
            runs=len(heads),
            events=sum(max(seq, 0) for seq, _ in heads.values()),
            complete=complete,
        )
        writer.write(Line(header=header))
        # Read before the runs: a seal must not know of events that the file has not.
        writing = WritingOut(self.database, self.offloading, writer)
        closing = [*self._archived(writing), *self._seals()] if complete else []
        for run_id, (seq, hash_) in sorted(heads.items()):
            writing.run(run_id, seq, hash_)
        writing.documents()
        for line in closing:
            writer.write(line)
        writer.finish()
        return writing

    def _archived(self, writing: WritingOut) -> Iterator[Line]:
        """Yield the runs that were moved out before; of what is none, that it is left out is noted."""
        names = ("run_id", "seq", "hash", "at", "file", "file_sha256")
        with self.database.read() as transaction:
            rows = transaction.execute(
                f"SELECT {', '.join(names)} FROM archived ORDER BY run_id"  # noqa: S608 - our own names
            ).fetchall()
        for row in rows:
            values, where = dict(zip(names, row, strict=True)), f"what is archived of {row[0][:60]}"
            try:
                yield Line(archived=validated(ArchivedLine, values, where=where))
            except DocumentError as unfit:
                writing.leave_out(Fault(what=str(unfit)))

    def _seals(self) -> Iterator[Line]:
        """Yield all seals, in their order."""
        number = 0
        while True:
            with self.database.read() as transaction:
                seal = seal_behind(transaction, number)
            if seal is None:
                return
            number = seal.number
            yield Line(seal=seal)
