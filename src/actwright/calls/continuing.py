"""The calls of a run that goes on: the next wave, other inputs, another branch, and the yes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from actwright.blueprints.plan import Plan
from actwright.calls.traced import traced
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.editing.edit import SOURCE
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.preview import Preview, Terms
from actwright.checkpoints.previewer import Previewer
from actwright.checkpoints.waves.going_on import Because, GoingOn
from actwright.errors import InputError, JournalConflictError, RunError
from actwright.guardrails.rate import RateCounter
from actwright.org.ports import Rehearsal, SendProgress
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.planning.response.given import GivenReader
from actwright.runs.carrying.readiness import LastLook, check_same_person
from actwright.runs.continuing.continuation import branched, check_behind_stands, with_inputs
from actwright.runs.continuing.going_on_checks import (
    agreed_inputs,
    check_can_go_on,
    check_goes_on,
    check_not_moved,
    check_waits_for_wave,
    continued,
)
from actwright.runs.interventions.timers import Timers
from actwright.runs.record.chain import check_whole
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry
from actwright.runs.record.state import RunState
from actwright.runs.telling.behind import going_on
from actwright.wiring import Wiring

_TRIES = 3
"""How often a yes is appended anew where somebody stepped in at the same moment."""

_BECAUSE: Mapping[str, Because] = {"wave": "wave", "inputs": "inputs", "branch": "branch"}
"""What a preview of a further stage says, and what the one edited from it says."""


class Resuming(Protocol):
    """What drives a run on."""

    def resume(
        self, run_id: str, *, why: str = "resumed", progress: SendProgress | None = None
    ) -> OrchestratorResult:
        """Drive a run on, and return its envelope."""
        ...


class ContinuingCalls(Wiring):
    """What a person asks of a run that is not through yet; `Actwright` adds the rest."""

    def wave(self, run_id: str) -> Preview:
        """Preview the next part of a run, with the values it was waiting for. It is confirmed like any preview.

        Raises:
            NotFoundError: There is no such run.
            RunError: The run does not wait for a further part.
            ConfirmationForeignError: It is carried out on another org, or as another person.
            RefusedError: Something it needs was not put out, or the part contradicts itself.
            OrgError: The org cannot be asked.
        """
        Timers(self.journal, self.clock).look(run_id)
        events = self.journal.events(run_id)
        state = fold(events)
        agreed = agreed_inputs(events)
        if agreed is not None:
            return self.continuation_preview(run_id, inputs=agreed)
        newest = self.previews.get(state.preview_id)
        check_waits_for_wave(state, newest)
        before = self._behind(events, state, "wave")
        return self._previewed(self.plans.get(state.plan_id), newest.terms, before=before)

    def continuation_preview(
        self,
        run_id: str,
        *,
        inputs: Mapping[str, JsonScalar] | None = None,
        target: str | None = None,
    ) -> Preview:
        """Preview what a run would go on with if a person gave other inputs, or said what comes next.

        What is done stays done, and the preview says what that is. It is confirmed like any preview.

        Args:
            run_id: A run that waits or is paused.
            inputs: New values by ``ACTION.INPUT``, of actions that are not done.
            target: The action to go on with; what stands before it and is not done is left out.

        Raises:
            NotFoundError: There is no such run.
            RunError: The run is not at a place where it could go on otherwise.
            ConfirmationForeignError: It is carried out on another org, or as another person.
            InputError: Neither inputs nor a target are given, or both.
            PlanError: There is no such action or input, or it is behind the run.
            OrgError: The org cannot be asked.
        """
        if bool(inputs) == (target is not None):
            raise InputError(
                "A run goes on with other inputs, or with another action: one of the two.",
                where="inputs",
                hint="Give inputs or a target.",
            )
        events = self.journal.events(run_id)
        state = fold(events)
        check_can_go_on(state)
        newest, plan = self.previews.get(state.preview_id), self.plans.get(state.plan_id)
        if target is not None:
            before = self._behind(events, state, "branch")
            made = branched(plan, before, target)
        else:
            before = self._behind(events, state, "inputs")
            made = self._with(plan, before, inputs or {})
        return self._previewed(made, newest.terms, before=before)

    def go_on(
        self,
        run_id: str,
        confirmation: Confirmation,
        *,
        progress: SendProgress | None = None,
        before: Sequence[Entry] = (),
    ) -> OrchestratorResult:
        """Go on with a run after the yes to its next part, and return its envelope.

        Args:
            run_id: The run.
            confirmation: The yes to a preview that goes on with this run.
            progress: Told how many of the preview's effects have been dealt with.
            before: Events that belong to the yes, appended in front of it.

        Raises:
            NotFoundError: There is no such run.
            ConfirmationError: It is no yes to this, or it was used.
            RunError: The run does not wait for a yes, or has moved on since the preview was made.
            DriftError: Other code would carry it out than was shown.
            OrgError: The org cannot be asked.
        """
        self.confirm_continued(run_id, confirmation, before=before)
        driver = cast("Resuming", self)
        return driver.resume(run_id, why="resumed", progress=progress)

    @traced("continue")
    def confirm_continued(
        self, run_id: str, confirmation: Confirmation, *, before: Sequence[Entry] = ()
    ) -> None:
        """Use the yes to a run's next part up, so that whoever drives the run goes on with it.

        Args:
            run_id: The run.
            confirmation: As for `go_on`.
            before: As for `go_on`.

        Raises:
            NotFoundError: As for `go_on`.
            ConfirmationError: As for `go_on`.
            RunError: As for `go_on`.
            DriftError: As for `go_on`.
            OrgError: As for `go_on`.
        """
        timers = Timers(self.journal, self.clock)
        timers.look(run_id)
        preview = self.previews.get(confirmation.preview_id)
        check_goes_on(preview, run_id)
        allowed = frozenset(self.settings.allow_opaque)
        look = LastLook(self.org, self._factory, self.clock, self.explainer, allowed, self.policing)
        look.check_preview(self.plans.get(preview.plan_id), preview)
        for _ in range(_TRIES):
            timers.look(run_id)  # the org may have been slow
            try:
                self._append_yes(preview, confirmation, before)
            except JournalConflictError:
                continue
            self.wakes.wake(run_id, org=preview.org.id)
            return
        raise RunError(
            f"{run_id} is being changed by others all the time; nothing was done.",
            where=run_id,
            hint=f"actwright inspect {run_id}, then try again.",
        )

    def _append_yes(
        self, preview: Preview, confirmation: Confirmation, before: Sequence[Entry]
    ) -> None:
        run_id = preview.run_id or ""
        events = self.journal.events(run_id)
        state = fold(events)
        check_can_go_on(state)
        check_whole(events)
        check_same_person(self.previews.get(state.preview_id), self.org, run_id)
        check_not_moved(events, preview)
        self._check_agreed(events, state, preview)
        self.confirmations.check(confirmation, preview)
        self.journal.append(
            run_id,
            [
                *before,
                continued(preview, confirmation, self.confirmations.told(confirmation, preview)),
            ],
            actor=confirmation.approver,
            after=events[-1].head,
            also=lambda it: self.confirmations.consume(it, confirmation, preview, run_id=run_id),
        )

    def _check_agreed(
        self, events: Sequence[JournalEvent], state: RunState, preview: Preview
    ) -> None:
        """Refuse another preview than of the inputs that signers agreed on.

        Raises:
            RunError: The run waits for exactly these, and the preview is of others.
        """
        agreed = agreed_inputs(events)
        if agreed is None:
            return
        before = self._behind(events, state, "inputs")
        wanted = self._with(self.plans.get(state.plan_id), before, agreed)
        if preview.plan_id != wanted.id:
            raise RunError(
                f"{state.id} goes on with the inputs that were agreed on, and {preview.id} has others.",
                where=preview.id,
                hint=f"actwright resume {state.id}",
                code="inputs_not_agreed",
            )

    def _with(self, plan: Plan, before: GoingOn, inputs: Mapping[str, JsonScalar]) -> Plan:
        given = GivenReader(ReadOnly(self.org), self.clock, SOURCE)
        return with_inputs(plan, before, inputs, given.argument)

    def _behind(self, events: Sequence[JournalEvent], state: RunState, because: Because) -> GoingOn:
        """Return what a further stage of a run goes on from.

        Raises:
            JournalDamagedError: Its journal was changed.
            ConfirmationForeignError: It is carried out on another org, or as another person.
            RunError: Nobody knows yet what became of something that was sent.
        """
        check_whole(events)
        stages = tuple(self.previews.get(each.preview_id) for each in state.stages)
        check_same_person(stages[-1], self.org, state.id)
        return going_on(events, stages, because)

    def _instead(self, old: Preview, plan: Plan) -> Preview:
        """Preview a plan in place of another preview: on the same terms, and for the same run."""
        before = None
        if old.run_id is not None:
            events = self.journal.events(old.run_id)
            state = fold(events)
            check_can_go_on(state)
            check_not_moved(events, old)
            before = self._behind(events, state, _BECAUSE[old.because])
            check_behind_stands(self.plans.get(old.plan_id), plan, before)
        return self._previewed(plan, old.terms, edited_from=old.id, before=before)

    @traced("preview")
    def _previewed(
        self,
        plan: Plan,
        terms: Terms,
        *,
        edited_from: str | None = None,
        before: GoingOn | None = None,
    ) -> Preview:
        self.planners.check(self.plans.add(plan), self.library)
        settings = self.settings
        limits = Limits(
            settings.mass_change,
            settings.max_writes,
            frozenset(settings.allow_opaque),
            made=before.writes if before else 0,
            call_price=settings.call_price,
        )
        previewer = Previewer(
            ReadOnly(self.org),
            self._factory,
            self.clock,
            self.explainer,
            limits,
            RateCounter(self._database, self.clock),
            self.org,
            self.policing,
        )
        rehearsal: Rehearsal | None = self._open.org if terms.deep else None
        made = previewer.preview(plan, terms, rehearsal=rehearsal, going_on=before)
        return self.previews.add(made.model_copy(update={"edited_from": edited_from}))
