"""Findings: why something a run did is not taken back, as somebody found who planned to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
from actwright.store.database import Database
from actwright.store.documents import Documents
from actwright.store.offloading import Offloading

Obstacle = Literal["left", "irreversible", "expired", "in_doubt", "taken_back", "decided"]
"""
- ``left``: it is not as the run left it, or it is as it was before.
- ``irreversible``: nobody knows how to take it back.
- ``expired``: an override said for how long it can take it back, and that is over.
- ``in_doubt``: nobody knows whether it happened.
- ``taken_back``: it was, by another run.
- ``decided``: a person said that it is dealt with, or to be left.
"""


class Finding(Contract):
    """Why one effect is not taken back."""

    obstacle: Obstacle
    why: str


class Findings(Contract):
    """What somebody found who planned to take a run back."""

    id: str = Field(pattern=r"^ufn_[0-9a-f]{20}$")
    run_id: str
    at: str
    found: dict[str, Finding]
    """By effect, what is not taken back."""


class FindingsArchive:
    """The findings of one store; of each run the newest count.

    Args:
        database: The store.
        clock: For the time of what is added.
        offloading: Keeps large findings in the blob store; all stay in the store's rows where left out.
    """

    def __init__(
        self, database: Database, clock: Clock, offloading: Offloading | None = None
    ) -> None:
        self._documents = Documents(database, "undo_findings", offloading)
        self._clock = clock

    def add(self, run_id: str, found: Mapping[str, Finding]) -> Findings:
        """Store what was found about a run.

        Raises:
            StoreError: The store cannot be written.
        """
        made = Findings(
            id=f"ufn_{secrets.token_hex(10)}",
            run_id=run_id,
            at=timestamp(self._clock.now()),
            found=dict(found),
        )
        self._documents.add(made.id, made, at=made.at, parent=run_id)
        return made

    def newest(self, run_id: str) -> Mapping[str, Finding]:
        """Return what was found about a run the last time somebody planned to take it back; nothing where nobody has.

        Raises:
            DocumentError: What is stored was damaged.
            DocumentLostError: It is large, and the blob store does not hold it any more as it was.
        """
        stored = self._documents.latest_of(run_id)
        if stored is None:
            return {}
        return validated(Findings, stored.json(), where=stored.id).found
