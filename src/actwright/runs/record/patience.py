"""Patience: until when a run waits for a person, where its terms say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from actwright.clock import timestamp
from actwright.runs.record.state import RunState

IMPATIENT: Final = frozenset({"confirmation", "retry"})
"""What a run waits for only so long. What is in doubt or objected to is never ended by a timer: ended, nobody could clear
it up any more."""


def waits_until(state: RunState, held_for: object, now: datetime) -> Mapping[str, str]:
    """Return what an event tells by which a run begins to wait for a person: until when; nothing where that is for ever.

    Args:
        state: The run.
        held_for: What it waits for.
        now: The present moment.
    """
    seconds = state.answer_within
    if seconds is None or held_for not in IMPATIENT or state.in_doubt:
        return {}
    return {"until": timestamp(now + timedelta(seconds=seconds))}
