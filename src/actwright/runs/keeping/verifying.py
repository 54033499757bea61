"""Verifying: every chain, every seal, and that nothing the seals or the register know of is gone."""

from __future__ import annotations

from dataclasses import dataclass, field

from actwright.errors import ActwrightError, JournalDamagedError, NotFoundError, StoreError
from actwright.runs.keeping.kept_documents import lost_documents
from actwright.runs.keeping.seal import Seal
from actwright.runs.keeping.seal_key import PublicKey
from actwright.runs.keeping.sealed import Sealed, read_sealed
from actwright.runs.keeping.verification import Fault, Verification
from actwright.runs.record.chain import COLUMNS, Link, Walk
from actwright.runs.record.offloading import Offloading, is_reference
from actwright.runs.record.rebuilding import contradicted
from actwright.runs.record.register import can_be_id
from actwright.runs.record.scanning import pages
from actwright.store.database import Database

_Known = tuple[int, str, str, str | None]
"""Seq and hash of a run's newest event, the run's status and its end, as the register knows them."""


def verify(
    database: Database,
    offloading: Offloading,
    *,
    run_id: str | None = None,
    public: PublicKey | None = None,
    against: Seal | None = None,
) -> Verification:
    """Verify the chain of one run, or of all of them, with the seals and all that is kept in the blob store.

    Args:
        database: The store.
        offloading: Where large data is.
        run_id: Only this run; the seals are looked at all the same, since they know it.
        public: What the seals are checked with.
        against: A seal that was kept elsewhere.

    Raises:
        NotFoundError: There is no such run, and nothing knows of one.
        StoreError: The store cannot be read.
    """
    if run_id is not None and not can_be_id(run_id):
        raise _unknown(run_id)
    sealed = read_sealed(database, public, against)
    # Read before the journal: what is appended meanwhile makes the journal longer, never shorter.
    known, archived = _register(database, run_id), _archived(database, run_id)
    looking = _Looking(database, offloading, sealed, known, archived)
    looking.look(run_id)
    if run_id is not None and not looking.runs:
        looking.check_is_known(run_id)
    return looking.verification(run_id)


def _unknown(run_id: str) -> NotFoundError:
    return NotFoundError(f"There is no run {run_id[:60]!r} in this store.", hint="actwright ps")


def _register(database: Database, run_id: str | None) -> dict[str, _Known]:
    only = "" if run_id is None else " WHERE run_id = ?"
    with database.read() as transaction:
        rows = transaction.execute(
            f"SELECT run_id, seq, hash, status, ended_at FROM run{only}",  # noqa: S608 - our own names
            () if run_id is None else (run_id,),
        ).fetchall()
    return {str(row[0]): (row[1], row[2], row[3], row[4]) for row in rows}


def _archived(database: Database, run_id: str | None) -> dict[str, tuple[int, str, str]]:
    only = "" if run_id is None else " WHERE run_id = ?"
    with database.read() as transaction:
        rows = transaction.execute(
            f"SELECT run_id, seq, hash, file_sha256 FROM archived{only}",  # noqa: S608 - our own names
            () if run_id is None else (run_id,),
        ).fetchall()
    return {str(row[0]): (row[1], row[2], row[3]) for row in rows}


