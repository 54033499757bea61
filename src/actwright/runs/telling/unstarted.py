"""Envelopes of runs that never began: nothing was done, and why."""

from __future__ import annotations

from actwright.checkpoints.preview import Preview
from actwright.errors import (
    ActwrightError,
    ConfirmationError,
    ConfirmationMissingError,
    InputError,
    PlanError,
    RefusedError,
)
from actwright.runs.record.envelope import ActionResult, OrchestratorResult
from actwright.runs.telling.results import Ledger
from actwright.runs.telling.stop import with_command


def unconfirmed(preview: Preview) -> OrchestratorResult:
    """Return the envelope of a preview without a yes: a warning, or why there can be none."""
    if preview.blocked:
        return _blocked(preview)
    if not preview.groups:
        return OrchestratorResult(
            errors=("The plan has no actions; nothing was done.",), stopped_by=PlanError.code
        )
    return OrchestratorResult(
        warnings=(f"Nobody has confirmed {preview.id}; nothing was done.",),
        results=_untouched(preview),
        stopped_by=ConfirmationMissingError.code,
        hint=f"actwright confirm {preview.id}",
    )


def _blocked(preview: Preview) -> OrchestratorResult:
    """Return the envelope of a preview nobody can confirm: each action's issues, and nothing done."""
    ledger = Ledger(preview, issues=list(preview.issues))
    guarded = any(each.guardrail for each in preview.blocked)
    refused = {each.action_id for each in preview.blocked}
    ledger.refused |= {
        each.id for each in preview.effects if refused & {each.action_id, *each.also_for}
    }
    return OrchestratorResult(
        errors=tuple(dict.fromkeys(each.message for each in preview.blocked)),
        results=ledger.results(),
        stopped_by=(RefusedError if guarded else InputError).code,
        hint=preview.blocked[0].hint,
    )


def not_started(preview: Preview, error: ActwrightError) -> OrchestratorResult:
    """Return the envelope of a run that never began: nothing was done, and why."""
    text = f"{error} Nothing was done."
    unconfirmed = isinstance(error, ConfirmationError)
    return OrchestratorResult(
        warnings=(text,) if unconfirmed else (),
        errors=() if unconfirmed else (text,),
        results=_untouched(preview),
        stopped_by=type(error).code,
        hint=with_command(error.hint, preview.plan_id),
    )


def _untouched(preview: Preview) -> tuple[ActionResult, ...]:
    return Ledger(preview).results()
