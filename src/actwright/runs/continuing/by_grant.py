"""Going on by a grant: which runs wait for a wave that the grant which began them may cover, and why it does not."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.errors import ActwrightError
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.journal import Entry


def goes_on_by(events: Sequence[JournalEvent]) -> str | None:
    """Return the grant that began a run which waits for its next wave, and was not asked about that wave yet."""
    begun, last = events[0].data.get("grant"), events[-1]
    waits = last.kind == "run_waiting" and last.data.get("for", "confirmation") == "confirmation"
    return str(begun) if begun and waits and not last.data.get("grant") else None


def told_outside(waiting: JournalEvent, grant_id: str, error: ActwrightError) -> Entry:
    """Return the event that a run goes on waiting, for a person, and why the grant did not let it go on.

    Args:
        waiting: The event by which it waits.
        grant_id: The grant that began it.
        error: Why the grant does not cover the wave.
    """
    reason = f"A person has to say yes to what comes next. {error.message}"
    return ("run_waiting", {**waiting.data, "reason": reason, "grant": grant_id})
