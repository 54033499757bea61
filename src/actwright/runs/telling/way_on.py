"""The way on: the command by which a run that is held goes on, whole, so that it can be pasted and filled in."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome

_MOST_RECORDS = 5
"""Records a command has a place for each; of more, how to name them is told."""

_TRIED = ("retry", "retry_with_inputs", "skip_stage", "force_branch", "abort_flow")
_MOVED_ON = _TRIED[1:]
"""What helps where the org has moved on: tried again as it was, it would be turned away again."""


def way_on(
    run_id: str, waits_for: str, *, created: Sequence[str] = (), in_doubt: bool, drifted: bool
) -> str:
    """Return how a paused run goes on.

    Args:
        run_id: The run.
        waits_for: What it needs, as the event that holds it says.
        created: What `created_by` returns of the step in doubt.
        in_doubt: Whether nobody can tell what became of a step.
        drifted: Whether the org has moved on since the preview.
    """
    if waits_for == "override":
        return f"Who signed, and who has to: actwright override list {run_id}"
    resume = f"actwright resume {run_id} --action"
    if in_doubt:
        answer = f"Then: {resume} provide_clarification --answer happened{_records(created)} --why REASON"
        otherwise = "--answer 'did not happen'" + (" and no --record" if created else "")
        return (
            f"{answer}, or with {otherwise}; to end it as it is: {resume} abort_flow --why REASON"
        )
    first, *others, last = _MOVED_ON if drifted else _TRIED
    return (
        f"Then: {resume} {first} --why REASON; or with {', '.join(others)} or {last}; "
        f"to end it: actwright cancel {run_id} --why REASON"
    )


def created_by(group: EffectGroup, outcome: GroupOutcome) -> tuple[str, ...]:
    """Return the effects in doubt that would have created a record, each as ``GROUP/EFFECT``."""
    lost = {each.effect_id for each in outcome.outcomes if each.status == "unknown"}
    return tuple(
        f"{group.id}/{each.id}"
        for each in group.effects
        if each.id in lost and each.kind == "record" and each.record_id is None
    )


def _records(created: Sequence[str]) -> str:
    if len(created) > _MOST_RECORDS:
        return f" --record GROUP/EFFECT=ID for each of the {len(created):,} records it created"
    return "".join(f" --record {each}=ID" for each in created)
