"""Verdicts: what a blocked preview, and a yes that could not be given, mean for the exit code and the envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.errors import ActwrightError, InputError, RefusedError

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview
    from actwright.runs.envelope import ActionResult, OrchestratorResult


def kind_of_block(preview: Preview) -> type[ActwrightError]:
    """Return what kind of error a blocked preview is: refused by a guardrail, or made of values that do not fit."""
    guarded = any(each.guardrail for each in preview.blocked)
    return RefusedError if guarded or not preview.blocked else InputError


def blocked_error(preview: Preview) -> ActwrightError:
    """Return a blocked preview as an error that names every issue."""
    first = preview.blocked[0]
    return kind_of_block(preview)(
        f"{preview.id} is blocked: {' '.join(each.message for each in preview.blocked)}",
        where=".".join(part for part in (first.object, first.field) if part) or None,
        hint=first.hint,
        code=first.code,
    )


def blocked_envelope(preview: Preview) -> OrchestratorResult:
    """Return the envelope of a preview that was blocked before anybody was asked."""
    from actwright.runs.envelope import OrchestratorResult  # noqa: PLC0415 - slow to import

    return OrchestratorResult(
        errors=tuple(each.message for each in preview.blocked),
        results=_results(preview),
        stopped_by=kind_of_block(preview).code,
        hint=preview.blocked[0].hint,
    )


def unconfirmed_envelope(preview: Preview, error: ActwrightError) -> OrchestratorResult:
    """Return the envelope of a preview whose yes was not taken."""
    from actwright.runs.envelope import OrchestratorResult  # noqa: PLC0415 - slow to import

    return OrchestratorResult(
        warnings=(f"{error} Nothing was done.",),
        results=_results(preview),
        stopped_by=type(error).code,
        hint=error.hint,
    )


def _results(preview: Preview) -> tuple[ActionResult, ...]:
    from actwright.runs.envelope import ActionResult  # noqa: PLC0415 - slow to import

    found = {
        each.action_id: tuple(
            issue for issue in preview.issues if issue.action_id == each.action_id
        )
        for each in preview.actions
    }
    blocked = {issue.action_id for issue in preview.blocked}
    return tuple(
        ActionResult(
            id=each.action_id,
            blueprint=each.blueprint,
            implementation=each.implementation,
            status="refused" if each.action_id in blocked else "not_run",
            issues=found[each.action_id],
        )
        for each in preview.actions
    )
