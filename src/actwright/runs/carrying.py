"""One run while it is being carried out: each group looked at, intended, sent, settled and observed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.errors import ActwrightError, DocumentError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal
from actwright.runs.observation import observe
from actwright.runs.readiness import LastLook, Readiness
from actwright.runs.results import Ledger
from actwright.runs.stop import UNKNOWN, Stop

_BROKEN_OFF = "The run was broken off; what had been sent by then may have been carried out."


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
    """

    look: LastLook
    journal: Journal
    plan: Plan
    preview: Preview
    run_id: str
    actor: str
    last: JournalEvent
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.preview)

    def carry_out(self) -> OrchestratorResult:
        """Carry out every group until one fails, and end the run."""
        stop: Stop | None = None
        try:
            for group in self.preview.groups:
                stop = self._group(group)
                if stop:
                    break
        except ActwrightError as error:
            stop = Stop.by(error)
        except BaseException:
            # A defect, or the person stopped the program: the record gets its true end all the same.
            self._end(
                Stop(UNKNOWN, (_BROKEN_OFF,), "Look at the records before anything is done again.")
            )
            raise
        return self._end(stop)

    def _group(self, group: EffectGroup) -> Stop | None:
        try:
            ready = self.look.at(self.plan, self.preview, group)
        except ActwrightError as error:
            self._ledger.refuse(group, ())
            return Stop.by(error)
        if ready.issues:
            return self._refuse(group, ready)
        self._intend(group, ready)
        outcome, failure = self._send(group)
        if not outcome.committed:
            return Stop.after(outcome, failure)
        self._observe(group, outcome, ready)
        return None

    def _refuse(self, group: EffectGroup, ready: Readiness) -> Stop:
        self._ledger.refuse(group, ready.issues)
        issues = [each.model_dump(mode="json") for each in ready.issues]
        self._record(("group_refused", {"groupId": group.id, "issues": issues}))
        return Stop.unready(ready)

    def _intend(self, group: EffectGroup, ready: Readiness) -> None:
        versions = {key: each.version for key, each in ready.snapshots.records.items()}
        self._record(
            ("group_checked", {"groupId": group.id, "versions": versions}),
            (
                "group_intended",
                {"groupId": group.id, "effects": [each.id for each in group.effects]},
            ),
        )

    def _send(self, group: EffectGroup) -> tuple[GroupOutcome, ActwrightError | None]:
        """Send a group once. What the connector says was not sent was not; anything else unforeseen is unknown."""
        started = time.perf_counter()
        failure: ActwrightError | None = None
        with self._interrupted(group):
            try:
                outcome = self.look.org.send(group)
            except ActwrightError as error:
                outcome, failure = _same(group, "not_sent"), error
            except Exception:  # noqa: BLE001 - whatever broke, it broke after the call had begun
                outcome = _same(group, "unknown")
        self._settle(outcome, round((time.perf_counter() - started) * 1000, 3), failure)
        return outcome, failure

    @contextmanager
    def _interrupted(self, group: EffectGroup) -> Iterator[None]:
        """Write down that the outcome is unknown where the person stops the program while a group is out."""
        try:
            yield
        except BaseException:
            self._settle(_same(group, "unknown"), 0.0, None)
            raise

    def _settle(
        self, outcome: GroupOutcome, duration_ms: float, failure: ActwrightError | None
    ) -> None:
        self._ledger.settle(outcome, duration_ms)
        error = failure.as_dict() if failure else None
        more = {"durationMs": duration_ms, "error": error}
        self._record(("group_settled", outcome.model_dump(mode="json") | more))

    def _observe(self, group: EffectGroup, outcome: GroupOutcome, ready: Readiness) -> None:
        changes, warning = observe(self.look.org, group, outcome, ready.snapshots.records)
        self._ledger.observe(group.id, changes)
        self.warnings += [warning] if warning else []
        seen = [each.model_dump(mode="json") for found in changes.values() for each in found]
        self._record(("group_observed", {"groupId": group.id, "sideChanges": seen}))

    def _record(self, *entries: Entry) -> None:
        self.last = self.journal.append(self.run_id, entries, actor=self.actor, after=self.last)

    def _end(self, stop: Stop | None) -> OrchestratorResult:
        stop = stop.following(self._ledger.done, self.run_id) if stop else None
        envelope = OrchestratorResult(
            success=stop is None,
            logs=self._ledger.logs(),
            warnings=tuple(self.warnings),
            errors=stop.errors if stop else (),
            results=self._ledger.results(),
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

    def _record_end(self, envelope: OrchestratorResult) -> None:
        """Write the end event; where a text in the envelope cannot be written, the end without its texts."""
        try:
            self._record(("run_ended", {"envelope": envelope.model_dump(mode="json")}))
        except DocumentError:
            bare = _bare(envelope).model_dump(mode="json")
            self._record(("run_ended", {"envelope": bare}))


def _same(group: EffectGroup, status: EffectStatus) -> GroupOutcome:
    outcomes = (EffectOutcome(effect_id=each.id, status=status) for each in group.effects)
    return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes))


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
