"""The head of a run: its newest event, as far as whoever appends behind it has to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Head:
    """Where a run stands; an append behind it is refused as soon as somebody else has appended.

    Nothing changes it, but freezing it would take longer than all else that makes it.

    Attributes:
        run_id: The run.
        seq: The number of its newest event.
        hash: The hash of that event.
        at: When that event was written.
        known: Columns the register's row of the run is known to hold with that event; they need not be written again.
    """

    run_id: str
    seq: int
    hash: str
    at: str
    known: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
