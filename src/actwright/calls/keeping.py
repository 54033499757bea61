"""The calls that keep the journal: verify it, seal it, move runs out of it and back in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from actwright.runs.keeping.compacting import Compacted, Compacting
from actwright.runs.keeping.daily import Daily
from actwright.runs.keeping.exporting import Exported, Exporting
from actwright.runs.keeping.importing import Imported, Importing
from actwright.runs.keeping.places import place_at
from actwright.runs.keeping.seal import Seal, newest_seal, read_seal, write_seal
from actwright.runs.keeping.seal_key import PublicKey, read_public_key
from actwright.runs.keeping.sealing import SEAL_EVERY
from actwright.runs.keeping.statistics import JournalStatistics, statistics
from actwright.runs.keeping.verification import Fault, Verification
from actwright.runs.keeping.verifying import verify
from actwright.runs.record.rebuilding import rebuild
from actwright.wiring import Wiring

_LACKING = (
    "the store is empty, and there is a key of the seals beside it, which is made with a first seal: it is another store than "
    "was sealed, or all of it is gone; restore it, or put the key away"
)


class JournalCalls(Wiring):
    """What an administrator asks of the journal. None of it calls an org."""

    def verify(
        self,
        run_id: str | None = None,
        *,
        public_key: Path | None = None,
        against: Path | None = None,
    ) -> Verification:
        """Verify one run's journal or all of them, with every seal; name the first bad event of each run.

        Args:
            run_id: Only this run.
            public_key: A key that was kept elsewhere, to check the seals with; the one in ``home`` where left out.
            against: A seal that was kept elsewhere, as `seal` wrote it: the store must still have it.

        Raises:
            NotFoundError: There is no such run, and nothing knows of one.
            SealError: A file holds no key, or no seal.
            StoreError: The store cannot be read.
        """
        found = verify(
            self._database,
            self.journal.offloading,
            run_id=run_id,
            public=read_public_key(public_key) if public_key else self._public_key,
            against=read_seal(against) if against else None,
        )
        lost = () if found.faults or not self.lacks_its_seals() else (Fault(what=_LACKING),)
        return found.model_copy(update={"faults": (*found.faults, *lost)})

    def lacks_its_seals(self) -> bool:
        """Tell whether the store is empty though there is a key of the seals here, which a first seal had made.

        Raises:
            StoreError: The store cannot be read.
        """
        if not (self.sealing.key.exists or self.sealing.key.public_path.exists()):
            return False
        with self._database.read() as transaction:
            return not any(
                transaction.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - our own names
                for table in ("run", "archived", "seal")
            )

    def seal(self) -> Seal | None:
        """Seal the heads of all runs that moved since the last seal; None where none did.

        Raises:
            SealError: The key is missing, or is not that of the earlier seals; nothing was sealed.
            StoreError: The store cannot be written.
        """
        return self.sealing.seal()

    def rotate_seal_key(self) -> Seal:
        """Go over to a new key for the seals; a last seal with the old one names it. Return the new key's first seal.

        Every other machine that seals the same store needs the new key file from then on.

        Raises:
            SealError: The key is missing, is not that of the earlier seals, or cannot be written; nothing was changed.
            StoreError: The store cannot be written.
        """
        return self.sealing.rotate()

    def seal_if_due(self, every: timedelta = SEAL_EVERY) -> int | None:
        """Seal where the newest seal, or the oldest run without one, is older than ``every``; return the new one's number.

        Raises:
            SealError: As `seal` does.
            StoreError: As `seal` does.
        """
        made = self.sealing.seal_if_due(every)
        return None if made is None else made.number

    def newest_seal(self) -> Seal | None:
        """Return the newest seal, or None.

        Raises:
            StoreError: The store cannot be read.
        """
        with self._database.read() as transaction:
            return newest_seal(transaction)

    def write_seal(self, seal: Seal, path: Path) -> None:
        """Write a seal to a file, to be kept elsewhere and verified against.

        Raises:
            StoreError: The file cannot be written.
        """
        write_seal(seal, path)

    def export(self, path: Path, run_ids: Sequence[str] | None = None) -> Exported:
        """Write runs with all they refer to as JSON lines; what is damaged is left out, and named in what is returned.

        Args:
            path: The file, there whole or not at all.
            run_ids: The runs; all, with the seals, where left out.

        Raises:
            NotFoundError: There is no such run.
            StoreError: The file cannot be written, or the store cannot be read.
        """
        return self._exporting.to_file(path, run_ids)

    def export_day(self, to: str | Path, day: date | None = None) -> Exported | None:
        """Keep a copy of a day's runs in a folder or a bucket; None where a whole one was kept before.

        What is damaged is left out, and named in what is returned and in the file.

        Args:
            to: A folder, or ``s3://bucket/prefix``.
            day: In UTC; yesterday where left out.

        Raises:
            ConfigError: There can be no such place.
            StoreError: The place cannot be written, or the store cannot be read.
        """
        daily = Daily(self._exporting, place_at(to))
        return daily.export_day(day or daily.yesterday())

    def export_if_due(self) -> tuple[Exported, ...]:
        """Keep copies of the days of the last week that the setting ``daily_export`` lacks; none without the setting.

        What is damaged is left out, and named in what is returned; such a copy is made again once a day.

        Cheap where it was done today, so that a worker may call it as often as it likes.

        Raises:
            ConfigError: There can be no such place.
            StoreError: The place cannot be written, or the store cannot be read.
        """
        return self._daily.export_if_due() if self._daily else ()

    def backup(self, to: str | Path) -> Exported:
        """Keep a copy of all runs, documents and seals in a folder or a bucket.

        What is damaged is left out, and named in what is returned and in the file.

        Raises:
            ConfigError: There can be no such place.
            StoreError: The place cannot be written, or the store cannot be read.
        """
        return Daily(self._exporting, place_at(to)).backup()

    def import_(self, path: Path, *, unfinished: bool = False) -> Imported:
        """Take in exported runs the store has not; every chain is verified first, and a bad file changes nothing.

        Args:
            path: The file.
            unfinished: Take in runs that have not ended, too; no other store may carry them out any more.

        Raises:
            DocumentError: The file cannot be read.
            ExportDamagedError: The file was edited, cut off or reordered, or contradicts the store.
            JournalUnknownError: A newer program has written it.
            StoreError: A run has not ended, or the store cannot be written.
        """
        return Importing(self._database, self.journal.offloading, self._public_key).from_file(
            path, unfinished=unfinished
        )

    def stats(self) -> JournalStatistics:
        """Return how much there is in the journal, how it grows, and what has been left lying.

        Raises:
            StoreError: The store cannot be read.
        """
        return statistics(self._database, self.clock)

    def rebuild(self) -> int:
        """Make the register of runs anew from the journal, and return how many runs there are; leases stay.

        Raises:
            StoreError: The store cannot be read or written.
        """
        return rebuild(self._database, self.journal.offloading)

    def compact(self, before: datetime, to: Path, *, undoable: bool = False) -> Compacted:
        """Move runs that ended before a moment into a file in a folder, and take them out of the store.

        Args:
            before: Timezone-aware. Later runs stay, and so does what has not ended.
            to: The folder.
            undoable: Also move runs that may still be taken back, by `undo_days`; from the file they cannot be.

        Raises:
            StoreError: A run is damaged, the file cannot be written, or nobody may take rows out.
            SealError: The store cannot be sealed.
        """
        lifetime = timedelta(days=self.settings.undo_days)
        compacting = Compacting(self._exporting, self.sealing, lifetime)
        return compacting.compact(before, to, undoable=undoable)

    @cached_property
    def _daily(self) -> Daily | None:
        where = self.settings.daily_export
        return Daily(self._exporting, place_at(where)) if where else None

    @cached_property
    def _exporting(self) -> Exporting:
        return Exporting(self._database, self.journal.offloading, self.clock)

    @property
    def _public_key(self) -> PublicKey | None:
        """The public half of the key, or None where no key was ever made."""
        key = self.sealing.key
        if key.public_path.exists():
            return read_public_key(key.public_path)
        return key.public if key.exists else None
