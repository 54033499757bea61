"""Compacting: moving ended runs out of the store into a file, with a sealed note of where they went."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from actwright.clock import timestamp
from actwright.contract import Contract
from actwright.errors import StoreError
from actwright.runs.keeping.exporting import Exported, Exporting
from actwright.runs.keeping.seal import SealedArchive
from actwright.runs.keeping.sealing import Sealing
from actwright.runs.keeping.verification import Fault
from actwright.runs.keeping.verifying import verify
from actwright.runs.record.register import Register, RunRow
from actwright.runs.undoing.decision import UndoDecisions
from actwright.store.database import Transaction

_UNDOABLE = "it may still be taken back"
_DECIDED = (
    "by what was decided on it nothing of it is taken back any more, and --undoable moves it too"
)


class LeftIn(Contract):
    """A run that stays in the store."""

    run_id: str
    why: str


class Compacted(Contract):
    """What was moved out."""

    file: str | None
    """The file; None where no run was moved."""
    sha256: str | None
    runs: int
    events: int
    left_in: tuple[LeftIn, ...]
    """Ended runs that are as old and stay, each with the reason."""


@dataclass(frozen=True, slots=True)
class Compacting:
    """The way out for old runs.

    Attributes:
        exporting: The way into a file.
        sealing: The seals, which from then on say what the file holds.
        lifetime: For how long after its end a run may be taken back without saying more.
    """

    exporting: Exporting
    sealing: Sealing
    lifetime: timedelta

    def compact(self, before: datetime, folder: Path, *, undoable: bool = False) -> Compacted:
        """Move runs that ended before a moment into a file, and take them out of the store.

        Either all of that happens or nothing; only a process that dies, or a commit whose answer is lost, leaves a file
        behind.

        Args:
            before: Later runs stay, and so do runs that have not ended.
            folder: Where the file is written.
            undoable: Also move runs that may still be taken back; from the file they cannot be.

        Raises:
            StoreError: A run is not as it was written, the file cannot be written, the store does not let anybody
                take rows out, or a run moved meanwhile.
            SealError: The store cannot be sealed.
        """
        found = self._ended(timestamp(before))
        moment = self.exporting.clock.now()
        over_by = timestamp(max(moment, before) if undoable else moment - self.lifetime)
        moved, left_in = _sorted_out(found, self._of_undos(found), over_by, self._decided(found))
        if not moved:
            return Compacted(file=None, sha256=None, runs=0, events=0, left_in=left_in)
        self._check_whole(moved)
        now = timestamp(moment)
        # Two that move runs in the same moment must not write the same file.
        path = folder.resolve() / f"actwright-archive-{now.replace(':', '')}-{token_hex(4)}.jsonl"
        exported = self.exporting.to_file(path, [each.run_id for each in moved])
        with _removed_if_refused(path):
            _check_complete(exported)
        archive = SealedArchive(file=path.name, sha256=exported.sha256, runs=len(moved))
        with self.exporting.database.write() as transaction, _removed_if_refused(path):
            self._check_still(transaction, moved)
            self._note(transaction, moved, archive, now)
            self.sealing.seal_within(transaction, [archive])
            _take_out(transaction, moved)
        return Compacted(
            file=str(path),
            sha256=exported.sha256,
            runs=exported.runs,
            events=exported.events,
            left_in=left_in,
        )

    def _ended(self, before: str) -> tuple[RunRow, ...]:
        return Register(self.exporting.database).ended_before(before)

    def _of_undos(self, found: Sequence[RunRow]) -> dict[str, tuple[RunRow, ...]]:
        """Return the runs that took each of these back."""
        register = Register(self.exporting.database)
        undoing = register.undoing([each.run_id for each in found])
        return {run: tuple(register.row(by) for by in all_of) for run, all_of in undoing.items()}

    def _decided(self, found: Sequence[RunRow]) -> frozenset[str]:
        """Return the runs of whose effects each was decided on by a person, so that no undo touches any of them."""
        decisions = UndoDecisions(self.exporting.database, self.exporting.clock)
        told = decisions.runs()
        return frozenset(
            each.run_id
            for each in found
            if each.run_id in told and len(decisions.of(each.run_id)) >= (each.effects_done or 1)
        )

    def _check_whole(self, moved: Sequence[RunRow]) -> None:
        """Refuse to move a run that is not as it was written; a fault of another run is no reason."""
        leaving = {each.run_id for each in moved}
        looked = verify(
            self.exporting.database,
            self.exporting.offloading,
            public=self.sealing.key.public if self.sealing.key.exists else None,
        )
        fault = next((each for each in looked.faults if _concerns(each, leaving)), None)
        if fault is not None:
            raise StoreError(
                f"{fault}; nothing was moved.", where=fault.run_id, hint="actwright verify"
            )

    def _check_still(self, transaction: Transaction, moved: Sequence[RunRow]) -> None:
        """Refuse to go on where a run has left or changed since it was exported, or is being taken back by now."""
        for each in moved:
            row = transaction.execute(
                "SELECT hash, (SELECT count(*) FROM run AS newer WHERE newer.undoes = run.run_id "
                "AND newer.ended_at IS NULL) FROM run WHERE run_id = ?",
                (each.run_id,),
            ).fetchone()
            if row is None or tuple(row) != (each.hash, 0):
                raise StoreError(
                    f"{each.run_id} was moved by another process meanwhile; nothing was moved.",
                    hint="Try again.",
                )

    def _note(
        self,
        transaction: Transaction,
        moved: Sequence[RunRow],
        archive: SealedArchive,
        now: str,
    ) -> None:
        for each in moved:
            written = transaction.execute(
                "INSERT INTO archived (run_id, seq, hash, at, file, file_sha256) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (each.run_id, each.seq, each.hash, now, archive.file, archive.sha256),
            )
            if written.rowcount != 1:
                raise StoreError(f"{each.run_id} was moved out once before; nothing was moved.")


def _concerns(fault: Fault, leaving: Collection[str]) -> bool:
    """Tell whether a fault is about runs that are moved; a lost document of theirs is named by the export itself."""
    if fault.run_id is None:
        return fault.document is None
    return fault.run_id in leaving


def _sorted_out(
    found: Sequence[RunRow],
    undone_by: dict[str, tuple[RunRow, ...]],
    over_by: str,
    decided: Collection[str],
) -> tuple[tuple[RunRow, ...], tuple[LeftIn, ...]]:
    """Return the runs that can be moved, and those that stay; a run and those that took it back go together."""
    why = {each.run_id: _why_left(each, undone_by.get(each.run_id, ()), over_by) for each in found}
    why |= {each: _DECIDED for each in decided if why[each] == _UNDOABLE}
    _spread(found, why)
    moved = tuple(each for each in found if why[each.run_id] is None)
    left = ((run_id, reason) for run_id, reason in why.items() if reason is not None)
    return moved, tuple(LeftIn(run_id=run_id, why=reason) for run_id, reason in left)


def _spread(found: Sequence[RunRow], why: dict[str, str | None]) -> None:
    """Let a run that took another back stay where that one stays: it tells what became of it."""
    for each in sorted(found, key=lambda one: one.started_at):
        if each.undoes is not None and why.get(each.undoes):
            why[each.run_id] = why[each.run_id] or f"it took {each.undoes} back, which stays"


def _why_left(run: RunRow, undone_by: Collection[RunRow], over_by: str) -> str | None:
    """Return why a run stays, or None; one that ended by ``over_by`` is not taken back any more."""
    newer = next((each.run_id for each in undone_by if each.ended_at is None), None)
    if newer is not None:
        return f"{newer} is taking it back"
    changed = run.effects_done is None or run.effects_done > 0
    over = run.ended_at is None or run.ended_at <= over_by
    if over or not changed or any(each.status == "completed" for each in undone_by):
        return None
    return _UNDOABLE


@contextmanager
def _removed_if_refused(path: Path) -> Iterator[None]:
    """Remove a file where what it is for does not happen; to be used before or inside the transaction, never around its commit.

    A commit that fails may have happened all the same, and then the file is all there is of its runs.
    """
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _check_complete(exported: Exported) -> None:
    """Refuse to take out what the file has not: it was changed after it was looked at."""
    if exported.left_out:
        fault = exported.left_out[0]
        raise StoreError(
            f"{fault}; nothing was moved.", where=fault.run_id, hint="actwright verify"
        )


def _take_out(transaction: Transaction, moved: Sequence[RunRow]) -> None:
    for each in moved:
        for table in ("journal", "run"):
            transaction.execute(f"DELETE FROM {table} WHERE run_id = ?", (each.run_id,))  # noqa: S608 - our own names
