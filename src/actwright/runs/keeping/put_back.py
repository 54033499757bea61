"""Large data of a file on its way into the blob store, which may have lost what the rows of the store refer to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from actwright.errors import StoreError
from actwright.runs.keeping.export_lines import EventLine
from actwright.store.blobs import Blobs
from actwright.store.database import Transaction
from actwright.store.offloading import Offloading


@dataclass(slots=True)
class PutBack:
    """The way of one file's large data into the blob store.

    Attributes:
        transaction: Reads which rows the store has.
        offloading: Where it goes.
        count: How much of it the store referred to and had lost, or held otherwise than it was stored.
    """

    transaction: Transaction
    offloading: Offloading
    count: int = 0

    def content(self, content: bytes, blobs: Blobs, event: EventLine) -> None:
        """Keep the data of an event.

        Args:
            content: The data.
            blobs: Where it is kept.
            event: The event.

        Raises:
            StoreError: It could not be kept.
        """
        lost = self._has(event) and self._is_lost(content)
        blobs.put(content)
        self.count += lost

    def text(self, text: str, *, where: str, known: bool) -> str:
        """Return what the row of a document holds, after keeping what goes out of it.

        Args:
            text: The document.
            where: What it stays in where it cannot go out, for the log.
            known: Whether the row is there already, and refers to the blob store.
        """
        lost = known and self._is_lost(text.encode())
        held = self.offloading.kept(text, where=where)
        self.count += lost and held != text
        return held

    def _has(self, event: EventLine) -> bool:
        """Tell whether the store has an event already."""
        found = self.transaction.execute(
            "SELECT 1 FROM journal WHERE run_id = ? AND seq = ?", (event.run_id, event.seq)
        )
        return found.fetchone() is not None

    def _is_lost(self, content: bytes) -> bool:
        with suppress(StoreError):
            self.offloading.content_of(sha256(content).hexdigest())
            return False
        return True
