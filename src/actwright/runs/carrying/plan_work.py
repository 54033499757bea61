"""The work of confirmed previews: each effect group looked at, sent under its key, settled and observed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.waves.next_wave import next_wave
from actwright.errors import ActwrightError, OrgAuthenticationError, OrgError, RunError, StoreError
from actwright.guardrails.issue import Issue
from actwright.guardrails.rate import Uses, reserve
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome
from actwright.org.ports import RecordSnapshot
from actwright.org.settlement import left_of, same_for_all
from actwright.runs.carrying.observation import observe
from actwright.runs.carrying.performing import Overrides
from actwright.runs.carrying.readiness import LastLook, Readiness
from actwright.runs.engine.pool import Pool
from actwright.runs.engine.work import (
    Attempt,
    Ending,
    NotReady,
    NotReadyError,
    Performed,
    Ready,
    Reconciled,
    Reports,
    Reserve,
    Step,
)
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.happening import Happening
from actwright.runs.telling.account import Account
from actwright.runs.telling.confirmed import Confirmed
from actwright.store.database import Transaction
from actwright.tracing import NoTracing, Tracing

_IN_TIME = "It did not come back within {seconds:,.0f} seconds."


@dataclass
class PlanWork:
    """Carries out the newest of a run's confirmed stages.

    Attributes:
        look_at: The org, and the last look at it.
        pool: Where calls are made that block.
        run_id: The run.
        stages: All confirmed stages of the run, the newest last.
        confirmations: Who said yes to what.
        tracing: Listens to the calls.
    """

    look_at: LastLook
    pool: Pool
    run_id: str
    stages: Sequence[Confirmed]
    confirmations: Confirmations
    tracing: Tracing = field(default_factory=NoTracing)
    _seen: dict[str, Mapping[str, RecordSnapshot]] = field(default_factory=dict)
    _known: bool = False

    @property
    def newest(self) -> Confirmed:
        """The stage that is carried out."""
        return self.stages[-1]

    @property
    def actor(self) -> str:
        """Who said yes to the newest stage."""
        return self.newest.approver

    @property
    def stage(self) -> int:
        """The number of the newest stage."""
        return self.newest.number

    @property
    def steps(self) -> Sequence[Step]:
        """A step for each effect group."""
        return self.newest.steps

    async def look(self, attempt: Attempt) -> Ready | NotReady:
        """Read a group's records and the person's rights again."""
        return await self.pool.call(self.run_id, lambda: self._look(attempt))

    async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
        """Send a group once, under its key. What the connector says was not sent was not."""
        with self.tracing.sending(self.run_id, attempt.step.id):
            return await self._perform(self._group(attempt), attempt, reports)

    async def _perform(self, group: EffectGroup, attempt: Attempt, reports: Reports) -> Performed:
        if group.carrier == "opaque":
            return await self._act(group, attempt, reports)
        try:
            outcome = await self.pool.call(self.run_id, lambda: self._send(group, attempt, reports))
        except (RunError, StoreError):
            raise
        except ActwrightError as error:
            return Performed(same_for_all(group, "not_sent"), error)
        return Performed(outcome)

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Let the org, or the override, say what became of a group whose answer was lost."""
        group = self._group(attempt)
        try:
            return await self.pool.call(self.run_id, lambda: self._settle(group, attempt))
        except ActwrightError as error:
            told = (f"It could not be asked: {error}",)
            lost = same_for_all(group, "unknown", job_id=attempt.job_id)
            later = isinstance(error, OrgError) and not isinstance(error, OrgAuthenticationError)
            return Reconciled(lost, "nobody", told, ask_again=later)

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Mapping[str, Any]:
        """Look at what a group left behind."""
        group, org = self._group(attempt), self.look_at.org
        before = self._seen.pop(group.id, {})
        seen = await self.pool.call(self.run_id, lambda: observe(org, group, outcome, before))
        return seen.event_data()

    def barred(self, happened: Sequence[Happening]) -> frozenset[str]:
        """Return the groups that wait for an action of which something did not happen."""
        newest = self._account(happened).stages[-1]
        return self.newest.waiting_for(newest.ledger.undone)

    def what_follows(self, happened: Sequence[Happening]) -> Mapping[str, Any] | None:
        """Return what the run waits for where actions of the plan could not be previewed yet."""
        outputs = self._account(happened).outputs
        wave = next_wave(self.newest.preview, outputs, stage=self.stage)
        return wave.event_data() if wave else None

    def envelope(self, happened: Sequence[Happening], ending: Ending) -> OrchestratorResult:
        """Return the envelope of all stages."""
        return self._account(happened).envelope(ending)

    def _account(self, happened: Sequence[Happening]) -> Account:
        return Account.of(self.run_id, self.stages, happened)

    def _group(self, attempt: Attempt) -> EffectGroup:
        """Return what an attempt sends: a group, or what is left of it where the rest is known to have happened."""
        whole = self.newest.groups[attempt.step.id]
        if not attempt.left:
            return whole
        return left_of(whole, _stands(whole, attempt.left)) or whole

    def _look(self, attempt: Attempt) -> Ready | NotReady:
        plan, preview, group = self.newest.plan, self.newest.preview, self._group(attempt)
        try:
            self.confirmations.check_not_withdrawn(self.actor)
            if not self._known:
                self.look_at.check_implementations(plan, preview)
                self._known = True
            found = self.look_at.at(plan, preview, group)
            recovery = self._recovery(group)
        except ActwrightError as error:
            return NotReady({"issues": []}, error)
        if found.issues:
            return NotReady(_refused(found))
        self._seen[group.id] = found.snapshots.records
        versions = {key: each.version for key, each in found.snapshots.records.items()}
        return Ready({"versions": versions}, recovery, self._reserve(group, attempt))

    def _recovery(self, group: EffectGroup) -> str:
        return "override" if group.carrier == "opaque" else self.look_at.org.recovery(group).by

    def _reserve(self, group: EffectGroup, attempt: Attempt) -> Reserve | None:
        """Return what counts the group's uses; what has been counted once is not counted for a second try."""
        if attempt.tried:
            return None
        preview = self.newest.preview
        uses = Uses(self.newest.plan, group.effects, preview.running_user, preview.org)
        now = self.look_at.clock.now()

        def count(transaction: Transaction) -> None:
            exhausted = reserve(transaction, uses, now=now, holder=self.run_id)
            exhausted = exhausted or self.look_at.policing.reserve(
                transaction, preview, group, self.run_id
            )
            if exhausted:
                raise NotReadyError(NotReady({"issues": _dumped(exhausted), "refused": True}))

        return count

    def _send(self, group: EffectGroup, attempt: Attempt, reports: Reports) -> GroupOutcome:
        key = attempt.key if attempt.recovery == "ledger" else None
        submitted = reports.submitted if group.carrier == "bulk" else None
        reports.leaving()
        return self._priced(self.look_at.org.send(group, reports.progress, submitted, key))

    def _settle(self, group: EffectGroup, attempt: Attempt) -> Reconciled:
        since = datetime.fromisoformat(attempt.sent_at) if attempt.sent_at else None
        if group.carrier == "opaque":
            return self._overrides.reconcile(group, attempt.key, sent_at=since, ends=attempt.ends)
        key = attempt.key if attempt.recovery == "ledger" else None
        found = self.look_at.org.settle(
            group, key, attempt.job_id, since=since, resend=not attempt.ends
        )
        outcome = self._priced(found.outcome)
        return Reconciled(outcome, found.by, found.evidence, ask_again=found.ask_again)

    def _priced(self, outcome: GroupOutcome) -> GroupOutcome:
        """Return an outcome with what its API calls have cost, where a price was confirmed."""
        price = self.newest.preview.cost.call_price
        if price is None or outcome.cost is not None:
            return outcome
        return outcome.model_copy(update={"cost": price * outcome.api_calls})

    async def _act(self, group: EffectGroup, attempt: Attempt, reports: Reports) -> Performed:
        overrides, key = self._overrides, attempt.key
        seconds = overrides.seconds(group)

        def act() -> GroupOutcome:
            reports.leaving()
            return overrides.perform(group, key)

        acting = self.pool.call(self.run_id, act)
        try:
            return Performed(await asyncio.wait_for(acting, seconds))
        except TimeoutError:
            return Performed(_late(group, seconds))

    @property
    def _overrides(self) -> Overrides:
        return Overrides(self.newest.plan, self.look_at.factory, self.look_at.org)


def _stands(group: EffectGroup, left: Sequence[str]) -> GroupOutcome:
    """Return an outcome by which all of a group is done, but for what is left."""
    done = (
        EffectOutcome(effect_id=each.id, status="done")
        for each in group.effects
        if each.id not in left
    )
    return GroupOutcome(group_id=group.id, outcomes=tuple(done))


def _refused(found: Readiness) -> dict[str, Any]:
    return {"issues": _dumped(found.issues), "refused": bool(found.refusals)}


def _dumped(issues: Sequence[Issue]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in issues]


def _late(group: EffectGroup, seconds: float) -> GroupOutcome:
    fault = Fault(code="override_timed_out", message=_IN_TIME.format(seconds=seconds))
    outcomes = (
        EffectOutcome(effect_id=each.id, status="unknown", faults=(fault,))
        for each in group.effects
    )
    return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes))
