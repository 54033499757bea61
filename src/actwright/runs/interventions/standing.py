"""What a run stands at, seen by somebody who wants to step in."""

from __future__ import annotations

from typing import Literal, get_args

from actwright.runs.record.state import RunState

Standing = Literal[
    "queued",
    "running",
    "confirmation",
    "retry",
    "doubt",
    "override",
    "ending",
    "ended",
]
"""
- ``queued``: no process has begun with it.
- ``running``: a process carries it out, or did when it died.
- ``confirmation``: it waits for a yes to what comes next.
- ``retry``: a group failed, and the run was to pause then.
- ``doubt``: nobody can tell whether a group happened.
- ``override``: an objection holds it.
- ``ending``: a person or a timer has ended it, and that has not been carried out yet.
- ``ended``: it has had its end.
"""

STANDINGS: tuple[Standing, ...] = get_args(Standing)


def standing_of(state: RunState) -> Standing:
    """Return what a run stands at."""
    if state.ended:
        return "ended"
    if state.status in {"waiting", "paused"}:
        return _held(state)
    if state.ending:
        return "ending"
    return "queued" if state.status == "queued" else "running"


def in_words(state: RunState) -> str:
    """Return what a run stands at as the rest of a sentence that begins with its id."""
    return _WORDS[standing_of(state)].format(
        status=state.status, ending=state.ending, doubtful=", ".join(state.in_doubt)
    )


def _held(state: RunState) -> Standing:
    if state.waiting_for == "override":
        return "override"
    if state.in_doubt:
        return "doubt"
    return "confirmation" if state.waiting_for == "confirmation" else "retry"


_WORDS: dict[Standing, str] = {
    "queued": "has not begun",
    "running": "is being carried out, or was when its process died",
    "confirmation": "waits for a yes to what comes next",
    "retry": "is paused because a group failed",
    "doubt": "is paused because nobody can tell whether {doubtful} happened",
    "override": "is held by an objection",
    "ending": "is about to end as {ending}",
    "ended": "has ended as {status}",
}
