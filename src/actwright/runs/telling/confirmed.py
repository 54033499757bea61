"""A confirmed stage of a run: its plan, its preview, and the steps these make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from actwright.blueprints.plan import Plan
from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.groups.grouping import price
from actwright.checkpoints.preview import Preview
from actwright.org.effect import EffectGroup
from actwright.runs.engine.work import Step


@dataclass(frozen=True)
class Confirmed:
    """One stage.

    Attributes:
        number: Which one, from 1.
        plan: The plan its preview was made of.
        preview: What was confirmed.
        approver: Who said yes to it.
    """

    number: int
    plan: Plan
    preview: Preview
    approver: str

    @cached_property
    def groups(self) -> Mapping[str, EffectGroup]:
        """Its effect groups by id."""
        return {each.id: each for each in self.preview.groups}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """A step for each effect group, in order, with the groups whose actions it waits for."""
        return tuple(self._steps())

    def waiting_for(self, undone: Collection[str]) -> frozenset[str]:
        """Return the groups that carry an action which waits, however far behind, for one of these."""
        stopped = set(undone)
        waiting: set[str] = set()
        for action in self.plan.order():
            if action.needs & (stopped | waiting):
                waiting.add(action.id)
        return frozenset(
            each.id for each in self.preview.groups if waiting.intersection(_carried(each))
        )

    def _steps(self) -> Iterator[Step]:
        carriers: dict[str, set[str]] = defaultdict(set)
        earlier: set[str] = set()
        revocable: set[str] = set()
        taking_back = bool(self.plan.planner.undoes)
        for group in self.preview.groups:
            opaque = group.carrier == "opaque"
            awaited = {
                each for owner in _carried(group) for each in self._before.get(owner, frozenset())
            }
            needs = {each for action in awaited for each in carriers[action]} & earlier
            yield Step(
                id=group.id,
                # What can be rolled back is tried before an override acts by itself.
                needs=frozenset(needs | revocable if opaque else needs),
                effects=tuple(each.id for each in group.effects),
                apart=bool(group.parts) or (opaque and taking_back),
                looks=True,
                watched=not opaque,
                price=price((group,), self.preview.cost.call_price) or Decimal(0),
            )
            earlier.add(group.id)
            if not opaque:
                revocable.add(group.id)
            for action in _carried(group):
                carriers[action].add(group.id)

    @cached_property
    def _before(self) -> Mapping[str, frozenset[str]]:
        """By action, all it waits for, however many stand between."""
        found: dict[str, frozenset[str]] = {}
        for action in self.plan.order():
            further = (found.get(each, frozenset()) for each in action.needs)
            found[action.id] = frozenset(action.needs).union(*further)
        return found


def _carried(group: EffectGroup) -> frozenset[str]:
    return frozenset(owner for each in group.effects for owner in owners(each))
