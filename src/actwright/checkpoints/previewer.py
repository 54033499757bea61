"""Making previews: arguments resolved, effects produced, before-values read, everything judged, digest taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.checkpoints.composing import Findings, compose, previewed_actions
from actwright.checkpoints.deep.check import rehearsed, settled
from actwright.checkpoints.groups.grouping import grouped
from actwright.checkpoints.limits import Limits, delete_issues
from actwright.checkpoints.policing import Policing, unechoed
from actwright.checkpoints.preview import DeepCheck, Preview, Terms
from actwright.checkpoints.reading.contexts import effect_contexts
from actwright.checkpoints.reading.moved_rows import moved_issues
from actwright.checkpoints.reading.standing import Standing, standing
from actwright.checkpoints.resolving.acting import promised_for
from actwright.checkpoints.resolving.production import Production
from actwright.checkpoints.resolving.resolution import check_ready, produced
from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.checkpoints.summary import rows_bound, unchanged_issues
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.checkpoints.waves.parting import part_of
from actwright.checkpoints.wording.lost_answers import lost_answers
from actwright.clock import Clock, timestamp
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue, blocking
from actwright.guardrails.rate import RateCounter, Uses
from actwright.guardrails.redaction import redacted
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, EffectGroup
from actwright.org.ports import AccessExplainer, OrgReader, Recoverable, Rehearsal


@dataclass(frozen=True, slots=True)
class Previewer:
    """Makes previews of plans on one org.

    Attributes:
        reader: The org, read-only, with the person's rights.
        factory: Which implementation carries out a blueprint.
        clock: For dates relative to today.
        explainer: Says who could grant what the person lacks; optional.
        limits: How large a plan may be.
        rates: Counts what rate limits are about; without it, only the run itself holds a plan to them.
        recoverable: Tells how a lost answer could be settled; without it, a preview says nothing of that.
        policing: Asks the policy in force; the built-in one where left out.
    """

    reader: OrgReader
    factory: Factory
    clock: Clock
    explainer: AccessExplainer | None = None
    limits: Limits = field(default_factory=Limits)
    rates: RateCounter | None = None
    recoverable: Recoverable | None = None
    policing: Policing = field(default_factory=Policing)

    def preview(
        self,
        plan: Plan,
        terms: Terms | None = None,
        *,
        rehearsal: Rehearsal | None = None,
        going_on: GoingOn | None = None,
    ) -> Preview:
        """Return the preview of a plan, with all issues of all actions gathered.

        What waits for an output that nobody can know yet is not previewed, and named as what comes later.

        Args:
            plan: A plan without open questions.
            terms: What the person allows it; nothing out of the common where left out.
            rehearsal: Lets the org try the plan without committing it; only where a person asked for that.
            going_on: What the run has behind it that the preview is to go on with; None for a new run.

        Raises:
            PlanError: The plan is empty, or has an argument that is to be what no action puts out.
            OpenQuestionsError: The plan has open questions.
            ImplementationError: An action has no implementation.
            RefusedError: Two actions contradict each other, the plan is larger than allowed, or the run cannot go on
                with it.
            OrgError: The org cannot be asked.
        """
        check_ready(plan)
        part = part_of(plan, self.factory, going_on)
        reader = SteadyReader(self.reader)
        run_id = going_on.run_id if going_on else None
        found = self._found(part.plan, terms or Terms(), reader, rehearsal, run_id)
        whole = replace(found, plan=plan, later=part.later, going_on=going_on)
        return compose(whole, reader, self.clock)

    def _found(
        self,
        plan: Plan,
        terms: Terms,
        reader: SteadyReader,
        rehearsal: Rehearsal | None,
        run_id: str | None,
    ) -> Findings:
        calls = reader.api_calls
        productions = produced(plan, reader, self.factory, self.limits)
        taking_back = plan.planner.undoes is not None
        stands = standing(reader, *_drafted(productions), taking_back=taking_back)
        productions = tuple(each.without_drafts() for each in productions)
        contexts = self._contexts(plan, productions, stands, reader)
        contexts, effects = self._redacted(plan, contexts, stands, reader)
        groups = _groups(plan, effects, terms, reader)
        rows = rows_bound(productions, stands, reader)
        actions = previewed_actions(productions)
        policy = self.policing.verdict(plan, actions, contexts, groups, reader, run_id=run_id)
        judged = judge(contexts, self.explainer)
        issues = (
            *(issue for each in productions for issue in each.issues),
            *unchanged_issues(rows),
            *moved_issues(productions, stands),
            *judged,
            *unechoed(policy, judged),
            *self._beyond(plan, effects, terms),
        )
        deep, said = self._rehearsed(rehearsal, groups, issues)
        return Findings(
            plan=plan,
            terms=terms,
            actions=actions,
            groups=groups,
            rows=rows,
            issues=(*settled(issues, deep), *said),
            deep=deep,
            calls=reader.api_calls - calls,
            policy=policy,
            notices=lost_answers(groups, self.recoverable) if self.recoverable else (),
            call_price=self.limits.call_price,
        )

    def _contexts(
        self, plan: Plan, productions: Sequence[Production], stands: Standing, reader: OrgReader
    ) -> tuple[EffectContext, ...]:
        return effect_contexts(
            plan,
            previewed_actions(productions),
            stands.effects,
            stands.snapshots,
            reader=reader,
            clock=self.clock,
            given={each.resolved.action.id: each.given for each in productions},
            allow_opaque=self.limits.allow_opaque,
        )

    def _redacted(
        self, plan: Plan, contexts: Sequence[EffectContext], stands: Standing, reader: OrgReader
    ) -> tuple[tuple[EffectContext, ...], tuple[Effect, ...]]:
        """Return contexts and effects without the personal data that guardrails take out, promises included."""
        changed = dict(redacted(contexts))
        for key, effect in changed.items():
            if effect.kind == "opaque":
                promises = promised_for(effect, plan, self.factory, reader)
                changed[key] = effect.model_copy(update={"promises": promises})
        if not changed:
            return tuple(contexts), stands.effects
        return (
            tuple(
                replace(each, effect=changed.get(each.effect.id, each.effect)) for each in contexts
            ),
            tuple(changed.get(each.id, each) for each in stands.effects),
        )

    def _beyond(self, plan: Plan, effects: tuple[Effect, ...], terms: Terms) -> Iterator[Issue]:
        """Yield what the person did not allow, and what is more than there may be."""
        if not terms.allow_delete:
            deleting = {each.id for each in plan.actions if each.blueprint.operation == "DELETE"}
            yield from delete_issues(effects, deleting)
        yield from self.limits.warnings(effects)
        if self.rates is not None:
            yield from self.rates.issues(
                Uses(plan, effects, self.reader.user, self.reader.identity)
            )

    def _rehearsed(
        self,
        rehearsal: Rehearsal | None,
        groups: Sequence[EffectGroup],
        issues: Sequence[Issue],
    ) -> tuple[DeepCheck | None, tuple[Issue, ...]]:
        """Let the org try what would go out; what is refused here already is not sent anywhere."""
        if rehearsal is None:
            return None, ()
        if blocking(tuple(issues)) or not groups:
            return _untried(self.clock), ()
        return rehearsed(rehearsal, groups, self.clock)


def _drafted(productions: Sequence[Production]) -> tuple[list[Effect], frozenset[str]]:
    """Return what the actions would do, and the ids of those that are repeated for rows."""
    effects = [effect for each in productions for effect in each.effects]
    return effects, frozenset(each.resolved.action.id for each in productions if each.binding)


def _groups(
    plan: Plan, effects: Sequence[Effect], terms: Terms, reader: OrgReader
) -> tuple[EffectGroup, ...]:
    return grouped(
        effects,
        {each.id: each.needs for each in plan.actions},
        org=reader.identity.id,
        apart=terms.apart,
        allow_duplicates=terms.allow_duplicates,
    )


def _untried(clock: Clock) -> DeepCheck:
    return DeepCheck(
        at=timestamp(clock.now()),
        api_calls=0,
        rounds=0,
        complete=False,
        said=("Nothing was tried in the org: mend first what is refused here already.",),
    )
