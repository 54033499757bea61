"""Proof that a run decides by its journal alone: it is carried out again with the recorded answers."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.blueprints.plan import Plan
from actwright.checkpoints.digest import digest_of
from actwright.checkpoints.preview import Preview
from actwright.errors import InputError
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.replay.re_execution import re_executed
from actwright.runs.telling.confirmed import Confirmed


def re_execute(
    events: Sequence[JournalEvent], plans: Sequence[Plan], previews: Sequence[Preview]
) -> tuple[JournalEvent, ...]:
    """Carry a recorded run out again with the real engine, and return the events that come of it.

    The journal answers in place of the org and the overrides; nothing is called. Each event has to be the recorded one,
    kind and data alike, times apart. Not for code on an event loop: it runs one of its own.

    Args:
        events: The run's whole journal.
        plans: The plan of each of its stages, in order.
        previews: The preview of each of its stages, in order.

    Raises:
        InputError: The plans and previews are not those the journal names.
        RunError: The journal does not fit the code; the first event that differs is named.
        StoreError: The journal is damaged.
    """
    named = fold(events).stages
    wanted = [(each.plan_id, each.preview_id, each.digest) for each in named]
    given = [
        (plan.id, each.id, digest_of(each)) for plan, each in zip(plans, previews, strict=False)
    ]
    if wanted != given or not len(wanted) == len(plans) == len(previews):
        raise InputError(
            "The plans and previews are not those the journal names.",
            where=events[0].run_id,
            hint="Give the plan and the preview of each stage, in order.",
        )
    stages = [
        Confirmed(stage.number, plan, preview, stage.approver)
        for stage, plan, preview in zip(named, plans, previews, strict=True)
    ]
    return re_executed(events, stages)
