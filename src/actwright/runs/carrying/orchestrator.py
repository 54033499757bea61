"""The orchestrator: carries out confirmed previews on the record, from the yes to the one truthful end.

The order: an empty plan is an error; a preview that is not exactly confirmed is a warning and has no effect; then the
confirmation is consumed with the run's first event, and the engine carries on from there: each group is read again,
checked again, intended, sent, settled and observed. What an answer lost on the way means is asked, never guessed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.waves.going_on import check_starts_run
from actwright.clock import timestamp
from actwright.errors import ActwrightError
from actwright.org.ports import SendProgress
from actwright.runs.carrying.plan_work import PlanWork
from actwright.runs.carrying.readiness import LastLook
from actwright.runs.carrying.run_terms import RunTerms
from actwright.runs.carrying.undo_claim import claim_undo
from actwright.runs.engine.engine import Begun, Engine, Why
from actwright.runs.engine.pool import Pool
from actwright.runs.engine.work import Ending
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.folding import fold
from actwright.runs.record.happening import Happening
from actwright.runs.record.state import RunState
from actwright.runs.telling.account import Account, as_kept
from actwright.runs.telling.confirmed import Confirmed
from actwright.runs.telling.unstarted import not_started, unconfirmed
from actwright.store.database import Transaction
from actwright.tracing import NoTracing, Tracing


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """Carries out previews on one org.

    Attributes:
        look: The org, and the last look at it.
        engine: Who carries runs on.
        pool: Where calls are made that block.
        confirmations: Who said yes to what.
        plans: The plans of runs.
        previews: What was confirmed.
        tracing: Listens to what is carried out.
    """

    look: LastLook
    engine: Engine
    pool: Pool
    confirmations: Confirmations
    plans: Archive[Plan]
    previews: Archive[Preview]
    tracing: Tracing = NoTracing()  # noqa: RUF009 - it has no state

    async def run(
        self,
        plan: Plan,
        preview: Preview,
        confirmation: Confirmation | None,
        *,
        terms: RunTerms | None = None,
        progress: SendProgress | None = None,
    ) -> OrchestratorResult:
        """Carry out a preview, and return the envelope. Nothing but a programming error is ever raised.

        Args:
            plan: The plan the preview was made of.
            preview: What to carry out.
            confirmation: The yes to it; None runs nothing.
            terms: How to carry it out.
            progress: Told how many of the preview's effects have been dealt with.
        """
        with self.tracing.activity("run", preview) as activity:
            done = await self._run(plan, preview, confirmation, terms or RunTerms(), progress)
            activity.done(done)
            return done

    async def _run(
        self,
        plan: Plan,
        preview: Preview,
        confirmation: Confirmation | None,
        terms: RunTerms,
        progress: SendProgress | None,
    ) -> OrchestratorResult:
        if confirmation is None:
            return unconfirmed(preview)
        try:
            begun = await self.begin(plan, preview, confirmation, terms)
        except ActwrightError as error:
            return not_started(preview, error)
        run_id = begun.record.state.id
        stages = (Confirmed(1, plan, preview, confirmation.approver),)
        work = self._work(run_id, stages)
        try:
            await self.engine.drive(run_id, work, begun=begun, progress=progress)
        except ActwrightError as error:
            return _broken_off(run_id, stages, begun.record.happened, error)
        happened: Sequence[Happening] = begun.record.happened
        if self.engine.journal.offloading.failed:
            happened = await self.pool.call(run_id, lambda: self.engine.journal.events(run_id))
        return self._told(stages, begun.record.state, happened)

    async def begin(
        self,
        plan: Plan,
        preview: Preview,
        confirmation: Confirmation,
        terms: RunTerms,
        *,
        queued: bool = False,
    ) -> Begun:
        """Use a confirmation up with the first event of its run.

        Args:
            plan: The plan the preview was made of.
            preview: What to carry out.
            confirmation: The yes to it.
            terms: How to carry it out.
            queued: Whether somebody else is to carry it out.

        Raises:
            ConfirmationError: Nobody said yes to exactly this, now and for the first time.
            ActwrightError: The preview cannot be carried out here and now.
        """
        terms.check()
        check_starts_run(preview)
        told = await self.pool.call(preview.id, lambda: self._check(plan, preview, confirmation))
        run_id = f"run_{secrets.token_hex(10)}"
        undone, now = plan.planner.undoes, timestamp(self.look.clock.now())

        def also(transaction: Transaction) -> None:
            """Use the yes up, in the transaction of the first event."""
            if undone:
                claim_undo(transaction, undone, run_id=run_id, at=now)
            self.confirmations.consume(transaction, confirmation, preview, run_id=run_id)

        data = self._first(plan, preview, confirmation, terms) | told
        data |= {"queued": True} if queued else {}
        return await self.engine.begin(run_id, data, actor=confirmation.approver, also=also)

    async def resume(
        self, run_id: str, *, why: Why = "resumed", progress: SendProgress | None = None
    ) -> OrchestratorResult:
        """Carry a run on that was begun before, and return the envelope; one that has ended stays as it is.

        Args:
            run_id: The run.
            why: Why this process takes it over.
            progress: Told how many effects of the newest stage have been dealt with.

        Raises:
            NotFoundError: There is no such run.
            RunBusyError: Another process carries it out.
            ConfirmationForeignError: It belongs to another org or another person.
            ActwrightError: It cannot be carried on here and now.
        """
        journal = self.engine.journal
        events = await self.pool.call(run_id, lambda: journal.events(run_id))
        state = fold(events)
        if state.envelope is not None:
            return as_kept(state.envelope, events)
        with self.tracing.activity("run", run_id) as activity:
            stages = await self.pool.call(run_id, lambda: self._stages(state))
            activity.about(stages[-1].preview)
            state = await self.engine.drive(
                run_id, self._work(run_id, stages), why=why, progress=progress
            )
            happened = await self.pool.call(run_id, lambda: journal.events(run_id))
            done = self._told(stages, state, happened)
            activity.done(done)
            return done

    def _work(self, run_id: str, stages: Sequence[Confirmed]) -> PlanWork:
        return PlanWork(self.look, self.pool, run_id, stages, self.confirmations, self.tracing)

    def _check(self, plan: Plan, preview: Preview, confirmation: Confirmation) -> dict[str, object]:
        """Make sure that a preview may start, and return what is told of who let it."""
        self.look.check_preview(plan, preview)
        self.confirmations.check(confirmation, preview)
        return self.confirmations.told(confirmation, preview)

    def _stages(self, state: RunState) -> tuple[Confirmed, ...]:
        """Return a run's confirmed stages.

        What is only to end, with nothing of it out, needs nobody's rights: whoever may say so ends it.

        Raises:
            ConfirmationForeignError: The newest belongs to another org or another person.
        """
        stages = tuple(
            Confirmed(
                each.number,
                self.plans.get(each.plan_id),
                self.previews.get(each.preview_id),
                each.approver,
            )
            for each in state.stages
        )
        if not state.ending or state.in_doubt:
            newest = stages[-1]
            self.look.check_place(newest.plan, newest.preview, run_id=state.id)
        return stages

    def _first(
        self, plan: Plan, preview: Preview, confirmation: Confirmation, terms: RunTerms
    ) -> dict[str, Any]:
        return {
            "goal": preview.goal,
            "planId": plan.id,
            "previewId": preview.id,
            "confirmationId": confirmation.id,
            "digest": preview.digest,
            "groups": len(preview.groups),
            "user": preview.running_user.username,
            "org": preview.org.id,
            "locale": preview.running_user.locale,
            "zone": preview.running_user.zone,
            **terms.told(self.look.clock.now()),
            **({"undoes": plan.planner.undoes} if plan.planner.undoes else {}),
        }

    def _told(
        self, stages: tuple[Confirmed, ...], state: RunState, happened: Sequence[Happening]
    ) -> OrchestratorResult:
        """Return the envelope of a run as it stands."""
        if state.envelope is not None:
            return as_kept(state.envelope, happened)
        code = _code_of(happened) if state.status == "paused" else ""
        ending = Ending(state.status, state.reason, code)
        return Account.of(state.id, stages, happened).envelope(ending)


def _code_of(happened: Sequence[Happening]) -> str:
    """Return the code of what holds a run, where its newest pause tells one."""
    held = next((each for each in reversed(happened) if each.kind == "run_paused"), None)
    return str(held.data.get("code", "")) if held else ""


def _broken_off(
    run_id: str, stages: tuple[Confirmed, ...], happened: Sequence[Happening], error: ActwrightError
) -> OrchestratorResult:
    """Return the envelope of a run this process can carry on no longer; somebody can."""
    ending = Ending("running", str(error), type(error).code)
    return Account.of(run_id, stages, happened).envelope(ending)
