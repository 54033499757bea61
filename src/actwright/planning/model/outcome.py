"""From the best reply to the planner's outcome: extractions are run, lookups are tried, the plan is put together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.plan import Candidate, Plan, PlannerInfo, Question
from actwright.errors import InputError, ModelRefusedError, ModelReplyError
from actwright.inert import inert
from actwright.model.budget import Budget
from actwright.model.conversation import Answered
from actwright.model.prompt import RenderedPrompt
from actwright.planning.footprint import dependencies, schema_digest
from actwright.planning.model.compiling import Compiled, Setting
from actwright.planning.model.extraction import Extractor, ExtractReply
from actwright.planning.model.judging import Judgement
from actwright.planning.model.reply import PlanReply
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_arguments import Extraction
from actwright.planning.model.reply_blueprints import ReplyFault
from actwright.planning.model.reply_records import Records
from actwright.planning.model.reply_values import typed
from actwright.planning.model.usage import usage_of
from actwright.planning.planner import PlanningOutcome, PlanningUsage
from actwright.planning.questions import question
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.refusals import refused
from actwright.planning.words.confidence import ASK_BELOW
from actwright.planning.words.lookups import Finder

_LONGEST_CHECKPOINT = 300
_LONGEST_REASON = 300
_NEAREST = 3
_Answered: TypeAlias = Answered[PlanReply] | Answered[ExtractReply]
_REPAIR, _MADE_UP, _ASSUMED, _DERIVED, _UNASKED = 0.8, 0.9, 0.95, 0.97, 0.6
"""What of the confidence is left by a repair, a value the model made up, an assumption, a derived blueprint, and an
action nothing in the goal asks for."""

_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """The best reply, and what it took to get it.

    Attributes:
        compiled: What it came to.
        repairs: How often it went back.
        answered: Every candidate.
        judgement: Why it is the best.
        prompt: What was asked.
    """

    compiled: Compiled
    repairs: int
    answered: tuple[Answered[PlanReply], ...]
    judgement: Judgement
    prompt: RenderedPrompt


@dataclass(frozen=True, slots=True)
class Spending:
    """What one plan may still take, and when it began, on ``time.monotonic``'s clock."""

    deadline: float
    budget: Budget
    begun: float


@dataclass
class _Ledger:
    """Extractions as they were run, with what they took."""

    sketches: list[Sketch] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answered: list[Answered[ExtractReply]] = field(default_factory=list)


