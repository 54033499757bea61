"""A run's state: what its events add up to, see `folding`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from pydantic import Field

from actwright.contract import Contract
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.stage import Stage
from actwright.runs.record.step import BEHIND, IN_DOUBT, Moment, StepState, StepStatus

RunStatus = Literal[
    "queued", "running", "waiting", "paused", "completed", "failed", "cancelled", "aborted"
]
"""
- ``queued``: confirmed, and no process has begun with it.
- ``running``: a process carries it out; or did when it died, which is what ``stalled`` tells.
- ``waiting``: for a yes that was foreseen.
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
    until: Moment | None = None
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
    taken_at: str = ""
    """When a process began with it, or took it over, the last time."""
    on_failure: Literal["end", "pause"] = "end"
    """What a group that fails does to the run."""
    parallel: int = 1
    """How many groups that do not depend on each other may be out at once."""
    limits: RunLimits = RunLimits()
    deadline: Moment | None = None
    answer_within: float | None = Field(default=None, gt=0, le=315_360_000)
    """How many seconds it waits for a person, each time; None is for ever."""
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
        return self.by_place.get((stage or len(self.stages) or 1, group_id))

    def step_at(self, place: Place) -> StepState | None:
        """Return how far the group at a place has come, or None where no event speaks of it."""
        return self.by_place.get(place)

    def is_behind(self, group_id: str) -> bool:
        """Tell whether the newest stage has a group behind it."""
        step = self.by_place.get((len(self.stages) or 1, group_id))
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
    def by_place(self) -> dict[Place, StepState]:
        """Every step that events speak of, by where it stands."""
        return {(each.stage, each.group_id): each for each in self.steps}


_OUT: frozenset[StepStatus] = frozenset(
    {"intended", "unknown", "done", "partial", "failed", "not_sent"}
)
