"""The plan: a goal, the actions that would reach it, and what is still to be asked. Immutable."""

from __future__ import annotations

from collections import Counter
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from typing import Annotated, Literal, Self

from pydantic import Field, computed_field, model_validator

from actwright.blueprints.argument import Argument, DataName, FromArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import FieldName, GuardrailSpec
from actwright.blueprints.origins import Origins
from actwright.canonical import digest
from actwright.contract import Contract
from actwright.org.query import Condition, JsonScalar, ObjectName

ActionId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]


RowValues = dict[FieldName, JsonScalar]
"""One row that was handed in: values by field name."""


class ForEach(Contract):
    """Binds an action to the rows of a typed query, or to rows handed in with the plan, under a ceiling of rows.

    What changes or deletes is bound to each row itself: its id input has no argument, and rows handed in have an
    ``Id``. What is written may be taken from the row by ``{"from": "row.FIELD"}``.
    """

    object: ObjectName
    where: tuple[Condition, ...] = Field(default=(), max_length=20)
    limit: int = Field(ge=1, le=50_000)
    """The most rows that may be found; one more, and the preview refuses."""
    rows: tuple[RowValues, ...] | None = Field(default=None, max_length=50_000)
    """Rows handed in by the caller, in place of a query; a planner from outside may not hand in any."""
    source: str | None = Field(default=None, max_length=300)
    """For people: where the rows that were handed in come from."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        """Refuse a query without conditions, and rows beside a query."""
        if self.rows is None and not self.where:
            raise ValueError("the rows need at least one condition")
        if self.rows is not None and self.where:
            raise ValueError("rows are either asked for or handed in, not both")
        return self


class PlannedAction(Contract):
    """A blueprint in a plan, with its own id, its arguments and what it depends on."""

    id: ActionId
    blueprint: ActionBlueprint
    arguments: dict[str, Argument] = Field(default_factory=dict, max_length=500)
    depends_on: tuple[ActionId, ...] = ()
    for_each: ForEach | None = None

    @model_validator(mode="after")
    def _arguments_fit(self) -> Self:
        """Refuse an argument without an input."""
        for name in self.arguments:
            if self.blueprint.input(name) is None:
                allowed = ", ".join(each.api_name for each in self.blueprint.inputs) or "none"
                raise ValueError(
                    f"{self.blueprint.name} has no input {name[:80]!r}; its inputs: {allowed}"
                )
        return self

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        """Refuse a row's value where there are no rows, and an id beside the row that gives it."""
        taken = [each for each in self.arguments.values() if isinstance(each, FromArgument)]
        stray = next((each.from_ for each in taken if each.row_field), None)
        if self.for_each is None:
            if stray is not None:
                raise ValueError(f"{stray!r} is taken from a row, and the action has no forEach")
            return self
        target, id_input = self.blueprint.target_s_object or "", self.blueprint.id_input
        if self.blueprint.operation in {"UPDATE", "DELETE"}:
            if self.for_each.object.lower() != target.lower():
                raise ValueError(f"the rows are of {self.for_each.object}, the action of {target}")
            if id_input is not None and id_input.api_name in self.arguments:
                raise ValueError(f"{id_input.api_name} is given by each row, and may not be given")
        return self

    @property
    def needs(self) -> frozenset[str]:
        """The ids of the actions this one waits for: declared, or by an output it takes."""
        taken = {
            argument.action_output[0]
            for argument in self.arguments.values()
            if isinstance(argument, FromArgument) and argument.action_output
        }
        return frozenset(self.depends_on) | taken


class Candidate(Contract):
    """One possible answer to a question."""

    value: JsonScalar
    label: str = Field(max_length=300)


QuestionReason = Literal["missing", "ambiguous", "not_found", "no_value", "unclear"]
"""``missing``: a required value. ``ambiguous``: several records match. ``not_found``: none does. ``no_value``: the word
is no value of the picklist. ``unclear``: the goal can be read in several ways."""


class Question(Contract):
    """What the planner still needs to know. Answered by ``-d ID=VALUE`` or in a payload."""

    id: str = Field(max_length=125)
    """``ACTION.INPUT``."""
    action_id: ActionId
    input: str
    reason: QuestionReason
    text: str = Field(max_length=600)
    candidates: tuple[Candidate, ...] = ()


