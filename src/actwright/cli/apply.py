"""``actwright apply``: carry out a confirmed preview."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from actwright.cli.approval import applying, approve
from actwright.cli.confirm import Operand
from actwright.cli.operands import preview_of
from actwright.cli.options import (
    GrantOption,
    HomeOption,
    JsonOption,
    OrgOption,
    QueueOption,
    UserOption,
    YesOption,
)
from actwright.cli.render.envelopes import envelope, not_started
from actwright.cli.session import opened
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
    check_begun,
    limits_of,
    terms_of,
)
from actwright.cli.waves import stages_of, through_waves
from actwright.errors import ConfirmationMissingError, InputError, exit_code_of

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.org.ports import SendProgress
    from actwright.runs.record.envelope import OrchestratorResult

_WITH_RIGHTS = re.compile(r"actwright (?:preview|resume|undo) \w+")
"""The commands a hint tells of that act with somebody's rights, up to what they act on."""


def apply(
    preview: Operand,
    *,
    confirmation: Annotated[
        str | None,
        typer.Option(
            "--confirmation", metavar="ID", help="The confirmation to use; else the latest one."
        ),
    ] = None,
    yes: YesOption = False,
    grant: GrantOption = None,
    queue: QueueOption = False,
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
    """Carry out a confirmed preview: whole or not at all, and on the record.

    With --queue a worker does it: actwright worker. The preview of a later wave goes on with its own run. With --grant,
    or --yes, nobody needs to have confirmed it before.

    Exit code 3 where it is not confirmed, 4 where the org moved on, 5 where a permission is gone, 1 where it failed.
    """
    if confirmation is not None and (yes or grant):
        raise InputError("A confirmation was given already.", where="--confirmation")
    terminal = Terminal(as_json=as_json)
    limits = limits_of(max_calls, max_effects, max_seconds, max_cost)
    terms = terms_of(on_failure, parallel, deadline, limits, answer_within)
    with opened(org=org, user=user, home=home) as app:
        document = preview_of(app, preview)
        check_affordable(document, limits)
        if yes or grant:
            answer: Confirmation | None = approve(app, document, terminal, yes=yes, grant=grant)
        else:
            answer = _confirmation(app, document, confirmation)
        if queue:
            _queued(terminal, queued(app, document, answer, terms))
        with applying(terminal, answer, document) as progress:
            result = carried_out(app, document, answer, terms, progress)
        result = through_waves(app, terminal, result)
        stages = stages_of(app, result, document)
    if as_json:
        terminal.document(result.model_dump(mode="json"))
    finish(terminal, result, *stages, person=user)


def _queued(terminal: Terminal, run_id: str) -> NoReturn:
    """Say which run a worker has been left, and exit."""
    if terminal.as_json:
        terminal.document({"runId": run_id, "status": "queued"})
    terminal.hint(f"Queued: {run_id}. A worker carries it out: actwright worker")
    terminal.hint(f"Watch it: actwright inspect {run_id} --watch")
    raise typer.Exit


def finish(
    terminal: Terminal,
    result: OrchestratorResult,
    *stages: Preview,
    started: bool = True,
    person: str | None = None,
) -> NoReturn:
    """Show an envelope, say what can be done next, and exit with its code; a run that waits for a yes is no failure.

    Args:
        terminal: Where to show it.
        result: What became of the run.
        stages: What was carried out, or was to be.
        started: Whether a run began.
        person: Who was named with ``--as``: the commands that are told need that person's rights too.
    """
    told_above = not started and result.errors
    hint = None if told_above or result.hint is None else acting_as(person, result.hint)
    shown = envelope(result, *stages, next_step=hint) if started else not_started(result)
    terminal.show(*shown)
    if hint:
        terminal.hint(f"Next: {hint}")
    elif result.run_id:
        terminal.hint(f"On the record: actwright inspect {result.run_id}")
    if result.run_id and any(_leaves_something(result, each) for each in stages):
        terminal.hint(acting_as(person, f"Take it back: actwright undo {result.run_id}"))
    raise typer.Exit(0 if result.status == "waiting" else exit_code_of(result.stopped_by))


def acting_as(person: str | None, hint: str) -> str:
    """Return a hint with the person in each command that acts with the person's rights."""
    return hint if person is None else _WITH_RIGHTS.sub(rf"\g<0> --as {quote(person)}", hint)


def carried_out(
    app: Actwright,
    preview: Preview,
    yes: Confirmation | None,
    terms: Terms,
    progress: SendProgress | None = None,
) -> OrchestratorResult:
    """Start a run, or go on with the one the preview belongs to.

    Raises:
        InputError: The run has begun, on terms of its own.
        ActwrightError: The run cannot go on with the preview.
    """
    if preview.run_id is None or yes is None:
        return app.run(preview, yes, progress=progress, **terms)
    check_begun(preview.run_id, terms)
    return app.go_on(preview.run_id, yes, progress=progress)


def queued(app: Actwright, preview: Preview, yes: Confirmation | None, terms: Terms) -> str:
    """Leave a confirmed preview to a worker, and return the id of its run, or of the one it belongs to.

    Raises:
        InputError: The run has begun, on terms of its own.
        ActwrightError: Nobody said yes to it, or it cannot be carried out here and now.
    """
    confirmed = yes or app.confirmations.latest(preview)
    if preview.run_id is None:
        return app.enqueue(preview, confirmed, **terms)
    check_begun(preview.run_id, terms)
    app.confirm_continued(preview.run_id, confirmed)
    return preview.run_id


def _leaves_something(result: OrchestratorResult, preview: Preview) -> bool:
    """Tell whether something was carried out that can be taken back."""
    from actwright.checkpoints.wording.effect_words import owners  # noqa: PLC0415 - slow to import

    done = {each.id for each in result.results if each.record_ids or each.status == "done"}
    back = {each.effect_id for each in preview.undo if each.possible}
    return any(each.id in back and done.intersection(owners(each)) for each in preview.effects)


def _confirmation(app: Actwright, preview: Preview, chosen: str | None) -> Confirmation | None:
    if chosen is not None:
        return app.confirmations.get(chosen)
    try:
        return app.confirmations.latest(preview)
    except ConfirmationMissingError:
        return None
