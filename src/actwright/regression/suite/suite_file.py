"""The files of a suite: which goals count, what must hold beyond their expectation, what a scripted model answers."""

from __future__ import annotations

import json
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AwareDatetime, Field, JsonValue, model_validator

from actwright.contract import Contract
from actwright.org.query import JsonScalar
from actwright.regression.noise import Noise
from actwright.testing.goals import CaseId, Expectations, GoalKind
from actwright.testing.replies import Reply

VERSION = 1
"""The version of the form of suite files that this program reads."""

GuardrailVerdict = Literal["allowed", "warned", "blocked"]
"""What a preview says about one code of an issue: it is not there, a warning, or an error."""

Status = Literal["reviewed", "suggested", "retired"]
"""Only what a person has reviewed counts in the gate."""

IssueCode: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]


class ScriptedReply(Contract):
    """One answer of the scripted model: a document, a text, a refusal, or an HTTP error."""

    json_: dict[str, JsonValue] | None = Field(default=None, alias="json")
    """The planner's reply, as a document."""
    text: str | None = Field(default=None, max_length=100_000)
    """The message's content, word for word."""
    refusal: str | None = Field(default=None, max_length=2_000)
    """What the model says instead of an answer."""
    finish: str = Field(default="stop", max_length=40)
    """Why it stopped."""
    status: int | None = Field(default=None, ge=400, le=599)
    """The HTTP status of an error."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        """Refuse an answer that says two things, or none."""
        said = [self.json_, self.text, self.refusal, self.status]
        if said.count(None) != len(said) - 1:
            raise ValueError("say exactly one of json, text, refusal, status")
        return self

    def reply(self) -> Reply:
        """Return what a scripted model is handed."""
        if self.status is not None:
            return Reply.error(self.status)
        text = self.text if self.json_ is None else json.dumps(self.json_)
        return Reply(text=text, refusal=self.refusal, finish=self.finish)


class GoalSource(Contract):
    """Goals that stand in files of their own."""

    files: tuple[str, ...] = Field(min_length=1)
    """Goal files, or folders of them, by their path from the suite's file."""
    take: tuple[CaseId, ...] | Literal["all"] = "all"
    """The cases that belong to the suite."""


class SuiteEntry(Contract):
    """A case of the suite's own, or, where it has no goal, more about one of the goal files."""

    id: CaseId
    goal: str | None = None
    kind: GoalKind = "plain"
    data: dict[str, JsonScalar] = Field(default_factory=dict)
    user: str = "alice"
    expect: Expectations | None = None
    """Takes the place of what a goal file expects."""
    also_right: Expectations | None = None
    """Further right outcomes, beside what a goal file expects."""
    failure: str | None = Field(default=None, pattern=r"^model_[a-z_]+$", max_length=80)
    """The code of the model error that must come of it, where no outcome is right."""
    checkpoint: Literal["present"] | None = None
    """``present``: each action's checkpoint text stands there, and the plan's own speaks of each action."""
    order: tuple[str, ...] = ()
    """Names of blueprints in the order their actions must have."""
    guardrails: dict[IssueCode, GuardrailVerdict] = Field(default_factory=dict)
    """By code of an issue: what the preview of the plan must say."""
    replies: tuple[ScriptedReply, ...] = ()
    """What the scripted model answers, one request after the other; made from the expectation where there are none."""
    tags: tuple[CaseId, ...] = ()
    status: Status = "reviewed"
    why: str = Field(default="", max_length=500)
    """What the case is about, where the goal alone does not say it."""
    source: str = Field(default="", max_length=300)
    """Where a suggested case comes from."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a case of the suite's own that expects nothing, or a failure and an outcome."""
        if self.goal is not None and (self.expect is None) == (self.failure is None):
            raise ValueError("a case with a goal needs exactly one of expect, failure")
        if self.goal is None and (self.data or self.failure is not None):
            raise ValueError("data and failure belong to a case with a goal of its own")
        if self.goal is not None and self.also_right is not None:
            raise ValueError("alsoRight is for a goal file's case; here, expect takes several")
        return self


class SuiteFile(Contract):
    """One file of a suite."""

    suite: Literal[1]
    """The version of this form."""
    at: AwareDatetime | None = None
    """The moment every case is planned at; one file of a suite says it."""
    goals: tuple[GoalSource, ...] = ()
    checkpoint: Literal["present"] | None = None
    """Holds for every case of this file that expects a plan, but for bad replies."""
    bad_replies: tuple[str, ...] = ()
    """Names in the library of bad replies, each of which becomes a case."""
    cases: tuple[SuiteEntry, ...] = ()
    noise: Noise | None = None
    """How far numbers may get worse; one file of a suite may say it."""
