"""``actwright plan``: a goal in, a plan, questions or a refusal out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.data import answers_of, parse_data
from actwright.cli.operands import is_plan, plan_of
from actwright.cli.options import (
    AnswerOption,
    BlueprintOption,
    CandidatesOption,
    DataOption,
    FallbackOption,
    HomeOption,
    JsonOption,
    ModelOption,
    NoCacheOption,
    OrgOption,
    OutOption,
    PlannerOption,
    SchemaOption,
    UserOption,
)
from actwright.cli.output import write_copy
from actwright.cli.render.plans import answers_hint
from actwright.cli.session import opened, planning_options
from actwright.cli.showing import shown_outcome
from actwright.cli.terminal import Terminal
from actwright.errors import NoPlanError, PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from actwright.app import Actwright
    from actwright.blueprints.plan import Plan
    from actwright.org.query import JsonScalar
    from actwright.planning.planner import PlanningOutcome

Goal = Annotated[str, typer.Argument(metavar="GOAL", help="What is to be done, in words.")]
GoalOrPlan = Annotated[
    str,
    typer.Argument(
        metavar="GOAL|PLAN",
        help="What is to be done, in words; or a plan that is there: to answer it, or to see it again.",
    ),
]


def plan(
    goal: GoalOrPlan,
    *,
    data: DataOption = None,
    answer: AnswerOption = None,
    blueprint: BlueprintOption = None,
    out: OutOption = None,
    planner: PlannerOption = None,
    model: ModelOption = None,
    candidates: CandidatesOption = None,
    fallback: FallbackOption = False,
    no_cache: NoCacheOption = False,
    schema: SchemaOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn a goal into a plan of typed actions. Nothing is changed.

    A PLAN's id shows it again, with what it still asks. Exit code 2 where questions are open or no blueprint fits.
    """
    terminal = Terminal(as_json=as_json)
    named, said = parse_data(data or ()), answers_of(answer or ())
    chosen = planning_options(
        planner=planner, model=model, candidates=candidates, fallback=fallback, no_cache=no_cache
    )
    with opened(org=org, user=user, home=home, planning=chosen) as app:
        with terminal.progress("Planning") as progress:
            if is_plan(goal):
                _refuse_beside_plan(named, blueprint)
                planned = _gone_on(app, plan_of(app, goal), said, schema, progress)
            else:
                planned = app.plan(
                    goal, data=named, blueprint=blueprint, schema=schema, progress=progress
                )
                planned = answered(app, planned, said, schema)
        if planned.plan is not None:
            write_copy(planned.plan, out)
        shown = shown_outcome(app, planned, None if is_plan(goal) else app.org.user)
        waiting = app.unreviewed(planned.plan) if planned.plan and ready(planned) else ()
    if as_json:
        terminal.document(planning_document(planned))
    terminal.show(*shown)
    terminal.hint(_review_step(waiting) if waiting else next_step(planned))
    raise typer.Exit(planning_exit_code(planned))


def answered(
    app: Actwright,
    planned: PlanningOutcome,
    answers: dict[str, str] | str,
    schema: Path | None,
) -> PlanningOutcome:
    """Return what becomes of a goal with the answers to its questions; as it was, where there are no answers.

    Raises:
        PayloadError: Nothing was asked, or something else.
    """
    if not answers:
        return planned
    if planned.plan is None:
        raise PayloadError(
            "There is an answer, and no question: the goal was refused."
            if planned.refusal
            else "There is an answer, and no question.",
            where="--answer",
            hint=next_step(planned),
            code="answer_unasked",
        )
    return app.answer(planned.plan, answers, schema=schema)


def _gone_on(
    app: Actwright,
    asked: Plan,
    answers: dict[str, str] | str,
    schema: Path | None,
    progress: Callable[[str], None],
) -> PlanningOutcome:
    """Return what becomes of a plan with the answers to its questions; the plan as it stands, where there are none."""
    if answers:
        return app.answer(asked, answers, schema=schema, progress=progress)
    from actwright.planning.planner import PlanningOutcome  # noqa: PLC0415 - slow to import

    return PlanningOutcome(plan=asked, questions=asked.questions)


def _refuse_beside_plan(data: dict[str, JsonScalar], blueprint: str | None) -> None:
    if data or blueprint:
        raise PayloadError(
            "A plan that is made keeps its data and its blueprint.",
            where="-d" if data else "--blueprint",
            hint="Give what it asks with --answer, or plan the goal anew.",
        )


def _review_step(names: Sequence[str]) -> str:
    """Return what comes before a preview: a person reads the code that was written for the plan."""
    return f"Next: {', '.join(f'actwright actions review {each}' for each in names)}"


def planning_document(answer: PlanningOutcome) -> dict[str, object]:
    """Return a planner's answer as JSON-ready data: plan, questions, refusal, notes, and what it cost."""
    return answer.model_dump(mode="json")


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
        return f"Answer with {answers_hint(answer.plan, answer.questions)}"
    if answer.plan is None:
        return ""
    return f"Next: actwright preview {answer.plan.id}"
