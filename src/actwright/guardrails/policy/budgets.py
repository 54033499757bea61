"""Budgets: how much a run, a person or an org may spend, counted in the store for every process that shares it.

The preview says where there is no room. What counts is the reservation, made in the very transaction in which a run
writes down that it is about to send: so two processes can never both take what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from actwright.clock import timestamp
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.approval import RuleRef
from actwright.guardrails.policy.document import Budget
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.telling import POLICY
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.store.database import Database, Transaction
from actwright.store.spending import spend, spent_since

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
_MOST = 2**62
_WRITTEN = frozenset({"CREATE", "UPDATE", "UPSERT"})


@dataclass(frozen=True, slots=True)
class Demand:
    """What carrying effects out would spend.

    Attributes:
        effects: The effects.
        calls: How many API calls that takes.
        user: Who spends it.
        org: Where.
        run_id: The run; None for a preview that starts one.
    """

    effects: Sequence[Effect]
    calls: int
    user: RunningUser
    org: OrgIdentity
    run_id: str | None = None

    def scope(self, budget: Budget, measure: str) -> str | None:
        """Return under what name the store counts a measure; None for a run that has not begun."""
        if budget.per == "run":
            return f"policy/run/{self.run_id}/{measure}" if self.run_id else None
        return f"policy/{self.org.id}/{self.user.id if budget.of == 'user' else '*'}/{measure}"

    def size(self, measure: str) -> int | None:
        """Return how much of a measure it is, amounts in hundredths; None where nobody can tell."""
        if measure in {"rows", "calls"}:
            return _rows(self.effects) if measure == "rows" else self.calls
        total = 0
        for each in self._written(measure):
            if each is None:
                return None
            total += each
        return total if total < _MOST else None

    def _written(self, measure: str) -> Iterator[int | None]:
        owner, _, name = measure.lower().partition(".")
        for effect in self.effects:
            if effect.kind != "record" and effect.object.lower() == owner:
                yield None
            if effect.object.lower() != owner or effect.operation not in _WRITTEN:
                continue
            for change in effect.changes:
                if change.field.lower() == name:
                    yield _hundredths(change)


@dataclass(frozen=True, slots=True)
class _Room:
    """One measure of one budget."""

    budget: Budget
    ref: RuleRef
    measure: str
    most: int


class BudgetCounter:
    """Says beforehand which budgets leave no room.

    Args:
        database: The store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def issues(self, policy: Policy, demand: Demand, now: datetime) -> tuple[Issue, ...]:
        """Return an issue for each budget that leaves no room now.

        Raises:
            StoreError: The store cannot be read.
        """
        if not policy.budgets:
            return ()
        with self._database.read() as transaction:
            return tuple(_without_room(transaction, policy, demand, now))


def reserve_budgets(
    transaction: Transaction, policy: Policy, demand: Demand, now: datetime
) -> tuple[Issue, ...]:
    """Count what is about to be spent, or return why there is no room for it; then nothing is counted.

    Args:
        transaction: An open transaction that holds the store's write lock.
        policy: The policy in force.
        demand: What is about to be spent. It counts from here on, whatever becomes of it.
        now: The time.
    """
    sizes: dict[str, int] = defaultdict(int)
    for room in _rooms(policy):
        scope = demand.scope(room.budget, room.measure)
        if scope is not None:
            sizes[scope] = demand.size(room.measure) or 0
    for scope in sorted(sizes):
        transaction.hold(scope)
    issues = tuple(_without_room(transaction, policy, demand, now))
    if not any(each.severity == "error" for each in issues):
        for scope, size in ((name, each) for name, each in sizes.items() if each):
            spend(transaction, scope, size, holder=demand.run_id or "", at=timestamp(now))
    return tuple(each for each in issues if each.severity == "error")


def _rooms(policy: Policy) -> Iterator[_Room]:
    for budget, ref in policy.budgets:
        counted: Mapping[str, int | None] = {"rows": budget.rows, "calls": budget.calls}
        for measure, most in counted.items():
            if most is not None:
                yield _Room(budget, ref, measure, most)
        for measure, amount in budget.amounts.items():
            yield _Room(budget, ref, measure.lower(), int(amount / _CENT))


def _without_room(
    transaction: Transaction, policy: Policy, demand: Demand, now: datetime
) -> Iterator[Issue]:
    for room in _rooms(policy):
        size, before = demand.size(room.measure), _spent(transaction, room, demand, now)
        if size is None or before + size > room.most:
            yield _issue(room, before, size, log_only=policy.log_only)


def _spent(transaction: Transaction, room: _Room, demand: Demand, now: datetime) -> int:
    scope = demand.scope(room.budget, room.measure)
    if scope is None:
        return 0
    since = timestamp(now - _DAY) if room.budget.per == "day" else ""
    return sum(each.count for each in spent_since(transaction, scope, since))


def _rows(effects: Sequence[Effect]) -> int:
    """Return how many records effects are about, children that go with a delete included."""
    return sum(1 + sum(each.count for each in effect.also_deletes) for effect in effects)


def _hundredths(change: FieldChange) -> int | None:
    """Return the size of a written number in hundredths, rounded up; 0 for nothing, None for what is no number."""
    value = change.after
    if value is None and change.linked_to is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = abs(Decimal(value))
    return int((number / _CENT).to_integral_value(ROUND_CEILING)) if number.is_finite() else None


def _issue(room: _Room, before: int, size: int | None, *, log_only: bool) -> Issue:
    unit = "within the last 24 hours" if room.budget.per == "day" else "by the run"
    behind = f"{_said(room.measure, before)} {unit} already, and " if before else ""
    more = (
        "nobody can tell how much this writes"
        if size is None
        else f"{_said(room.measure, size)} would be spent"
    )
    said = inert(room.budget.description, limit=300).rstrip(".!")
    logged = "Only logged, not enforced: " if log_only else ""
    return Issue(
        code="policy_log_only" if log_only else "policy_budget",
        guardrail=POLICY,
        rule=f"{room.ref.id}, {room.ref.source}",
        message=f"{logged}{said}: {room.ref}. {behind}{more}; at most {_said(room.measure, room.most)}.",
        hint="Narrow it down, or wait until there is room again.",
        severity="warning" if log_only else "error",
    )


def _said(measure: str, size: int) -> str:
    if measure in {"rows", "calls"}:
        return f"{size:,} {measure}"
    return f"{Decimal(size) * _CENT:,.2f} in {measure}"
