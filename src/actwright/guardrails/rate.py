"""The guardrail ``RATE_LIMIT``: how many records one person may write by one blueprint within a minute, hour or day.

What was used is counted in the store, for every process that shares it. The preview says where there is no room; what
counts is the reservation, made in the very transaction in which a run writes down that it is about to send.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import GuardrailSpec, RateLimitParams
from actwright.blueprints.plan import Plan
from actwright.clock import Clock, timestamp
from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import found
from actwright.guardrails.issue import Issue
from actwright.guardrails.wording import printable, with_own_message
from actwright.org.effect import Effect
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.store.database import Database, Transaction
from actwright.store.spending import Spent, spend, spent_since

_PERIODS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_NARROW = "Narrow down which records are meant."


def rate_limit(params: RateLimitParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the action alone is more than its limit, so that there will never be room for it."""
    if context.rows > params.max:
        yield found(
            context,
            "rate_limited",
            f"The action writes {context.rows:,} records; at most {params.max:,} {_each(params)} are allowed.",
            hint=_NARROW,
        )


@dataclass(frozen=True, slots=True)
class Uses:
    """What carrying out effects of a plan would use.

    Attributes:
        plan: The plan, whose blueprints carry the limits.
        effects: The effects; each is one use for every action it belongs to.
        user: Whose uses they are.
        org: Where; uses in one org do not count in another.
    """

    plan: Plan
    effects: Sequence[Effect]
    user: RunningUser
    org: OrgIdentity

    def limited(self) -> Iterator[_Limited]:
        """Yield what would be used of each blueprint that has a limit."""
        rows = Counter(owner for each in self.effects for owner in (each.action_id, *each.also_for))
        demands: dict[str, _Limited] = {}
        for action in self.plan.actions:
            limits = tuple(_limits(action.blueprint.guardrails, self.plan.guardrails))
            if limits and rows[action.id]:
                scope = self._scope(action.blueprint)
                known = demands.get(scope) or _Limited(scope, action.id, action.blueprint)
                demands[scope] = known.with_more(rows[action.id], limits)
        return iter(demands.values())

    def _scope(self, blueprint: ActionBlueprint) -> str:
        return f"rate/{self.org.id}/{self.user.id}/{blueprint.name.lower()}"


@dataclass(frozen=True, slots=True)
class _Limited:
    """What would be used of one blueprint, by all actions of the plan that carry it."""

    scope: str
    action_id: str
    blueprint: ActionBlueprint
    most: int = 0
    """The most that one of its actions uses."""
    count: int = 0
    limits: tuple[GuardrailSpec, ...] = ()

    def with_more(self, count: int, limits: tuple[GuardrailSpec, ...]) -> _Limited:
        kept = (*self.limits, *(each for each in limits if each not in self.limits))
        return replace(self, count=self.count + count, most=max(self.most, count), limits=kept)

    def parsed(self) -> Iterator[tuple[GuardrailSpec, RateLimitParams]]:
        for spec in self.limits:
            params = spec.parsed()
            if isinstance(params, RateLimitParams):
                yield spec, params


class RateCounter:
    """Counts uses in one store.

    Args:
        database: The store.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def issues(self, uses: Uses) -> tuple[Issue, ...]:
        """Return an issue for each limit that leaves no room now; what never fits, `rate_limit` says itself.

        Raises:
            StoreError: The store cannot be read.
        """
        now = self._clock.now()
        with self._database.read() as transaction:
            return tuple(
                _issue(limited, spec, params, spent)
                for limited in uses.limited()
                for spec, params in limited.parsed()
                if limited.most <= params.max
                if _over(limited, params, spent := _recent(transaction, limited, params, now))
            )


def reserve(
    transaction: Transaction, uses: Uses, *, now: datetime, holder: str
) -> tuple[Issue, ...]:
    """Count uses inside a transaction, or return why there is no room for them; then nothing is counted.

    Args:
        transaction: An open transaction that holds the store's write lock.
        uses: What is about to be used. It counts from here on, whatever becomes of it.
        now: The time.
        holder: Who uses it: the run.
    """
    demands = tuple(uses.limited())
    for scope in sorted(each.scope for each in demands):
        transaction.hold(scope)
    issues = tuple(
        _issue(limited, spec, params, spent)
        for limited in demands
        for spec, params in limited.parsed()
        if _over(limited, params, spent := _recent(transaction, limited, params, now))
    )
    for limited in () if issues else demands:
        spend(transaction, limited.scope, limited.count, holder=holder, at=timestamp(now))
    return issues


def _limits(*guardrails: Sequence[GuardrailSpec]) -> Iterator[GuardrailSpec]:
    return (spec for each in guardrails for spec in each if spec.type == "RATE_LIMIT")


def _recent(
    transaction: Transaction, limited: _Limited, params: RateLimitParams, now: datetime
) -> tuple[Spent, ...]:
    """Return what was used within the period that ends now; what the clock puts after now counts as well."""
    return spent_since(transaction, limited.scope, timestamp(now - _PERIODS[params.per]))


def _over(limited: _Limited, params: RateLimitParams, spent: Sequence[Spent]) -> bool:
    return _total(spent) + limited.count > params.max


def _issue(
    limited: _Limited, spec: GuardrailSpec, params: RateLimitParams, spent: Sequence[Spent]
) -> Issue:
    issue = Issue(
        code="rate_limited",
        action_id=limited.action_id,
        object=limited.blueprint.target_s_object,
        guardrail=spec.type,
        message=f"{printable(limited.blueprint.label)}: {_records(_total(spent))} written by it within the last {params.per},"
        f" and {limited.count:,} more would be; at most {params.max:,} {_each(params)} are allowed.",
        hint=_again(limited, params, spent),
    )
    return issue.model_copy(update={"message": with_own_message(issue, spec.message)})


def _again(limited: _Limited, params: RateLimitParams, spent: Sequence[Spent]) -> str:
    """Return when enough of what was used will be older than the period."""
    wanting = _total(spent) + limited.count - params.max
    for each in spent:
        wanting -= each.count
        if wanting <= 0:
            moment = datetime.fromisoformat(each.at) + _PERIODS[params.per]
            return f"There is room for it from {moment:%Y-%m-%d %H:%M:%S} UTC on."
    return _NARROW


def _total(spent: Sequence[Spent]) -> int:
    return sum(each.count for each in spent)


def _records(count: int) -> str:
    return "1 record was" if count == 1 else f"{count:,} records were"


def _each(params: RateLimitParams) -> str:
    return f"{'an' if params.per == 'hour' else 'a'} {params.per}"