@dataclass(slots=True)
class _Looking:
    """One verification on its way."""

    database: Database
    offloading: Offloading
    sealed: Sealed
    known: dict[str, _Known]
    archived: dict[str, tuple[int, str, str]]
    faults: list[Fault] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    newest: Link = ("", 0, "", "", 0, "", "", "", "")
    runs: int = 0
    events: int = 0

    def look(self, run_id: str | None) -> None:
        """Walk along all chains, and look for what is gone."""
        walk, broken = Walk(""), True
        try:
            for page in pages(self.database.read, COLUMNS, run_id=run_id):
                walk, broken = self._look_at(page, walk, broken=broken)
        except StoreError as error:
            self._blame(walk.run_id, f"an event behind {len(walk.hashes)} cannot be read: {error}")
            return
        if not broken:
            self._finish(walk)
        self._look_for_gone(run_id)
        self.faults += lost_documents(self.database, self.offloading, run_id)

    def check_is_known(self, run_id: str) -> None:
        """Refuse a run of which there is no trace.

        Raises:
            NotFoundError: There is none.
        """
        if run_id not in self.known.keys() | self.archived.keys() | self.sealed.heads.keys():
            raise _unknown(run_id)

    def verification(self, run_id: str | None) -> Verification:
        """Return what was found."""
        heads = self.sealed.heads
        sealed = heads.values() if run_id is None else [heads.get(run_id, (0, "", 0))]
        return Verification(
            runs=self.runs,
            events=self.events,
            archived=len(self.archived),
            seals=self.sealed.count,
            sealed_at=self.sealed.at,
            sealed_events=sum(seq for seq, _, _ in sealed),
            faults=(*self.sealed.faults, *self.faults),
        )

    def _look_at(self, page: list[Link], walk: Walk, *, broken: bool) -> tuple[Walk, bool]:
        """Walk along one page; of each run the first bad event is told, and the rest of it passed over."""
        self.events += len(page)
        for link in page:
            if link[0] != walk.run_id:
                if not broken:
                    self._finish(walk)
                walk, broken = Walk(link[0]), False
                self.seen.add(link[0])
                self.runs += 1
            if broken:
                continue
            self.newest = link
            fault = walk.fault(link)
            if fault is None and is_reference(link[6]):
                fault = self._lost_content(link)
            if fault is not None:
                self._blame(link[0], fault)
                broken = True
        return walk, broken

    def _finish(self, walk: Walk) -> None:
        """Hold a whole chain against all who know how far the run had come."""
        run_id = walk.run_id
        seq, hash_, number = self.sealed.heads.get(run_id, (0, "", 0))
        fault = walk.lost(seq, hash_) if seq else None
        if fault:
            self._blame(run_id, f"{fault}, as seal {number} shows")
            return
        known = self.known.get(run_id)
        if known is None or known[0] < len(walk.hashes):
            known = _register(self.database, run_id).get(run_id)
        self._compare_register(walk, known)

    def _compare_register(self, walk: Walk, known: _Known | None) -> None:
        if known is None:
            self._blame(
                walk.run_id, "the register does not know it: it was written past the program"
            )
            return
        fault = walk.lost(known[0], known[1])
        if fault:
            self._blame(walk.run_id, f"{fault}, as the register shows")
        elif known[0] < len(walk.hashes):
            self._blame(walk.run_id, f"event {known[0] + 1} was written past the program")
        elif not self._says_its_end(walk, known):
            self._compare_row(walk.run_id)

    def _says_its_end(self, walk: Walk, known: _Known) -> bool:
        """Tell whether the register says of an ended run what its last event says; told by the text, which is quick."""
        end = self.newest[6]
        return (
            walk.ended and known[3] == self.newest[2] and end.endswith(f'"status":"{known[2]}"}}')
        )

    def _compare_row(self, run_id: str) -> None:
        """Hold all the register says of a run against its events."""
        wrong = contradicted(self.database, self.offloading, run_id)
        if wrong:
            told = ", ".join(wrong)
            self._blame(
                run_id,
                f"the register says otherwise than the events: {told} (actwright journal rebuild)",
            )

    def _look_for_gone(self, run_id: str | None) -> None:
        """Look for runs that the register or the seals know, and the journal no more."""
        wanted = self.sealed.heads if run_id is None else {run_id} & self.sealed.heads.keys()
        for each in wanted:
            if each not in self.seen:
                self._look_for(each)
        for each in self.known.keys() - self.seen - self.sealed.heads.keys():
            self._blame(each, "event 1 is missing, with all that came behind it: the run is gone")
        if run_id is None:
            self._check_archives()
            self._check_number()

    def _look_for(self, run_id: str) -> None:
        seq, hash_, number = self.sealed.heads[run_id]
        moved_out = self.archived.get(run_id)
        if moved_out is None:
            what = f"event 1 is missing, with all that came behind it: the run is gone, and seal {number} has it"
            self._blame(run_id, what)
        elif moved_out[:2] != (seq, hash_):
            self._blame(run_id, f"the archive has another head than seal {number}")
        elif moved_out[2] not in self.sealed.archives:
            self._blame(run_id, "no seal knows the file it was moved out to")

    def _check_archives(self) -> None:
        """Hold the number of runs that were moved out to each file against what was sealed."""
        counts: dict[str, int] = {}
        for _, _, digest in self.archived.values():
            counts[digest] = counts.get(digest, 0) + 1
        for digest, count in counts.items():
            sealed = self.sealed.archives.get(digest)
            if sealed is not None and sealed != count:
                what = f"{count} runs are said to be in the archive {digest[:12]}, and {sealed} were moved there"
                self.faults.append(Fault(what=what))

    def _check_number(self) -> None:
        """Look for runs that were gone before a seal could name them."""
        here = len(self.seen | self.archived.keys())
        if here < self.sealed.runs and not self.faults:
            what = f"{self.sealed.runs} runs were there when the newest seal was made, and {here} are here"
            self.faults.append(Fault(what=what))

    def _lost_content(self, link: Link) -> str | None:
        run_id, seq, data = link[0], link[1], link[6]
        try:
            self.offloading.read(data, run_id=run_id, seq=seq)
        except (JournalDamagedError, ActwrightError) as error:
            return str(error)
        return None

    def _blame(self, run_id: str, what: str) -> None:
        self.faults.append(Fault(run_id=run_id, what=what))
