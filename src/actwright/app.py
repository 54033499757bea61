"""The class Actwright: four typed calls from a goal to a changed record, and what belongs around them."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Literal

from actwright.actions.implementation import Implementation
from actwright.actions.opaque import OpaqueImplementation
from actwright.async_calls import AsyncCalls
from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.editing.edit import SOURCE, edited
from actwright.checkpoints.editing.payload import Payload, with_payload
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.preview import Preview, Terms
from actwright.checkpoints.previewer import Previewer
from actwright.checkpoints.resolving.rows import with_ceiling
from actwright.checkpoints.superseding import superseded
from actwright.document import validated
from actwright.errors import ActwrightError, PlanError
from actwright.guardrails.rate import RateCounter
from actwright.model.exchange import Exchange
from actwright.model.prompt_log import PromptLog
from actwright.org.ports import Rehearsal, Row, SendProgress, SoqlReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.planning.response.given import GivenReader
from actwright.planning_calls import PlanningCalls
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.orchestrator import Orchestrator, not_started, unconfirmed
from actwright.runs.readiness import LastLook
from actwright.runs.state import RunState, fold
from actwright.runs.taken_back import with_undoers
from actwright.runs.undo import undo_plan


class Actwright(PlanningCalls, AsyncCalls):
    """One person, one org, one store; use it as a context manager.

    `Wiring` documents what it is made of, `PlanningCalls` what comes before a plan.
    """

    def register(
        self, name: str, implementation: Implementation | OpaqueImplementation | str
    ) -> None:
        """Register an override for the blueprint called ``name``: an object, or ``"package.module:name"``.

        Raises:
            ImplementationError: It cannot stand in for a blueprint.
        """
        self._factory.register(name, implementation)

    def clear(self) -> None:
        """Forget every override."""
        self._factory.clear()

    def preview(
        self,
        plan: Plan | str,
        *,
        payload: Payload | None = None,
        max_rows: int | None = None,
        allow_delete: bool = False,
        allow_duplicates: bool = False,
        apart: bool = False,
        deep: bool = False,
    ) -> Preview:
        """Resolve a plan against the org and show exactly what it would do.

        Args:
            plan: A plan, or the id of a stored one.
            payload: Input values by blueprint name or action id; they make a new plan.
            max_rows: The most rows a repeated action may find, instead of the plan's own ceilings; it makes a new plan.
            allow_delete: Whether the plan may delete records.
            allow_duplicates: Whether to save in spite of duplicate rules that merely warn.
            apart: Whether what does not depend on each other stands or falls apart, instead of all together.
            deep: Whether to let the org try it, in a transaction that is taken back. Mails and callouts its automation
                sends at once are not taken back, nor are auto-numbers.

        Raises:
            InputError: The plan or the payload does not fit, or questions are open.
            RefusedError: The plan contradicts itself, or is larger than allowed.
            OrgError: The org cannot be asked.
        """
        if not isinstance(plan, (Plan, str)):
            raise PlanError(
                "There is no plan to preview.", hint="Look at the outcome's refusal or questions."
            )
        chosen = self.plans.get(plan) if isinstance(plan, str) else self._known(plan)
        if payload:
            filled = with_payload(chosen, payload).model_dump()
            chosen = validated(Plan, filled, where="the plan", error=PlanError)
        terms = Terms(
            allow_delete=allow_delete, allow_duplicates=allow_duplicates, apart=apart, deep=deep
        )
        return self._previewed(
            chosen if max_rows is None else with_ceiling(chosen, max_rows), terms
        )

    def edit(
        self,
        preview: Preview | str,
        *,
        without: Collection[str] = (),
        values: Mapping[str, JsonScalar] | None = None,
        plan: Plan | None = None,
    ) -> Preview:
        """Change a preview before anybody says yes to it: a new plan, a new preview, a new digest. The old ones stay.

        Args:
            preview: What is to be changed.
            without: What to leave out: actions by id, values as ``ACTION.INPUT``, single rows by the ids of their
                effects. What depends on an action goes with it.
            values: New values, by ``ACTION.INPUT`` or ``ACTION.LABEL``; texts are read as a goal's words are.
            plan: A plan that stands instead of the preview's, such as `respond` returned; the rest is done to it.

        Raises:
            PlanError: There is no such action or input, or nothing would be left.
            OrgError: The org cannot be asked.
        """
        old = self._stored(preview)
        before = self.plans.get(old.plan_id) if plan is None else self._known(plan)
        given = GivenReader(ReadOnly(self.org), self.clock, SOURCE) if values else None
        made = edited(
            before,
            without=without,
            values=values,
            preview=old,
            read=given.argument if given else None,
        )
        return self._previewed(made, old.terms, edited_from=old.id)

    def confirm(
        self,
        preview: Preview | str,
        *,
        approver: str,
        answer: Literal["yes", "no"] = "yes",
        lifetime: timedelta | None = None,
    ) -> Confirmation:
        """Record a person's answer to exactly this preview.

        A yes to an edited preview takes back every standing yes to what it was edited from, so that not both are
        carried out.

        Raises:
            RefusedError: The preview is blocked.
            ConfirmationError: The preview differs from the stored one, or nobody was asked away from a local org.
        """
        stored, login = self._stored(preview), _login()
        minutes = timedelta(minutes=self.settings.confirmation_minutes)
        given = self.confirmations.record(
            stored,
            approver=approver,
            login=login,
            answer=answer,
            lifetime=minutes if lifetime is None else lifetime,
        )
        if answer == "yes":
            for each in superseded(stored, self.previews, self.confirmations):
                self.confirmations.record(each, approver=approver, login=login, answer="no")
        return given

    def run(
        self,
        preview: Preview | str,
        confirmation: Confirmation | None = None,
        *,
        progress: SendProgress | None = None,
    ) -> OrchestratorResult:
        """Carry out a confirmed preview, and return the envelope. Without a confirmation nothing is done.

        Args:
            preview: What to carry out.
            confirmation: The yes to it.
            progress: Told how many of the preview's effects have been dealt with.

        Raises:
            NotFoundError: There is no such preview.
            DocumentEditedError: The preview differs from the stored one.
        """
        stored = self._stored(preview)
        if confirmation is None:
            return unconfirmed(stored)
        try:
            allowed = frozenset(self.settings.allow_opaque)
            look = LastLook(self.org, self._factory, self.clock, self.explainer, allowed)
        except ActwrightError as error:
            return not_started(stored, error)
        orchestrator = Orchestrator(look, self._database, self.journal, self.confirmations)
        plan = self.plans.get(stored.plan_id)
        return orchestrator.run(plan, stored, confirmation, progress=progress)

    def undo(self, run_id: str, *, also_moved: bool = False) -> Plan:
        """Return the plan that takes back what a run did, from the values before it. It is previewed like any other.

        Args:
            run_id: The run.
            also_moved: Whether records that were changed since the run are set back too; else they are left as they
                are, and named among the plan's assumptions.

        Raises:
            NotFoundError: There is no such run.
            RefusedError: Nothing of the run can be taken back.
            OrgError: The org cannot be asked.
        """
        events = self.journal.events(run_id)
        preview = self.previews.get(fold(events).preview_id)
        return self.plans.add(undo_plan(events, preview, ReadOnly(self.org), also_moved=also_moved))

    def query(self, soql: str) -> list[Row]:
        """Return the rows of a query in SOQL, with the person's own rights; parents and children are nested.

        Raises:
            InputError: The query is empty or too long.
            OrgError: The org cannot be asked, or refuses the query.
        """
        reader: SoqlReader = self._open.org
        return reader.soql(soql)

    def runs(self, *, limit: int = 20) -> tuple[RunState, ...]:
        """Return the newest runs, newest first."""
        ids = self.journal.run_ids(limit=limit)
        return with_undoers([fold(self.journal.events(each)) for each in ids], self.journal)

    def run_state(self, run_id: str) -> RunState:
        """Return what a run's journal adds up to, and which runs took it back.

        Raises:
            NotFoundError: There is no such run.
        """
        (state,) = with_undoers([fold(self.journal.events(run_id))], self.journal)
        return state

    def events(self, run_id: str) -> tuple[JournalEvent, ...]:
        """Return a run's journal.

        Raises:
            NotFoundError: There is no such run.
        """
        return self.journal.events(run_id)

    def exchanges(self, *, limit: int = 20) -> tuple[Exchange, ...]:
        """Return the newest exchanges with language models, newest first; no texts are kept of them."""
        return PromptLog(self._database).recent(limit)

    def _previewed(self, plan: Plan, terms: Terms, *, edited_from: str | None = None) -> Preview:
        self.planners.check(self.plans.add(plan), self.library)
        settings = self.settings
        allowed = frozenset(settings.allow_opaque)
        limits = Limits(settings.mass_change, settings.max_writes, allowed)
        rates = RateCounter(self._database, self.clock)
        previewer = Previewer(
            ReadOnly(self.org), self._factory, self.clock, self.explainer, limits, rates
        )
        rehearsal: Rehearsal | None = self._open.org if terms.deep else None
        made = previewer.preview(plan, terms, rehearsal=rehearsal)
        return self.previews.add(made.model_copy(update={"edited_from": edited_from}))

    def _known(self, plan: Plan) -> Plan:
        """Return a plan as it counts: as it is where the store holds it, else with provenances computed anew."""
        sound = validated(Plan, plan.model_dump(), where="the plan", error=PlanError)
        return sound if self.plans.holds(sound.id) else self._attributed(sound)

    def _stored(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
