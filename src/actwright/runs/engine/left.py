"""Runs left: begun, not ended, and carried out by nobody any more."""

from __future__ import annotations

from actwright.runs.engine.lease import is_held
from actwright.runs.record.register import Register


def count_left(register: Register, now: str, *, alone: bool, most: int = 100) -> int:
    """Return how many runs were left by the process that carried them out; ``most`` means many.

    Args:
        register: Where the runs stand.
        now: The present moment.
        alone: Whether no other machine uses the store, so that the lease of a process that is gone counts no more.
        most: How many are looked at.

    Raises:
        StoreError: The store cannot be read.
    """
    return sum(not is_held(each, now, alone=alone) for each in register.running(most))


def left_in_words(count: int) -> str:
    """Return that so many runs were left, as a sentence without its point."""
    return f"{'1 run was' if count == 1 else f'{count} runs were'} broken off and not ended"
