"""Making previews: arguments resolved, effects produced, before-values read, everything judged, digest taken."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from actwright.actions.factory import Factory
from actwright.actions.inverse import inverse
from actwright.blueprints.plan import Plan
from actwright.checkpoints.arguments import ArgumentResolver
from actwright.checkpoints.cascade import calls_for, with_cascades
from actwright.checkpoints.contexts import effect_contexts
from actwright.checkpoints.digest import preview_digest
from actwright.checkpoints.grouping import calls_to_apply, grouped
from actwright.checkpoints.preview import Cost, Preview, PreviewedAction, Undo
from actwright.checkpoints.production import Production, merged, produce
from actwright.checkpoints.question import changes_nothing, held_already, question
from actwright.checkpoints.snapshot import completed, describe_fields, located, take
from actwright.clock import Clock, timestamp
from actwright.errors import OpenQuestionsError, PlanError
from actwright.guardrails.issue import Issue
from actwright.guardrails.verdict import judge
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.ports import AccessExplainer, OrgReader

POLICY_VERSION = "built-in-1"
"""The rules in force until an organisation has a policy file: deletes only where the caller allows them."""


@dataclass(frozen=True, slots=True)
class Previewer:
    """Makes previews of plans on one org.

    Attributes:
        reader: The org, read-only, with the person's rights.
        factory: Which implementation carries out a blueprint.
        clock: For dates relative to today.
        explainer: Says who could grant what the person lacks; optional.
    """

    reader: OrgReader
    factory: Factory
    clock: Clock
    explainer: AccessExplainer | None = None

    def preview(self, plan: Plan, *, allow_delete: bool = False) -> Preview:
        """Return the preview of a plan, with all issues of all actions gathered.

        Args:
            plan: A plan without open questions.
            allow_delete: Whether the plan may delete records.

        Raises:
            PlanError: The plan is empty, repeats an action for rows, or has a late argument.
            OpenQuestionsError: The plan has open questions.
            ImplementationError: An action has no implementation.
            RefusedError: Two actions contradict each other, or one call cannot carry the plan.
            OrgError: The org cannot be asked.
        """
        _check_plan(plan)
        calls = self.reader.api_calls
        productions = self._produced(plan)
        issues = [issue for each in productions for issue in each.issues]
        groups, found = self._grouped(plan, productions)
        issues += found
        if not allow_delete:
            issues += _deletes(groups)
        spent = self.reader.api_calls - calls
        return self._document(plan, productions, groups, tuple(issues), spent)

    def _produced(self, plan: Plan) -> tuple[Production, ...]:
        return produce(ArgumentResolver(plan, self.reader).resolve(), self.factory, self.reader)

    def _grouped(
        self, plan: Plan, productions: Sequence[Production]
    ) -> tuple[tuple[EffectGroup, ...], tuple[Issue, ...]]:
        drafts = merged([effect for each in productions for effect in each.effects])
        drafts = describe_fields(self.reader, located(self.reader, drafts))
        drafts = with_cascades(self.reader, drafts)
        snapshots = take(self.reader, drafts)
        effects = tuple(completed(each, snapshots) for each in drafts)
        contexts = effect_contexts(
            plan,
            _actions(productions),
            effects,
            snapshots,
            reader=self.reader,
            clock=self.clock,
        )
        needs = {each.id: each.needs for each in plan.actions}
        groups = grouped(effects, needs, org=self.reader.identity.id)
        return groups, judge(contexts, self.explainer)

    def _document(
        self,
        plan: Plan,
        productions: Sequence[Production],
        groups: tuple[EffectGroup, ...],
        issues: tuple[Issue, ...],
        spent: int,
    ) -> Preview:
        actions = _actions(productions)
        effects = [effect for group in groups for effect in group.effects]
        user, org = self.reader.user, self.reader.identity
        asked = question(effects, user=user, org=org)
        return Preview(
            id=f"prv_{secrets.token_hex(10)}",
            plan_id=plan.id,
            goal=plan.goal,
            at=timestamp(self.clock.now()),
            actions=actions,
            groups=groups,
            question=asked,
            planner_words=inert(plan.checkpoint, limit=300),
            issues=issues,
            cost=Cost(
                preview_calls=spent,
                apply_calls=calls_to_apply(groups) + calls_for(self.reader, effects),
                writes=len(effects),
            ),
            undo=tuple(_undo(each) for each in effects),
            running_user=user,
            org=org,
            policy_version=POLICY_VERSION,
            digest=preview_digest(
                groups=groups,
                actions=actions,
                question=asked,
                user=user,
                org=org,
                policy_version=POLICY_VERSION,
            ),
        )


def _check_plan(plan: Plan) -> None:
    if not plan.actions:
        raise PlanError(
            "The plan has no actions.", hint="Plan again with a clearer goal.", code="plan_empty"
        )
    if plan.questions:
        asked = "; ".join(each.text for each in plan.questions)
        raise OpenQuestionsError(
            f"The plan waits for answers: {inert(asked, limit=600)}",
            hint="Answer with " + " ".join(f"-d {each.id}=VALUE" for each in plan.questions) + ".",
        )
    repeated = next((each.id for each in plan.actions if each.for_each), None)
    if repeated:
        raise PlanError(
            f"Action {repeated!r} repeats for the rows of a query, which no preview can bind yet.",
            where=f"{repeated}.forEach",
            hint="Name each record in an action of its own.",
            code="for_each_unbound",
        )


def _actions(productions: Sequence[Production]) -> tuple[PreviewedAction, ...]:
    return tuple(
        PreviewedAction(
            action_id=each.resolved.action.id,
            blueprint=each.resolved.action.blueprint.name,
            label=each.resolved.action.blueprint.label,
            implementation=each.chosen.name,
            implementation_kind=each.chosen.kind,
            arguments=tuple(each.resolved.arguments.values()),
        )
        for each in productions
    )


def _deletes(groups: Sequence[EffectGroup]) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            code="delete_not_allowed",
            action_id=each.action_id,
            object=each.object,
            guardrail="POLICY",
            message=f"Deleting {each.object_label or each.object} records is not allowed here.",
            hint="Say --allow-delete if you mean it, or change a status instead.",
        )
        for group in groups
        for each in group.effects
        if each.operation == "DELETE"
    )


def _undo(effect: Effect) -> Undo:
    if changes_nothing(effect):
        text = f"{held_already(effect)}: there is nothing to take back."
        return Undo(effect_id=effect.id, possible=True, text=text)
    back = inverse(effect)
    return Undo(effect_id=effect.id, possible=back.effect is not None, text=inert(back.text))
