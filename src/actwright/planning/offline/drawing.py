"""Drawing a plan up: the drafts of a goal's clauses as one plan, or the one question that has to be answered before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actwright.blueprints.plan import Plan, PlannerInfo, Question
from actwright.planning.footprint import dependencies, schema_digest
from actwright.planning.offline.drafting import Draft
from actwright.planning.planner import PlanningOutcome, PlanningRequest

_LONGEST_CHECKPOINT = 300


def drawn_up(
    request: PlanningRequest,
    drafts: Sequence[Draft],
    notes: Iterable[str],
    confidence: float,
    planner: PlannerInfo,
) -> PlanningOutcome:
    """Return the plan that the drafts make, with every question that is open in them.

    Args:
        request: The goal and its data.
        drafts: The actions, in order.
        notes: Assumptions beside those of the drafts, which stand before them.
        confidence: How sure the plan is.
        planner: Who made it.
    """
    questions = tuple(each for draft in drafts for each in draft.questions)
    assumed = [*notes, *(note for draft in drafts for note in draft.assumptions)]
    actions = tuple(each.action for each in drafts)
    schemas = {each.choice.reading.object: each.choice.reading.index.schema for each in drafts}
    checkpoint = " ".join(each.blueprint.checkpoint for each in actions)
    plan = Plan(
        goal=request.goal,
        data=dict(request.data),
        actions=actions,
        dependencies=dependencies(actions),
        checkpoint=checkpoint[:_LONGEST_CHECKPOINT],
        assumptions=tuple(dict.fromkeys(assumed)),
        questions=questions,
        planner=planner,
        confidence=confidence,
        schema_digest=schema_digest(actions, schemas),
    )
    return PlanningOutcome(plan=plan, questions=questions)


def asked(
    request: PlanningRequest, question: Question, notes: Iterable[str], planner: PlannerInfo
) -> PlanningOutcome:
    """Return the outcome that waits for what is meant, before there is any action: as sure as a throw of the dice.

    Args:
        request: The goal and its data.
        question: Which blueprint is meant, with the offered ones and none as candidates.
        notes: Assumptions.
        planner: Who asks.
    """
    sides = max(len(question.candidates) - 1, 2)
    plan = Plan(
        goal=request.goal,
        data=dict(request.data),
        assumptions=tuple(notes),
        questions=(question,),
        planner=planner,
        confidence=round(1 / sides, 2),
    )
    return PlanningOutcome(plan=plan, questions=(question,))
