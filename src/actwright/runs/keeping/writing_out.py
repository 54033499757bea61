"""Writing out one export: runs that are as they were written, and the names of those that are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from actwright.canonical import plain
from actwright.document import parse_json, validated
from actwright.errors import DocumentError, JournalDamagedError, StoreError
from actwright.runs.keeping.export_lines import (
    DocumentLine,
    EventLine,
    LeftOutLine,
    Line,
    LineWriter,
)
from actwright.runs.keeping.references import references
from actwright.runs.keeping.taken_document import decision_fault
from actwright.runs.keeping.taken_run import TakenRun
from actwright.runs.keeping.verification import Fault
from actwright.runs.record.chain import COLUMNS, Link, Walk
from actwright.runs.record.offloading import Offloading, is_reference
from actwright.runs.record.scanning import pages
from actwright.runs.undoing.decision import UNDO_DECISION
from actwright.store.database import Database


@dataclass(slots=True)
class WritingOut:
    """One export on its way into a file.

    Attributes:
        database: The store.
        offloading: Where large data is.
        writer: Writes the lines.
        runs: How many runs are written by now.
        events: How many of their events are.
        left_out: What the store does not have as it was written, and the file therefore has not.
    """

    database: Database
    offloading: Offloading
    writer: LineWriter
    runs: int = 0
    events: int = 0
    left_out: list[Fault] = field(default_factory=list)
    _notes: list[LeftOutLine] = field(default_factory=list)
    _referred: dict[tuple[str, str], None] = field(default_factory=dict)
    _runs: set[str] = field(default_factory=set)

    def run(self, run_id: str, seq: int, hash_: str) -> None:
        """Write a run up to one of its events; of one that is damaged nothing is written.

        Args:
            run_id: The run.
            seq: The number of the event; what was appended meanwhile is not written.
            hash_: The hash of that event, as the register has it.

        Raises:
            StoreError: The store cannot be read.
        """
        try:
            events = self._events(run_id, seq, hash_)
        except (StoreError, DocumentError) as unfit:
            self._check_readable()
            self.leave_out(Fault(run_id=run_id, what=str(unfit)), events=max(seq, 0))
            return
        for event in events:
            self.writer.write(Line(event=event))
            self._referred |= dict.fromkeys(references(event.kind, event.content or event.data))
        self._runs.add(run_id)
        self.runs += 1
        self.events += len(events)

    def leave_out(self, fault: Fault, *, events: int = 0) -> None:
        """Let the file name what is not in it; to be called before `documents`.

        Args:
            fault: What is wrong with it.
            events: How many events it has by the register.
        """
        self.left_out.append(fault)
        self._notes.append(
            LeftOutLine(
                run_id=fault.run_id, document=fault.document, events=events, what=fault.what
            )
        )

    def documents(self) -> None:
        """Write the documents that belong to the runs, and then what was left out.

        Raises:
            StoreError: The store cannot be read.
        """
        for kind, key in self._referred:
            try:
                self._document(kind, key)
            except (StoreError, DocumentError) as unfit:
                self._check_readable()
                told = str(unfit)
                what = told if key in told else f"the {kind} {key}: {told}"
                self.leave_out(Fault(document=key, what=what))
        for line in self._decisions():
            fault = decision_fault(line, self._runs)
            if fault is None:
                self.writer.write(Line(document=line))
            else:
                self.leave_out(Fault(what=fault))
        for note in self._notes:
            self.writer.write(Line(left_out=note))

    def _check_readable(self) -> None:
        """Make sure that it is one thing that cannot be read, and not the whole store.

        Raises:
            StoreError: It is the store.
        """
        with self.database.read() as transaction:
            transaction.execute("SELECT run_id FROM run LIMIT 1").fetchone()

    def _events(self, run_id: str, seq: int, hash_: str) -> list[EventLine]:
        """Return the events of a run, which are such as an import takes in.

        Raises:
            JournalDamagedError: They are not as they were written.
            DocumentError: One of them holds what no event can.
            StoreError: They cannot be read.
        """
        found = pages(self.database.read, COLUMNS, run_id=run_id)
        links = [(run_id, *row[1:]) for page in found for row in page]
        taken = TakenRun(run_id, Walk(run_id), line=0)
        events = [self._event(taken, each) for each in links if each[1] <= seq]
        fault = self._cut_off(taken, len(links), seq, hash_)
        if fault is not None:
            raise JournalDamagedError(fault)
        return events

    def _event(self, taken: TakenRun, link: Link) -> EventLine:
        """Return the next event of a run, held against the chain and against all that an import asks of it."""
        fault = taken.walk.fault(link)
        if fault is not None:
            raise JournalDamagedError(fault)
        run_id, seq, at, kind, version, actor, text, prev_hash, hash_ = link
        where = f"event {seq} of {run_id}"
        data = plain(parse_json(text, where=where, largest=len(text)))
        content = self.offloading.read(text, run_id=run_id, seq=seq) if is_reference(text) else None
        values = {
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
        event = validated(EventLine, values, where=where)
        if event.link != link or not taken.take(link, content or event.data):
            raise JournalDamagedError(f"event {seq} says what no {kind} can")
        return event

    def _cut_off(self, taken: TakenRun, count: int, seq: int, hash_: str) -> str | None:
        """Return what is wrong with the end of a run whose events are whole as far as they go.

        Args:
            taken: The run, up to the event the register knew of.
            count: How many events it has.
            seq: The number of that event.
            hash_: The hash of that event.
        """
        walk = taken.walk
        if 0 < seq == count and walk.last == hash_:
            return None
        known = self._head(taken.run_id)
        if known is None and count < max(seq, 1):
            return "it was moved out of the store while this was written; export again"
        if known is None:
            return "the register does not know it: it was written past the program"
        if len(walk.hashes) < seq:
            return f"event {len(walk.hashes) + 1} is missing, with all that came behind it"
        if walk.last != hash_:
            return f"the run was written anew up to event {seq}, as the register shows"
        past = known == (seq, hash_)
        return f"event {len(walk.hashes) + 1} was written past the program" if past else None

    def _head(self, run_id: str) -> tuple[int, str] | None:
        """Return where a run stands by now, as the register has it."""
        with self.database.read() as transaction:
            row = transaction.execute(
                "SELECT seq, hash FROM run WHERE run_id = ?", (run_id,)
            ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _decisions(self) -> Iterator[DocumentLine]:
        """Yield what people decided of the undo of the runs that are written."""
        with self.database.read() as transaction:
            rows = transaction.execute(
                "SELECT id, parent, body, at FROM document WHERE kind = ? ORDER BY seq",
                (UNDO_DECISION,),
            ).fetchall()
        for key, parent, body, at in rows:
            if parent in self._runs:
                values = {
                    "kind": UNDO_DECISION,
                    "id": key,
                    "parent": parent,
                    "body": body,
                    "at": at,
                }
                try:
                    yield validated(DocumentLine, values, where=f"the decision {str(key)[:60]}")
                except DocumentError as unfit:
                    self.leave_out(Fault(what=str(unfit)))

    def _document(self, kind: str, key: str) -> None:
        with self.database.read() as transaction:
            row = transaction.execute(
                "SELECT parent, body, at FROM document WHERE kind = ? AND id = ?",
                (kind, key),
            ).fetchone()
        if row is not None:
            parent, body, at = row
            whole = self.offloading.whole(body, where=f"the {kind} {key}")
            values = {"kind": kind, "id": key, "parent": parent, "body": whole, "at": at}
            self.writer.write(
                Line(document=validated(DocumentLine, values, where=f"the {kind} {key}"))
            )
