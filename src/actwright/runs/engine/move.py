"""The next move of a run: a pure decision from what its events add up to, and what this process has out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Literal, TypeAlias

from actwright.runs.engine.budget import DEADLINE_PASSED, Spent, overdrawn
from actwright.runs.engine.work import Ending, Reconciled, Step
from actwright.runs.record.state import RunState
from actwright.runs.record.step import BEHIND, IN_DOUBT, StepState, StepStatus

UNKNOWN = "outcome_unknown"
"""The ``stopped_by`` of a run of which nobody can say how far it came."""

_AMISS: frozenset[StepStatus] = frozenset({"refused", "partial", "failed", "not_sent"})
"""It did not happen, or not wholly."""

_MOST_LOST = 10
"""Tries of a step, none of which was answered, until a person has to look at it."""


@dataclass(frozen=True, slots=True)
class Send:
    """Look at these steps where they ask for it, and send them."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Find out what became of these steps."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for what is out."""


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Wait for a moment; nothing is out."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold the run: it cannot go on by itself."""

    reason: str
    needs: Literal["clarification", "retry"]
    group_id: str
    code: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """All steps are behind: end the run, or wait for its next stage."""


@dataclass(frozen=True, slots=True)
class End:
    """End the run."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is to be done by this process."""


Move: TypeAlias = Send | Reconcile | Await | WaitUntil | Pause | Finish | End | Rest


@dataclass(frozen=True)
class View:
    """What a move is decided by.

    Attributes:
        state: What the events add up to.
        steps: The steps of the newest stage, in order; those that are behind may be left out.
        now: The present moment.
        spent: What the run has used up.
        out: The steps this process is busy with.
        stuck: Steps in doubt of which this process has found that nobody can tell, and what it found.
        barred: Steps that wait for what did not happen.
        handing_back: Whether this process is to give the run back.
    """

    state: RunState
    steps: Sequence[Step]
    now: datetime
    spent: Spent = field(default_factory=Spent)
    out: frozenset[str] = frozenset()
    stuck: Mapping[str, Reconciled] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    handing_back: bool = False

    def of(self, step: Step) -> StepState | None:
        """Return how far a step has come, or None where nothing is known of it."""
        return self.state.step(step.id)

    def is_behind(self, step_id: str) -> bool:
        """Tell whether the run has a step behind it."""
        return self.state.is_behind(step_id)

    @cached_property
    def begun(self) -> Sequence[Step]:
        """The steps of which anything is known, and that are not behind."""
        begun = {each.group_id for each in self.state.steps if each.status not in BEHIND}
        return [each for each in self.steps if each.id in begun] if begun else ()

    @property
    def failed(self) -> Sequence[Step]:
        """The steps that did not happen, or not wholly, and are not tried again by themselves."""
        return [each for each in self.begun if _failed(self.of(each))]


def next_move(view: View) -> Move:
    """Return what is to be done next; the same for the same view, whichever process asks."""
    state = view.state
    if state.ended:
        return Rest()
    if view.handing_back or state.status in {"paused", "waiting"}:
        return Await() if view.out else Rest()
    doubtful = tuple(_doubtful(view))
    asked = tuple(each for each in doubtful if each.id not in view.stuck)
    if asked:
        return Reconcile(asked)
    if doubtful or state.ending:
        return Await() if view.out else _closing(doubtful, view)
    return _forward(view)


def _closing(doubtful: Sequence[Step], view: View) -> Move:
    """Return how a run ends that is to end, or is held since nobody can tell what became of a step of it."""
    state = view.state
    if doubtful and state.ending not in {"aborted", "failed"}:
        return _clarify(doubtful[0], view)
    return End(Ending(state.ending, state.ending_why, code=_code(state.ending)))


def _forward(view: View) -> Move:
    failed = view.failed
    if failed and not all(_stops_little(each, view) for each in failed):
        return Await() if view.out else _stopped(failed, view)
    room = max(view.state.parallel, 1) - len(view.out)
    chosen = tuple(islice(_ready(view), max(room, 0)))
    if chosen:
        return _affordable(chosen, view)
    if view.out:
        return Await()
    moment = min(_moments(view), default=None)
    if moment is not None:
        return WaitUntil(moment)
    return _stopped(failed, view) if failed else Finish()


def _affordable(chosen: tuple[Step, ...], view: View) -> Move:
    """Return the sending of as many steps as the limits have room for, or the end of the run where that is none."""
    rows = 0
    for place, each in enumerate(chosen):
        rows += len(each.effects)
        over = overdrawn(view.state, view.spent, rows, view.now)
        if over is None:
            continue
        if place:
            return Send(chosen[:place])
        code, reason = over
        return Await() if view.out else End(Ending("failed", reason, code=code))
    return Send(chosen)


def _ready(view: View) -> Iterator[Step]:
    """Yield the steps that could be sent now; one after the other where that was said."""
    for step in view.steps:
        known = view.of(step)
        if step.id in view.out or (known and known.status in BEHIND):
            continue
        if _startable(step, known, view):
            yield step
        elif view.state.parallel <= 1 and not _failed(known) and step.id not in view.barred:
            return


def _startable(step: Step, known: StepState | None, view: View) -> bool:
    if step.id in view.barred or _failed(known):
        return False
    if known is not None and known.until and datetime.fromisoformat(known.until) > view.now:
        return False
    return all(view.is_behind(each) or _done_in_part(each, view) for each in step.needs)


def _done_in_part(needed: str, view: View) -> bool:
    """Tell whether a step that others need stands apart and is over; what really waits for it is barred by name."""
    step = next((each for each in view.steps if each.id == needed), None)
    return step is not None and _failed(view.of(step)) and _stops_little(step, view)


def _failed(known: StepState | None) -> bool:
    if known is None or known.status not in _AMISS:
        return False
    return not known.is_found_out or (known.by != "person" and known.intended >= _MOST_LOST)


def _stops_little(step: Step, view: View) -> bool:
    """Tell whether a failed step stops only what waits for it."""
    known = view.of(step)
    return step.apart and known is not None and known.status in {"partial", "failed"}


def _doubtful(view: View) -> Iterator[Step]:
    for step in view.begun:
        known = view.of(step)
        if known is not None and known.status in IN_DOUBT and step.id not in view.out:
            yield step


def _moments(view: View) -> Iterator[datetime]:
    for step in view.begun:
        known = view.of(step)
        if known is not None and known.status == "retrying" and known.until:
            yield datetime.fromisoformat(known.until)


def _clarify(step: Step, view: View) -> Move:
    found = view.stuck[step.id]
    reason = f"Nobody can tell whether {step.id} happened: its answer was lost."
    return Pause(reason, "clarification", step.id, UNKNOWN, found.evidence)


def _stopped(failed: Sequence[Step], view: View) -> Move:
    known = view.of(failed[0])
    if known is not None and known.is_found_out:
        reason = f"{failed[0].id} was tried {known.intended} times, and no answer ever came."
        return Pause(reason, "retry", failed[0].id)
    if view.state.on_failure == "pause":
        return Pause(f"{failed[0].id} was not done.", "retry", failed[0].id)
    return End(Ending("failed"))


def _code(ending: str) -> str:
    return DEADLINE_PASSED if ending == "failed" else ending
