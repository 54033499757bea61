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
    unneeded: int = 0
    """How many steps it plans beyond what is expected; all of them where a question or a refusal was right."""
    checkpoints_lost: tuple[str, ...] = ()
    """The ids of the actions whose checkpoint text is missing, or that the plan's own does not speak of."""
    guardrails: int = 0
    """How many verdicts of guardrails were expected."""
    guardrails_right: int = 0
    """How many of them came."""


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
    readings = [_read(each, outcome, meanings) for each in case.expect]
    nearest = min(readings, key=lambda each: len(each.differences))
    wrong = nearest.differences
    acts = any(each.actions for each in case.expect)
    grave = bool(wrong) and not acts and ready(outcome)
    return Verdict(right=not wrong, grave=grave, differences=wrong, unneeded=nearest.unneeded)


def ready(outcome: PlanningOutcome) -> bool:
    """Tell whether a person could confirm the outcome as it stands."""
    return bool(outcome.plan and outcome.plan.actions and not outcome.questions)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How an outcome differs from one of the right ones."""

    differences: tuple[str, ...]
    unneeded: int = 0


def _read(expected: Expectation, outcome: PlanningOutcome, meanings: Meanings) -> _Reading:
    if expected.actions is not None:
        return _actions(expected.actions, outcome, meanings)
    refusing = expected.refusal is not None
    lines = (
        _refusal(expected.refusal or (), outcome)
        if refusing
        else _questions(expected.questions or (), outcome)
    )
    steps = len(outcome.plan.actions) if outcome.plan and ready(outcome) else 0
    return _Reading(lines, steps)


def _refusal(codes: Sequence[str], outcome: PlanningOutcome) -> tuple[str, ...]:
    if outcome.refusal is not None and outcome.refusal.code in codes:
        return ()
    return (f"should be refused ({' or '.join(codes)}), {what_came(outcome)}",)


def _questions(wanted: Sequence[ExpectedQuestion], outcome: PlanningOutcome) -> tuple[str, ...]:
    if not outcome.questions:
        ids = ", ".join(" or ".join(each.id) for each in wanted)
        return (f"should ask {ids}, {what_came(outcome)}",)
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
) -> _Reading:
    if outcome.plan is None or outcome.questions or outcome.refusal:
        names = ", ".join(_named(each) for each in wanted)
        return _Reading((f"should plan {names}, {what_came(outcome)}",))
    planned = planned_deeds(outcome.plan, meanings)
    left, lines = list(planned), []
    for each in expected_deeds(wanted, planned, meanings):
        if not left:
            lines.append(f"does not plan {each}")
            continue
        nearest = left[_nearest([len(wanting(each, deed)) for deed in left])]
        left.remove(nearest)
        lines += wanting(each, nearest)
    return _Reading((*lines, *(f"also plans {each}" for each in left)), len(left))


def _nearest(counts: Sequence[int]) -> int:
    return min(range(len(counts)), key=counts.__getitem__)


def _named(action: ExpectedAction) -> str:
    return " or ".join(action.blueprint or (f"{action.operation} {action.object}",))


def what_came(outcome: PlanningOutcome) -> str:
    """Return in a few words what a planner answered."""
    if outcome.refusal is not None:
        return f"was refused: {outcome.refusal.code}: {outcome.refusal.message}"[:_SHOWN]
    if outcome.questions:
        asked = ", ".join(f"{each.id} ({each.reason})" for each in outcome.questions)
        return f"asks {asked}"[:_SHOWN]
    names = ", ".join(each.blueprint.name for each in outcome.plan.actions) if outcome.plan else ""
    return f"plans {names or 'nothing'}"[:_SHOWN]
