"""Runs left: begun, not ended, and carried out by nobody any more."""

from __future__ import annotations

from actwright.errors import ActwrightError
from actwright.runs.engine.lease import is_held
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Journal
from actwright.runs.record.register import Register


def count_left(journal: Journal, now: str, *, alone: bool, most: int = 100) -> int:
    """Return how many runs were left by the process that carried them out; ``most`` means many.

    Args:
        journal: The runs.
        now: The present moment.
        alone: Whether no other machine uses the store, so that the lease of a process that is gone counts no more.
        most: How many are looked at.

    Raises:
        StoreError: The store cannot be read.
    """
    running = Register(journal.database).running(most)
    free = (each.run_id for each in running if not is_held(each, now, alone=alone))
    return sum(not _only_ends(journal, each) for each in free)


def left_in_words(count: int) -> str:
    """Return that so many runs were left, as a sentence without its point."""
    return f"{'1 run was' if count == 1 else f'{count} runs were'} broken off and not ended"


def _only_ends(journal: Journal, run_id: str) -> bool:
    """Tell whether a run was not left, but has its end to come: its wait is over, or a person said that it ends."""
    try:
        state = fold(journal.events(run_id))
    except ActwrightError:
        return False
    return bool(state.ending) and not state.in_doubt
