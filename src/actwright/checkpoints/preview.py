"""The preview: what exactly would happen, as a document a person can say yes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from actwright.actions.implementation import ResolvedArgument
from actwright.contract import Contract
from actwright.guardrails.issue import Issue, blocking
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.guardrails.policy.decision import PolicyDecision
from actwright.org.effect import Effect, EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import Family, FieldValue


class PreviewedAction(Contract):
    """One action of the plan: who carries it out, and where each of its arguments came from."""

    action_id: str
    blueprint: str
    label: str
    implementation: str
    """``standard.update``, the override's name, or the id of the generated action, which is made of its code."""
    implementation_kind: Literal["registered", "generated", "standard"]
    arguments: tuple[ResolvedArgument, ...] = ()


class Awaited(Contract):
    """One argument that another action puts out at run time."""

    input: str
    label: str
    """What people call the input."""
    action_id: str
    """The action that puts it out."""
    output: str


class Later(Contract):
    """An action that cannot be previewed yet: it, or one it needs, waits for what another action puts out.

    It belongs to a later wave. The run waits for it, and a person is asked again.
    """

    action_id: str
    blueprint: str
    label: str
    waits_for: tuple[Awaited, ...] = ()
    """What its own arguments wait for; empty where it only comes after others that wait."""
    after: tuple[str, ...] = ()
    """The actions it comes after that wait themselves."""


class Undo(Contract):
    """How one effect is taken back, or that it cannot be."""

    effect_id: str
    possible: bool
    text: str


class Extreme(Contract):
    """The least and the greatest value of one field over the rows an action was bound to, and the sum of amounts."""

    field: str
    label: str
    family: Family
    least: FieldValue = None
    least_record: str = ""
    """What people call the record with the least value."""
    greatest: FieldValue = None
    greatest_record: str = ""
    total: FieldValue = None
    """The sum, for amounts of money; None for all else."""


class RowsBound(Contract):
    """Which rows an action was bound to. Their ids stand in its effects, every one of them."""

    action_id: str
    object: str
    label: str
    label_plural: str
    query: str
    """The conditions, in words."""
    ceiling: int
    found: int
    """How many rows the query found."""
    unchanged: int = 0
    """How many of them hold the new values already, and are left alone."""
    extremes: tuple[Extreme, ...] = ()


class DeepCheck(Contract):
    """What the org itself said when it was let try the plan without committing it."""

    at: str
    api_calls: int
    rounds: int
    """How often it was tried, each time without what had failed before."""
    complete: bool
    """Whether every effect got its answer; False where the rounds ran out, or a group could not be tried."""
    said: tuple[str, ...] = ()
    """What to know about the check: what was not tried, and what a try may leave behind."""


class Terms(Contract):
    """What the person allows a plan, and how it is to be tried and carried out."""

    allow_delete: bool = False
    """Whether it may delete records."""
    allow_duplicates: bool = False
    """Whether to save in spite of duplicate rules that merely warn."""
    apart: bool = False
    """Whether what does not depend on each other stands or falls apart, instead of all together."""
    deep: bool = False
    """Whether the org was let try it, inside a transaction that was taken back."""


class Cost(Contract):
    """What the preview took and what applying will take, in API calls; logins and describe revalidation apart."""

    preview_calls: int
    apply_calls: int
    writes: int
    transactions: int = 1
    """How many transactions that is; a bulk job counts as one for each of its writes."""
    call_price: Decimal | None = Field(default=None, ge=0)
    """What an API call costs, as the settings said; None where they did not."""
    price: Decimal | None = Field(default=None, ge=0)
    """What the calls that carry effects, and the overrides that act by themselves, are declared to cost together."""


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
    rows: tuple[RowsBound, ...] = ()
    """For each action that is repeated, the rows it was bound to."""
    notices: tuple[str, ...] = ()
    """How it would be carried out, where that is more than one plain transaction, and what a lost answer would mean."""
    terms: Terms = Terms()
    deep: DeepCheck | None = None
    edited_from: str | None = None
    """The preview a person edited into this one."""
    later: tuple[Later, ...] = ()
    """The actions of the plan that are previewed when what they wait for is known."""
    run_id: str | None = None
    """The run it goes on with; None for a preview that starts one."""
    stage: int = Field(default=1, ge=1)
    """The stage of that run it would be."""
    after: int = Field(default=0, ge=0)
    """The newest event of that run when it was made."""
    because: Literal["start", "wave", "inputs", "branch"] = "start"
    """Why there is another stage: outputs are known, or a person changed inputs, or what comes next."""
    running_user: RunningUser
    org: OrgIdentity
    policy_version: str
    approval: ApprovalNeed = ApprovalNeed()
    """Who has to say yes to it, as the policy asks."""
    decisions: tuple[PolicyDecision, ...] = ()
    """What each of the policy's rules says that is about it, the gravest first."""
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
