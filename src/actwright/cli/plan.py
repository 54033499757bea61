"""``actwright plan``: a goal in, a plan, questions or a refusal out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.data import parse_data
from actwright.cli.options import (
    BlueprintOption,
    DataOption,
    HomeOption,
    JsonOption,
    OrgOption,
    OutOption,
    UserOption,
)
from actwright.cli.output import write_copy
from actwright.cli.render.plans import answers_hint
from actwright.cli.session import opened
from actwright.cli.showing import shown_outcome
from actwright.cli.terminal import Terminal
from actwright.errors import NoPlanError

if TYPE_CHECKING:
    from actwright.planning.planner import PlanningOutcome

Goal = Annotated[str, typer.Argument(metavar="GOAL", help="What is to be done, in words.")]


def plan(
    goal: Goal,
    *,
    data: DataOption = None,
    blueprint: BlueprintOption = None,
    out: OutOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn a goal into a plan of typed actions. Nothing is changed.

    Exit code 2 where questions are open or no blueprint fits the goal.
    """
    terminal = Terminal(as_json=as_json)
    named = parse_data(data or ())
    with opened(org=org, user=user, home=home) as app:
        with terminal.busy("Planning"):
            answer = app.plan(goal, data=named, blueprint=blueprint)
        if answer.plan is not None:
            write_copy(answer.plan, out)
        shown = shown_outcome(app, answer)
    if as_json:
        terminal.document(planning_document(answer))
    terminal.show(*shown)
    terminal.hint(next_step(answer))
    raise typer.Exit(planning_exit_code(answer))


def planning_document(answer: PlanningOutcome) -> dict[str, object]:
    """Return a planner's answer as JSON-ready data: plan, questions, refusal."""
    return {
        "plan": answer.plan.model_dump(mode="json") if answer.plan else None,
        "questions": [each.model_dump(mode="json") for each in answer.questions],
        "refusal": answer.refusal.model_dump(mode="json") if answer.refusal else None,
    }


def planning_exit_code(answer: PlanningOutcome) -> int:
    """Return 0 for a plan that can be previewed, else the exit code of having none."""
    return 0 if ready(answer) else NoPlanError.exit_code


def ready(answer: PlanningOutcome) -> bool:
    """Tell whether there is a plan without open questions."""
    return answer.plan is not None and not answer.questions and answer.refusal is None


def next_step(answer: PlanningOutcome) -> str:
    """Return what a person can do with a planner's answer."""
    if answer.refusal is not None:
        return answer.refusal.hint or "Say it in other words, or choose one with --blueprint KEY."
    if answer.questions:
        return f"Answer with {answers_hint(answer.questions)}"
    return f"Next: actwright preview {answer.plan.id}" if answer.plan else ""
