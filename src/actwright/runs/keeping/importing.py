"""Importing: taking in exported runs, each chain verified first; a file that is not whole changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actwright.contract import Contract
from actwright.errors import DocumentError
from actwright.runs.keeping.export_lines import Line, read_lines
from actwright.runs.keeping.seal_key import PublicKey
from actwright.runs.keeping.taking_in import TakingIn
from actwright.runs.keeping.verification import Fault
from actwright.runs.keeping.whole_file import unreadable
from actwright.runs.record.offloading import Offloading
from actwright.store.database import Database, Transaction


class Imported(Contract):
    """What was taken in."""

    runs: int
    """Runs the store had nothing of."""
    extended: int
    """Runs of which the store had the beginning."""
    present: int
    """Runs the store had already, as far as the file has them."""
    events: int
    documents: int
    seals: int
    seals_left_out: int
    """Seals that another key has made, or that do not follow those of this store; its own go on."""
    left_out: tuple[Fault, ...] = ()
    """Runs and documents that were damaged where the file was written, so that it has them not."""
    put_back: int = 0
    """Large texts that the store referred to, and that were lost or changed in its blob store."""


def together(files: Sequence[Imported]) -> Imported:
    """Return what was taken in of several files, as if it had been one."""
    found = Counter[str]()
    for each in files:
        found.update(each.model_dump(by_alias=False, exclude={"left_out"}))
    left_out = tuple(fault for each in files for fault in each.left_out)
    return Imported.model_validate({**found, "left_out": left_out})


@dataclass(frozen=True, slots=True)
class Importing:
    """The way into one store.

    Attributes:
        database: The store.
        offloading: Where large data goes.
        public: The key of this store's seals, where it has one.
    """

    database: Database
    offloading: Offloading
    public: PublicKey | None

    def from_file(self, path: Path, *, unfinished: bool = False) -> Imported:
        """Take in what an export has, and the store has not; the same file may come again.

        Args:
            path: The file.
            unfinished: Take in runs that have not ended, too. Make sure that no other store carries them out.

        Raises:
            ExportDamagedError: The file was edited, cut off or reordered, or holds other events than the store of
                a run they both have; the line is named.
            JournalUnknownError: A newer program has written it.
            DocumentError: The file cannot be read.
            StoreError: A run has not ended, or the store cannot be written.
        """
        try:
            with path.open("rb") as source, self.database.write() as transaction:
                taking = TakingIn(
                    transaction, self.offloading, self.public, str(path), unfinished=unfinished
                )
                _be_patient(transaction, self.database.dialect)
                for number, line in read_lines(source, name=str(path)):
                    _take(taking, number, line)
                return Imported.model_validate(taking.finish())
        except OSError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DocumentError:
    told = unreadable(path, error)
    return DocumentError(told.message, where=told.where, hint=told.hint)


def _be_patient(transaction: Transaction, dialect: str) -> None:
    """Let a server wait while a long line is read, or large data is handed to a bucket."""
    if dialect == "postgres":
        transaction.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")


def _take(taking: TakingIn, number: int, line: Line) -> None:
    if line.header is not None:
        taking.begin(line.header)
    elif line.event is not None:
        taking.event(number, line.event)
    elif line.document is not None:
        taking.document(number, line.document)
    elif line.left_out is not None:
        taking.left_out(number, line.left_out)
    elif line.archived is not None:
        taking.archived(number, line.archived)
    elif line.seal is not None:
        taking.seal(line.seal)
