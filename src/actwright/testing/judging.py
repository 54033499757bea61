"""Judge what a planner made of a goal: by what it would do and what it asks, never by its prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.blueprints.plan import Question
from actwright.org.ports import OrgReader
from actwright.planning.planner import PlanningOutcome
from actwright.testing.deeds import expected_deeds, planned_deeds, wanting
from actwright.testing.goals import Expectation, ExpectedAction, ExpectedQuestion, GoalCase
from actwright.testing.meaning import Meanings

_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a planner's answer is worth."""

    right: bool
    grave: bool
    """An action that could be confirmed as it stands, where a question or a refusal was right: the worst there is."""
    differences: tuple[str, ...]
    """What is wrong, against the nearest of the right outcomes; none where it is right."""


def judge(case: GoalCase, outcome: PlanningOutcome, org: OrgReader) -> Verdict:
    """Compare what a planner made of a goal with what its case expects.

    Args:
        case: The goal and its right outcomes.
        outcome: What the planner answered.
        org: The org it planned over, as the case's person; records are compared by their ids there.

    Raises:
        DocumentError: The case names a record that the org does not hold exactly once.
        OrgError: The org cannot be asked.
    """
    meanings = Meanings(org)
    readings = [_differences(each, outcome, meanings) for each in case.expect]
    nearest = min(readings, key=len)
    acts = any(each.actions for each in case.expect)
    grave = bool(nearest) and not acts and _ready(outcome)
    return Verdict(right=not nearest, grave=grave, differences=nearest)


def _ready(outcome: PlanningOutcome) -> bool:
    """Tell whether a person could confirm the outcome as it stands."""
    return bool(outcome.plan and outcome.plan.actions and not outcome.questions)


def _differences(
    expected: Expectation, outcome: PlanningOutcome, meanings: Meanings
) -> tuple[str, ...]:
    if expected.refusal is not None:
        return _refusal(expected.refusal, outcome)
    if expected.questions is not None:
        return _questions(expected.questions, outcome)
    return _actions(expected.actions or (), outcome, meanings)


def _refusal(codes: Sequence[str], outcome: PlanningOutcome) -> tuple[str, ...]:
    if outcome.refusal is not None and outcome.refusal.code in codes:
        return ()
    return (f"should be refused ({' or '.join(codes)}), {_what(outcome)}",)


def _questions(wanted: Sequence[ExpectedQuestion], outcome: PlanningOutcome) -> tuple[str, ...]:
    if not outcome.questions:
        ids = ", ".join(" or ".join(each.id) for each in wanted)
        return (f"should ask {ids}, {_what(outcome)}",)
    found = [line for each in wanted for line in _question(each, outcome.questions)]
    known = {each for one in wanted for each in one.id}
    extra = [f"also asks {each.id}" for each in outcome.questions if each.id not in known]
    return (*found, *extra)


def _question(wanted: ExpectedQuestion, asked: Sequence[Question]) -> list[str]:
    one = next((each for each in asked if each.id in wanted.id), None)
    if one is None:
        return [f"does not ask {' or '.join(wanted.id)}"]
    lines = []
    if wanted.reason and one.reason not in wanted.reason:
        lines.append(f"{one.id} is {one.reason}, not {' or '.join(wanted.reason)}")
    offered = " | ".join(f"{each.value} {each.label}" for each in one.candidates).casefold()
    missed = [each for each in wanted.candidates if each.casefold() not in offered]
    return lines + [f"{one.id} does not offer {each!r}" for each in missed]


def _actions(
    wanted: Sequence[ExpectedAction], outcome: PlanningOutcome, meanings: Meanings
) -> tuple[str, ...]:
    if outcome.plan is None or outcome.questions or outcome.refusal:
        names = ", ".join(_named(each) for each in wanted)
        return (f"should plan {names}, {_what(outcome)}",)
    planned = planned_deeds(outcome.plan, meanings)
    left, lines = list(planned), []
    for each in expected_deeds(wanted, planned, meanings):
        if not left:
            lines.append(f"does not plan {each}")
            continue
        nearest = left[_nearest([len(wanting(each, deed)) for deed in left])]
        left.remove(nearest)
        lines += wanting(each, nearest)
    return (*lines, *(f"also plans {each}" for each in left))


def _nearest(counts: Sequence[int]) -> int:
    return min(range(len(counts)), key=counts.__getitem__)


def _named(action: ExpectedAction) -> str:
    return " or ".join(action.blueprint or (f"{action.operation} {action.object}",))


def _what(outcome: PlanningOutcome) -> str:
    if outcome.refusal is not None:
        return f"was refused: {outcome.refusal.code}: {outcome.refusal.message}"[:_SHOWN]
    if outcome.questions:
        asked = ", ".join(f"{each.id} ({each.reason})" for each in outcome.questions)
        return f"asks {asked}"[:_SHOWN]
    names = ", ".join(each.blueprint.name for each in outcome.plan.actions) if outcome.plan else ""
    return f"plans {names or 'nothing'}"[:_SHOWN]
