"""The orchestrator: carries out a confirmed preview, group by group, on the record.

The order: an empty plan is an error; a preview that is not exactly confirmed is a warning and has no effect; then the
confirmation is consumed with the run's first event; each group is read again, checked again, intended, sent, settled
and observed; the first group that fails stops the rest; one truthful end event closes the run.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation, Confirmations
from actwright.checkpoints.preview import Preview
from actwright.errors import (
    ActwrightError,
    ConfirmationError,
    ConfirmationMissingError,
    InputError,
    PlanError,
    RefusedError,
)
from actwright.org.ports import SendProgress
from actwright.runs.carrying import Carrying
from actwright.runs.envelope import ActionResult, OrchestratorResult
from actwright.runs.journal import Journal
from actwright.runs.readiness import LastLook
from actwright.runs.results import Ledger
from actwright.runs.stop import with_command
from actwright.store.database import Database


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """Carries out previews on one org."""

    look: LastLook
    database: Database
    journal: Journal
    confirmations: Confirmations

    def run(
        self,
        plan: Plan,
        preview: Preview,
        confirmation: Confirmation | None,
        *,
        progress: SendProgress | None = None,
    ) -> OrchestratorResult:
        """Carry out a preview, and return the envelope. Nothing but a programming error is ever raised.

        Args:
            plan: The plan the preview was made of.
            preview: What to carry out.
            confirmation: The yes to it; None runs nothing.
            progress: Told how many of the preview's effects have been dealt with.
        """
        if confirmation is None:
            return unconfirmed(preview)
        try:
            self.look.check_preview(plan, preview)
            self.confirmations.check(confirmation, preview)
            running = self._start(plan, preview, confirmation)
        except ActwrightError as error:
            return not_started(preview, error)
        running.progress = progress
        return running.carry_out()

    def _start(self, plan: Plan, preview: Preview, confirmation: Confirmation) -> Carrying:
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
            "locale": preview.running_user.locale,
            "zone": preview.running_user.zone,
            **({"undoes": plan.planner.undoes} if plan.planner.undoes else {}),
        }
        with self.database.write() as connection:
            self.confirmations.consume(connection, confirmation, run_id=run_id)
            last = self.journal.append_within(
                connection, run_id, [("run_started", data)], actor=actor, after=None
            )
        return Carrying(self.look, self.journal, plan, preview, run_id, actor, last)


def unconfirmed(preview: Preview) -> OrchestratorResult:
    """Return the envelope of a preview without a yes: a warning, or why there can be none."""
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


def not_started(preview: Preview, error: ActwrightError) -> OrchestratorResult:
    """Return the envelope of a run that never began: nothing was done, and why."""
    text = f"{error} Nothing was done."
    unconfirmed = isinstance(error, ConfirmationError)
    return OrchestratorResult(
        warnings=(text,) if unconfirmed else (),
        errors=() if unconfirmed else (text,),
        results=_untouched(preview),
        stopped_by=type(error).code,
        hint=with_command(error.hint, preview.plan_id),
    )


def _untouched(preview: Preview) -> tuple[ActionResult, ...]:
    return Ledger(preview).results()
