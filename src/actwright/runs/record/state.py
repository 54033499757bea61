"""A run's state: a pure fold over its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property, reduce
from typing import Literal, TypeAlias, get_args

from pydantic import Field

from actwright.contract import Contract
from actwright.errors import StoreError
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.happening import Happening
from actwright.runs.record.migrations import newest_form
from actwright.runs.record.news import NEWS, STEP_NEWS, News
from actwright.runs.record.stage import Stage
from actwright.runs.record.step import BEHIND, IN_DOUBT, StepState, StepStatus

RunStatus = Literal[
    "queued", "running", "waiting", "paused", "completed", "failed", "cancelled", "aborted"
]
"""
- ``queued``: confirmed, and no process has begun with it.
- ``running``: a process carries it out; or did when it died, which is what ``stalled`` tells.
- ``waiting``: for a yes or an answer that was foreseen.
- ``paused``: it cannot go on by itself; a person has to say how.
- the last four: it has ended.
"""

STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)

ENDED: frozenset[RunStatus] = frozenset({"completed", "failed", "cancelled", "aborted"})


Place: TypeAlias = tuple[int, str]
"""Where a step stands: the number of its stage, and the id of its group."""


class RunLimits(Contract):
    """What a run may take at most; None is no limit."""

    calls: int | None = Field(default=None, ge=1)
    """API calls."""
    rows: int | None = Field(default=None, ge=1)
    """Effects sent."""
    seconds: float | None = Field(default=None, gt=0)
    """From the start on, waiting for people left out."""
    cost: Decimal | None = Field(default=None, ge=0)
    """What its calls and the overrides that act by themselves may cost together, in the currency prices are given in."""


class RunState(Contract):
    """What a run's events add up to."""

    id: str
    status: RunStatus = "running"
    reason: str = ""
    """Why it waits or is paused, in a sentence; or what ended it."""
    waiting_for: Literal["", "confirmation", "clarification", "retry", "override"] = ""
    """What a waiting or paused run needs."""
    until: str | None = None
    """When waiting is over by itself."""
    held_since: str = ""
    """When it began to wait, or was paused, the last time."""
    goal: str = ""
    plan_id: str = ""
    preview_id: str = ""
    confirmation_id: str = ""
    digest: str = ""
    approver: str = ""
    user: str = ""
    org: str = ""
    locale: str = "en_US"
    """How the person whose rights counted writes numbers and dates, as the org has it."""
    zone: str = "UTC"
    """IANA time zone of that person."""
    undoes: str | None = None
    """The run this one takes back."""
    undone_by: tuple[str, ...] = ()
    """The runs that took this one back, at least in part: told by their own journals, see `taken_back`."""
    started_at: str = ""
    updated_at: str = ""
    ended_at: str | None = None
    worker: str = ""
    """The process that has it, or had it last."""
    on_failure: Literal["end", "pause"] = "end"
    """What a group that fails does to the run."""
    parallel: int = 1
    """How many groups that do not depend on each other may be out at once."""
    limits: RunLimits = RunLimits()
    deadline: str | None = None
    stages: tuple[Stage, ...] = ()
    steps: tuple[StepState, ...] = ()
    """The groups the events speak of, in the order they first do."""
    commands: tuple[str, ...] = ()
    """Idempotency keys of the interventions it has accepted."""
    ending: Literal["", "cancelled", "aborted", "failed"] = ""
    """How it is to end, where a person or a timer has said so, and it has not ended yet."""
    ending_why: str = ""
    """Why it is to end so."""
    stalled: str = ""
    """Why nothing has moved for longer than it should, where that is so."""
    envelope: OrchestratorResult | None = None

    @property
    def ended(self) -> bool:
        """Whether it has had its one end."""
        return self.status in ENDED

    @property
    def in_part(self) -> bool:
        """Whether it ended with some of its effects carried out, and not all."""
        return self.envelope is not None and self.envelope.in_part

    @property
    def changed_something(self) -> bool:
        """Whether it ended with at least one effect carried out."""
        return self.envelope is not None and self.envelope.effects_done > 0

    @property
    def sent(self) -> tuple[str, ...]:
        """Groups of the newest stage that were about to be sent at least once."""
        return tuple(each.group_id for each in self._newest if each.key or each.status in _OUT)

    @property
    def settled(self) -> tuple[str, ...]:
        """Groups of the newest stage that were sent, and whose outcome is known."""
        doubtful = set(self.in_doubt)
        return tuple(each for each in self.sent if each not in doubtful)

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Groups of the newest stage with an intent and no outcome."""
        return tuple(each.group_id for each in self._newest if each.status in IN_DOUBT)

    @property
    def stage(self) -> int:
        """The number of the newest stage."""
        return len(self.stages) or 1

    def step(self, group_id: str, stage: int | None = None) -> StepState | None:
        """Return how far a group has come, or None where no event speaks of it; of the newest stage by default."""
        return self._by_place.get((stage or len(self.stages) or 1, group_id))

    def step_at(self, place: Place) -> StepState | None:
        """Return how far the group at a place has come, or None where no event speaks of it."""
        return self._by_place.get(place)

    def is_behind(self, group_id: str) -> bool:
        """Tell whether the newest stage has a group behind it."""
        step = self._by_place.get((len(self.stages) or 1, group_id))
        return step is not None and step.status in BEHIND

    @property
    def begun(self) -> Mapping[str, StepState]:
        """The steps of the newest stage that events speak of and that are not behind, by group."""
        return self._begun

    @cached_property
    def _begun(self) -> dict[str, StepState]:
        return {each.group_id: each for each in self._newest if each.status not in BEHIND}

    @property
    def _newest(self) -> tuple[StepState, ...]:
        newest = self.stage
        return tuple(each for each in self.steps if each.stage == newest)

    @cached_property
    def _by_place(self) -> dict[Place, StepState]:
        return {(each.stage, each.group_id): each for each in self.steps}


_OUT: frozenset[StepStatus] = frozenset(
    {"intended", "unknown", "done", "partial", "failed", "not_sent"}
)


def fold(events: Sequence[Happening]) -> RunState:
    """Return the state the events add up to.

    Raises:
        StoreError: An event does not hold what its kind says: the store was damaged.
    """
    return reduce(applied, events, RunState(id=events[0].run_id if events else ""))


def applied(state: RunState, event: Happening) -> RunState:
    """Return the state after one more event.

    Raises:
        StoreError: The event does not hold what its kind says: the store was damaged.
    """
    try:
        datetime.fromisoformat(event.at)
        newest = newest_form(event) if isinstance(event, JournalEvent) else event
        return RunState.model_validate(_fields(state) | _news(state, newest))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"Event {event.seq} ({event.kind}) of {event.run_id} is damaged.",
            where=event.run_id,
            hint="Restore the store from a backup; what the run did stands in the org.",
        ) from error


def advance(state: RunState, event: Happening) -> None:
    """Bring a state that nobody else holds forward by an event this very program has made, in place and unchecked.

    It comes to the same as `applied`, without a copy and a check for each event of a run that is being carried out.
    """
    fields, kind = vars(state), event.kind
    told = NEWS.get(kind)
    if told is not None:
        fields.update(told(state, event))
    fields["updated_at"] = event.at
    if kind in STEP_NEWS:
        _advance_step(state, event)
    else:
        fields.pop("_begun", None)


def _advance_step(state: RunState, event: Happening) -> None:
    place = _place(state, event)
    by_place = state._by_place  # noqa: SLF001 - the state's own module
    known = by_place.get(place)
    step = known or _first(place)
    news = STEP_NEWS[event.kind](known, event)
    fields = vars(step)
    fields["until"], fields["at"] = None, event.at
    fields.update(news)
    if known is None:
        vars(state)["steps"] = (*state.steps, step)
        by_place[place] = step
    begun: dict[str, StepState] | None = vars(state).get("_begun")
    if begun is None or place[0] != state.stage:
        return
    if step.status in BEHIND:
        begun.pop(place[1], None)
    else:
        begun[place[1]] = step


_NAMES = tuple(RunState.model_fields)


def _fields(state: RunState) -> News:
    """Return what a state holds, without what it has worked out of that."""
    fields = vars(state)
    return {name: fields[name] for name in _NAMES}


def _news(state: RunState, event: Happening) -> News:
    """Return the fields of a state that an event changes, its steps among them."""
    news = _run_news(state, event)
    if event.kind not in STEP_NEWS:
        return news
    place = _place(state, event)
    step = state.step_at(place)
    before = dict(step) if step else {"stage": place[0], "group_id": place[1]}
    moved = StepState.model_validate(before | _step_news(step, event))
    if step is None:
        return news | {"steps": (*state.steps, moved)}
    return news | {"steps": tuple(moved if each is step else each for each in state.steps)}


def _run_news(state: RunState, event: Happening) -> News:
    told = NEWS.get(event.kind)
    if told is None:
        return {"updated_at": event.at}
    return {**told(state, event), "updated_at": event.at}


def _step_news(step: StepState | None, event: Happening) -> News:
    return {"until": None, **STEP_NEWS[event.kind](step, event), "at": event.at}


_UNTOLD = StepState(stage=0, group_id="", status="checked")


def _first(place: Place) -> StepState:
    """Return a step of which nothing is known but its place, without a check."""
    step = _UNTOLD.__copy__()
    fields = vars(step)
    fields["stage"], fields["group_id"] = place
    return step


def _place(state: RunState, event: Happening) -> Place:
    """Return where the step stands that an event speaks of."""
    data = event.data
    return data.get("stage") or state.stage, data["groupId"]
