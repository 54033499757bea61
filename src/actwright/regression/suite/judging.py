"""Judging a case of the suite: the goal's expectation, and what the suite holds beyond it. Never prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.errors import ActwrightError, OrgError
from actwright.guardrails.issue import Issue
from actwright.org.ports import OrgReader
from actwright.planning.planner import PlanningOutcome
from actwright.planning.words.text import pieces
from actwright.regression.suite.suite import SuiteCase
from actwright.regression.suite.suite_file import GuardrailVerdict
from actwright.testing.judging import Verdict, judge, ready, what_came

_SHORTEST = 3


class Found(Protocol):
    """What of a preview a verdict looks at."""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What the checks found."""
        ...


class Previewing(Protocol):
    """Shows what a plan would do."""

    def preview(self, plan: Plan, /) -> Found:
        """Return the preview of a plan.

        Raises:
            ActwrightError: It cannot be previewed.
        """
        ...


class JudgingScene(Protocol):
    """The org that cases are planned over and judged by."""

    @property
    def library(self) -> Library:
        """The curated blueprints."""
        ...

    def org(self, user: str) -> OrgReader:
        """Return the org with a person's rights."""
        ...

    def calls(self, user: str) -> Previewing:
        """Return what previews plans with a person's rights."""
        ...


def judged(
    case: SuiteCase, outcome: PlanningOutcome | None, scene: JudgingScene, *, error: str | None
) -> Verdict:
    """Return what an answer to a case is worth.

    Args:
        case: The case.
        outcome: What the planner answered; None where it raised.
        scene: The org it planned over.
        error: The code of the model error it raised.

    Raises:
        DocumentError: The case names a record that the org does not hold exactly once.
        OrgError: The org cannot be asked.
    """
    if case.failure is not None:
        return _failed(case.failure, outcome, error)
    if outcome is None:
        return Verdict(right=False, grave=False, differences=(f"no answer came: {error}",))
    verdict = judge(case.goal_case, outcome, scene.org(case.user))
    if outcome.plan is None or not ready(outcome) or case.wanted != "plan":
        return _without_preview(case, verdict)
    verdict = _with_checkpoints(case, outcome.plan, verdict)
    verdict = _with_order(case, outcome.plan, verdict)
    return _with_guardrails(case, outcome.plan, verdict, scene) if case.guardrails else verdict


def checkpoints_lost(plan: Plan) -> tuple[str, ...]:
    """Return the ids of the actions whose checkpoint text is missing, or that the plan's own does not speak of.

    The plan's own text speaks of an action where it shares a word with its blueprint's label or checkpoint, with a
    value it sets or with the words it finds its record by.
    """
    said = frozenset(pieces(plan.checkpoint))
    return tuple(
        each.id
        for each in plan.actions
        if not each.blueprint.checkpoint.strip() or not said & frozenset(_words(each))
    )


def _words(action: PlannedAction) -> Iterator[str]:
    texts = [action.blueprint.label, action.blueprint.checkpoint]
    for argument in action.arguments.values():
        if isinstance(argument, ValueArgument):
            texts.append(str(argument.value))
        elif isinstance(argument, LookupArgument):
            texts += (str(each.value) for each in argument.lookup.where)
    for rows in action.for_each.where if action.for_each else ():
        texts.append(str(rows.value))
    return (word for text in texts for word in pieces(text) if len(word) >= _SHORTEST)


def _failed(code: str, outcome: PlanningOutcome | None, error: str | None) -> Verdict:
    if outcome is None:
        lines = () if error == code else (f"should fail with {code}, failed with {error}",)
        return Verdict(right=not lines, grave=False, differences=lines)
    line = f"should fail with {code}, {what_came(outcome)}"
    return Verdict(right=False, grave=ready(outcome), differences=(line,))


def _with_checkpoints(case: SuiteCase, plan: Plan, verdict: Verdict) -> Verdict:
    lost = checkpoints_lost(plan) if case.checkpoint else ()
    return _worse(
        replace(verdict, checkpoints_lost=lost),
        *(f"{each} has lost its checkpoint text" for each in lost),
    )


def _with_order(case: SuiteCase, plan: Plan, verdict: Verdict) -> Verdict:
    names = [each.blueprint.name for each in plan.actions]
    left = iter(names)
    if all(each in left for each in case.order):
        return verdict
    return _worse(verdict, f"the order is {', '.join(names)}, not {', '.join(case.order)}")


def _with_guardrails(case: SuiteCase, plan: Plan, verdict: Verdict, scene: JudgingScene) -> Verdict:
    said = _verdicts(scene.calls(case.user), plan)
    wrong = [
        f"the guardrail {code} says {said.get(code, 'allowed')}, not {wanted}"
        for code, wanted in case.guardrails.items()
        if said.get(code, "allowed") != wanted
    ]
    count = len(case.guardrails)
    counted = replace(verdict, guardrails=count, guardrails_right=count - len(wrong))
    return _worse(counted, *wrong)


def _verdicts(calls: Previewing, plan: Plan) -> Mapping[str, GuardrailVerdict]:
    """Return what the preview says, by code; a plan that cannot be previewed is blocked by the code of the error."""
    try:
        preview = calls.preview(plan)
    except OrgError:
        raise
    except ActwrightError as error:
        return {error.error_code: "blocked"}
    found: dict[str, GuardrailVerdict] = {}
    for each in sorted(preview.issues, key=_is_error):
        found[each.code] = "blocked" if _is_error(each) else "warned"
    return found


def _is_error(issue: Issue) -> bool:
    return issue.severity == "error"


def _without_preview(case: SuiteCase, verdict: Verdict) -> Verdict:
    """Count the guardrails that could not be asked as wrong, where a plan should have been there to ask them."""
    return replace(verdict, guardrails=len(case.guardrails))


def _worse(verdict: Verdict, *lines: str) -> Verdict:
    if not lines:
        return verdict
    return replace(verdict, right=False, differences=(*verdict.differences, *lines))
