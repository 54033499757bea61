"""``actwright run``: plan, preview, confirm and apply in one go, asking in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import applying, approve
from actwright.cli.asking import answers
from actwright.cli.data import answers_of, parse_data
from actwright.cli.operands import payload_of
from actwright.cli.options import (
    AnswerOption,
    ApartOption,
    BlueprintOption,
    CandidatesOption,
    DataOption,
    DeepOption,
    DeleteOption,
    DuplicatesOption,
    FallbackOption,
    GrantOption,
    HomeOption,
    JsonOption,
    MaxRowsOption,
    ModelOption,
    NoCacheOption,
    OrgOption,
    PayloadOption,
    PlannerOption,
    SchemaOption,
    UserOption,
    YesOption,
)
from actwright.cli.plan import (
    Goal,
    answered,
    next_step,
    planning_document,
    planning_exit_code,
    ready,
)
from actwright.cli.session import opened, planning_options
from actwright.cli.showing import shown_outcome, shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.terms import (
    DeadlineOption,
    FailurePolicy,
    MaxCallsOption,
    MaxCostOption,
    MaxEffectsOption,
    MaxSecondsOption,
    OnFailureOption,
    ParallelOption,
    Terms,
    check_affordable,
    limits_of,
    terms_of,
)
from actwright.cli.verdict import kind_of_block
from actwright.cli.waves import stages_of, through_waves
from actwright.errors import (
    ConfirmationError,
    ConfirmationForeignError,
    GrantError,
    RefusedError,
)

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.contract import Contract
    from actwright.org.query import JsonScalar
    from actwright.planning.planner import PlanningOutcome
    from actwright.runs.record.envelope import OrchestratorResult

_PARTS = ("plan", "preview", "confirmation", "envelope")
"""The keys of what ``run --json`` prints."""


def run(
    goal: Goal,
    *,
    data: DataOption = None,
    answer: AnswerOption = None,
    blueprint: BlueprintOption = None,
    payload: PayloadOption = None,
    max_rows: MaxRowsOption = None,
    allow_delete: DeleteOption = False,
    allow_duplicates: DuplicatesOption = False,
    apart: ApartOption = False,
    deep: DeepOption = False,
    yes: YesOption = False,
    grant: GrantOption = None,
    planner: PlannerOption = None,
    model: ModelOption = None,
    candidates: CandidatesOption = None,
    fallback: FallbackOption = False,
    no_cache: NoCacheOption = False,
    schema: SchemaOption = None,
    on_failure: OnFailureOption = FailurePolicy.END,
    parallel: ParallelOption = 1,
    deadline: DeadlineOption = None,
    max_calls: MaxCallsOption = None,
    max_effects: MaxEffectsOption = None,
    max_seconds: MaxSecondsOption = None,
    max_cost: MaxCostOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Plan a goal, show the preview, ask, and carry it out.

    Open questions are asked where there is a terminal.
    """
    terminal = Terminal(as_json=as_json)
    asked = _Asked(goal, parse_data(data or ()), answers_of(answer or ()), blueprint, schema)
    given = payload_of(payload)
    limits = limits_of(max_calls, max_effects, max_seconds, max_cost)
    terms = terms_of(on_failure, parallel, deadline, limits)
    chosen = planning_options(
        planner=planner, model=model, candidates=candidates, fallback=fallback, no_cache=no_cache
    )
    with opened(org=org, user=user, home=home, planning=chosen) as app:
        planned = _planned(app, terminal, asked, ask=given is None)
        if planned.plan is None or not (ready(planned) or given):
            in_person = given is None and bool(planned.questions) and terminal.interactive
            _stop(app, terminal, planned, asked=in_person)
        _tell(terminal, planned)
        with terminal.busy("Previewing"):
            preview = app.preview(
                planned.plan,
                payload=given,
                max_rows=max_rows,
                allow_delete=allow_delete,
                allow_duplicates=allow_duplicates,
                apart=apart,
                deep=deep,
            )
        terminal.show(*shown_preview(app, preview))
        check_affordable(preview, limits)
        confirmation, result = _carried_out(app, terminal, preview, terms, yes=yes, grant=grant)
        if confirmation is not None:
            preview = app.previews.get(confirmation.preview_id)
        unattended = yes and grant is None and preview.org.local
        result = through_waves(app, terminal, result, yes=unattended)
        stages = stages_of(app, result, preview)
        if as_json:
            plan = app.plans.get(preview.plan_id)
            parts = (plan, preview, confirmation, result)
            terminal.document(dict(zip(_PARTS, map(_plain, parts), strict=True)))
    if preview.blocked:
        raise typer.Exit(kind_of_block(preview).exit_code)
    finish(terminal, result, *stages, started=confirmation is not None, person=user)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    goal: str
    data: dict[str, JsonScalar]
    answers: dict[str, str] | str
    blueprint: str | None
    schema: Path | None


def _planned(app: Actwright, terminal: Terminal, asked: _Asked, *, ask: bool) -> PlanningOutcome:
    """Plan, and plan again with the person's answers for as long as questions are open and answered."""
    with terminal.progress("Planning") as progress:
        planned = app.plan(
            asked.goal,
            data=asked.data,
            blueprint=asked.blueprint,
            schema=asked.schema,
            progress=progress,
        )
        planned = answered(app, planned, asked.answers, asked.schema)
    while ask and planned.plan is not None and planned.questions and terminal.interactive:
        given = answers(terminal, planned)
        if given is None:
            return planned
        with terminal.progress("Planning") as progress:
            planned = app.plan(
                asked.goal,
                data=given,
                blueprint=asked.blueprint,
                schema=asked.schema,
                progress=progress,
            )
    return planned


def _tell(terminal: Terminal, planned: PlanningOutcome) -> None:
    """Tell how the plan came about, where that is not the ordinary way."""
    for note in planned.notes:
        terminal.hint(note)


def _carried_out(
    app: Actwright,
    terminal: Terminal,
    preview: Preview,
    terms: Terms,
    *,
    yes: bool,
    grant: str | None,
) -> tuple[Confirmation | None, OrchestratorResult]:
    if preview.blocked:
        return None, app.run(preview)
    from actwright.runs.telling.unstarted import not_started  # noqa: PLC0415 - slow to import

    try:
        confirmation = approve(app, preview, terminal, yes=yes, grant=grant)
    except (ConfirmationError, RefusedError) as error:
        if isinstance(error, GrantError | ConfirmationForeignError) and not terminal.as_json:
            raise
        return None, not_started(preview, error)
    chosen = app.previews.get(confirmation.preview_id)
    with applying(terminal, confirmation, chosen) as progress:
        return confirmation, app.run(chosen, confirmation, progress=progress, **terms)


def _stop(app: Actwright, terminal: Terminal, planned: PlanningOutcome, *, asked: bool) -> NoReturn:
    """Show why there is nothing to preview, and exit."""
    if terminal.as_json:
        rest = dict.fromkeys(("preview", "confirmation", "envelope"))
        terminal.document({**planning_document(planned), **rest})
    if asked:
        terminal.hint("Not answered; nothing was done.")
    else:
        terminal.show(*shown_outcome(app, planned))
        terminal.hint(next_step(planned))
    raise typer.Exit(planning_exit_code(planned))


def _plain(document: Contract | None) -> object:
    return document.model_dump(mode="json") if document is not None else None
