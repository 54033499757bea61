"""Elsewhere: the other runs of the same store that made a record somebody takes for this run's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actwright.clock import timestamp
from actwright.runs.record.event import EventKind
from actwright.runs.record.journal import Journal
from actwright.runs.record.register import Register

_SETTLED: Final[frozenset[EventKind]] = frozenset({"group_settled", "group_reconciled"})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The journal of the runs beside one.

    Attributes:
        journal: The runs of the store.
    """

    journal: Journal

    def makers(
        self, record_ids: Collection[str], *, org: str, since: datetime, beside: str
    ) -> Mapping[str, str]:
        """Return the runs that made records, by the id of the record; nothing for those no other run made.

        Only runs that moved since are looked at: what was settled before stood in the org before.

        Args:
            record_ids: The records.
            org: The org they are in.
            since: When they can have been made at the earliest.
            beside: The run that is no other run.

        Raises:
            StoreError: The journal cannot be read.
            JournalDamagedError: What one of these runs did cannot be told any more.
        """
        rows = Register(self.journal.database).moved_since(timestamp(since), org=org)
        found: dict[str, str] = {}
        for run_id in (each.run_id for each in rows if each.run_id != beside):
            found |= {made: run_id for made in self._made(run_id) if made in record_ids}
        return found

    def _made(self, run_id: str) -> Iterator[str]:
        events = self.journal.whole(run_id)
        for event in events:
            if event.kind in _SETTLED:
                for each in event.data.get("outcomes", ()):
                    if each.get("created") and each.get("status") == "done":
                        yield str(each.get("recordId"))
