"""The class Actwright: four typed calls from a goal to a changed record, and what belongs around them."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal

from actwright.actions.implementation import Implementation
from actwright.async_calls import AsyncCalls
from actwright.blueprints.adapters import DataType
from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.payload import Payload, with_payload
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.previewer import Previewer
from actwright.document import validated
from actwright.errors import ActwrightError, InputError, PlanError
from actwright.model.exchange import Exchange
from actwright.model.prompt_log import PromptLog
from actwright.org.ports import Row, SoqlReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.planning.answers import with_answers
from actwright.planning.domains.blueprint_words import check_blueprints
from actwright.planning.left_out import with_left_out
from actwright.planning.narrowing import NarrowedPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.provenance.attribution import attributed
from actwright.planning.snapshots import read_snapshot
from actwright.planning.zones import zone_of
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.orchestrator import Orchestrator, not_started, unconfirmed
from actwright.runs.readiness import LastLook
from actwright.runs.state import RunState, fold
from actwright.wiring import Wiring

_KEYS = "Leave it out, or give a key: `actwright blueprints list` shows all."


class Actwright(Wiring, AsyncCalls):
    """One person, one org, one store; use it as a context manager.

    `Wiring` documents what it is made of.
    """

    def register(self, name: str, implementation: Implementation | str) -> None:
        """Register an override for the blueprint called ``name``: an object, or ``"package.module:name"``.

        Raises:
            ImplementationError: It cannot stand in for a blueprint.
        """
        self._factory.register(name, implementation)

    def clear(self) -> None:
        """Forget every override."""
        self._factory.clear()

    def plan(
        self,
        goal: str,
        *,
        data: Mapping[str, JsonScalar] | None = None,
        blueprint: str | None = None,
        schema: Path | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> PlanningOutcome:
        """Turn a goal into a plan, into a plan with open questions, or into a refusal.

        Args:
            goal: What is to be done, in words.
            data: Named data that belongs to the goal.
            blueprint: Key, name or alias of the one blueprint to use.
            schema: A schema snapshot; the planner then sees no object and no field beside those in it.
            progress: Told, in a few words, what is being done.

        Raises:
            InputError: The key of the blueprint is empty.
            DomainError: A domain spec names a blueprint that is not there.
            PlanError: The planner broke the contract, or answered another goal.
            ModelError: The language model gave nothing that can be used.
            OrgError: The org cannot be asked.
            StoreError: The plan cannot be stored.
        """
        if blueprint is not None and not blueprint.strip():
            raise InputError("The key of the blueprint is empty.", where="blueprint", hint=_KEYS)
        given = dict(data or {})
        request = PlanningRequest(
            goal=goal,
            data=given,
            blueprint=blueprint,
            library=self.library,
            org=ReadOnly(self.org),
            clock=self.clock,
            progress=progress or (lambda _: None),
        )
        planner = self.planners.chosen
        check_blueprints(self.planners.domains, self.library)
        if schema is None:
            outcome = planner.plan(request)
        else:
            snapshot = read_snapshot(schema)
            outcome = NarrowedPlanner(planner, snapshot).plan(request)
            outcome = with_left_out(outcome, goal, snapshot, request.org)
        if outcome.plan and (outcome.plan.goal, outcome.plan.data) != (goal, given):
            raise PlanError("The planner answered another goal, or with data nobody gave.")
        if outcome.plan:
            plan = outcome.plan if self.planners.own else self._attributed(outcome.plan)
            outcome = outcome.model_copy(update={"plan": self.plans.add(plan)})
        return outcome

    def answer(
        self,
        plan: Plan | str,
        answers: Mapping[str, str] | str,
        *,
        schema: Path | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> PlanningOutcome:
        """Go on planning with a person's answers to a plan's open questions.

        Args:
            plan: The plan that asked, or its id.
            answers: By question id; or one bare answer, where one question is open. A word is enough: a candidate's
                number, value or label.
            schema: As for `plan`.
            progress: As for `plan`.

        Raises:
            PayloadError: The plan never asked that, or the answer is none.
            PlanError: As for `plan`.
            ModelError: As for `plan`.
            OrgError: As for `plan`.
        """
        asked = self.plans.get(plan) if isinstance(plan, str) else plan
        return self.plan(
            asked.goal,
            data=with_answers(asked, answers),
            blueprint=_chosen(asked),
            schema=schema,
            progress=progress,
        )

    def recommend(self, goal: str, *, top: int = 5) -> tuple[Recommendation, ...]:
        """Return the blueprints that come nearest to a goal, best first.

        Raises:
            PlanningError: The goal cannot be read.
            ModelError: The settings name a model as planner, and it gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        return self.planners.recommend(goal, self.library, self.org, top)

    def preview(
        self, plan: Plan | str, *, payload: Payload | None = None, allow_delete: bool = False
    ) -> Preview:
        """Resolve a plan against the org and show exactly what it would do.

        Args:
            plan: A plan, or the id of a stored one.
            payload: Input values by blueprint name or action id; they make a new plan.
            allow_delete: Whether the plan may delete records.

        Raises:
            InputError: The plan or the payload does not fit, or questions are open.
            RefusedError: The plan contradicts itself, or is too large for one call.
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
        self.planners.check(self.plans.add(chosen), self.library)
        previewer = Previewer(ReadOnly(self.org), self._factory, self.clock, self.explainer)
        return self.previews.add(previewer.preview(chosen, allow_delete=allow_delete))

    def confirm(
        self,
        preview: Preview | str,
        *,
        approver: str,
        answer: Literal["yes", "no"] = "yes",
        lifetime: timedelta | None = None,
    ) -> Confirmation:
        """Record a person's answer to exactly this preview.

        Raises:
            RefusedError: The preview is blocked.
            ConfirmationError: The preview differs from the stored one, or nobody was asked away from a local org.
        """
        minutes = timedelta(minutes=self.settings.confirmation_minutes)
        return self.confirmations.record(
            self._stored(preview),
            approver=approver,
            login=_login(),
            answer=answer,
            lifetime=minutes if lifetime is None else lifetime,
        )

    def run(
        self, preview: Preview | str, confirmation: Confirmation | None = None
    ) -> OrchestratorResult:
        """Carry out a confirmed preview, and return the envelope. Without a confirmation nothing is done.

        Raises:
            NotFoundError: There is no such preview.
            DocumentEditedError: The preview differs from the stored one.
        """
        stored = self._stored(preview)
        if confirmation is None:
            return unconfirmed(stored)
        try:
            look = LastLook(self.org, self._factory, self.clock, self.explainer)
        except ActwrightError as error:
            return not_started(stored, error)
        orchestrator = Orchestrator(look, self._database, self.journal, self.confirmations)
        return orchestrator.run(self.plans.get(stored.plan_id), stored, confirmation)

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
        return tuple(fold(self.journal.events(each)) for each in self.journal.run_ids(limit=limit))

    def events(self, run_id: str) -> tuple[JournalEvent, ...]:
        """Return a run's journal.

        Raises:
            NotFoundError: There is no such run.
        """
        return self.journal.events(run_id)

    def extract(self, text: str, question: str, data_type: DataType = "String") -> JsonScalar:
        """Return one typed value that a text says, or None where it does not say it.

        The text goes to the settings' model in a call of its own, without tools, and only one value comes back.

        Args:
            text: The text, such as an email. Hostile input.
            question: Which value is wanted, in a few words.
            data_type: The type it has to have; never a record's id.

        Raises:
            InputError: The text or the question cannot be asked about.
            ModelError: The model gave nothing that can be used.
        """
        return self.planners.extract(text, question, data_type)

    def exchanges(self, *, limit: int = 20) -> tuple[Exchange, ...]:
        """Return the newest exchanges with language models, newest first; no texts are kept of them."""
        return PromptLog(self._database).recent(limit)

    def _known(self, plan: Plan) -> Plan:
        """Return a plan as it counts: as it is where the store holds it, else with provenances computed anew."""
        sound = validated(Plan, plan.model_dump(), where="the plan", error=PlanError)
        return sound if self.plans.holds(sound.id) else self._attributed(sound)

    def _attributed(self, plan: Plan) -> Plan:
        """Return a plan somebody else made with the provenances its goal and its data bear out."""
        zone, _ = zone_of(self.org.user)
        today = self.clock.now().astimezone(zone).date()
        return attributed(plan, today=today, zone=zone, describe=self.org.describe)

    def _stored(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)


def _chosen(plan: Plan) -> str | None:
    """Return the blueprint a plan was made with, where the person chose it."""
    if plan.planner.chosen is not None:
        return plan.planner.chosen
    curated = plan.planner.kind == "curated" and plan.actions
    return plan.actions[0].blueprint.name if curated else None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
