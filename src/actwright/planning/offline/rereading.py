"""Rereading: whether a goal is worth reading again with its misspelt words put right, and whether that was better."""

from __future__ import annotations

from actwright.planning.planner import PlanningOutcome

_REFUSED = frozenset({"no_fit", "part_not_understood"})
_ASKED = frozenset({"not_found", "no_value", "unclear"})


def worth_rereading(outcome: PlanningOutcome) -> bool:
    """Tell whether misspelt words may be why a goal was refused or led to questions."""
    if outcome.refusal is not None:
        return outcome.refusal.code in _REFUSED
    return any(each.reason in _ASKED for each in outcome.questions)


def better(again: PlanningOutcome, before: PlanningOutcome) -> bool:
    """Tell whether the second reading says more: a plan instead of a refusal, or less that was not understood."""
    return _openness(again) < _openness(before)


def _openness(outcome: PlanningOutcome) -> tuple[bool, int, int]:
    strange = [
        each for each in outcome.questions if each.reason in _ASKED and each.input != "blueprint"
    ]
    return (outcome.plan is None, len(strange), len(outcome.questions))
