"""Timers of runs: moments after which a run may not stand as it does. Nothing ticks; whoever looks at a run fires them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from actwright.clock import Clock, timestamp
from actwright.errors import JournalConflictError
from actwright.locales import PersonLocale
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.patience import passed
from actwright.runs.record.projection import ESCALATE_AFTER
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunState

Timer = Literal["deadline", "expiry", "escalation", "override"]
"""
- ``deadline``: the run has to be over.
- ``expiry``: waiting for somebody is over.
- ``escalation``: it has been waiting or paused for long, and somebody should be told.
- ``override``: the window of an objection is over; the run stays held, and somebody should be told.
"""

_TRIES: Final = 20
_ACTOR: Final = "timer"


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose moment has come.

    Attributes:
        timer: Which.
        at: The moment.
        why: What it means, in a sentence.
        ends: Whether the run is to end by it; else it is flagged as stalled, and stays as it is.
        until: When it is to end all the same, where it stays as it is for now.
    """

    timer: Timer
    at: datetime
    why: str
    ends: bool
    until: str | None = None

    def entry(self) -> Entry:
        """Return the event that says it has fired."""
        flagged = {"stalled": self.why, **({"until": self.until} if self.until else {})}
        what = {"ending": "failed", "endingWhy": self.why} if self.ends else flagged
        told = {"timer": self.timer, "why": self.why, "due": timestamp(self.at)}
        return ("timer_fired", told | what)


def due(state: RunState, now: datetime) -> tuple[Due, ...]:
    """Return the timers of a run whose moment has come, those that end it alone; each is due once.

    Only what is held has timers: a run that is carried out looks at its deadline itself, before each group. What is in
    doubt or held by an objection is never ended by a timer, for then nobody could clear it up any more.

    Args:
        state: The run.
        now: The present moment.
    """
    if state.ended or state.ending or state.status not in {"waiting", "paused"}:
        return ()
    over = passed(state, now)
    if over is not None:
        return (Due(over.timer, over.at, over.why, ends=True),)
    if state.stalled:
        return ()
    stalling = _stalling(state)
    return (stalling,) if stalling.at <= now else ()


class Timers:
    """Fires the timers of the runs of one store.

    Args:
        journal: The runs.
        clock: The time.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def look(self, run_id: str) -> tuple[Due, ...]:
        """Fire as `fire` does, where the register says that a moment has come; else it costs a look at one row.

        Raises:
            JournalConflictError: As for `fire`.
            JournalDamagedError: As for `fire`.
            NotFoundError: There is no such run.
        """
        row = Register(self._journal.database).row(run_id)
        return self.fire(run_id) if row.is_due(timestamp(self._clock.now())) else ()

    def fire(self, run_id: str) -> tuple[Due, ...]:
        """Write down which timers of a run have come due, once, and return them; a run to be ended is then driven on.

        Raises:
            JournalConflictError: The run moved on again and again.
            JournalDamagedError: Its journal is not as it was written.
            NotFoundError: There is no such run.
        """
        for _ in range(_TRIES):
            events = self._journal.whole(run_id)
            found = due(fold(events), self._clock.now())
            if not found:
                return ()
            entries = [each.entry() for each in found]
            try:
                self._journal.append(run_id, entries, actor=_ACTOR, after=events[-1].head)
            except JournalConflictError:
                continue
            return found
        raise JournalConflictError(f"{run_id} moved on {_TRIES} times while its timers were read.")


def _stalling(state: RunState) -> Due:
    """Return the timer that flags a run as it stands."""
    if state.waiting_for == "override" and state.until is not None:
        why = f"The objection was not decided by {_told(state.until, state)}; the run stays paused."
        return Due("override", _moment(state.until), why, ends=False)
    hours = ESCALATE_AFTER / timedelta(hours=1)
    why = f"It {_held(state)} for more than {hours:g} hours: {state.reason}"
    at = _moment(state.held_since) + ESCALATE_AFTER
    return Due("escalation", at, why, ends=False, until=state.until)


def _held(state: RunState) -> str:
    return "waited" if state.status == "waiting" else "was paused"


def _told(text: str, state: RunState) -> str:
    """Return a moment by the clock of the person whose rights count."""
    local = PersonLocale(zone=state.zone).local(text)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
