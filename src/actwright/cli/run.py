"""``actwright run``: plan, preview, confirm and apply in one go, asking in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import applying, approve
from actwright.cli.data import answers_of, parse_data
from actwright.cli.goal_asked import AskedGoal
from actwright.cli.operands import payload_of
from actwright.cli.options import (
    AnswerOption,
    BlueprintOption,
    CandidatesOption,
    DataOption,
    FallbackOption,
    GrantOption,
    HomeOption,
    JsonOption,
    ModelOption,
    NoCacheOption,
    OrgOption,
    PayloadOption,
    PlannerOption,
    SchemaOption,
    UserOption,
    YesOption,
)
from actwright.cli.plan import Goal
from actwright.cli.preview_terms import (
    ApartOption,
    DeepOption,
    DeleteOption,
    DuplicatesOption,
    MaxRowsOption,
    PreviewTerms,
)
from actwright.cli.session import opened, planning_options
from actwright.cli.terminal import Terminal
from actwright.cli.terms import (
    AnswerWithinOption,
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
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.contract import Contract
    from actwright.runs.record.envelope import OrchestratorResult


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
    answer_within: AnswerWithinOption = None,
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
    asked = AskedGoal(goal, parse_data(data or ()), answers_of(answer or ()), blueprint, schema)
    given = payload_of(payload)
    limits = limits_of(max_calls, max_effects, max_seconds, max_cost)
    terms = terms_of(on_failure, parallel, deadline, limits, answer_within)
    allowed = PreviewTerms(
        max_rows=max_rows,
        allow_delete=allow_delete,
        allow_duplicates=allow_duplicates,
        apart=apart,
        deep=deep,
    )
    chosen = planning_options(
        planner=planner, model=model, candidates=candidates, fallback=fallback, no_cache=no_cache
    )
    with opened(org=org, user=user, home=home, planning=chosen) as app:
        preview = asked.previewed(app, terminal, given, allowed)
        check_affordable(preview, limits)
        came = _carried_out(app, terminal, preview, terms, yes=yes, grant=grant)
    came.end(terminal, person=user)


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of it.

    Attributes:
        plan: What was planned.
        preview: What was carried out, or would have been.
        confirmation: The answer to it; None where there was none.
        envelope: How it went.
        stages: Every preview that was carried out.
    """

    plan: Plan
    preview: Preview
    confirmation: Confirmation | None
    envelope: OrchestratorResult
    stages: tuple[Preview, ...]

    @classmethod
    def of(
        cls,
        app: Actwright,
        preview: Preview,
        confirmation: Confirmation | None,
        envelope: OrchestratorResult,
    ) -> _Came:
        """Return it with what the store holds of it."""
        plan, stages = app.plans.get(preview.plan_id), stages_of(app, envelope, preview)
        return cls(plan, preview, confirmation, envelope, stages)

    def end(self, terminal: Terminal, *, person: str | None) -> NoReturn:
        """Print it, and exit with its code; what was blocked has been shown, and has a code of its own."""
        if terminal.as_json:
            terminal.document(self._document())
        if self.preview.blocked:
            raise typer.Exit(kind_of_block(self.preview).exit_code)
        started = self.confirmation is not None
        finish(terminal, self.envelope, *self.stages, started=started, person=person)

    def _document(self) -> dict[str, object]:
        parts: dict[str, Contract | None] = {
            "plan": self.plan,
            "preview": self.preview,
            "confirmation": self.confirmation,
            "envelope": self.envelope,
        }
        return {
            name: None if each is None else each.model_dump(mode="json")
            for name, each in parts.items()
        }


def _carried_out(
    app: Actwright,
    terminal: Terminal,
    preview: Preview,
    terms: Terms,
    *,
    yes: bool,
    grant: str | None,
) -> _Came:
    """Ask for a yes, and carry the preview out with all that follows from it."""
    if preview.blocked:
        return _Came.of(app, preview, None, app.run(preview))
    from actwright.runs.telling.unstarted import not_started  # noqa: PLC0415 - slow to import

    try:
        confirmation = approve(app, preview, terminal, yes=yes, grant=grant)
    except (ConfirmationError, RefusedError) as error:
        if isinstance(error, GrantError | ConfirmationForeignError) and not terminal.as_json:
            raise
        return _Came.of(app, preview, None, not_started(preview, error))
    chosen = app.previews.get(confirmation.preview_id)
    with applying(terminal, confirmation, chosen) as progress:
        result = app.run(chosen, confirmation, progress=progress, **terms)
    unattended = yes and grant is None and chosen.org.local
    result = through_waves(app, terminal, result, yes=unattended)
    return _Came.of(app, chosen, confirmation, result)
