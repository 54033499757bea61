"""The account of a run: the envelope, made of its previews and its events alone, whichever process makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actwright.checkpoints.waves.going_on import Outputs
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
from actwright.runs.telling.results import Ledger
from actwright.runs.telling.stop import Stop, steps_taken

_UNSEEN = "What the org changed beside step {step} was not looked at: {why}."
_ANSWERS = frozenset({"group_settled", "group_reconciled"})


def as_kept(envelope: OrchestratorResult, happened: Sequence[Happening]) -> OrchestratorResult:
    """Return the envelope of an ended run with what shows only once its last events are in the journal."""
    more = tuple(each for each in kept_inline(happened) if each not in envelope.warnings)
    if not more:
        return envelope
    return envelope.model_copy(update={"warnings": (*envelope.warnings, *more)})


@dataclass
class GroupAccount:
    """What the events say of one effect group, as far as the newest attempt goes.

    Attributes:
        refused: What kept it from being sent.
        answer: What became of it; an attempt without an answer may have happened.
        observed: What was seen of it afterwards.
        skipped: Why a person said to go on without it.
        stands: The outcomes of what had happened in earlier attempts.
    """

    refused: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    observed: Mapping[str, Any] | None = None
    skipped: str | None = None
    stands: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, event: Happening, group: EffectGroup) -> None:
        """Take in one more event of the group."""
        if event.kind in {"group_intended", "group_retrying"}:
            self._begin_again()
        if event.kind == "group_intended":
            sent = event.data.get("effects") or [each.id for each in group.effects]
            lost = [{"effectId": each, "status": "unknown"} for each in sent]
            self.answer = {"outcomes": [*self.stands, *lost]}
        elif event.kind == "group_submitted" and self.answer is not None:
            self.answer = {**self.answer, "jobId": event.data["jobId"]}
        elif event.kind in _ANSWERS:
            self.answer = {**event.data, "outcomes": [*self.stands, *event.data["outcomes"]]}
        elif event.kind == "group_refused":
            self.refused = event.data
        elif event.kind == "group_observed":
            self.observed = event.data
        elif event.kind == "group_skipped":
            self.skipped = str(event.data.get("why", ""))

    def _begin_again(self) -> None:
        """Forget the last attempt, but for what is known to have happened in it."""
        told = self.answer["outcomes"] if self.answer else ()
        self.stands = [each for each in told if each["status"] == "done"]
        self.refused = self.observed = self.skipped = None
        self.answer = {"outcomes": list(self.stands)} if self.stands else None


@dataclass
class StageAccount:
    """What the events say of one stage.

    Attributes:
        confirmed: The stage.
        ledger: What became of its effects.
        stops: Why it did not go on, group by group.
        warnings: What else there is to know.
    """

    confirmed: Confirmed
    ledger: Ledger
    stops: list[Stop] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, confirmed: Confirmed, happened: Sequence[Happening]) -> StageAccount:
        """Return the account of a stage.

        Raises:
            DocumentError: An event does not hold what its kind says: the store was damaged.
        """
        account = cls(confirmed, Ledger(confirmed.preview))
        for group_id, told in _by_group(confirmed, happened).items():
            account._take(confirmed.groups[group_id], told)
        return account

    def _take(self, group: EffectGroup, told: GroupAccount) -> None:
        if told.skipped is not None:
            why = f": {told.skipped}" if told.skipped else "."
            self.warnings.append(f"Step {group.id} was left out{why}")
        elif told.refused is not None:
            self._refuse(group, told.refused)
        if told.answer is not None:
            before = len(self.stops)
            self._settle(group, told.answer, told.observed)
            if told.skipped is not None:
                del self.stops[before:]

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
        self.ledger.settle(outcome, float(data.get("durationMs", 0.0)))
        if observed is not None:
            self.ledger.observe(_side_changes(group, outcome, observed))
            self.warnings += [observed["warning"]] if observed.get("warning") else []
        elif group.carrier != "opaque" and any(each.status == "done" for each in outcome.outcomes):
            why = "its answer was lost" if data.get("by") else "the process had ended by then"
            self.warnings.append(_UNSEEN.format(step=group.id, why=why))
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
            warnings=(*self._warnings(), *_waiting(ending)),
            errors=stop.errors if stop else (),
            results=self.results(),
            effects_done=self.done,
            effects_total=self._total(),
            run_id=self.run_id,
            stopped_by=stop.code if stop else None,
            hint=stop.hint if stop else None,
        )

    def _warnings(self) -> Iterator[str]:
        for each in self.stages:
            yield from each.warnings
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


def _by_group(confirmed: Confirmed, happened: Sequence[Happening]) -> dict[str, GroupAccount]:
    found = {each: GroupAccount() for each in confirmed.groups}
    for event in happened:
        group = confirmed.groups.get(str(event.data.get("groupId", "")))
        if group is not None and event.data.get("stage", 1) == confirmed.number:
            found[group.id].take(event, group)
    return found


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
