"""Judging: which of several candidate replies is the best, by what can be computed, and why.

No model judges. Where most candidates found no plan, there is none. Then the order is: fewer violations of guardrails, fewer values the model made up, fewer questions, fewer
actions, more candidates that came to the same, then the digest, so that equal candidates always give the same one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.guardrail import EnumParams, FieldParams, GuardrailSpec, RangeParams
from actwright.canonical import digest
from actwright.org.query import JsonScalar
from actwright.planning.model.compiling import Compiled
from actwright.planning.model.reply_actions import Sketch


@dataclass(frozen=True, slots=True)
class Score:
    """What speaks against a candidate, weightiest first; the least is the best.

    Attributes:
        outvoted: Whether it has a plan where most have none, or none where at least half have one.
        violations: How many literals a guardrail of their blueprint would refuse.
        made_up: How many values only the model stands for.
        questions: How many questions it asks.
        actions: How many actions it has.
        repairs: How often it had to be repaired.
        alone: How many of the other candidates came to something else.
        digest: Of its actions and questions.
    """

    outvoted: bool
    violations: int
    made_up: int
    questions: int
    actions: int
    repairs: int
    alone: int
    digest: str

    def key(self) -> tuple[object, ...]:
        """Return what candidates are ordered by."""
        return (
            self.outvoted,
            self.violations,
            self.made_up,
            self.questions,
            self.actions,
            self.alone,
            self.repairs,
            self.digest,
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """The best candidate, and why it is.

    Attributes:
        best: Its place among the candidates.
        agreeing: The share of the candidates that came to the same, itself included.
        notes: For people: how many there were, and what decided.
    """

    best: int
    agreeing: float
    notes: tuple[str, ...] = ()


def judge(candidates: Sequence[Compiled], repairs: Sequence[int]) -> Judgement:
    """Return which of ``candidates`` is the best.

    Args:
        candidates: At least one, all without faults.
        repairs: How often each had to be repaired.
    """
    digests = [_digest(each) for each in candidates]
    counts = Counter(digests)
    refused = sum(each.reply.outcome == "noPlan" for each in candidates) * 2 > len(candidates)
    scores = [
        _score(each, mended, len(candidates) - counts[own], own, refused=refused)
        for each, mended, own in zip(candidates, repairs, digests, strict=True)
    ]
    ranked = sorted(range(len(candidates)), key=lambda at: scores[at].key())
    best = ranked[0]
    agreeing = counts[digests[best]] / len(candidates)
    return Judgement(best, agreeing, _notes(scores, ranked, counts[digests[best]]))


def violations(sketch: Sketch) -> Iterator[GuardrailSpec]:
    """Yield the guardrails that would refuse a literal of the action, as far as no record is needed to tell."""
    values = {
        each.field_api_name.lower(): argument.value
        for each in sketch.chosen.blueprint.inputs
        if isinstance(argument := sketch.arguments.get(each.api_name), ValueArgument)
    }
    for spec in sketch.chosen.blueprint.guardrails:
        params = spec.parsed()
        if isinstance(params, FieldParams) and params.field.lower() in values:
            value = values[params.field.lower()]
            if value is not None and not _passes(spec.type, params, value):
                yield spec


def _passes(kind: str, params: FieldParams, value: JsonScalar) -> bool:
    if isinstance(params, EnumParams):
        return value in params.values
    if not isinstance(params, RangeParams) and kind != "NUMERIC_POSITIVE":
        return True
    number = _number(value)
    if number is None:
        return False
    if isinstance(params, RangeParams):
        above = params.min is None or number >= params.min
        return above and (params.max is None or number <= params.max)
    return number > 0


def _number(value: JsonScalar) -> Decimal | None:
    try:
        return None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


def _score(candidate: Compiled, repairs: int, alone: int, own: str, *, refused: bool) -> Score:
    return Score(
        outvoted=(candidate.reply.outcome == "noPlan") != refused,
        violations=sum(1 for each in candidate.sketches for _ in violations(each)),
        made_up=candidate.made_up,
        questions=len(candidate.questions),
        actions=len(candidate.sketches),
        repairs=repairs,
        alone=alone,
        digest=own,
    )


def _digest(candidate: Compiled) -> str:
    return digest(
        {
            "outcome": candidate.reply.outcome,
            "actions": [each.planned().model_dump(mode="json") for each in candidate.sketches],
            "extract": [
                [one.action_id, one.input.api_name, one.data]
                for each in candidate.sketches
                for one in each.extractions
            ],
            "questions": sorted(each.id for each in candidate.questions),
        }
    )


_REASONS = (
    "most of them saw it that way",
    "fewer values a guardrail would refuse",
    "fewer values only the model stands for",
    "fewer questions",
    "fewer actions",
    "more of them came to the same",
    "fewer repairs",
    "the order of their digests",
)


def _notes(scores: Sequence[Score], ranked: Sequence[int], agreeing: int) -> tuple[str, ...]:
    if len(ranked) == 1:
        return ()
    best = scores[ranked[0]].key()
    other = next((scores[at].key() for at in ranked if scores[at].digest != best[-1]), None)
    if other is None:
        return (f"All {len(ranked)} candidates came to the same plan.",)
    decided = next(at for at, (one, two) in enumerate(zip(best, other, strict=True)) if one != two)
    return (
        f"Of {len(ranked)} candidates, {agreeing} came to this plan; it was chosen for: {_REASONS[decided]}.",
    )