@dataclass(frozen=True)
class Finishing:
    """Makes the outcome of one goal.

    Attributes:
        setting: What the reply was compiled against.
        indexes: The planner's indexes.
        extractor: Takes values out of long texts.
        version: The planner's version.
        model: The model's name as it was asked for.
    """

    setting: Setting
    indexes: Indexes
    extractor: Extractor
    version: str
    model: str

    def outcome(self, answer: Answer, spending: Spending) -> PlanningOutcome:
        """Return the outcome of the best reply.

        Raises:
            OrgError: The org cannot be asked.
            ModelError: An extraction gave nothing that can be used.
        """
        compiled = answer.compiled
        if compiled.reply.outcome == "noPlan":
            usage, notes = _usage(spending), _notes(answer, ())
            return self._no_plan(compiled).model_copy(update={"usage": usage, "notes": notes})
        ledger = self._extracted(compiled.sketches, spending)
        sketches = ledger.sketches
        if sketches:
            self.setting.request.progress("looking records up")
        questions = (*compiled.questions, *ledger.questions, *self._tried(sketches))
        if confidence(answer, sketches) < ASK_BELOW:
            questions += tuple(_made_up(sketches))
        plan = self._plan(answer, sketches, _once(questions))
        notes = _notes(answer, ledger.answered)
        return PlanningOutcome(
            plan=plan, questions=plan.questions, notes=notes, usage=_usage(spending)
        )

    def _no_plan(self, compiled: Compiled) -> PlanningOutcome:
        reason = inert(compiled.reply.reason, limit=_LONGEST_REASON)
        return refused(
            "no_fit",
            f"The model found no plan. In its words: {reason}",
            "Say it otherwise, or choose a blueprint with --blueprint.",
            self.setting.nearest[:_NEAREST],
        )

    def _tried(self, sketches: Sequence[Sketch]) -> tuple[Question, ...]:
        org = self.setting.request.org
        finder = Finder(org, self.indexes.objects(org), self.setting.fields)
        return Records(org, finder).tried(sketches)

    def _extracted(self, sketches: Sequence[Sketch], spending: Spending) -> _Ledger:
        ledger = _Ledger()
        for sketch in sketches:
            whole = sketch
            for each in sketch.extractions:
                whole = self._run(each, whole, ledger, spending)
            ledger.sketches.append(replace(whole, extractions=()))
        return ledger

    def _run(
        self, wanted: Extraction, sketch: Sketch, ledger: _Ledger, spending: Spending
    ) -> Sketch:
        """Take one value out of its text, or ask for it where the text does not say it, or could not be read."""
        what = f"The data {wanted.data} does not say {wanted.input.label}."
        self.setting.request.progress(f"reading {wanted.data}")
        text = str(self.setting.request.data[wanted.data])
        try:
            found = self.extractor.within(
                text,
                wanted.what,
                wanted.input.data_type,
                deadline=spending.deadline,
                budget=spending.budget,
            )
            ledger.answered.append(found.answered)
            place = sketch.place(wanted.input)
            value = typed(found.value, wanted.input, place.field, str(place))
        except (ReplyFault, InputError) as error:
            value, why = None, error.message if isinstance(error, InputError) else "it does not fit"
            what = f"The data {wanted.data} gives no {wanted.input.label}: {why.rstrip('.')}."
        except (ModelReplyError, ModelRefusedError):
            value = None
            what = f"The model could not take {wanted.input.label} out of the data {wanted.data}."
        if value is None:
            ledger.questions.append(question(sketch.id, wanted.input, "missing", what))
            return sketch
        made = ValueArgument(value=value, provenance="extract", source=f"data {wanted.data}")
        return sketch.with_argument(wanted.input.api_name, made)

    def _plan(
        self, answer: Answer, sketches: Sequence[Sketch], questions: tuple[Question, ...]
    ) -> Plan:
        request, reply = self.setting.request, answer.compiled.reply
        sketches = [_without_open(each, questions) for each in sketches]
        actions = tuple(each.planned() for each in sketches)
        schemas = {each.chosen.schema.name: each.chosen.schema for each in sketches}
        return Plan(
            goal=request.goal,
            data=dict(request.data),
            actions=actions,
            dependencies=dependencies(actions),
            checkpoint=inert(reply.checkpoint, limit=_LONGEST_CHECKPOINT),
            assumptions=(*self.setting.assumptions, *answer.compiled.assumptions),
            questions=questions,
            planner=self._info(answer),
            confidence=confidence(answer, sketches),
            schema_digest=schema_digest(actions, schemas),
        )

    def _info(self, answer: Answer) -> PlannerInfo:
        exchanges = (one for each in answer.answered for one in each.exchanges)
        named = next((each.model for each in exchanges if each.model), self.model)
        return PlannerInfo(
            kind="model",
            version=self.version,
            model=inert(named),
            prompt_name=answer.prompt.name,
            prompt_version=answer.prompt.version,
            prompt_hash=answer.prompt.hash,
            chosen=self.setting.only,
        )


def confidence(answer: Answer, sketches: Sequence[Sketch]) -> float:
    """Return how sure the plan is what was meant, in [0, 1]: the product of what each doubt leaves.

    Doubts are repairs, values only the model stands for, assumptions, derived blueprints, actions nothing in the goal
    asks for, and candidates that came to something else. Open questions take nothing: what is asked is not decided.
    """
    derived = sum(each.chosen.derived for each in sketches)
    made_up = sum(1 for each in sketches for _ in each.made_up())
    sure = _REPAIR**answer.repairs * _MADE_UP**made_up * _UNASKED**answer.compiled.unasked
    sure *= _ASSUMED ** len(answer.compiled.assumptions) * _DERIVED**derived
    return round(sure * answer.judgement.agreeing, 2)


def _made_up(sketches: Sequence[Sketch]) -> Iterator[Question]:
    """Yield a question for each value only the model stands for; the value is the candidate, unless there is none."""
    for sketch in sketches:
        for wanted, value in sketch.made_up():
            shown = inert(str(value), limit=_LONGEST_VALUE)
            what = f"{shown!r} for {wanted.label} stands neither in the goal nor in the data."
            if value is None:
                what = f"Neither the goal nor the data asks for an empty {wanted.label}."
            options = () if value is None else (Candidate(value=value, label=shown),)
            yield question(sketch.id, wanted, "unclear", what, options)


def _without_open(sketch: Sketch, questions: Sequence[Question]) -> Sketch:
    """Return the sketch without the arguments that are asked for, so that an answer is the only value."""
    for each in questions:
        if each.action_id == sketch.id:
            sketch = sketch.without(each.input)
    return sketch


def _once(questions: Sequence[Question]) -> tuple[Question, ...]:
    return tuple({each.id: each for each in reversed(questions)}.values())[::-1]


def _notes(answer: Answer, extracted: Sequence[Answered[ExtractReply]]) -> tuple[str, ...]:
    every: tuple[_Answered, ...] = (*answer.answered, *extracted)
    said = [*answer.judgement.notes, *(note for each in every for note in each.notes)]
    return tuple(dict.fromkeys(inert(each, limit=_LONGEST_REASON) for each in said))


def _usage(spending: Spending) -> PlanningUsage:
    return usage_of(spending.budget, time.monotonic() - spending.begun)
