"""One run while it is being carried out: each group looked at, intended, sent, settled and observed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from actwright.blueprints.plan import Plan
from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.preview import Preview
from actwright.errors import ActwrightError, DocumentError
from actwright.guardrails.issue import Issue
from actwright.guardrails.rate import Uses, reserve
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome
from actwright.org.ports import SendProgress
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal
from actwright.runs.observation import observe
from actwright.runs.performing import perform
from actwright.runs.readiness import LastLook, Readiness
from actwright.runs.results import Ledger
from actwright.runs.stop import Stop, steps_taken
from actwright.runs.watch import Watch


@dataclass
class Carrying:
    """Carries out one confirmed preview, whose confirmation has been consumed.

    Attributes:
        look: The org, and the last look at it.
        journal: Where each step is written before and after it happens.
        plan: The plan.
        preview: What was confirmed.
        run_id: The run.
        actor: Who confirmed it.
        last: The run's newest event.
        progress: Told how many of the preview's effects have been dealt with.
    """

    look: LastLook
    journal: Journal
    plan: Plan
    preview: Preview
    run_id: str
    actor: str
    last: JournalEvent
    progress: SendProgress | None = None
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.preview)
        self._out: EffectGroup | None = None
        self._job: str | None = None

    def carry_out(self) -> OrchestratorResult:
        """Carry out every group until one fails, and end the run.

        Where parts stand or fall each for itself, one that fails stops only what waits for it.
        """
        stops: list[Stop] = []
        try:
            for place, group in enumerate(self.preview.groups, start=1):
                stop = self._group(group)
                stops += [stop] if stop else []
                if stop and not (stop.partial and self._free(self.preview.groups[place:])):
                    break
        except ActwrightError as error:
            stops.append(Stop.by(error))
        except BaseException:
            # A defect, or the person stopped the program: the record gets its true end all the same.
            with suppress(ActwrightError):
                self._doubt()
            self._end([Stop.broken_off(out=self._out is not None, job=self._job)])
            raise
        return self._end(stops)

    def _free(self, groups: Sequence[EffectGroup]) -> bool:
        """Tell whether nothing in these groups waits for an action that is not done."""
        undone, waiting = self._ledger.undone, set[str]()
        for action in self.plan.order():
            if action.needs & (undone | waiting):
                waiting.add(action.id)
        behind = {owner for group in groups for each in group.effects for owner in owners(each)}
        return waiting.isdisjoint(behind)

    def _group(self, group: EffectGroup) -> Stop | None:
        try:
            ready = self.look.at(self.plan, self.preview, group)
        except ActwrightError as error:
            self._ledger.refuse(group, ())
            return Stop.by(error)
        if ready.issues:
            return self._refuse(group, ready)
        exhausted = self._intend(group, ready)
        if exhausted:
            return self._refuse(group, replace(ready, refusals=exhausted))
        outcome, failure = self._send(group)
        seen = group.carrier != "opaque"
        if seen and any(each.status == "done" for each in outcome.outcomes):
            self._observe(group, outcome, ready)
        return None if outcome.committed else Stop.after(group, outcome, failure)

    def _refuse(self, group: EffectGroup, ready: Readiness) -> Stop:
        self._ledger.refuse(group, ready.issues)
        issues = [each.model_dump(mode="json") for each in ready.issues]
        self._record(("group_refused", {"groupId": group.id, "issues": issues}))
        return Stop.unready(ready)

    def _intend(self, group: EffectGroup, ready: Readiness) -> tuple[Issue, ...]:
        """Write down that the group is about to be sent, and count it; or return the rate limits that are used up."""
        versions = {key: each.version for key, each in ready.snapshots.records.items()}
        intended = {"groupId": group.id, "effects": [each.id for each in group.effects]}
        uses = Uses(self.plan, group.effects, self.preview.running_user, self.preview.org)
        with self.journal.transaction() as connection:
            now = self.look.clock.now()
            exhausted = reserve(connection, uses, now=now, holder=self.run_id)
            if not exhausted:
                self.last = self.journal.append_within(
                    connection,
                    self.run_id,
                    [
                        ("group_checked", {"groupId": group.id, "versions": versions}),
                        ("group_intended", intended),
                    ],
                    actor=self.actor,
                    after=self.last,
                )
        return exhausted

    def _send(self, group: EffectGroup) -> tuple[GroupOutcome, ActwrightError | None]:
        """Send a group once. What the connector says was not sent was not; anything else unforeseen is unknown."""
        started = time.perf_counter()
        failure: ActwrightError | None = None
        self._out = group
        try:
            outcome = self._sent(group)
        except ActwrightError as error:
            outcome, failure = _same(group, "not_sent"), error
        except Exception:  # noqa: BLE001 - whatever broke, it broke after the call had begun
            outcome = _same(group, "unknown", self._job)
        self._settle(outcome, round((time.perf_counter() - started) * 1000, 3), failure)
        self._out = self._job = None
        return outcome, failure

    def _sent(self, group: EffectGroup) -> GroupOutcome:
        org, watch = self.look.org, Watch(self.progress, self._ledger.settled)
        if group.carrier == "opaque":
            return perform(group, self.plan, self.look.factory, org)
        if group.carrier != "bulk":
            return org.send(group, watch)
        return org.send(group, watch, self._submitted)

    def _submitted(self, job: str) -> None:
        self._job = job
        self._record(
            ("group_submitted", {"groupId": self._out.id if self._out else "", "jobId": job})
        )

    def _doubt(self) -> None:
        """Write down that the outcome of a group is unknown where the run broke off while that was out.

        The breach may have come at any moment, so that the journal itself says how far it was written.
        """
        self.last = self.journal.events(self.run_id)[-1]
        if self._out is None or self.last.kind == "group_settled":
            return
        self._settle(_same(self._out, "unknown", self._job), 0.0, None)

    def _settle(
        self, outcome: GroupOutcome, duration_ms: float, failure: ActwrightError | None
    ) -> None:
        self._ledger.settle(outcome, duration_ms)
        error = failure.as_dict() if failure else None
        more = {"durationMs": duration_ms, "error": error}
        self._record(("group_settled", outcome.model_dump(mode="json") | more))

    def _observe(self, group: EffectGroup, outcome: GroupOutcome, ready: Readiness) -> None:
        changes, warning = observe(self.look.org, group, outcome, ready.snapshots.records)
        self._ledger.observe(changes)
        self.warnings += [warning] if warning else []
        seen = [each.model_dump(mode="json") for found in changes.values() for each in found]
        self._record(("group_observed", {"groupId": group.id, "sideChanges": seen}))

    def _record(self, *entries: Entry) -> None:
        self.last = self.journal.append(self.run_id, entries, actor=self.actor, after=self.last)

    def _end(self, stops: Sequence[Stop]) -> OrchestratorResult:
        stop = self._told(Stop.together(stops)) if stops else None
        envelope = OrchestratorResult(
            success=stop is None,
            logs=self._ledger.logs(),
            warnings=tuple(self.warnings),
            errors=stop.errors if stop else (),
            results=self._ledger.results(),
            effects_done=self._ledger.done,
            effects_total=len(self.preview.effects),
            run_id=self.run_id,
            stopped_by=stop.code if stop else None,
            hint=stop.hint if stop else None,
        )
        try:
            self._record_end(envelope)
        except ActwrightError as error:
            unwritten = f"The end of {self.run_id} could not be written: {error.message}"
            return envelope.model_copy(update={"warnings": (*envelope.warnings, unwritten)})
        return envelope

    def _told(self, stop: Stop) -> Stop:
        """Return the stop with what had been done by then, step by step."""
        steps = steps_taken(self.preview.groups, self._ledger.outcomes)
        again = stop.of_plan(self.preview.plan_id)
        return again.following(self._ledger.done, self.run_id, steps)

    def _record_end(self, envelope: OrchestratorResult) -> None:
        """Write the end event; where a text in the envelope cannot be written, the end without its texts."""
        try:
            self._record(("run_ended", {"envelope": envelope.model_dump(mode="json")}))
        except DocumentError:
            bare = _bare(envelope).model_dump(mode="json")
            self._record(("run_ended", {"envelope": bare}))


def _same(group: EffectGroup, status: EffectStatus, job: str | None = None) -> GroupOutcome:
    outcomes = (EffectOutcome(effect_id=each.id, status=status) for each in group.effects)
    return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes), job_id=job)


def _bare(envelope: OrchestratorResult) -> OrchestratorResult:
    results = (
        each.model_copy(update={"issues": (), "side_changes": ()}) for each in envelope.results
    )
    return envelope.model_copy(
        update={
            "logs": (),
            "warnings": ("The texts of this run could not be written down.",),
            "errors": () if envelope.success else ("See stoppedBy.",),
            "results": tuple(results),
        }
    )
