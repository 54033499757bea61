"""Taking in one exported file, line by line, inside one transaction."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

from actwright.canonical import canonical_bytes
from actwright.errors import StoreError
from actwright.runs.keeping.export_lines import (
    LEAVES_OUT,
    ArchivedLine,
    DocumentLine,
    EventLine,
    Header,
    LeftOutLine,
    damaged,
)
from actwright.runs.keeping.put_back import PutBack
from actwright.runs.keeping.references import references
from actwright.runs.keeping.seal import Seal, insert_seal, newest_seal
from actwright.runs.keeping.seal_key import PublicKey
from actwright.runs.keeping.sealed import chain_fault
from actwright.runs.keeping.taken_document import document_fault, write_document
from actwright.runs.keeping.taken_run import TakenRun
from actwright.runs.keeping.verification import Fault
from actwright.runs.record.appending import insert
from actwright.runs.record.chain import Walk
from actwright.runs.record.migrations import check_known
from actwright.runs.record.offloading import Offloading, is_reference
from actwright.runs.record.rebuilding import sealed_heads
from actwright.store.database import Transaction
from actwright.store.documents import claim
from actwright.store.offloading import reference_to

_AT_ONCE = 100
"""Events written by one statement."""


class TakingIn:
    """One file on its way into a store.

    Args:
        transaction: Where everything is written; whoever opened it rolls back on an error.
        offloading: Where large data goes.
        public: The key of the store's seals.
        name: What to call the file.
        unfinished: Whether runs that have not ended are taken in.
    """

    def __init__(
        self,
        transaction: Transaction,
        offloading: Offloading,
        public: PublicKey | None,
        name: str,
        *,
        unfinished: bool,
    ) -> None:
        self._transaction = transaction
        self._putting = PutBack(transaction, offloading)
        self._public = public
        self._name = name
        self._unfinished = unfinished
        self._header: Header | None = None
        self._run: TakenRun | None = None
        self._seen: set[str] = set()
        self._referred: set[tuple[str, str]] = set()
        self._left_out: list[Fault] = []
        self._seals: list[Seal] = []
        self._open: list[TakenRun] = []
        self._events = 0
        self._counts: Counter[str] = Counter()

    def begin(self, header: Header) -> None:
        """Take the header in."""
        self._transaction.hold("import")
        self._header = header

    def event(self, number: int, event: EventLine) -> None:
        """Take one event in: the next one of its run, as it was written.

        Raises:
            ExportDamagedError: It is not.
            JournalUnknownError: A newer program has written it.
        """
        where = f"{self._name}, line {number}"
        if self._run is None or event.run_id != self._run.run_id:
            self._finish_run()
            self._run = self._begin_run(event.run_id, number)
        check_known(event.run_id, event.seq, event.kind, event.version)
        link = event.link
        fault = self._run.walk.fault(link)
        if fault:
            raise damaged(f"{event.run_id}: {fault}.", where)
        self._events += 1
        data = self._content(event, where, offloaded=is_reference(link[6]))
        if not self._run.take(link, data):
            raise damaged(
                f"Event {event.seq} of {event.run_id} says what no {event.kind} can.", where
            )
        for kind, key in references(event.kind, data):
            self._referred.add((kind, key))
            if kind != "plan":
                self._claim(kind, key, event, where)

    def document(self, number: int, document: DocumentLine) -> None:
        """Take a document in that belongs to a run of the file; the store may have the very same.

        Raises:
            ExportDamagedError: It belongs to none, or a decision is none.
            StoreError: The store has another one under its id.
        """
        self._finish_run()
        where = f"{self._name}, line {number}"
        fault = document_fault(document, self._referred, self._seen)
        if fault is not None:
            raise damaged(fault, where)
        written = write_document(self._transaction, self._putting, document)
        if written is None:
            self._refuse(f"This store has another {document.kind} {document.id}.", where)
        self._counts["documents"] += written

    def left_out(self, number: int, line: LeftOutLine) -> None:
        """Note what the file has not, as its header counted it.

        Raises:
            ExportDamagedError: The file has that run all the same, names it twice, names a document that no run of it
                refers to, or is of the form that leaves nothing out.
        """
        self._finish_run()
        where = f"{self._name}, line {number}"
        if self._header is not None and self._header.format < LEAVES_OUT:
            raise damaged("A file of its form leaves nothing out.", where)
        if line.document is not None and line.document not in {key for _, key in self._referred}:
            raise damaged(f"No run of the file refers to {line.document[:60]}.", where)
        if line.run_id is not None:
            if line.run_id in self._seen:
                what = f"{line.run_id[:60]} is left out here, and the file has told of it before."
                raise damaged(what, where)
            self._seen.add(line.run_id)
            self._events += line.events
        self._left_out.append(Fault(run_id=line.run_id, document=line.document, what=line.what))

    def archived(self, number: int, line: ArchivedLine) -> None:
        """Take in that a run was moved out before.

        Raises:
            StoreError: The store knows otherwise.
        """
        self._finish_run()
        self._check_archived(number, line)
        values = (line.run_id, line.seq, line.hash, line.at, line.file, line.file_sha256)
        self._transaction.execute(
            "INSERT INTO archived (run_id, seq, hash, at, file, file_sha256) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            values,
        )
        row = self._transaction.execute(
            "SELECT seq, hash, file_sha256 FROM archived WHERE run_id = ?", (line.run_id,)
        ).fetchone()
        if row is None or tuple(row) != (line.seq, line.hash, line.file_sha256):
            self._refuse(
                f"This store says otherwise of the archive of {line.run_id}.",
                f"{self._name}, line {number}",
            )

    def seal(self, seal: Seal) -> None:
        """Take a seal in; whether it is written shows at the end."""
        self._finish_run()
        self._seals.append(seal)

    def finish(self) -> dict[str, object]:
        """Finish, and return how much was taken in.

        Raises:
            ExportDamagedError: There is more or less in the file than its header says.
            StoreError: A run has not ended.
        """
        self._finish_run()
        header = self._header
        if header is None or (header.runs, header.events) != (len(self._seen), self._events):
            raise damaged("The file holds more or fewer events than its header says.", self._name)
        if self._open and not self._unfinished:
            self._refuse(
                f"{self._open[0].run_id} has not ended.",
                f"{self._name}, line {self._open[0].line}",
                hint="If no other store carries it out any more, add --unfinished.",
            )
        written, left_out = self._write_seals()
        counts = ("runs", "extended", "present", "events", "documents")
        return {each: self._counts[each] for each in counts} | {
            "seals": written,
            "seals_left_out": left_out,
            "left_out": tuple(self._left_out),
            "put_back": self._putting.count,
        }

    def _check_archived(self, number: int, line: ArchivedLine) -> None:
        """Refuse a note of an archive that is about another run than the one this store has under its id."""
        known = self._transaction.execute(
            "SELECT hash FROM journal WHERE run_id = ? AND seq = ?", (line.run_id, line.seq)
        ).fetchone()
        begun = (
            known
            or self._transaction.execute(
                "SELECT '' FROM run WHERE run_id = ?", (line.run_id,)
            ).fetchone()
        )
        if begun is not None and begun[0] != line.hash:
            raise damaged(
                f"What is said to be archived of {line.run_id} is not what this store has of it.",
                f"{self._name}, line {number}",
            )

    def _begin_run(self, run_id: str, number: int) -> TakenRun:
        if run_id in self._seen:
            raise damaged(
                f"{run_id} goes on here, behind another run.", f"{self._name}, line {number}"
            )
        self._seen.add(run_id)
        return TakenRun(run_id, Walk(run_id), number)

    def _content(self, event: EventLine, where: str, *, offloaded: bool) -> dict[str, object]:
        """Return the data of an event, after storing what is kept outside the journal."""
        if offloaded != (event.content is not None):
            raise damaged(f"Event {event.seq} of {event.run_id} lacks its data.", where)
        if event.content is None:
            return event.data
        content = canonical_bytes(event.content)
        if canonical_bytes(reference_to(content)) != canonical_bytes(event.data):
            raise damaged(f"The data of event {event.seq} of {event.run_id} was edited.", where)
        blobs = self._putting.offloading.blobs
        if blobs is None:
            self._refuse("This store has no place for large data.", "blobs")
        self._putting.content(content, blobs, event)
        return event.content

    def _claim(self, kind: str, key: str, event: EventLine, where: str) -> None:
        """Use up an answer and its preview, so that no second run can start by them here."""
        if claim(self._transaction, kind, key, holder=event.run_id, at=event.at):
            return
        row = self._transaction.execute(
            "SELECT holder FROM claim WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        if row is None or row[0] != event.run_id:
            self._refuse(f"The {kind} {key} was used by another run in this store.", where)

    def _finish_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        row = self._transaction.execute(
            "SELECT seq, hash FROM run WHERE run_id = ?", (run.run_id,)
        ).fetchone()
        seq = min(int(row[0]), len(run.links)) if row else 0
        self._check_same(run, seq)
        new = run.links[seq:]
        self._counts["runs" if row is None else "extended" if new else "present"] += 1
        if not new:
            return
        if not run.walk.ended:
            self._open.append(run)
        run.write_row(self._transaction)
        for start in range(0, len(new), _AT_ONCE):
            insert(self._transaction, new[start : start + _AT_ONCE])
        self._counts["events"] += len(new)

    def _check_same(self, run: TakenRun, seq: int) -> None:
        """Refuse a run whose events, as far as both have them, are not those of the store, or of its archive."""
        known = self._transaction.execute(
            "SELECT seq, hash FROM journal WHERE run_id = ? AND seq = ? "
            "UNION ALL SELECT seq, hash FROM archived WHERE run_id = ?",
            (run.run_id, seq, run.run_id),
        ).fetchall()
        for number, hash_ in known:
            if number > len(run.links) or run.walk.hashes[number - 1] != hash_:
                raise damaged(
                    f"{run.run_id} is another run than this store knows, up to event {number}.",
                    f"{self._name}, line {run.line}",
                )

    def _write_seals(self) -> tuple[int, int]:
        """Write the seals that follow those of this store and are made with its key; return how many, and the rest."""
        last = newest_seal(self._transaction)
        place = last.number if last else 0
        same = last is None or (len(self._seals) >= place and self._seals[place - 1] == last)
        if self._public is None or not same or chain_fault(self._seals, self._public):
            return 0, len(self._seals)
        for each in self._seals[place:]:
            insert_seal(self._transaction, each)
        for run_id, (seq, _) in sealed_heads(self._transaction).items():
            self._transaction.execute(
                "UPDATE run SET sealed = ? WHERE run_id = ? AND sealed < ?", (seq, run_id, seq)
            )
        return len(self._seals) - place, 0

    def _refuse(self, message: str, where: str, *, hint: str | None = None) -> NoReturn:
        raise StoreError(message, where=where, hint=hint or "Nothing of the file was taken in.")
