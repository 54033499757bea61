"""A run on a stage: a real store with a plan of six actions in four groups, and the events that bring it anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.kept_runs import rows, unguarded
from tests.scenario import action, blueprint, value

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.preview import Cost, Later, Preview
from actwright.clock import timestamp
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.runs.interventions.accepting import Accepted, Interventions
from actwright.runs.interventions.intervention import Intervention, InterventionAction
from actwright.runs.interventions.standing import Standing
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.state import RunState
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase

RUN = "run_00000000000000000001"
ORG = "00D000000000001AAA"
RECORD = "001000000000001AAA"
OTHER_RECORD = "001000000000002AAA"


@dataclass
class SetClock:
    """A clock that shows what a test sets it to."""

    moment: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment it shows."""
        return self.moment

    def move(self, **by: float) -> None:
        """Move it on, or back."""
        self.moment += timedelta(**by)


def make(key: str, *needs: str) -> dict[str, Json]:
    """Return an action that creates an account, after those it needs."""
    made = action(
        key, blueprint("CREATE", "Account", "Name", {"apiName": "Site"}), Name=value(key, "model")
    )
    return {**made, "dependsOn": list(needs)}


PLAN = Plan.model_validate(
    {
        "goal": "make six accounts",
        "actions": [
            make("a1"),
            make("a2", "a1"),
            make("a3"),
            make("a4", "a3"),
            make("a5", "a4"),
            make("a6"),
        ],
        "planner": {"kind": "scripted"},
    }
)
"""``a2`` needs ``a1``; ``a4`` needs ``a3``; ``a5`` needs ``a4`` and belongs to a later wave."""


def effect(key: str, *, of: str, links_to: str | None = None) -> Effect:
    """Return an effect that creates a record."""
    change = FieldChange(
        field="ParentId", label="Parent", linked_to=links_to, provenance="output", family="id"
    )
    return Effect(
        id=key,
        action_id=of,
        operation="CREATE",
        object="Account",
        ref=f"ref_{key}",
        changes=(change,) if links_to else (),
    )


def group(key: str, *effects: Effect) -> EffectGroup:
    """Return an effect group."""
    return EffectGroup(id=key, org=ORG, effects=effects)


PREVIEW = Preview(
    id="prv_00000000000000000001",
    plan_id=PLAN.id,
    goal=PLAN.goal,
    at="2026-11-21T11:00:00.000Z",
    actions=(),
    groups=(
        group("g1", effect("e1", of="a1")),
        group("g2", effect("e2", of="a2")),
        group("g3", effect("e3", of="a3"), effect("e4", of="a4", links_to="ref_e3")),
        group("g4", effect("e5", of="a6", links_to="ref_e1"), effect("e6", of="a2")),
    ),
    later=(Later(action_id="a5", blueprint="CreateAccount", label="Create account"),),
    question="Shall it be done?",
    cost=Cost(preview_calls=1, apply_calls=4, writes=6),
    running_user=RunningUser(id="005000000000001AAA", username="alice@acme.example"),
    org=OrgIdentity(id=ORG, url="https://acme.example", local=True),
    policy_version="1",
    digest="d" * 64,
)
"""``g2`` needs ``g1`` by its action, ``g4`` by a link; ``g3`` stands for itself. ``a2`` is carried out by two groups."""


def started(**more: object) -> Entry:
    """Return a run's first event."""
    data = {
        "goal": PREVIEW.goal,
        "planId": PLAN.id,
        "previewId": PREVIEW.id,
        "confirmationId": "cnf_1",
        "digest": PREVIEW.digest,
        "user": PREVIEW.running_user.username,
        "org": ORG,
        "onFailure": "pause",
    }
    return ("run_started", data | more)


def intended(key: str, attempt: int = 1) -> Entry:
    """Return the event of a group that is about to be sent."""
    chosen = {"groupId": key, "stage": 1, "effects": [], "attempt": attempt}
    return ("group_intended", chosen | {"key": f"{RUN}:1:{key}:{attempt}"})


def settled(key: str, status: str, *more: str) -> Entry:
    """Return the event of a group's outcome; further statuses are those of its further effects."""
    (chosen,) = (each for each in PREVIEW.groups if each.id == key)
    statuses = (status, *more) if more else (status,) * len(chosen.effects)
    outcomes = [
        {"effectId": each.id, "status": told, "recordId": RECORD if told == "done" else None}
        for each, told in zip(chosen.effects, statuses, strict=True)
    ]
    return ("group_settled", {"groupId": key, "stage": 1, "outcomes": outcomes})


def sent(key: str, status: str) -> tuple[Entry, ...]:
    """Return the events of a group that was sent."""
    return (intended(key), settled(key, status))


