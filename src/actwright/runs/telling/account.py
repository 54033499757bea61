"""The account of a run: the envelope, made of its previews and its events alone, whichever process makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actwright.checkpoints.waves.going_on import Outputs
from actwright.checkpoints.wording.effect_words import called
from actwright.document import validated
from actwright.errors import DriftError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.runs.engine.work import Ending
from actwright.runs.record.envelope import ActionResult, OrchestratorResult, SideChange
from actwright.runs.record.happening import Happening
from actwright.runs.record.offloading import kept_inline
from actwright.runs.record.state import ENDED
from actwright.runs.telling.confirmed import Confirmed
from actwright.runs.telling.group_account import GroupAccount, by_group
from actwright.runs.telling.results import Ledger
from actwright.runs.telling.stop import Stop, steps_taken

_LEFT_BEHIND = frozenset({"run_taken", "run_paused", "run_waiting", "run_continued"})
"""Events behind which nobody looks any more at what an earlier answer left behind."""

_UNSEEN = "What the org changed beside step {step} was not looked at: {why}."


def as_kept(envelope: OrchestratorResult, happened: Sequence[Happening]) -> OrchestratorResult:
    """Return the envelope of an ended run with what shows only once its last events are in the journal."""
    more = tuple(each for each in kept_inline(happened) if each not in envelope.warnings)
    if not more:
        return envelope
    return envelope.model_copy(update={"warnings": (*envelope.warnings, *more)})


@dataclass
class StageAccount:
    """What the events say of one stage.

    Attributes:
        confirmed: The stage.
        ledger: What became of its effects.
        stops: Why it did not go on, group by group.
        warnings: What else there is to know.
        unseen: By group, why nobody has looked at what the org changed beside it.
    """

    confirmed: Confirmed
    ledger: Ledger
    stops: list[Stop] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unseen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, confirmed: Confirmed, happened: Sequence[Happening]) -> StageAccount:
        """Return the account of a stage.

        Raises:
            DocumentError: An event does not hold what its kind says: the store was damaged.
        """
        account = cls(confirmed, Ledger(confirmed.preview))
        for group_id, told in by_group(confirmed, happened).items():
            account._take(confirmed.groups[group_id], told)
        return account

    def _take(self, group: EffectGroup, told: GroupAccount) -> None:
        if told.skipped is not None:
            why = f": {told.skipped}" if told.skipped else "."
            self.warnings.append(f"Step {group.id} was left out{why}")
        elif told.refused is not None:
            self._refuse(group, told.refused)
        if told.answer is not None:
            stops, issues = len(self.stops), len(self.ledger.issues)
            self._settle(group, told.answer, told.observed)
            if told.skipped is not None:
                del self.stops[stops:]
                self.ledger.decide(issues)

    def _refuse(self, group: EffectGroup, data: Mapping[str, Any]) -> None:
        where = f"step {group.id}"
        issues = tuple(validated(Issue, each, where=where) for each in data.get("issues", ()))
        self.ledger.refuse(group, issues)
        if data.get("error"):
            self.stops.append(Stop.told(data["error"]))
        else:
            code = RefusedError.code if data.get("refused") else DriftError.code
            self.stops.append(Stop.unready(code, issues))

    def _settle(
        self, group: EffectGroup, data: Mapping[str, Any], observed: Mapping[str, Any] | None
    ) -> None:
        outcome = _outcome(group, data)
        self.warnings += _cut(group, outcome)
        self.ledger.settle(outcome, float(data.get("durationMs", 0.0)))
        if observed is not None:
            self.ledger.observe(_side_changes(group, outcome, observed))
            self.warnings += [observed["warning"]] if observed.get("warning") else []
        elif group.carrier != "opaque" and any(each.status == "done" for each in outcome.outcomes):
            why = "its answer was lost" if data.get("by") else "the process had ended by then"
            self.unseen[group.id] = _UNSEEN.format(step=group.id, why=why)
        if not outcome.committed:
            self.stops.append(Stop.after(group, outcome, data.get("error")))


@dataclass(frozen=True)
class Account:
    """What a run's events say of all its stages.

    Attributes:
        run_id: The run.
        stages: The account of each stage, in order.
        happened: The events.
    """

    run_id: str
    stages: tuple[StageAccount, ...]
    happened: Sequence[Happening]

    @classmethod
    def of(
        cls, run_id: str, confirmed: Sequence[Confirmed], happened: Sequence[Happening]
    ) -> Account:
        """Return the account of a run.

        Raises:
            DocumentError: An event does not hold what its kind says: the store was damaged.
        """
        return cls(run_id, tuple(StageAccount.of(each, happened) for each in confirmed), happened)

    @property
    def outputs(self) -> Outputs:
        """What the actions that were done put out."""
        return {each.id: each.outputs for each in self.results() if each.outputs}

    @property
    def done(self) -> int:
        """How many effects were carried out."""
        return sum(each.ledger.done for each in self.stages)

    def results(self) -> tuple[ActionResult, ...]:
        """Return what became of each action; of one that several stages carry, what came of it at last."""
        found: dict[str, ActionResult] = {}
        for stage in self.stages:
            for each in stage.ledger.results():
                found[each.id] = each
        for later in self.stages[-1].confirmed.preview.later:
            waiting = ActionResult(id=later.action_id, blueprint=later.blueprint, status="not_run")
            found.setdefault(later.action_id, waiting)
        return tuple(found.values())

    def envelope(self, ending: Ending) -> OrchestratorResult:
        """Return the envelope of a run that ends, or is held, so."""
        stop = self._stop(ending)
        return OrchestratorResult(
            success=ending.status == "completed" and stop is None,
            status=ending.status,
            logs=tuple(line for each in self.stages for line in each.ledger.logs()),
            warnings=(*self._warnings(ending), *_waiting(ending)),
            errors=stop.errors if stop else (),
            results=self.results(),
            effects_done=self.done,
            effects_total=self._total(),
            run_id=self.run_id,
            stopped_by=stop.code if stop else None,
            hint=stop.hint if stop else None,
        )

    def _warnings(self, ending: Ending) -> Iterator[str]:
        awaited = _awaited(self.happened) if ending.status == "running" else frozenset()
        for each in self.stages:
            yield from each.warnings
            yield from (why for group, why in each.unseen.items() if group not in awaited)
        yield from kept_inline(self.happened)

    def _total(self) -> int:
        """Return how many effects there were; of a stage that another one replaced, only those carried out."""
        total = 0
        for each, after in zip(self.stages, (*self.stages[1:], None), strict=True):
            replaced = after is not None and after.confirmed.preview.because != "wave"
            total += each.ledger.done if replaced else len(each.confirmed.preview.effects)
        return total

    def _stop(self, ending: Ending) -> Stop | None:
        newest = self.stages[-1]
        if ending.status == "waiting":
            return Stop.waiting(self.run_id)
        stops = list(newest.stops)
        over = ending.status in ENDED
        if ending.code and ending.code not in {each.code for each in stops}:
            stops.insert(0, Stop.ending(ending))
        if not stops and over:
            return None
        stop = Stop.together(stops or [Stop.unfinished(ending.reason)])
        if not over:
            return stop.of_rest().held(self.run_id, ending.status, _holding(self.happened))
        stop = self._with_command(stop)
        steps = steps_taken(newest.confirmed.preview.groups, newest.ledger.outcomes)
        return stop.following(self.done, self.run_id, steps)

    def _with_command(self, stop: Stop) -> Stop:
        """Return a stop with the command that previews again what is to be done; never what has been done already."""
        plan = self.stages[-1].confirmed.plan
        if plan.planner.undoes:
            return stop.of_rest(f"actwright undo {plan.planner.undoes}")
        if self.done:
            return stop.of_rest(f"actwright fork {self.run_id} --at {self.happened[-1].seq}")
        return stop.of_plan(plan.id)


def _awaited(happened: Sequence[Happening]) -> frozenset[str]:
    """Return the groups that the process which has the run was answered itself, and may yet look at."""
    answered: set[str] = set()
    for each in happened:
        if each.kind == "group_settled":
            answered.add(str(each.data.get("groupId", "")))
        elif each.kind in _LEFT_BEHIND:
            answered.clear()
    return frozenset(answered)


def _cut(group: EffectGroup, outcome: GroupOutcome) -> Iterator[str]:
    """Yield what overrides put out that was too much to be kept."""
    effects = {each.id: each for each in group.effects}
    for each in outcome.outcomes:
        if each.cut:
            name = called(effects[each.effect_id])
            yield f"Not all that {name} put out was kept: {'; '.join(each.cut)}."


def _outcome(group: EffectGroup, data: Mapping[str, Any]) -> GroupOutcome:
    known = {name: data[name] for name in ("apiCalls", "jobId") if data.get(name) is not None}
    whole = {"groupId": group.id, "outcomes": data.get("outcomes", ()), **known}
    return validated(GroupOutcome, whole, where=f"step {group.id}")


def _side_changes(
    group: EffectGroup, outcome: GroupOutcome, observed: Mapping[str, Any]
) -> dict[str, tuple[SideChange, ...]]:
    """Return what changed beside the plan by effect, each by the record it wrote."""
    by_record: dict[str, list[SideChange]] = {}
    for entry in observed.get("sideChanges", ()):
        change = validated(SideChange, entry, where=f"step {group.id}")
        by_record.setdefault(change.record_id, []).append(change)
    written = {each.effect_id: each.record_id for each in outcome.outcomes}
    records = {each.id: each.record_id or written.get(each.id) or "" for each in group.effects}
    return {
        effect_id: tuple(by_record[record])
        for effect_id, record in records.items()
        if record in by_record
    }


def _holding(happened: Sequence[Happening]) -> Mapping[str, Any]:
    """Return what the event says by which the run was held last: a pause of its own, or an objection."""
    return next((each.data for each in reversed(happened) if _holds(each)), {})


def _holds(event: Happening) -> bool:
    return event.kind == "run_paused" or event.data.get("becomes") == "paused"


def _waiting(ending: Ending) -> tuple[str, ...]:
    return (ending.reason,) if ending.status == "waiting" and ending.reason else ()