class PlannerInfo(Contract):
    """Who made the plan."""

    kind: Literal["offline", "curated", "model", "scripted", "payload", "undo"]
    version: str = ""
    model: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    fallback_for: str | None = Field(default=None, max_length=300)
    """Why another planner than the one asked for made the plan; None where it did not."""
    cached_from: str | None = Field(default=None, max_length=60)
    """The id of the plan whose shape was used again with this goal's values; None where it was made anew."""
    chosen: str | None = Field(default=None, max_length=120)
    """The key of the one blueprint the person chose for a model to plan with; None where the planner chose."""
    edited_from: str | None = Field(default=None, max_length=60)
    """The id of the plan a person edited into this one."""
    undoes: str | None = Field(default=None, max_length=60)
    """The id of the run this plan takes back."""


class Plan(Contract):
    """A goal and the typed actions that would reach it.

    ``id`` is made of the content: the same plan has the same id, and a changed one cannot keep it.
    """

    goal: str = Field(max_length=20_000)
    data: dict[DataName, JsonScalar] = Field(default_factory=dict, max_length=500)
    actions: tuple[PlannedAction, ...] = Field(default=(), max_length=1_000)
    guardrails: tuple[GuardrailSpec, ...] = ()
    """Guardrails on every action, beside each blueprint's own."""
    dependencies: tuple[str, ...] = ()
    """What the plan needs the person to be allowed: ``Opportunity.edit``, ``Task.create``."""
    checkpoint: str = Field(default="", max_length=300)
    """The planner's own sentence. The question a person answers is generated from the effects instead."""
    assumptions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    planner: PlannerInfo
    confidence: float | None = Field(default=None, ge=0, le=1)
    """How sure the planner is that this is what was meant; None where it cannot tell."""
    schema_digest: str = ""

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented form
    @property
    def id(self) -> str:
        """The plan's id: ``plan_`` and the first 20 digits of its content's digest."""
        return f"plan_{digest(self.content())[:20]}"

    def content(self) -> dict[str, object]:
        """Return what the id is made of: everything but the id."""
        return self.model_dump(mode="json", exclude={"id"})

    @model_validator(mode="before")
    @classmethod
    def _id_is_computed(cls, value: object) -> object:
        """Take the id of a document out; whoever reads it compares it with the computed one."""
        if isinstance(value, dict) and "id" in value:
            return {key: item for key, item in value.items() if key != "id"}
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse ids that clash, references that lead nowhere, and cycles."""
        ids = {each.id for each in self.actions}
        twice = [each for each, count in Counter(a.id for a in self.actions).items() if count > 1]
        if twice:
            raise ValueError(f"two actions share the id {twice[0]!r}")
        for action in self.actions:
            unknown = sorted(action.needs - ids)
            if unknown:
                raise ValueError(
                    f"action {action.id!r} waits for {unknown[0]!r}, which is not there"
                )
        self.order()
        return self

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        """Refuse ids and sources that are not where their provenance says."""
        origins = Origins(self.goal, self.data)
        for action in self.actions:
            for each in action.blueprint.inputs:
                argument = action.arguments.get(each.api_name)
                if argument is not None:
                    origins.check(action.id, each, argument)
        return self

    def order(self) -> tuple[PlannedAction, ...]:
        """Return the actions so that each stands behind what it needs, and otherwise as early as in the plan.

        Raises:
            ValueError: The actions wait for each other in a circle.
        """
        sorter = TopologicalSorter({each.id: each.needs for each in self.actions})
        try:
            sorter.prepare()
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise ValueError(f"the actions wait for each other in a circle: {circle}") from error
        position = {each.id: index for index, each in enumerate(self.actions)}
        ready = [position[each] for each in sorter.get_ready()]
        heapify(ready)
        ordered: list[PlannedAction] = []
        while ready:
            action = self.actions[heappop(ready)]
            ordered.append(action)
            sorter.done(action.id)
            for each in sorter.get_ready():
                heappush(ready, position[each])
        return tuple(ordered)

    def action(self, action_id: str) -> PlannedAction | None:
        """Return the action with that id, or None."""
        return next((each for each in self.actions if each.id == action_id), None)
