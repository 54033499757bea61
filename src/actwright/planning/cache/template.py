"""Templates: plans without their values, which say for every value where in a goal of the same shape it stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from actwright.blueprints.argument import Argument, DataName
from actwright.blueprints.blueprint import InputName
from actwright.blueprints.plan import ActionId, PlannerInfo
from actwright.contract import Contract
from actwright.org.query import FieldPath, JsonScalar, ObjectName, Operator


class Place(Contract):
    """Where a value stands: in a run of the goal's elements, or in a piece of data."""

    start: int = Field(default=0, ge=0)
    stop: int = Field(default=0, ge=0)
    """The position behind the last element; 0 where it stands in data."""
    data: DataName | None = None


class Words(Contract):
    """What a value shows as its source: a run of the goal's elements, or words that never change."""

    place: Place | None = None
    text: str | None = None


class BoundLiteral(Contract):
    """A value that is read off a place."""

    kind: Literal["literal"] = "literal"
    place: Place
    provenance: Literal["goal", "data"]
    source: Words


class BoundLookup(Contract):
    """A record that is looked up by the name at a place, as a person would be asked for it."""

    kind: Literal["lookup"] = "lookup"
    object: ObjectName
    place: Place
    source: Words


class BoundValue(Contract):
    """One value of a condition: read off a place, or a word of the shape itself."""

    place: Place | None = None
    value: JsonScalar = None


class BoundCondition(Contract):
    """A condition of a lookup or of the rows an action repeats over."""

    field: FieldPath
    operator: Operator
    values: tuple[BoundValue, ...] = Field(min_length=1)
    several: bool = False


class BoundQuery(Contract):
    """A record that is looked up by several conditions."""

    kind: Literal["query"] = "query"
    object: ObjectName
    field: FieldPath
    where: tuple[BoundCondition, ...]
    source: Words
    joined: bool = False
    """Whether the source is the conditions' values, one after the other."""


class Constant(Contract):
    """An argument that holds no value of the goal: a blueprint's default, a word of the shape, a reference."""

    kind: Literal["constant"] = "constant"
    argument: Argument


Bound = Annotated[BoundLiteral | BoundLookup | BoundQuery | Constant, Field(discriminator="kind")]
"""Any way an argument is bound."""


class BoundArgument(Contract):
    """An input, and how its argument is bound."""

    input: InputName
    bound: Bound


class BoundForEach(Contract):
    """The rows an action repeats over."""

    object: ObjectName
    where: tuple[BoundCondition, ...]
    limit: int


class BlueprintName(Contract):
    """A blueprint by name: a curated one's key, or what a derived one is derived from."""

    key: str | None = None
    object: ObjectName | None = None
    operation: Literal["CREATE", "UPDATE", "DELETE"] | None = None
    fields: tuple[str, ...] = ()


class BoundAction(Contract):
    """An action without its values."""

    id: ActionId
    blueprint: BlueprintName
    arguments: tuple[BoundArgument, ...]
    """In the plan's order, in which what is told about them comes."""
    depends_on: tuple[ActionId, ...] = ()
    for_each: BoundForEach | None = None

    def argument(self, name: str) -> Bound | None:
        """Return how the argument of an input is bound, or None where it has none."""
        return next((each.bound for each in self.arguments if each.input == name), None)


class Standing(Contract):
    """How many records of each object are called by what stands at a place: none, one, or several."""

    place: Place
    counts: dict[ObjectName, int]


class PlanTemplate(Contract):
    """A plan without its values.

    Everything that is not read off a place must be the same in the goal it is used for: the words of the shape, which
    are in the cache's key, and what stands in the slots and the data that no value was read from.
    """

    plan_id: str = Field(max_length=60)
    """The plan it was made of."""
    made_at: str
    planner: PlannerInfo
    confidence: float | None = None
    actions: tuple[BoundAction, ...] = Field(min_length=1)
    slots: dict[int, str]
    """What must stand in the slots that no value is read from, by position."""
    data: dict[DataName, JsonScalar]
    """What the data must be that no value is read from."""
    standings: tuple[Standing, ...] = ()
    told: bool = False
    """Whether the plan told what its values were read from, among its assumptions."""
    assumptions: tuple[str, ...] = ()
    """Those that speak of no value."""
    checkpoint: str | None = None
    """The planner's sentence where it speaks of no value."""
    schema_digest: str

    @property
    def objects(self) -> tuple[str, ...]:
        """The objects whose names and values the plan is about."""
        return tuple(dict.fromkeys(name for each in self.standings for name in each.counts))
