"""The calls of planning: from a goal to a plan, from an answer or a response to the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from actwright.blueprints.adapters import DataType
from actwright.blueprints.plan import Plan
from actwright.calls.traced import traced
from actwright.calls.writing_actions import WritingCalls
from actwright.checkpoints.preview import Preview
from actwright.errors import InputError, PlanError
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

_KEYS = "Leave it out, or give a key: `actwright blueprints list` shows all."


class PlanningCalls(WritingCalls):
    """What a person asks of the planner; `Actwright` adds what follows from it."""

    @traced("plan")
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

        Where the plan needs code that is not there yet, it is written too, and the outcome's notes say how to review it.

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
        with self.telemetry.planning("plan", goal, given, self._asker) as call:
            request = PlanningRequest(
                goal=goal,
                data=given,
                blueprint=blueprint,
                library=self.library,
                org=ReadOnly(self.org),
                clock=self.clock,
                progress=progress or (lambda _: None),
            )
            return call.came_to(self._with_code(self._planned(request, schema)))

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

    @traced("plan")
    def respond(
        self,
        plan: Plan | Preview | str,
        words: str,
        *,
        progress: Callable[[str], None] | None = None,
    ) -> PlanningOutcome:
        """Return the plan as a person wants it instead, in their own words: "not the task, and use 15 December".

        Rules read the words; what they do not understand goes to the settings' model, where there is one, with the
        plan and without any record's content. The plan answered to stays as it was, and the new one names it.

        Args:
            plan: The plan or the preview the person saw, or the id of either.
            words: What they say about it.
            progress: As for `plan`.

        Raises:
            NotFoundError: There is no such plan or preview.
            ModelError: As for `plan`.
            OrgError: The org cannot be asked.
        """
        seen, preview = self._seen(plan)
        request = PlanningRequest(
            goal=seen.goal,
            library=self.library,
            org=ReadOnly(self.org),
            clock=self.clock,
            progress=progress or (lambda _: None),
        )
        goal = f"{seen.goal}\n{words}"
        with self.telemetry.planning("respond", goal, seen.data, self._asker) as call:
            call.earlier = seen
            outcome = call.came_to(self.planners.respond(seen, words, request, preview))
            if outcome.plan is not None:
                self.plans.add(outcome.plan)
            return outcome

    def recommend(self, goal: str, *, top: int = 5) -> tuple[Recommendation, ...]:
        """Return the blueprints that come nearest to a goal, best first.

        What people did with earlier plans for goals alike moves a score a little, and its rationale says so.

        Raises:
            PlanningError: The goal cannot be read.
            ModelError: The settings name a model as planner, and it gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        with self.telemetry.planning("recommend", goal, {}, self._asker):
            return self.planners.recommend(goal, self.library, self.org, top, self.evidence)

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
        with self.telemetry.planning("extract", question, {}, self._asker):
            return self.planners.extract(text, question, data_type)

    def _planned(self, request: PlanningRequest, schema: Path | None) -> PlanningOutcome:
        """Return the planner's answer, its plan stored; a planner that broke the contract is refused."""
        outcome = self._asked(request, schema)
        plan = outcome.plan
        if plan is None:
            return outcome
        if (plan.goal, plan.data) != (request.goal, request.data):
            raise PlanError("The planner answered another goal, or with data nobody gave.")
        if any(each.for_each and each.for_each.rows for each in plan.actions):
            raise PlanError(
                "The planner handed in rows of its own; rows come from a query, or from the caller.",
                code="rows_handed_in",
            )
        sure = plan if self.planners.own else self._attributed(plan)
        return outcome.model_copy(update={"plan": self.plans.add(sure)})

    def _asked(self, request: PlanningRequest, schema: Path | None) -> PlanningOutcome:
        """Return what the planner answers; with a schema snapshot it sees nothing beside that."""
        planner = self.planners.chosen
        check_blueprints(self.planners.domains, self.library)
        if schema is None:
            return planner.plan(request)
        snapshot = read_snapshot(schema)
        outcome = NarrowedPlanner(planner, snapshot).plan(request)
        return with_left_out(outcome, request.goal, snapshot, request.org)

    def _seen(self, plan: Plan | Preview | str) -> tuple[Plan, Preview | None]:
        """Return the plan that an answer is about, and its preview where that was seen."""
        if isinstance(plan, Plan):
            return plan, None
        if isinstance(plan, str) and not plan.startswith("prv_"):
            return self.plans.get(plan), None
        preview = self.previews.get(plan) if isinstance(plan, str) else plan
        return self.plans.get(preview.plan_id), preview

    def _attributed(self, plan: Plan) -> Plan:
        """Return a plan somebody else made with the provenances its goal and its data bear out."""
        zone, _ = zone_of(self.org.user)
        today = self.clock.now().astimezone(zone).date()
        return attributed(plan, today=today, zone=zone, describe=self.org.describe)


def _chosen(plan: Plan) -> str | None:
    """Return the blueprint a plan was made with, where the person chose it."""
    if plan.planner.chosen is not None:
        return plan.planner.chosen
    curated = plan.planner.kind == "curated" and plan.actions
    return plan.actions[0].blueprint.name if curated else None
