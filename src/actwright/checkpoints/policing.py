"""Policing: the policy in force, asked of a plan at its preview and again of each group just before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from actwright.blueprints.plan import Plan
from actwright.checkpoints.groups.grouping import calls_to_apply
from actwright.checkpoints.preview import Preview, PreviewedAction
from actwright.checkpoints.reading.looked_at import looked_at, person_of
from actwright.clock import Clock, SystemClock
from actwright.errors import PolicyChangedError, PolicyError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue, blocking
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.guardrails.policy.budgets import BudgetCounter, Demand, reserve_budgets
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.guardrails.policy.facts import PolicyAsk
from actwright.guardrails.policy.gathering import facts_of
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.rule import ImplementationKind
from actwright.guardrails.policy.source import PolicySource
from actwright.guardrails.policy.telling import POLICY
from actwright.guardrails.policy.way_back import kept_for_good
from actwright.org.effect import EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader
from actwright.store.database import Transaction

_AGAIN = "Preview the plan again: it is judged by the policy that holds now."


@dataclass(frozen=True, slots=True)
class Policing:
    """Asks the policy in force.

    Attributes:
        source: Where the policy comes from.
        budgets: Counts what was spent; without it, only the run itself holds a plan to its budgets.
        clock: The time, for windows and for what was spent within a day.
    """

    source: PolicySource = field(default_factory=PolicySource)
    budgets: BudgetCounter | None = None
    clock: Clock = field(default_factory=SystemClock)

    def verdict(
        self,
        plan: Plan,
        actions: Sequence[PreviewedAction],
        contexts: Sequence[EffectContext],
        groups: Sequence[EffectGroup],
        reader: OrgReader,
        *,
        run_id: str | None = None,
    ) -> PolicyVerdict:
        """Return what the policy says of a plan.

        Args:
            plan: The plan.
            actions: Who carries each action out.
            contexts: What it would do.
            groups: What of that goes out together.
            reader: The org.
            run_id: The run it goes on with, where it does.

        Raises:
            PolicyError: The policy cannot be read.
            OrgError: The org cannot be asked.
        """
        policy = self.source.current()
        ask = self._ask(
            plan, actions, contexts, reader, policy=policy, calls=calls_to_apply(groups)
        )
        found = replace(policy.judge(ask), kept=kept_for_good(policy, ask))
        if self.budgets is None:
            return found
        demand = demand_of(groups, reader.user, reader.identity, run_id)
        over = self.budgets.issues(policy, demand, self.clock.now())
        return replace(found, issues=(*found.issues, *over))

    def changed(self, preview: Preview) -> tuple[Issue, ...]:
        """Return that a preview was judged by another policy than holds now, or that nobody can tell which one does.

        Args:
            preview: What was shown.
        """
        try:
            policy = self.source.current()
        except PolicyError as error:
            said = f"The policy that {preview.id} was judged by cannot be read any more: {error.message}"
            return (_change(said, error.hint or _AGAIN),)
        if policy.version == preview.policy_version:
            return ()
        said = (
            f"The policy has changed since the preview: {preview.id} was judged by {preview.policy_version}, "
            f"now {policy.version} ({policy.source}) holds. Nothing was sent."
        )
        return (_change(said, _AGAIN),)

    def check_version(self, preview: Preview) -> None:
        """Make sure that a preview was judged by the policy that holds now.

        Raises:
            PolicyChangedError: It was judged by another one, or nobody can tell which one holds.
        """
        for each in self.changed(preview):
            raise PolicyChangedError(each.message, where=preview.id, hint=each.hint)

    def still(
        self,
        plan: Plan,
        preview: Preview,
        contexts: Sequence[EffectContext],
        reader: OrgReader,
    ) -> tuple[Issue, ...]:
        """Return why the policy does not let a group go out any more.

        Args:
            plan: The plan.
            preview: What was confirmed.
            contexts: What the group would do, as the records stand now.
            reader: The org.

        Raises:
            PolicyError: The policy cannot be read.
            OrgError: The org cannot be asked.
        """
        policy = self.source.current()
        calls = calls_to_apply(preview.groups)
        ask = self._ask(plan, preview.actions, contexts, reader, policy=policy, calls=calls)
        found = policy.judge(ask)
        more = () if covered(found.approval, preview.approval) else (_wants_more(found.approval),)
        return (*blocking(found.issues), *more)

    def reserve(
        self, transaction: Transaction, preview: Preview, group: EffectGroup, run_id: str
    ) -> tuple[Issue, ...]:
        """Count what a group spends, inside the transaction of its intent, or return why there is no room for it.

        Args:
            transaction: The transaction.
            preview: What was confirmed.
            group: What is about to be sent.
            run_id: The run.
        """
        changed = self.changed(preview)
        if changed:
            return changed
        demand = demand_of((group,), preview.running_user, preview.org, run_id)
        return reserve_budgets(transaction, self.source.current(), demand, self.clock.now())

    def _ask(
        self,
        plan: Plan,
        actions: Sequence[PreviewedAction],
        contexts: Sequence[EffectContext],
        reader: OrgReader,
        *,
        policy: Policy,
        calls: int,
    ) -> PolicyAsk:
        kinds: Mapping[str, ImplementationKind] = {
            each.action_id: each.implementation_kind for each in actions
        }
        facts = facts_of(
            contexts,
            kinds,
            held=looked_at(reader, contexts, policy.looks_at),
            taking_back=plan.planner.undoes is not None,
        )
        person = person_of(reader, wanted=policy.needs_person)
        return PolicyAsk(tuple(facts), person, reader.identity, self.clock.now(), calls)


def unechoed(found: PolicyVerdict, judged: Sequence[Issue]) -> tuple[Issue, ...]:
    """Return what a policy has to say beside the guardrails: that something does not exist is told once.

    Args:
        found: What the policy says.
        judged: What the guardrails say.
    """
    hidden = {each.action_id for each in judged if each.code.endswith("_not_visible")}
    return tuple(
        each
        for each in found.issues
        if each.code != "policy_unknown" or each.action_id not in hidden
    )


def demand_of(
    groups: Sequence[EffectGroup], user: RunningUser, org: OrgIdentity, run_id: str | None
) -> Demand:
    """Return what sending groups would spend."""
    effects = tuple(effect for group in groups for effect in group.effects)
    return Demand(effects, calls_to_apply(groups), user, org, run_id)


def covered(wanted: ApprovalNeed, given: ApprovalNeed) -> bool:
    """Tell whether who met one need has met another one, too.

    Args:
        wanted: What is asked now.
        given: What was asked, and met.
    """
    named = {each.casefold() for each in wanted.who}
    known = {each.casefold() for each in given.who}
    who = not named or (bool(known) and known <= named)
    return who and wanted.people <= given.people and (given.keys or not wanted.keys)


def _change(message: str, hint: str) -> Issue:
    return Issue(code="policy_changed", guardrail=POLICY, message=message, hint=hint)


def _wants_more(need: ApprovalNeed) -> Issue:
    first = need.rules[0]
    return Issue(
        code="policy_wants_more",
        guardrail=POLICY,
        rule=f"{first.id}, {first.source}",
        message=f"The policy asks for more now than was asked when somebody said yes: {first}.",
        hint="Preview the plan again, and let those say yes whom it asks for.",
    )
