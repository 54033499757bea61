"""Streaming: a journal's events one by one, with the time that passed between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from actwright.errors import InputError
from actwright.runs.record.event import JournalEvent

_LONGEST = 86_400.0
"""Seconds that are waited for one event at most: a day, however wrong the clock was."""


def streamed(
    events: Sequence[JournalEvent], *, speed: float, sleep: Callable[[float], None]
) -> Iterator[JournalEvent]:
    """Yield a journal's events in order, as they came.

    Args:
        events: The journal.
        speed: How many times as fast as it was; 0 without any waiting.
        sleep: Waits so many seconds.

    Raises:
        InputError: The speed is below zero, or no number.
    """
    if not 0 <= speed < float("inf"):
        raise InputError(
            "A run cannot be replayed at that speed.",
            where="--speed",
            hint="Give 1 for its own pace, 10 for ten times as fast, 0 for no waiting.",
        )
    return _paced(events, speed, sleep)


def _paced(
    events: Sequence[JournalEvent], speed: float, sleep: Callable[[float], None]
) -> Iterator[JournalEvent]:
    before: JournalEvent | None = None
    for event in events:
        seconds = _between(before, event) / speed if before and speed else 0.0
        if seconds > 0:
            sleep(min(seconds, _LONGEST))
        yield event
        before = event


def _between(before: JournalEvent, event: JournalEvent) -> float:
    """Return the seconds between two events; none where the clock was set back meanwhile."""
    passed = datetime.fromisoformat(event.at) - datetime.fromisoformat(before.at)
    return max(passed.total_seconds(), 0.0)
