"""The planner's reply: the closed form a language model answers in, compiled into a plan by us.

It has no open maps, no types, no guardrails, no provenance and no query text: a model names what is there already, by
key and by name, and everything it says is checked.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from actwright.contract import Contract
from actwright.org.query import Operator
from actwright.planning.model.reply_generated import ReplyGenerated

MOST_ACTIONS = 20
"""The most actions one reply may plan."""

_Name = Annotated[str, Field(max_length=80)]
_Path = Annotated[str, Field(max_length=255)]
_Text = Annotated[str, Field(max_length=32_000)]
_Said = Annotated[str, Field(max_length=2_000)]


class ReplyCondition(Contract):
    """One comparison of a field with values."""

    field: _Path
    """A field of the object, or of a parent: Amount, Account.Name."""
    operator: Operator
    """IN and NOT IN take several values, all others one."""
    values: tuple[_Text, ...] = Field(max_length=50)
    """The values as text; an empty list with = or != asks for a field that is empty or not."""


class LiteralArgument(Contract):
    """A value that the goal says, or that follows from it."""

    name: _Name
    """The input's name."""
    kind: Literal["literal"]
    value: _Text | None
    """The value as text: 99000, 2026-11-24, true, Closed Won. Null empties the field."""


class DataArgument(Contract):
    """A value taken from the named data, whole and unchanged."""

    name: _Name
    """The input's name."""
    kind: Literal["data"]
    data: Annotated[str, Field(max_length=140)]
    """The name of the data."""


class OutputArgument(Contract):
    """The id of the record that another action of this plan creates or changes."""

    name: _Name
    """The input's name."""
    kind: Literal["output"]
    action: _Name
    """The id of the other action."""


class RecordArgument(Contract):
    """The one record that fits every condition; it is looked up after planning."""

    name: _Name
    """The input's name."""
    kind: Literal["record"]
    object: _Name
    """The API name of the record's object."""
    where: tuple[ReplyCondition, ...] = Field(max_length=10)
    """What must hold; at least one condition."""


class MeArgument(Contract):
    """The person who asks."""

    name: _Name
    """The input's name."""
    kind: Literal["me"]


class ExtractArgument(Contract):
    """One value taken out of a long text of the named data, whose content is not shown here."""

    name: _Name
    """The input's name."""
    kind: Literal["extract"]
    data: Annotated[str, Field(max_length=140)]
    """The name of the data."""
    what: Annotated[str, Field(max_length=300)]
    """Which value is wanted, in a few words."""


ReplyArgument: TypeAlias = Annotated[
    LiteralArgument | DataArgument | OutputArgument | RecordArgument | MeArgument | ExtractArgument,
    Field(discriminator="kind"),
]
"""What one input gets."""


class ReplyForEach(Contract):
    """Repeats the action for every record that fits."""

    object: _Name
    """The API name of the records' object."""
    where: tuple[ReplyCondition, ...] = Field(max_length=10)
    """What must hold; at least one condition."""
    limit: int
    """The most records to expect."""


class ReplyAction(Contract):
    """One action: a blueprint by its key, and what its inputs get."""

    id: _Name
    """a1, a2, ... in the order of the goal."""
    blueprint: Annotated[str, Field(max_length=120)]
    """A listed key, or derived.OBJECT.create, derived.OBJECT.update, derived.OBJECT.delete; generated where described below."""
    arguments: tuple[ReplyArgument, ...] = Field(max_length=200)
    """Each input at most once; inputs nobody spoke of are left out."""
    depends_on: tuple[_Name, ...] = Field(max_length=MOST_ACTIONS)
    """The ids of actions that must come first for another reason than an output."""
    for_each: ReplyForEach | None
    """Null unless the goal asks for several records by a condition."""
    generated: ReplyGenerated | None = None
    """Null unless the blueprint is generated: what has to be worked out."""


class ReplyQuestion(Contract):
    """What only the person can say."""

    action: _Name
    """The id of the action it is about; a1 where there is none yet."""
    input: _Name
    """The name of the input whose value is open; blueprint where it is open which action is meant."""
    text: _Said
    """The question, answerable in a word or two."""
    options: tuple[Annotated[str, Field(max_length=300)], ...] = Field(max_length=20)
    """Possible answers; for the input blueprint, keys of blueprints. Never records."""


class PlanReply(Contract):
    """The whole reply."""

    outcome: Literal["plan", "questions", "noPlan"]
    """plan: actions, nothing open. questions: something is open. noPlan: no blueprint fits the goal."""
    actions: tuple[ReplyAction, ...] = Field(max_length=MOST_ACTIONS)
    """What is to be done; what is sure already, where there are questions; empty without a plan."""
    checkpoint: _Said
    """One short sentence that says what will be done."""
    assumptions: tuple[_Said, ...] = Field(max_length=MOST_ACTIONS)
    """What was taken for granted."""
    questions: tuple[ReplyQuestion, ...] = Field(max_length=MOST_ACTIONS)
    """What is open; empty with outcome plan."""
    reason: _Said
    """Why there is no plan; empty otherwise."""
