"""Whether a run can go on with a preview: it waits for one, the preview is of this run, and nothing moved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationForeignError, RunError
from actwright.org.query import JsonScalar
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.record.journal import Entry
from actwright.runs.record.state import RunState

_OPEN = frozenset({"confirmation", "retry"})
"""What a run waits for where a yes to a preview can carry it on."""

_STEPS: frozenset[EventKind] = frozenset(
    {
        "group_intended",
        "group_settled",
        "group_reconciled",
        "group_retrying",
        "group_skipped",
        "run_continued",
    }
)
"""What changes what a run has behind it."""


def check_goes_on(preview: Preview, run_id: str) -> None:
    """Refuse a preview of anything else than what this run goes on with.

    Raises:
        ConfirmationForeignError: It starts a run of its own, or goes on with another one.
    """
    if preview.run_id != run_id:
        other = f"goes on with {preview.run_id}" if preview.run_id else "starts a run of its own"
        raise ConfirmationForeignError(
            f"{preview.id} {other}; {run_id} cannot go on with it.",
            where=preview.id,
            hint=f"actwright resume {run_id}",
            code="preview_bound",
        )


def check_can_go_on(state: RunState) -> None:
    """Refuse to go on with a run that does not stand where a yes could carry it on.

    Raises:
        RunError: The run has ended, is going on, or waits for something else.
    """
    if state.ended:
        raise _not(state, f"has ended: {state.status}", "run_ended")
    if state.ending:
        raise _not(
            state,
            f"is about to end as {state.ending}: {state.ending_why}".rstrip(".: "),
            "run_ending",
        )
    if state.waiting_for not in _OPEN:
        held = f"waits for {state.waiting_for}" if state.waiting_for else f"is {state.status}"
        raise _not(state, f"{held}, and not for a yes to what comes next", "run_not_waiting")


def check_not_moved(events: Sequence[JournalEvent], preview: Preview) -> None:
    """Refuse a preview that was made before the run took its last step.

    What people only said since then changes nothing that was previewed.

    Raises:
        RunError: The run has moved on since the preview was made.
    """
    run_id = events[0].run_id
    if any(each.seq > preview.after and each.kind in _STEPS for each in events):
        raise RunError(
            f"{run_id} has moved on since {preview.id} was made.",
            where=preview.id,
            hint=f"actwright resume {run_id}",
            code="run_moved_on",
        )


def check_waits_for_wave(state: RunState, newest: Preview) -> None:
    """Refuse to preview the next wave of a run that does not wait for one.

    Args:
        state: The run.
        newest: The preview of its newest stage.

    Raises:
        RunError: It has ended, waits for something else, or has nothing left.
    """
    check_can_go_on(state)
    if not newest.later or state.waiting_for != "confirmation":
        raise _not(state, "does not wait for a further part to be previewed", "run_not_waiting")


def agreed_inputs(events: Sequence[JournalEvent]) -> Mapping[str, JsonScalar] | None:
    """Return the inputs that signers agreed a run goes on with, where it waits for exactly these."""
    for event in reversed(events):
        if event.kind == "intervened" and event.data.get("becomes") == "waiting":
            inputs: Mapping[str, JsonScalar] | None = event.data.get("inputs")
            return inputs or None
        if event.kind in {"run_continued", "run_waiting", "run_paused", "group_intended"}:
            return None
    return None


def continued(
    preview: Preview, confirmation: Confirmation, told: Mapping[str, object] = MappingProxyType({})
) -> Entry:
    """Return the event of a yes that carries a run on.

    Args:
        preview: What follows.
        confirmation: The yes to it.
        told: Who signed, or the grant it comes from, where that is more than a plain yes.
    """
    return (
        "run_continued",
        {
            "planId": preview.plan_id,
            "previewId": preview.id,
            "confirmationId": confirmation.id,
            "digest": preview.digest,
            "groups": len(preview.groups),
            "because": preview.because,
            **told,
        },
    )


def _not(state: RunState, why: str, code: str) -> RunError:
    looking = f"actwright inspect {state.id}"
    ending = f"actwright resume {state.id} carries its end out."
    return RunError(
        f"{state.id} {why}.",
        where=state.id,
        hint=ending if state.ending and not state.ended else looking,
        code=code,
    )
