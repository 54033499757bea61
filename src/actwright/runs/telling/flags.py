"""The flags that stand beside a run's status, each with its reason: nothing moves, and nobody knows what became of something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actwright.runs.record.patience import passed
from actwright.runs.record.state import RunState

LEFT: Final = "No process carries it out any more."
"""Why a run is stalled whose process is gone."""

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Flags:
    """What stands beside a run's status; empty texts where it does not.

    Attributes:
        stalled: Why nothing has moved for longer than it should.
        in_doubt: What was sent and may or may not have happened.
    """

    stalled: str = ""
    in_doubt: str = ""


def state_document(state: RunState, *, carried: bool) -> dict[str, object]:
    """Return a run's state as JSON-ready data, with its flags: why it is stalled, and which groups are in doubt.

    Args:
        state: The state.
        carried: Whether a process carries the run out that is alive.
    """
    flags, doubtful = flags_of(state, carried=carried), _doubtful(state, carried=carried)
    told = {"stalled": flags.stalled, "inDoubt": list(doubtful)}
    return state.model_dump(mode="json") | told


def flags_of(state: RunState, *, carried: bool) -> Flags:
    """Return the flags of a run. What a living process has out is no doubt: its answer is on the way.

    Args:
        state: What its events add up to.
        carried: Whether a process carries it out that is alive.
    """
    left = state.status == "running" and not carried and not is_over(state)
    return Flags(state.stalled or (LEFT if left else ""), _doubt(_doubtful(state, carried=carried)))


def is_over(state: RunState) -> bool:
    """Tell whether a run has only its end to come, and nothing to be looked up before: a person or a timer said so."""
    return bool(state.ending) and not state.ended and not state.in_doubt


def over_in_words(state: RunState, now: datetime) -> str:
    """Return why a run that nobody carries out has only its end to come, in a sentence; nothing where it has more.

    Args:
        state: What its events add up to.
        now: The present moment: a wait may be over by it that nobody has looked at since.
    """
    if is_over(state):
        return state.ending_why if state.ending == "failed" else f"It is to end as {state.ending}."
    over = passed(state, now)
    return over.why if over else ""


def next_in_words(told: str, *, over: bool, alone: bool) -> str:
    """Return a sentence about a run that nobody carries out, with how it ends or goes on.

    Args:
        told: The sentence.
        over: Whether it only has to end.
        alone: Whether no other machine uses the store, so that nobody may be counted on to look at it.
    """
    if over:
        by_itself = "it ends at" if alone else "a worker ends it by itself, else"
        return f"{told.removesuffix('.')}; {by_itself} the next actwright recover"
    return f"{told} " + (
        "Next: actwright recover"
        if alone
        else "A worker takes it over by itself; where none runs: actwright recover"
    )


def _doubtful(state: RunState, *, carried: bool) -> tuple[str, ...]:
    if not (carried and state.status == "running"):
        return state.in_doubt
    steps = map(state.step, state.in_doubt)
    return tuple(each.group_id for each in steps if each and each.status == "unknown")


def _doubt(groups: Sequence[str]) -> str:
    if not groups:
        return ""
    more = len(groups) - _MOST_NAMED
    named = ", ".join(groups[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return f"Nobody knows what became of {named}."
