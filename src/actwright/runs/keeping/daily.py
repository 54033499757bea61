"""Daily exports and backups: files in a folder or a bucket, named by when they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import gettempdir

from actwright.clock import timestamp
from actwright.runs.keeping.exporting import Exported, Exporting
from actwright.runs.keeping.places import FolderPlace, Place
from actwright.runs.keeping.staging import staging

_SETTLING = timedelta(minutes=10)
"""How long after midnight an event of the day before may still be on its way into the store."""

_KIND = ".jsonl"
_IN_PART = ".in-part"
"""How the name of a copy ends, before its kind, in which something damaged is left out. It is no whole copy of its day."""

_DAYS = 7
"""How many days back a copy is made of a day on which nobody made one."""


@dataclass(slots=True)
class Daily:
    """What is kept of a store outside of it.

    Attributes:
        exporting: The way into a file.
        place: Where the files are kept.
        done: The last day up to which all was kept, as far as this process knows.
    """

    exporting: Exporting
    place: Place
    done: date | None = None

    def backup(self) -> Exported:
        """Keep a copy of all runs, with their documents and the seals, under the present moment's name.

        Where something damaged is left out, the name says so.

        Raises:
            StoreError: The store cannot be read, or the place cannot be written.
        """
        now = timestamp(self.exporting.clock.now()).replace(":", "")
        return self._keep(f"actwright-backup-{now}", None)

    def export_day(self, day: date) -> Exported | None:
        """Keep a copy of the runs whose newest event is of a day; None where that was done before.

        A copy in which something damaged is left out has a name of its own, and is made again when asked for again.

        Args:
            day: In UTC.

        Raises:
            StoreError: The store cannot be read, or the place cannot be written.
        """
        name = f"actwright-{day.isoformat()}"
        if self.place.has(f"{name}{_KIND}"):
            return None
        return self._keep(name, self.exporting.runs_of(day))

    def yesterday(self) -> date:
        """Return the last day in UTC whose events are all written by now."""
        return (self.exporting.clock.now() - _SETTLING).date() - timedelta(days=1)

    def export_if_due(self) -> tuple[Exported, ...]:
        """Keep a copy of the runs of each day of the last week that was not kept before, and return what was kept.

        Nothing is read or asked for again on the same day; a day without runs is passed over.

        Raises:
            StoreError: The store cannot be read, or the place cannot be written.
        """
        newest = self.yesterday()
        if self.done == newest:
            return ()
        days = [newest - timedelta(days=each) for each in reversed(range(_DAYS))]
        kept = [self.export_day(each) for each in days if self.exporting.runs_of(each)]
        self.done = newest
        return tuple(each for each in kept if each is not None)

    def _keep(self, name: str, run_ids: tuple[str, ...] | None) -> Exported:
        near = self.place.folder if isinstance(self.place, FolderPlace) else Path(gettempdir())
        with staging(near) as folder:
            source = folder / name
            exported = self.exporting.to_file(source, run_ids)
            told = f"{name}{_IN_PART if exported.left_out else ''}{_KIND}"
            return exported.model_copy(update={"where": self.place.keep(told, source)})