def paused(reason: str, held_for: str, **more: object) -> Entry:
    """Return the event of a run that is held."""
    return ("run_paused", {"reason": reason, "for": held_for, **more})


def ended(status: str = "completed") -> Entry:
    """Return a run's end."""
    envelope = OrchestratorResult(success=status == "completed").model_dump(mode="json")
    return ("run_ended", {"envelope": envelope, "status": status})


WAITING: Entry = ("run_waiting", {"reason": "the next wave", "for": "confirmation", "wave": 2})
FAILED: tuple[Entry, ...] = (*sent("g1", "failed"), paused("g1 failed", "retry", groupId="g1"))
IN_DOUBT: tuple[Entry, ...] = (
    *sent("g1", "unknown"),
    paused("nobody knows", "clarification", groupId="g1", choices=["happened", "did not happen"]),
)
CANCELLED: Entry = (
    "intervened",
    {"action": "cancel", "key": "k0", "why": "no", "ending": "cancelled", "endingWhy": "no"},
)

WAYS: dict[Standing, tuple[Entry, ...]] = {
    "queued": (started(queued=True),),
    "running": (started(), *sent("g1", "done")),
    "confirmation": (started(), *sent("g1", "done"), WAITING),
    "retry": (started(), *FAILED),
    "doubt": (started(), *IN_DOUBT),
    "ending": (started(), CANCELLED),
    "ended": (started(), ended()),
}
"""Events that bring a run to each standing; to ``override`` an objection does."""


@dataclass
class StagedRun:
    """One run in a store of its own, and the way to step into it."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    given: Database | None = None

    def __post_init__(self) -> None:
        self.database = self.given or SqliteDatabase(self.folder / "actwright.db")
        self.journal = Journal(self.database, self.clock)
        self.approvers = Approvers(self.database, self.clock)
        self.keys: dict[str, str] = {}
        self.plans: Archive[Plan] = Archive(self.database, Plan, self.clock)
        self.previews: Archive[Preview] = Archive(self.database, Preview, self.clock)
        self.plans.add(PLAN)
        self.previews.add(PREVIEW)
        self.desk = Interventions(
            self.journal, self.plans, self.previews, self.approvers, self.clock
        )

    def close(self) -> None:
        """Close the store, unless somebody else opened it."""
        if self.given is None:
            self.database.close()

    def at(self, standing: Standing) -> StagedRun:
        """Bring the run to a standing."""
        if standing == "override":
            return self.begun(*WAYS["running"][1:]).objected_to()
        return self.begun(*WAYS[standing][1:], first=WAYS[standing][0])

    def begun(self, *entries: Entry, first: Entry | None = None) -> StagedRun:
        """Start the run, and let these events follow."""
        everything = [first or started(), *entries]
        self.journal.append(RUN, everything, actor="alice", after=None)
        return self

    def add(self, *entries: Entry) -> None:
        """Let these events follow."""
        self.journal.append(RUN, entries, actor="alice", after=self.journal.head(RUN))

    def edited(self, before: str, after: str, run_id: str = RUN) -> Sequence[tuple[Any, ...]]:
        """Change a text in a run's first event past the program, and return the rows of the journal then."""
        changed = f"UPDATE journal SET data = replace(data, '{before}', '{after}')"
        with unguarded(self.database) as execute:
            execute(f"{changed} WHERE run_id = '{run_id}' AND seq = 1")
        return self.rows

    @property
    def rows(self) -> Sequence[tuple[Any, ...]]:
        """All that stands in the journal."""
        return rows(self.database, "SELECT * FROM journal ORDER BY run_id, seq")

    def objected_to(self) -> StagedRun:
        """File an objection that three approvers may decide."""
        for name in ("Ann", "Ben", "Cleo"):
            self.register(name)
        self.step_in("override", key="objection")
        return self

    def register(self, name: str) -> Approver:
        """Register an approver, and keep the key."""
        approver, self.keys[name] = self.approvers.add(name, by="root")
        return approver

    def step_in(
        self, what: InterventionAction, *, signed_by: str | None = None, **more: Any
    ) -> Accepted:
        """Step into the run."""
        key = self.keys.get(signed_by, signed_by) if signed_by else None
        return self.desk.accept(RUN, wish(what, **more), signing_key=key)

    @property
    def state(self) -> RunState:
        """What the run's events add up to."""
        return fold(self.events)

    @property
    def events(self) -> tuple[JournalEvent, ...]:
        """The run's journal."""
        return self.journal.events(RUN)

    @cached_property
    def now(self) -> str:
        """The moment its clock shows at first."""
        return timestamp(self.clock.now())


def wish(what: InterventionAction, **more: Any) -> Intervention:
    """Return an intervention by Bob, for a reason."""
    chosen: dict[str, Any] = {"actor": "Bob", "why": "because", **more}
    return Intervention(action=what, **chosen)
