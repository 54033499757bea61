"""Goals with the outcome a careful colleague would expect of them: the contract of a goal suite, and its reader.

A suite is a folder of YAML files with one key, ``goals``. `judge` in `actwright.testing.judging` compares what a
planner made of a goal with what the case expects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from actwright.blueprints.plan import QuestionReason
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import DocumentError
from actwright.org.query import FieldPath, JsonScalar, ObjectName, Operator
from actwright.yaml_document import line_of, read_yaml_placed

GoalKind = Literal[
    "plain",
    "multi_step",
    "ambiguous",
    "incomplete",
    "impossible",
    "out_of_scope",
    "hostile",
    "misspelt",
    "bulk",
    "negated",
    "values",
    "language",
]
"""What makes a goal worth a case."""


def _several(value: object) -> object:
    """Take one for a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


def _identifiers(value: object) -> object:
    return _several(value) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_identifiers), Field(min_length=1)]
"""One name, or several of which each is right."""


class OneOf(Contract):
    """A value that may be any of several."""

    one_of: tuple[JsonScalar, ...] = Field(min_length=1)


class Containing(Contract):
    """A text whose wording is free, as long as these words occur in it."""

    contains: str = Field(min_length=1)


ExpectedValue = OneOf | Containing | JsonScalar
"""``42``, ``Closed Won``; ``Account: Acme`` for a record; ``output of a1``; null for an emptied field."""


class ExpectedCondition(Contract):
    """One condition of a ``forEach``; with several fields, operators or values each is right."""

    field: Annotated[tuple[FieldPath, ...], BeforeValidator(_identifiers), Field(min_length=1)]
    operator: Annotated[tuple[Operator, ...], BeforeValidator(_identifiers)] = ("=",)
    value: ExpectedValue | tuple[JsonScalar, ...] = None


class ExpectedForEach(Contract):
    """The rows an action is meant for."""

    object: ObjectName
    conditions: tuple[Annotated[tuple[ExpectedCondition, ...], BeforeValidator(_several)], ...] = (
        Field(min_length=1)
    )
    """Each is one condition, or a list of conditions of which any one is right."""
    also: tuple[ExpectedCondition, ...] = ()
    """Further conditions that may stand there and need not."""
    at_most: int = Field(default=10_000, ge=1)
    """The highest ceiling of rows that is right."""


class ExpectedAction(Contract):
    """One action: a blueprint by name, or an object and an operation where any blueprint of these is right."""

    blueprint: Names | None = None
    object: ObjectName | None = None
    operation: Literal["CREATE", "UPDATE", "DELETE"] | None = None
    arguments: dict[str, ExpectedValue] = Field(default_factory=dict)
    """By input. Whatever the plan says beyond these is a fault; defaults of a named blueprint are not."""
    for_each: ExpectedForEach | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        """Refuse an action that says nothing of what it does."""
        if self.blueprint is None and (self.object is None or self.operation is None):
            raise ValueError("an action needs a blueprint, or an object and an operation")
        return self


class ExpectedQuestion(Contract):
    """A question: its id (``a1.StageName``), and where it matters the reason and some of its candidates."""

    id: Names
    reason: Annotated[tuple[QuestionReason, ...], BeforeValidator(_identifiers)] = ()
    candidates: tuple[str, ...] = ()
    """Words that have to occur in the label, or be the value, of a candidate each."""


class Expectation(Contract):
    """One right outcome: actions, questions, or a refusal by its code."""

    actions: tuple[ExpectedAction, ...] | None = Field(default=None, min_length=1)
    questions: tuple[ExpectedQuestion, ...] | None = Field(default=None, min_length=1)
    refusal: Names | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        """Refuse an outcome that is two, or none."""
        if [self.actions, self.questions, self.refusal].count(None) != 2:  # noqa: PLR2004 - of three
            raise ValueError("say exactly one of actions, questions, refusal")
        return self


CaseId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""What a case is called: words in lower case, joined by hyphens."""

Expectations = Annotated[tuple[Expectation, ...], BeforeValidator(_several), Field(min_length=1)]
"""One right outcome, or several."""


class GoalCase(Contract):
    """A goal, who says it, and every outcome that is right."""

    id: CaseId
    goal: str
    kind: GoalKind
    data: dict[str, JsonScalar] = Field(default_factory=dict)
    user: str = "alice"
    expect: Expectations
    why: str = ""
    """What the case is about, where the goal alone does not say it."""


class GoalFile(Contract):
    """One file of a suite."""

    goals: tuple[GoalCase, ...] = Field(min_length=1)


def load_goals(paths: Iterable[Path]) -> tuple[GoalCase, ...]:
    """Return the cases of goal files, in order; a folder stands for its ``*.yaml`` files by name.

    Raises:
        DocumentError: A file cannot be read or breaks the contract, two cases share an id or a goal, or there is
            no case at all.
    """
    return tuple(each.case for each in load_placed_goals(paths))


@dataclass(frozen=True, slots=True)
class PlacedGoal:
    """A case, and the file and line it stands at."""

    case: GoalCase
    place: str


def load_placed_goals(paths: Iterable[Path]) -> tuple[PlacedGoal, ...]:
    """Return the cases of goal files with their places, in the order of `load_goals`.

    Raises:
        DocumentError: As for `load_goals`; the error names file and line.
    """
    cases = [each for path in _files(paths) for each in _read(path)]
    if not cases:
        raise DocumentError("There are no goals.", hint="Name a YAML file, or a folder of them.")
    _refuse_twice(cases)
    return tuple(cases)


def _read(path: Path) -> Iterator[PlacedGoal]:
    document, places = read_yaml_placed(path)
    try:
        goals = validated(GoalFile, document, where=path.name).goals
    except DocumentError as error:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            error.where = line_of(places, cause.errors()[0]["loc"], path)
        raise
    for index, each in enumerate(goals):
        yield PlacedGoal(each, line_of(places, ("goals", index), path))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.yaml")) if path.is_dir() else (path,)


def _refuse_twice(cases: Iterable[PlacedGoal]) -> None:
    known: dict[tuple[str, ...], str] = {}
    for placed in cases:
        case = placed.case
        said = (case.goal.casefold(), case.user, repr(sorted(case.data.items())))
        for key in ((case.id,), said):
            if key in known:
                raise DocumentError(
                    f"The cases {known[key]!r} and {case.id!r} are the same case.",
                    where=placed.place,
                    hint="Give each case an id and a goal of its own.",
                )
            known[key] = case.id
