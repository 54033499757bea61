"""News: what each kind of event changes in what is known of a run, and of the step it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import EventKind
from actwright.runs.record.happening import Happening
from actwright.runs.record.stage import Stage
from actwright.runs.record.step import StepState, settled

if TYPE_CHECKING:
    from actwright.runs.record.state import RunState

News = dict[str, object]
"""Fields of a state, or of a step, that an event changes."""


def _started(_: RunState, event: Happening) -> News:
    data = event.data
    told = ("locale", "zone", "undoes", "limits", "deadline", "parallel")
    named = {
        "goal": "goal",
        "plan_id": "planId",
        "preview_id": "previewId",
        "confirmation_id": "confirmationId",
        "digest": "digest",
        "user": "user",
        "org": "org",
    }
    return {
        **{name: data[key] for name, key in named.items()},
        **{name: data[name] for name in told if name in data},
        "on_failure": data.get("onFailure", "end"),
        "answer_within": data.get("answerWithin"),
        "status": "queued" if data.get("queued") else "running",
        "approver": event.actor,
        "started_at": event.at,
        "taken_at": "" if data.get("queued") else event.at,
        "stages": (_stage(1, event, "start"),),
    }


def _taken(_: RunState, event: Happening) -> News:
    return {"worker": event.data["by"], "taken_at": event.at, **_RUNNING}


def _continued(state: RunState, event: Happening) -> News:
    data = event.data
    stage = _stage(len(state.stages) + 1, event, data["because"])
    return {
        "plan_id": data["planId"],
        "preview_id": data["previewId"],
        "confirmation_id": data["confirmationId"],
        "digest": data["digest"],
        "stages": (*state.stages, stage),
        **_RUNNING,
    }


def _stage(number: int, event: Happening, because: str) -> Stage:
    data = event.data
    return Stage.model_validate(
        {
            "number": number,
            "plan_id": data["planId"],
            "preview_id": data["previewId"],
            "confirmation_id": data["confirmationId"],
            "digest": data["digest"],
            "approver": event.actor,
            "groups": data.get("groups"),
            "because": because,
        }
    )


def _checked(_: StepState | None, __: Happening) -> News:
    return {"status": "checked"}


def _refused(_: StepState | None, __: Happening) -> News:
    return {"status": "refused"}


def _intended(known: StepState | None, event: Happening) -> News:
    data = event.data
    attempt = data.get("attempt", 1)
    return {
        "status": "intended",
        "attempt": attempt,
        "intended": max(attempt, known.intended if known else 0),
        "key": data.get("key", ""),
        "recovery": data.get("recovery", ""),
        "sent_at": event.at,
        "by": "",
        "job_id": None,
    }


def _submitted(_: StepState | None, event: Happening) -> News:
    return {"status": "intended", "job_id": event.data.get("jobId")}


def _settled(known: StepState | None, event: Happening) -> News:
    return settled(known, event.data)


def _retrying(known: StepState | None, event: Happening) -> News:
    data = event.data
    attempt = data.get("attempt") or (known.next_attempt if known else 1)
    return {"status": "retrying", "attempt": attempt, "until": data.get("until")}


def _skipped(_: StepState | None, __: Happening) -> News:
    return {"status": "skipped"}


def _paused(_: RunState, event: Happening) -> News:
    return _held("paused", event)


def _waiting(_: RunState, event: Happening) -> News:
    return _held("waiting", event)


def _held(status: Literal["paused", "waiting"], event: Happening) -> News:
    data = event.data
    return {
        "status": status,
        "reason": data.get("reason", ""),
        "waiting_for": data.get("for", "retry" if status == "paused" else "confirmation"),
        "until": data.get("until"),
        "held_since": event.at,
        "stalled": "",
    }


def _intervened(state: RunState, event: Happening) -> News:
    key = event.data.get("key", "")
    commands = {"commands": (*state.commands, key)} if key else {}
    return {**_becoming(event), **_ending(event), **commands}


def _becoming(event: Happening) -> News:
    """Return what an intervention makes of the run at once: it goes on, or it is held."""
    becomes = event.data.get("becomes")
    if becomes in {"paused", "waiting"}:
        return _held(becomes, event)
    return _RUNNING if becomes == "running" else {}


def _ending(event: Happening) -> News:
    data = event.data
    if not data.get("ending"):
        return {}
    return {"ending": data["ending"], "ending_why": data.get("endingWhy", "")}


def _timer_fired(_: RunState, event: Happening) -> News:
    """Return what a timer makes of the run: it is to end, or it is flagged as stalled and stays as it is."""
    if event.data.get("ending"):
        return {**_RUNNING, **_ending(event)}
    return {"stalled": event.data.get("stalled", "")}


def _ended(_: RunState, event: Happening) -> News:
    envelope = OrchestratorResult.model_validate(event.data["envelope"])
    by_success = "completed" if envelope.success else "failed"
    return {
        **_RUNNING,
        "status": event.data.get("status", by_success),
        "reason": event.data.get("reason", ""),
        "ended_at": event.at,
        "envelope": envelope,
    }


def _goes_on(_: RunState, __: Happening) -> News:
    return _RUNNING


_RUNNING: News = {
    "status": "running",
    "reason": "",
    "waiting_for": "",
    "until": None,
    "stalled": "",
}

NEWS: Mapping[EventKind, Callable[[RunState, Happening], News]] = {
    "run_started": _started,
    "run_taken": _taken,
    "group_intended": _goes_on,
    "run_paused": _paused,
    "run_waiting": _waiting,
    "run_continued": _continued,
    "intervened": _intervened,
    "timer_fired": _timer_fired,
    "run_ended": _ended,
}
"""By kind: from a state and an event, the fields of the state that change; kinds not named change none."""

STEP_NEWS: Mapping[EventKind, Callable[[StepState | None, Happening], News]] = {
    "group_checked": _checked,
    "group_refused": _refused,
    "group_intended": _intended,
    "group_submitted": _submitted,
    "group_settled": _settled,
    "group_reconciled": _settled,
    "group_retrying": _retrying,
    "group_skipped": _skipped,
}
"""By kind: from a step, as far as anything is known of it, and an event, the fields of the step that change."""
