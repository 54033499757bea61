"""Patience: until when a run waits for a person, where its terms say so, and that the moment has passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from actwright.clock import timestamp
from actwright.locales import PersonLocale
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


@dataclass(frozen=True, slots=True)
class WaitEnd:
    """A moment by which the wait of a run for a person is over, and the run with it.

    Attributes:
        timer: ``expiry`` where nobody may answer any more, ``deadline`` where the run has to be over.
        at: The moment.
        why: What it means, in a sentence, once it has passed.
    """

    timer: Literal["expiry", "deadline"]
    at: datetime
    why: str


def wait_ends(state: RunState) -> Iterator[WaitEnd]:
    """Yield the moments that end a run as it stands; none of one that a timer never ends."""
    held = state.status in {"waiting", "paused"}
    if not held or state.in_doubt or state.waiting_for == "override":
        return
    if state.until is not None:
        why = f"Nobody answered by {_told(state.until, state)}."
        yield WaitEnd("expiry", datetime.fromisoformat(state.until), why)
    if state.deadline is not None:
        how = "waited" if state.status == "waiting" else "was paused"
        why = f"The deadline {_told(state.deadline, state)} passed while the run {how}."
        yield WaitEnd("deadline", datetime.fromisoformat(state.deadline), why)


def passed(state: RunState, now: datetime) -> WaitEnd | None:
    """Return the first moment that ended the wait of a run and has passed; None where there is none."""
    over = (each for each in wait_ends(state) if each.at <= now)
    return min(over, key=lambda each: each.at, default=None)


def _told(text: str, state: RunState) -> str:
    """Return a moment by the clock of the person whose rights count, with its seconds where it has any."""
    local = PersonLocale(zone=state.zone).local(text)
    return f"{local:%Y-%m-%d %H:%M}{f':{local:%S}' if local.second else ''} {local.tzname()}"
