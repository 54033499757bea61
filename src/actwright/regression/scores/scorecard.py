"""The scorecard: how one version of a prompt, with one model, did over a suite, case by case.

It is kept in the repository beside the cassettes. Scripted and live answers never share one. Its totals are counted
from its cases again whenever it is read, so that a number edited by hand is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from actwright.canonical import decimal_text
from actwright.contract import Contract
from actwright.regression.cassettes.cassette import PROMPT_NAME, PROMPT_VERSION
from actwright.regression.noise import Metric
from actwright.regression.origin import Origin
from actwright.regression.scores.outline import OutcomeOutline

FORMAT: Final = 1
"""The form of a scorecard's file this program reads and writes."""

Wanted = Literal["plan", "questions", "refusal", "failure"]
"""What a case expects."""

Cost = Annotated[str, Field(pattern=r"^[0-9]{1,20}(\.[0-9]{1,20})?$")]
"""An amount of money as a decimal, in the price table's currency."""

_Count = Annotated[int, Field(ge=0)]
_MEDIAN, _HIGH = 50, 95


class CaseResult(Contract):
    """How one case went."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")
    goal: str
    wanted: Wanted
    right: bool
    grave: bool = False
    """A plan that could be confirmed as it stands, where a question or a refusal was right."""
    differences: tuple[str, ...] = ()
    """What is wrong, against the nearest right outcome."""
    unneeded: _Count = 0
    """Steps beyond those expected."""
    checkpoints_lost: tuple[str, ...] = ()
    """The ids of actions whose checkpoint text is missing."""
    guardrails: _Count = 0
    """Guardrail verdicts that were expected."""
    guardrails_right: _Count = 0
    repairs: _Count = 0
    """Rounds in which a faulty reply went back to the model."""
    input_tokens: _Count = 0
    output_tokens: _Count = 0
    cost: Cost | None = None
    """None where the price table holds no price of the model."""
    seconds: float | None = Field(default=None, ge=0)
    """How long the model took; of live answers only."""
    outcome: OutcomeOutline

    @model_validator(mode="after")
    def _sound(self) -> Self:
        """Refuse a case that is right and has faults, or has more right verdicts than verdicts."""
        if self.right and (self.grave or self.differences):
            raise ValueError(f"{self.id} is right, and yet it has differences or is grave")
        if self.guardrails_right > self.guardrails:
            raise ValueError(f"{self.id} has more right guardrail verdicts than were expected")
        return self


class Totals(Contract):
    """What the cases of a scorecard add up to."""

    cases: _Count
    right: _Count
    plans: _Count
    plans_right: _Count
    questions: _Count
    questions_right: _Count
    refusals: _Count
    refusals_right: _Count
    failures: _Count
    """Cases in which the model has to fail: its reply is bad, and the right code must come of it."""
    failures_right: _Count
    guardrails: _Count
    guardrails_right: _Count
    unneeded: _Count
    checkpoints_lost: _Count
    grave: _Count
    repairs: _Count
    input_tokens: _Count
    output_tokens: _Count
    cost: Cost | None = None
    """None where the cost of some case is not known."""
    median_seconds: float | None = None
    """Half the cases took no longer; of live answers only."""
    high_seconds: float | None = None
    """95 of 100 cases took no longer; of live answers only."""

    @property
    def tokens(self) -> int:
        """Input and output tokens together."""
        return self.input_tokens + self.output_tokens

    def value(self, metric: Metric) -> Decimal | None:
        """Return what stands there for a metric, or None where it is not known."""
        if metric == "cost":
            return Decimal(self.cost) if self.cost is not None else None
        if metric == "latency":
            return Decimal(str(self.high_seconds)) if self.high_seconds is not None else None
        return Decimal(int(getattr(self, metric)))

    def about(self, metric: Metric) -> int:
        """Return how many cases, or verdicts, a metric is about."""
        of = metric.removesuffix("_right")
        return int(getattr(self, of)) if of in Totals.model_fields and of != metric else self.cases


def totals_of(cases: Sequence[CaseResult]) -> Totals:
    """Return what these cases add up to."""
    wanted = Counter(each.wanted for each in cases)
    right = Counter(each.wanted for each in cases if each.right)
    return Totals(
        cases=len(cases),
        right=right.total(),
        plans=wanted["plan"],
        plans_right=right["plan"],
        questions=wanted["questions"],
        questions_right=right["questions"],
        refusals=wanted["refusal"],
        refusals_right=right["refusal"],
        failures=wanted["failure"],
        failures_right=right["failure"],
        guardrails=sum(each.guardrails for each in cases),
        guardrails_right=sum(each.guardrails_right for each in cases),
        unneeded=sum(each.unneeded for each in cases),
        checkpoints_lost=sum(len(each.checkpoints_lost) for each in cases),
        grave=sum(each.grave for each in cases),
        repairs=sum(each.repairs for each in cases),
        input_tokens=sum(each.input_tokens for each in cases),
        output_tokens=sum(each.output_tokens for each in cases),
        cost=_cost(cases),
        median_seconds=_percentile(cases, _MEDIAN),
        high_seconds=_percentile(cases, _HIGH),
    )


class Scorecard(Contract):
    """How one version of a prompt did with one model."""

    format: Literal[1] = FORMAT
    prompt: str = Field(pattern=PROMPT_NAME)
    version: str = Field(pattern=PROMPT_VERSION)
    hash: str = Field(pattern=r"^[0-9a-f]{8,64}$")
    """The hash of the prompt's templates."""
    model: str = Field(min_length=1, max_length=200)
    origin: Origin
    suite: str = Field(pattern=r"^[0-9a-f]{64}$")
    """The digest of the suite it was made with."""
    at: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,20}Z$")
    """When it was made, ISO 8601; it says which of two versions is the older one."""
    totals: Totals
    cases: tuple[CaseResult, ...] = Field(min_length=1)
    """By id."""
    accepted: tuple[str, ...] = ()
    """What a person accepted when it was recorded: the drops from the version before, a sentence each."""

    @model_validator(mode="after")
    def _counted(self) -> Self:
        """Refuse cases that stand there twice, times of a script, and totals that are not those of the cases."""
        ids = [each.id for each in self.cases]
        if ids != sorted(set(ids)):
            raise ValueError("the cases are not in order, or one stands there twice")
        if self.origin == "scripted" and any(each.seconds is not None for each in self.cases):
            raise ValueError("a scripted answer has no seconds: how fast a script is means nothing")
        counted = totals_of(self.cases)
        wrong = [each for each in Totals.model_fields if _differs(self.totals, counted, each)]
        if wrong:
            raise PydanticCustomError(
                "totals_edited",
                "the totals are not those of the cases: {named}",
                {"named": ", ".join(wrong), "at": ("totals", to_camel(wrong[0]))},
            )
        return self

    @property
    def series(self) -> tuple[str, str, Origin]:
        """The prompt, the model and the origin: only scorecards that share them stand in one row."""
        return self.prompt, self.model, self.origin

    @property
    def about(self) -> str:
        """Which version with which model, in a few words."""
        return f"{self.prompt} v{self.version} ({self.hash[:8]}), {self.model}, {self.origin}"


def _differs(stated: Totals, counted: Totals, name: str) -> bool:
    return bool(getattr(stated, name) != getattr(counted, name))


def _cost(cases: Sequence[CaseResult]) -> str | None:
    known = [each.cost for each in cases if each.cost is not None]
    if not known or len(known) < sum(1 for each in cases if each.input_tokens):
        return None
    return decimal_text(sum(map(Decimal, known), Decimal(0)))


def _percentile(cases: Sequence[CaseResult], share: int) -> float | None:
    """Return the seconds that ``share`` of 100 cases did not pass, by nearest rank."""
    taken = sorted(each.seconds for each in cases if each.seconds is not None)
    return taken[ceil(len(taken) * share / 100) - 1] if taken else None
