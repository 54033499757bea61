"""Runs that never ran: effects, stages and journals as an undo reads them, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests import pages_scene as scene

from actwright.canonical import Json
from actwright.checkpoints.preview import Preview
from actwright.org.effect import Effect, FieldChange
from actwright.org.value import FieldValue
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.past_run import PastRun, PastStage

RUN = "run_1"
Told = tuple[EventKind, dict[str, Json]]


def change(
    field: str, before: FieldValue, after: FieldValue, linked_to: str | None = None
) -> FieldChange:
    """Return a change of a text field."""
    return FieldChange(
        field=field,
        label=field,
        before=before,
        after=after,
        linked_to=linked_to,
        provenance="goal",
    )  # fmt: skip


def effect(key: str, *changes: FieldChange, record: str | None = None, **more: object) -> Effect:
    """Return an effect on a record; without a record it creates one."""
    given: dict[str, object] = {
        "id": key,
        "action_id": key.partition(".")[0],
        "operation": "UPDATE" if record else "CREATE",
        "object": "Account",
        "record_id": record,
        "ref": None if record else key.partition(".")[0],
        "changes": changes,
    }
    return Effect.model_validate(given | more)


def done(
    key: str, *changes: FieldChange, record: str, created: bool = False, **more: object
) -> Accomplished:
    """Return an effect that happened."""
    made = effect(key, *changes, record=None if created else record)
    fields: dict[str, object] = {"effect": made} | more
    return Accomplished(keys=(key,), status="done", record_id=record, created=created, **fields)  # type: ignore[arg-type]  # one place for many tests


def outcome(key: str, status: str = "done", **more: Json) -> Json:
    """Return what became of an effect, as an event tells it."""
    return {"effectId": key, "status": status, **more}


def told(kind: EventKind, **data: Json) -> Told:
    """Return any event."""
    return kind, data


def settled(*outcomes: Json, group: str = "g1", **more: Json) -> Told:
    """Return the event of a group's outcome."""
    return "group_settled", {"groupId": group, "outcomes": list(outcomes), **more}


def intended(*keys: str, group: str = "g1", **more: Json) -> Told:
    """Return the event of a group's intent."""
    return "group_intended", {"groupId": group, "effects": list(keys), **more}


def started(number: int = 1) -> dict[str, Json]:
    """Return what the event that begins a stage tells."""
    return {
        "goal": "goal",
        "planId": f"plan_{number}",
        "previewId": f"prv_{number}",
        "confirmationId": "cnf_1",
        "digest": "d",
        "user": "alice",
        "org": "00D",
        "because": "wave",
    }


def journal(*events: Told) -> tuple[JournalEvent, ...]:
    """Return the events of one run, behind its first; their chain is not what is tried here."""
    return tuple(
        JournalEvent(
            run_id=RUN,
            seq=place,
            at=f"2026-11-21T12:00:{place:02}.000Z",
            kind=kind,
            actor="Alice",
            data=data,
            prev_hash="",
            hash="",
        )
        for place, (kind, data) in enumerate((FIRST, *events), start=1)
    )


FIRST: Told = ("run_started", started())


def past(stages: Sequence[Sequence[Effect]], *events: Told) -> PastRun:
    """Return a run of these stages."""
    written = journal(*events)
    made = [
        PastStage(number, scene.plan("goal"), _preview(effects))
        for number, effects in enumerate(stages, start=1)
    ]
    return PastRun(fold(written), written, tuple(made))


def _preview(effects: Sequence[Effect]) -> Preview:
    return scene.preview(effects)


def values(work: Accomplished) -> Mapping[str, tuple[FieldValue, FieldValue]]:
    """Return what was moved, by field."""
    return {each.field: (each.before, each.after) for each in work.moved}
