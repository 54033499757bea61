"""The next move of a run: a pure decision from what its events add up to, and what this process has out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from actwright.runs.engine.budget import DEADLINE_PASSED, Spent, overdrawn
from actwright.runs.engine.work import Ending, Reconciled, Step
from actwright.runs.record.state import ENDED, RunState, RunStatus
from actwright.runs.record.step import BEHIND, IN_DOUBT, StepState, StepStatus

UNKNOWN = "outcome_unknown"
"""The ``stopped_by`` of a run of which nobody can say how far it came."""

_AMISS: frozenset[StepStatus] = frozenset({"refused", "partial", "failed", "not_sent"})
"""It did not happen, or not wholly."""

_HELD: frozenset[RunStatus] = frozenset({"paused", "waiting"})
_NOTHING = Decimal(0)

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


@dataclass(slots=True)
class View:
    """What a move is decided by; nothing changes it, but freezing it would take longer than most decisions.

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

    @property
    def begun(self) -> Sequence[Step]:
        """The steps of which anything is known, and that are not behind."""
        begun = self.state.begun
        return [each for each in self.steps if each.id in begun] if begun else ()

    @property
    def price_out(self) -> Decimal:
        """What the steps this process is busy with are declared to cost together."""
        if not self.out:
            return _NOTHING
        return sum((each.price for each in self.steps if each.id in self.out), _NOTHING)

    @property
    def failed(self) -> Sequence[Step]:
        """The steps that did not happen, or not wholly, and are not tried again by themselves."""
        if not self.state.begun:
            return ()
        return [each for each in self.begun if _failed(self.of(each))]


def next_move(view: View) -> Move:
    """Return what is to be done next; the same for the same view, whichever process asks."""
    state = view.state
    status = state.status
    if status in ENDED:
        return Rest()
    if view.handing_back or status in _HELD:
        return Await() if view.out else Rest()
    doubtful = _doubtful(view) if state.begun else ()
    asked = tuple([each for each in doubtful if each.id not in view.stuck]) if doubtful else ()
    if asked:
        return Reconcile(asked)
    if doubtful or state.ending:
        return Await() if view.out else _closing(doubtful, view)
    return _forward(view)


def is_to_end(view: View) -> bool:
    """Tell whether the run is to end as soon as nothing of it is out or in doubt: somebody said so, or a step failed."""
    failed = view.failed
    stopped = any(not _stops_little(each, view) for each in failed)
    return bool(view.state.ending) or (stopped and isinstance(_stopped(failed, view), End))


def is_lost_again(known: StepState | None) -> bool:
    """Tell whether a step that did not happen has lost its answer more than once, and may be sent anew after a pause."""
    return known is not None and known.is_found_out and 1 < known.intended < _MOST_LOST


def _closing(doubtful: Sequence[Step], view: View) -> Move:
    """Return how a run ends that is to end, or is held since nobody can tell what became of a step of it."""
    state = view.state
    if doubtful and state.ending not in {"aborted", "failed"}:
        return _clarify(doubtful[0], view)
    return End(Ending(state.ending, state.ending_why, code=_code(state.ending)))


def _forward(view: View) -> Move:
    state = view.state
    failed = view.failed
    if failed and not all(_stops_little(each, view) for each in failed):
        return Await() if view.out else _stopped(failed, view)
    room = max(state.parallel, 1) - len(view.out)
    chosen = _ready(view, room) if room > 0 else ()
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
    rows, price = 0, view.price_out
    for place, each in enumerate(chosen):
        rows, price = rows + len(each.effects), price + each.price
        over = overdrawn(view.state, view.spent, rows, view.now, price)
        if over is None:
            continue
        if place:
            return Send(chosen[:place])
        code, reason = over
        return Await() if view.out else End(Ending("failed", reason, code=code))
    return Send(chosen)


def _ready(view: View, room: int) -> tuple[Step, ...]:
    """Return the steps that could be sent now, as many as there is room for; one after the other where that was said."""
    chosen: list[Step] = []
    state, out = view.state, view.out
    for step in view.steps:
        known = state.step(step.id)
        if step.id in out or (known and known.status in BEHIND):
            continue
        if _startable(step, known, view):
            chosen.append(step)
            if len(chosen) == room:
                break
        elif state.parallel <= 1 and not _failed(known) and step.id not in view.barred:
            break
    return tuple(chosen)


def _startable(step: Step, known: StepState | None, view: View) -> bool:
    if step.id in view.barred or _failed(known):
        return False
    if known is not None and known.until and datetime.fromisoformat(known.until) > view.now:
        return False
    is_behind = view.state.is_behind
    lacking = [each for each in step.needs if not is_behind(each)]
    return not lacking or all(_done_in_part(each, view) for each in lacking)


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


def _doubtful(view: View) -> tuple[Step, ...]:
    begun, out = view.state.begun, view.out
    return tuple(
        each for each in view.begun if begun[each.id].status in IN_DOUBT and each.id not in out
    )


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
