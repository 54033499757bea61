"""The orchestrator: carries out a confirmed preview, group by group, on the record.

The order: an empty plan is an error; a preview that is not exactly confirmed is a warning and has no effect; then the
confirmation is consumed with the run's first event; each group is read again, checked again, intended, sent, settled
and observed; the first group that fails stops the rest; one truthful end event closes the run.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation, Confirmations
from actwright.checkpoints.preview import Preview
from actwright.errors import (
    ActwrightError,
    ConfirmationError,
    ConfirmationMissingError,
    DriftError,
    InputError,
    OrgRefusedError,
    PlanError,
    RefusedError,
)
from actwright.guardrails.issue import Issue
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.envelope import ActionResult, OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal
from actwright.runs.observation import observe
from actwright.runs.readiness import LastLook, Readiness
from actwright.runs.results import Ledger
from actwright.store.database import Database


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """Carries out previews on one org."""

    look: LastLook
    database: Database
    journal: Journal
    confirmations: Confirmations

    def run(
        self, plan: Plan, preview: Preview, confirmation: Confirmation | None
    ) -> OrchestratorResult:
        """Carry out a preview, and return the envelope. Nothing but a programming error is ever raised.

        Args:
            plan: The plan the preview was made of.
            preview: What to carry out.
            confirmation: The yes to it; None runs nothing.
        """
        if confirmation is None:
            return _unconfirmed(preview)
        try:
            self.look.check_preview(plan, preview)
            self.confirmations.check(confirmation, preview)
            running = self._start(plan, preview, confirmation)
        except ActwrightError as error:
            return _not_started(preview, error)
        return running.carry_out()

    def _start(self, plan: Plan, preview: Preview, confirmation: Confirmation) -> _Running:
        run_id = f"run_{secrets.token_hex(10)}"
        actor = confirmation.approver
        data = {
            "goal": preview.goal,
            "planId": plan.id,
            "previewId": preview.id,
            "confirmationId": confirmation.id,
            "digest": preview.digest,
            "user": preview.running_user.username,
            "org": preview.org.id,
        }
        with self.database.write() as connection:
            self.confirmations.consume(connection, confirmation, run_id=run_id)
            last = self.journal.append_within(
                connection, run_id, [("run_started", data)], actor=actor, after=None
            )
        return _Running(self, plan, preview, run_id, actor, last, Ledger(preview))


@dataclass
class _Running:
    """One run while it is being carried out."""

    parts: Orchestrator
    plan: Plan
    preview: Preview
    run_id: str
    actor: str
    last: JournalEvent
    ledger: Ledger
    warnings: list[str] = field(default_factory=list)

    def carry_out(self) -> OrchestratorResult:
        """Carry out every group until one fails, and end the run."""
        stop: _Stop | None = None
        try:
            for group in self.preview.groups:
                stop = self._group(group)
                if stop:
                    break
        except ActwrightError as error:
            stop = _Stop.by(error)
        return self._end(stop)

    def _group(self, group: EffectGroup) -> _Stop | None:
        try:
            ready = self.parts.look.at(self.plan, self.preview, group)
        except ActwrightError as error:
            self.ledger.refuse(group, ())
            return _Stop.by(error)
        if ready.issues:
            return self._refuse(group, ready)
        versions = {key: each.version for key, each in ready.snapshots.records.items()}
        intent = {"groupId": group.id, "effects": [each.id for each in group.effects]}
        self._record(
            ("group_checked", {"groupId": group.id, "versions": versions}),
            ("group_intended", intent),
        )
        outcome, failure = self._send(group)
        if not outcome.committed:
            return _stop_of(outcome, failure)
        changes, warning = observe(self.parts.look.org, group, outcome, ready.snapshots.records)
        self.ledger.observe(group.id, changes)
        self.warnings += [warning] if warning else []
        seen = [each.model_dump(mode="json") for found in changes.values() for each in found]
        self._record(("group_observed", {"groupId": group.id, "sideChanges": seen}))
        return None

    def _send(self, group: EffectGroup) -> tuple[GroupOutcome, ActwrightError | None]:
        started, failure = time.perf_counter(), None
        try:
            outcome = self.parts.look.org.send(group)
        except ActwrightError as error:
            outcome, failure = _not_sent(group), error
        duration_ms = round((time.perf_counter() - started) * 1000, 3)
        self.ledger.settle(outcome, duration_ms)
        settled = outcome.model_dump(mode="json") | {
            "durationMs": duration_ms,
            "error": failure.as_dict() if failure else None,
        }
        self._record(("group_settled", settled))
        return outcome, failure

    def _refuse(self, group: EffectGroup, ready: Readiness) -> _Stop:
        self.ledger.refuse(group, ready.issues)
        data = {"groupId": group.id, "issues": [_plain(each) for each in ready.issues]}
        self._record(("group_refused", data))
        first = ready.issues[0]
        code = RefusedError.code if ready.refusals else DriftError.code
        return _Stop(code, tuple(each.message for each in ready.issues), first.hint)

    def _record(self, *entries: Entry) -> None:
        self.last = self.parts.journal.append(
            self.run_id, entries, actor=self.actor, after=self.last
        )

    def _end(self, stop: _Stop | None) -> OrchestratorResult:
        envelope = OrchestratorResult(
            success=stop is None,
            logs=self.ledger.logs(),
            warnings=tuple(self.warnings),
            errors=stop.errors if stop else (),
            results=self.ledger.results(),
            run_id=self.run_id,
            stopped_by=stop.code if stop else None,
            hint=stop.hint if stop else None,
        )
        try:
            self._record(("run_ended", {"envelope": envelope.model_dump(mode="json")}))
        except ActwrightError as error:
            unwritten = f"The end of {self.run_id} could not be written: {error.message}"
            return envelope.model_copy(update={"warnings": (*envelope.warnings, unwritten)})
        return envelope


@dataclass(frozen=True, slots=True)
class _Stop:
    """Why a run did not reach its end."""

    code: str
    errors: tuple[str, ...]
    hint: str | None

    @classmethod
    def by(cls, error: ActwrightError) -> _Stop:
        """Return the stop an error means."""
        return cls(type(error).code, (str(error),), error.hint)


def _stop_of(outcome: GroupOutcome, error: ActwrightError | None) -> _Stop:
    if error:
        return _Stop.by(error)
    if any(each.status == "unknown" for each in outcome.outcomes):
        return _Stop(
            "outcome_unknown",
            (
                "The org's answer was lost: the changes may have been made. They were not tried again.",
            ),
            "Look at the records before you do anything again; `actwright inspect` shows what was sent.",
        )
    faults = [fault for each in outcome.outcomes for fault in each.faults]
    stale = any(each.code == "PRECONDITION_FAILED" for each in faults)
    lines = tuple(f"{each.code}: {each.message}" for each in faults) or (
        "The org refused the changes.",
    )
    hint = "Nothing was changed: the group is atomic and was rolled back."
    return _Stop(DriftError.code if stale else OrgRefusedError.code, lines, hint)


def _not_sent(group: EffectGroup) -> GroupOutcome:
    return GroupOutcome(
        group_id=group.id,
        outcomes=tuple(
            EffectOutcome(effect_id=each.id, status="not_sent") for each in group.effects
        ),
    )


def _unconfirmed(preview: Preview) -> OrchestratorResult:
    if preview.blocked:
        return _blocked(preview)
    if not preview.groups:
        return OrchestratorResult(
            errors=("The plan has no actions; nothing was done.",), stopped_by=PlanError.code
        )
    return OrchestratorResult(
        warnings=(f"Nobody has confirmed {preview.id}; nothing was done.",),
        results=_untouched(preview),
        stopped_by=ConfirmationMissingError.code,
        hint=f"actwright confirm {preview.id}",
    )


def _blocked(preview: Preview) -> OrchestratorResult:
    """Return the envelope of a preview nobody can confirm: each action's issues, and nothing done."""
    ledger = Ledger(preview, issues=list(preview.issues))
    guarded = any(each.guardrail for each in preview.blocked)
    refused = {each.action_id for each in preview.blocked}
    ledger.refused |= {
        each.id for each in preview.effects if refused & {each.action_id, *each.also_for}
    }
    return OrchestratorResult(
        errors=tuple(dict.fromkeys(each.message for each in preview.blocked)),
        results=ledger.results(),
        stopped_by=(RefusedError if guarded else InputError).code,
        hint=preview.blocked[0].hint,
    )


def _not_started(preview: Preview, error: ActwrightError) -> OrchestratorResult:
    text = f"{error} Nothing was done."
    unconfirmed = isinstance(error, ConfirmationError)
    return OrchestratorResult(
        warnings=(text,) if unconfirmed else (),
        errors=() if unconfirmed else (text,),
        results=_untouched(preview),
        stopped_by=type(error).code,
        hint=error.hint,
    )


def _untouched(preview: Preview) -> tuple[ActionResult, ...]:
    return Ledger(preview).results()


def _plain(issue: Issue) -> dict[str, Any]:
    return issue.model_dump(mode="json")
