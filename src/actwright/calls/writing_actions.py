"""Writing what a plan needs: the code of its generated actions, which a person then reviews."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from actwright.actions.generated.version import newest_approved
from actwright.actions.generating.making import ActionWriter, Made, is_generated
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import Plan
from actwright.errors import ImplementationError, InputError, ModelError, SandboxError
from actwright.org.read_only import ReadOnly
from actwright.planning.planner import PlanningOutcome, PlanningUsage
from actwright.wiring import Wiring

if TYPE_CHECKING:
    from actwright.model.budget import Budget


class WritingCalls(Wiring):
    """What is written for a plan before it can be previewed."""

    def make_for(self, plan: Plan | str) -> tuple[Made, ...]:
        """Write the code of a plan's generated actions, as far as nothing stands behind them yet.

        An action that has a registered override needs none.

        Args:
            plan: The plan, or its id.

        Raises:
            NotFoundError: There is no such plan.
            InputError: An action says its logic in words only, and no model is set up; or there is no sandbox.
            ModelError: The language model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        known = self.plans.get(plan) if isinstance(plan, str) else plan
        with self.telemetry.planning("generate", known.goal, known.data, self._asker) as call:
            call.plan = known
            return self._written(known, [])

    def unreviewed(self, plan: Plan) -> tuple[str, ...]:
        """Return the names of a plan's generated actions whose code a person has to review before they may be used."""
        wanted = self._unwritten(plan)
        asked = {each.blueprint.name: each.blueprint for each in plan.actions if each.id in wanted}
        return tuple(name for name, each in asked.items() if self._waits(each))

    def _waits(self, blueprint: ActionBlueprint) -> bool:
        fitting = self.generated_actions.fitting(blueprint)
        local = self.settings.org == "local"
        return bool(fitting) and newest_approved(fitting, unattended=local) is None

    def _written(self, plan: Plan, spent: list[Budget]) -> tuple[Made, ...]:
        """Write what a plan needs, and note what it took of the model, also where nothing came of it."""
        if not self._unwritten(plan):
            return ()
        generator = self.planners.action_generator(spent.append)
        writer = ActionWriter(self.generated_actions, self.sandbox, generator)
        return writer.make_for(self._unregistered(plan), ReadOnly(self.org))

    def _with_code(self, outcome: PlanningOutcome) -> PlanningOutcome:
        """Return a planner's answer with what was written for it told; a plan stands also where nothing could be."""
        plan = outcome.plan
        if plan is None or plan.questions:
            return outcome
        broken = tuple(
            f"It cannot be previewed yet: {each.message}"
            for each in self._factory.faults(each.blueprint for each in plan.actions)
        )
        if broken:
            outcome = outcome.model_copy(update={"notes": (*outcome.notes, *broken)})
        if not self._unwritten(plan):
            return outcome
        spent: list[Budget] = []
        begun = time.monotonic()
        try:
            told = tuple(_told(self._written(plan, spent)))
        except (InputError, SandboxError, ImplementationError, ModelError) as error:
            told = (f"No code could be written yet: {error.message} {error.hint or ''}".strip(),)
        usage = _with_spent(outcome.usage, spent, time.monotonic() - begun)
        return outcome.model_copy(update={"notes": (*outcome.notes, *told), "usage": usage})

    def _unwritten(self, plan: Plan) -> Sequence[str]:
        return [
            each.id
            for each in plan.actions
            if is_generated(each.blueprint) and not self._factory.overrides(each.blueprint.name)
        ]

    def _unregistered(self, plan: Plan) -> Plan:
        """Return the plan less the actions that have an override; it is never stored."""
        wanted = self._unwritten(plan)
        kept = tuple(
            each for each in plan.actions if each.id in wanted or not is_generated(each.blueprint)
        )
        return plan if len(kept) == len(plan.actions) else plan.model_copy(update={"actions": kept})


def _with_spent(
    usage: PlanningUsage | None, spent: Sequence[Budget], seconds: float
) -> PlanningUsage | None:
    """Return what planning took together with what writing the code took; the time counts where a model was asked."""
    from actwright.planning.model.usage import usage_of  # noqa: PLC0415 - slow to import

    share = seconds / len(spent) if spent else 0.0
    taken = usage
    for each in spent:
        taken = (taken or PlanningUsage()).plus(usage_of(each, share))
    return taken


def _told(made: Sequence[Made]) -> Iterator[str]:
    for each in made:
        action, standing = each.version.action, each.version.standing
        if standing == "approved":
            yield f"{each.action_id} is carried out by {action.name}, which was approved before."
            continue
        begun = "Code was written" if each.fresh else "Code was written before"
        state = "waits for a person's review" if action.review.passed else "did not pass its checks"
        state = "was revoked" if standing == "revoked" else state
        yield (
            f"{begun} for {each.action_id} ({action.name}), and {state}: "
            f"actwright actions review {action.name}"
        )
