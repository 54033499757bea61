"""The scene an intervention is judged in: how the run stands, and the preview its newest stage carries out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from actwright.blueprints.plan import Plan
from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.preview import Preview
from actwright.errors import InterventionError, InterventionMalformedError
from actwright.inert import inert
from actwright.org.effect import EffectGroup
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.state import RunState
from actwright.runs.record.step import StepStatus

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Scene:
    """One run at one moment.

    Attributes:
        state: What its events add up to.
        events: Its journal.
        plan: The plan of its newest stage.
        preview: The preview of that stage.
    """

    state: RunState
    events: Sequence[JournalEvent]
    plan: Plan
    preview: Preview

    @property
    def stage(self) -> int:
        """The number of the newest stage."""
        return len(self.state.stages) or 1

    def refused(self, what: str, *, hint: str | None = None) -> InterventionError:
        """Return the refusal that says ``what`` about this run."""
        return InterventionError(f"{self.state.id}: {what}", where=self.state.id, hint=hint)

    def malformed(self, what: str, *, hint: str) -> InterventionMalformedError:
        """Return the refusal of an intervention nobody can make sense of, however this run stands."""
        return InterventionMalformedError(
            f"{self.state.id}: {what}", where=self.state.id, hint=hint
        )

    def status(self, group: EffectGroup) -> StepStatus | None:
        """Return how far a group has come, or None where it has not begun."""
        step = self.state.step(group.id)
        return step.status if step else None

    def standing_at(self, statuses: Collection[StepStatus]) -> tuple[EffectGroup, ...]:
        """Return the groups that have come just so far."""
        return tuple(each for each in self.preview.groups if self.status(each) in statuses)

    def open_groups(self) -> tuple[EffectGroup, ...]:
        """Return the groups the run does not have behind it."""
        return tuple(each for each in self.preview.groups if not self.state.is_behind(each.id))

    def find(self, target: str) -> EffectGroup | None:
        """Return the group with that id, or the one that holds the action with that id; None where there is none.

        Raises:
            InterventionError: Several groups carry the action out.
        """
        exact = [each for each in self.preview.groups if each.id == target]
        found = exact or [each for each in self.preview.groups if target in actions_of(each)]
        if len(found) > 1:
            raise self.refused(
                f"several groups carry out {inert(target, limit=60)!r}.",
                hint=f"Name one of {named(each.id for each in found)}.",
            )
        return found[0] if found else None

    def the_one(
        self, target: str | None, among: Sequence[EffectGroup], *, what: str
    ) -> EffectGroup:
        """Return the group that is meant: the one named, or the only one there is.

        Args:
            target: What the person named.
            among: The groups that can be meant.
            what: What those have in common, for the refusal.

        Raises:
            InterventionError: None can be meant, or several, or the one that is named is none of them.
        """
        if not among:
            raise self.refused(f"no group {what}.", hint=f"actwright inspect {self.state.id}")
        choices = named(each.id for each in among)
        if target is None:
            if len(among) > 1:
                raise self.refused(f"{len(among)} groups {what}.", hint=f"Name one: {choices}.")
            return among[0]
        group = self.find(target)
        if group is None or group not in among:
            raise self.refused(
                f"{inert(target, limit=60)!r} is none of the groups that {what}.",
                hint=f"Name one of {choices}.",
            )
        return group


def actions_of(group: EffectGroup) -> frozenset[str]:
    """Return the actions a group carries out."""
    return frozenset(owner for each in group.effects for owner in owners(each))


def named(names: Iterable[str]) -> str:
    """Return names in a sentence; of many, the first and how many more."""
    told = [inert(each, limit=60) for each in names]
    more = len(told) - _MOST_NAMED
    return ", ".join(told[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
