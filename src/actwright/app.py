"""The wiring, and the class Actwright: four typed calls from a goal to a changed record."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from actwright.actions.factory import Factory
from actwright.actions.implementation import Implementation
from actwright.async_calls import AsyncCalls
from actwright.blueprints.library import Library, bundled_directory, load_library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmation import Confirmation, Confirmations
from actwright.checkpoints.payload import Payload, with_payload
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.previewer import Previewer
from actwright.clock import Clock, SystemClock
from actwright.document import validated
from actwright.errors import ActwrightError, PlanError
from actwright.org.ports import AccessExplainer, Org, Row, SoqlReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.orgs import OpenOrg, open_org
from actwright.planning.offline import OfflinePlanner
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.recommend import recommend
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Journal
from actwright.runs.orchestrator import Orchestrator, not_started, unconfirmed
from actwright.runs.readiness import LastLook
from actwright.runs.state import RunState, fold
from actwright.settings import Settings, load_settings
from actwright.store.database import Database

if TYPE_CHECKING:
    from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg


class Actwright(AsyncCalls):
    """One person, one org, one store.

    The org is opened when it is first needed, and closed with the object; use it as a context manager.

    Args:
        org: ``"local"`` or an org's URL; from the settings where left out.
        user: Whose rights count; from the settings where left out.
        settings: Settings made elsewhere; loaded from file and environment where left out.
        planner: Who makes plans; the offline planner where left out.
        clock: The time.
        local_org: A local org that is running already, where ``org`` is ``"local"``; it is left running.

    Raises:
        ConfigError: The settings do not fit.
        StoreError: The store cannot be opened.
    """

    def __init__(
        self,
        org: str | None = None,
        user: str | None = None,
        *,
        settings: Settings | None = None,
        planner: Planner | None = None,
        clock: Clock | None = None,
        local_org: EmbeddedLocalOrg | None = None,
    ) -> None:
        self.settings = settings or load_settings({"org": org, "user": user})
        self.clock = clock or SystemClock()
        self._planner = planner
        self._local_org = local_org
        self._stack = ExitStack()
        self._database = Database(self.settings.home / "actwright.db")
        self._stack.callback(self._database.close)
        self.plans: Archive[Plan] = Archive(self._database, Plan, self.clock)
        self.previews: Archive[Preview] = Archive(self._database, Preview, self.clock)
        self.confirmations = Confirmations(self._database, self.clock)
        self.journal = Journal(self._database, self.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the org and the store."""
        self._stack.close()

    @property
    def org(self) -> Org:
        """The org, opened on first use.

        Raises:
            ConfigError: There is no way to log in.
            OrgError: The org cannot be reached.
        """
        return self._open.org

    @property
    def explainer(self) -> AccessExplainer | None:
        """The connection that says who could grant what is missing, or None where none is set up.

        Raises:
            ConfigError: There is no way to log in.
            OrgError: The org cannot be reached.
        """
        return self._open.explainer

    @cached_property
    def library(self) -> Library:
        """The curated blueprints: the bundled ones, and those of the settings' own folders."""
        return load_library((bundled_directory(), *self.settings.blueprints))

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
    ) -> PlanningOutcome:
        """Turn a goal into a plan, into a plan with open questions, or into a refusal.

        Args:
            goal: What is to be done, in words.
            data: Named data that belongs to the goal.
            blueprint: Key, name or alias of the one blueprint to use.

        Raises:
            PlanError: The planner broke the contract, or answered another goal.
            OrgError: The org cannot be asked.
            StoreError: The plan cannot be stored.
        """
        outcome = (self._planner or self._offline).plan(
            PlanningRequest(
                goal=goal,
                data=dict(data or {}),
                blueprint=blueprint,
                library=self.library,
                org=ReadOnly(self.org),
                clock=self.clock,
            )
        )
        if outcome.plan:
            if (outcome.plan.goal, outcome.plan.data) != (goal, dict(data or {})):
                raise PlanError("The planner answered another goal, or with data nobody gave.")
            self.plans.add(outcome.plan)
        return outcome

    def recommend(self, goal: str, *, top: int = 5) -> tuple[Recommendation, ...]:
        """Return the blueprints that come nearest to a goal, best first."""
        return recommend(goal, self.library, self.org, top)

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
        chosen = self.plans.get(plan) if isinstance(plan, str) else plan
        if payload:
            chosen = with_payload(chosen, payload)
        chosen = validated(Plan, chosen.model_dump(), where="the plan", error=PlanError)
        self.plans.add(chosen)
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

    @cached_property
    def _open(self) -> OpenOrg:
        return open_org(self.settings, self._stack, self.clock, self._local_org)

    @cached_property
    def _factory(self) -> Factory:
        """The factory with the settings' overrides: their code is imported when an action first needs it."""
        factory = Factory()
        for name, implementation in self.settings.actions.items():
            factory.register(name, implementation)
        return factory

    @cached_property
    def _offline(self) -> OfflinePlanner:
        return OfflinePlanner()

    def _stored(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
