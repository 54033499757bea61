"""The preview: what exactly would happen, as a document a person can say yes to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from actwright.actions.implementation import ResolvedArgument
from actwright.contract import Contract
from actwright.guardrails.issue import Issue, blocking
from actwright.org.effect import Effect, EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser


class PreviewedAction(Contract):
    """One action of the plan: who carries it out, and where each of its arguments came from."""

    action_id: str
    blueprint: str
    label: str
    implementation: str
    """``standard.update``, or the override's name."""
    implementation_kind: Literal["registered", "standard"]
    arguments: tuple[ResolvedArgument, ...] = ()


class Undo(Contract):
    """How one effect is taken back, or that it cannot be."""

    effect_id: str
    possible: bool
    text: str


class Cost(Contract):
    """What the preview took and what applying will take, in API calls; logins and describe revalidation apart."""

    preview_calls: int
    apply_calls: int
    writes: int


class Preview(Contract):
    """A plan with its effects, checked, and the digest that a confirmation binds to."""

    id: str = Field(pattern=r"^prv_[0-9a-f]{20}$")
    plan_id: str
    goal: str
    at: str
    actions: tuple[PreviewedAction, ...]
    groups: tuple[EffectGroup, ...]
    question: str
    """Generated from the effects."""
    planner_words: str = Field(default="", max_length=300)
    """The planner's own checkpoint sentence: shown below the question, marked as such, never bound."""
    issues: tuple[Issue, ...] = ()
    cost: Cost
    undo: tuple[Undo, ...] = ()
    running_user: RunningUser
    org: OrgIdentity
    policy_version: str
    digest: str

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Every effect of every group, in order."""
        return tuple(effect for group in self.groups for effect in group.effects)

    @property
    def blocked(self) -> tuple[Issue, ...]:
        """The issues that keep it from being confirmed."""
        return blocking(self.issues)

    def action(self, action_id: str) -> PreviewedAction | None:
        """Return the action with that id, or None."""
        return next((each for each in self.actions if each.action_id == action_id), None)
