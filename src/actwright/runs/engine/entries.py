"""Entries: what the engine writes into the journal of each thing that happens, as plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from actwright.errors import ActwrightError
from actwright.org.outcome import GroupOutcome
from actwright.runs.engine.first_words import with_first_words
from actwright.runs.engine.move import Pause
from actwright.runs.engine.reins import Cancelling
from actwright.runs.engine.work import Attempt, Ending, NotReady, Ready, Reconciled
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.happening import Happening
from actwright.runs.record.journal import Entry


def intent(attempt: Attempt, ready: Ready) -> list[Entry]:
    """Return what is written before a step is sent."""
    intended = {
        "groupId": attempt.step.id,
        "stage": attempt.stage,
        "effects": list(attempt.left or attempt.step.effects),
        "attempt": attempt.number,
        "key": attempt.key,
        "recovery": ready.recovery,
    }
    if not ready.checked:
        return [("group_intended", intended)]
    checked = {**_named(attempt), **ready.checked}
    return [("group_checked", checked), ("group_intended", intended)]


def submitted(attempt: Attempt, job: str) -> Entry:
    """Return that the org has given a step's bulk job an id."""
    return "group_submitted", {**_named(attempt), "jobId": job}


def settled(
    attempt: Attempt, outcome: GroupOutcome, error: ActwrightError | None, duration_ms: float
) -> Entry:
    """Return the answer to a step."""
    told = outcome.model_dump(mode="json")
    told.update(_named(attempt), durationMs=duration_ms, error=_told(error))
    return "group_settled", told


def refused(attempt: Attempt, found: NotReady) -> Entry:
    """Return what keeps a step from being sent."""
    return "group_refused", {**_named(attempt), **found.refused, "error": _told(found.error)}


def retrying(attempt: Attempt, error: ActwrightError | None, until: str) -> Entry:
    """Return that a step is tried again at a moment."""
    told = {"attempt": attempt.number + 1, "error": _told(error), "until": until}
    return "group_retrying", {**_named(attempt), **told}


def reconciled(attempt: Attempt, found: Reconciled) -> Entry:
    """Return what became of a step whose answer was lost."""
    told = {"by": found.by, "evidence": list(found.evidence), "attempt": attempt.number}
    data = found.outcome.model_dump(mode="json") | _named(attempt) | told
    return "group_reconciled", legible(data)


def observed(attempt: Attempt, data: Mapping[str, Any]) -> Entry:
    """Return what was seen of a step after it was done."""
    return "group_observed", legible({**_named(attempt), **data})


def paused(stage: int, pause: Pause, happened: Sequence[Happening]) -> Entry:
    """Return that the run cannot go on by itself, and what was answered first where a step was not done."""
    reason = pause.reason
    if pause.needs == "retry":
        reason = with_first_words(reason, pause.group_id, happened)
    choices = ["happened", "did not happen"] if pause.needs == "clarification" else []
    told = {
        "stage": stage,
        "groupId": pause.group_id,
        "reason": reason,
        "for": pause.needs,
        "code": pause.code,
        "evidence": list(pause.evidence),
        "choices": choices,
    }
    return "run_paused", legible(told)


def defective(stage: int, defect: Exception) -> Entry:
    """Return that a defect of the program keeps the run from going on."""
    reason = f"A defect kept the run from going on: {type(defect).__name__}."
    return "run_paused", {"stage": stage, "reason": reason, "for": "retry", "code": "broken_off"}


def cancelled(wish: Cancelling, key: str) -> Entry:
    """Return that somebody in this process wants the run to end."""
    told = {"action": "cancel", "key": key, "why": wish.why, "by": wish.by}
    return "intervened", told | {"ending": "cancelled", "endingWhy": wish.why}


def ended(envelope: OrchestratorResult, ending: Ending) -> Entry:
    """Return the end of the run."""
    told = legible(envelope.model_dump(mode="json"))
    return "run_ended", {"envelope": told, "status": ending.status, "reason": ending.reason}


def legible(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON data with what cannot be written down replaced: halves of characters, numbers that are not finite."""
    try:
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        return {str(key): _replaced(item) for key, item in data.items()}
    return dict(data)


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {_replaced(key): _replaced(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(each) for each in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _named(attempt: Attempt) -> dict[str, Any]:
    return {"groupId": attempt.step.id, "stage": attempt.stage}


def _told(error: ActwrightError | None) -> dict[str, str | None] | None:
    return told_error(error) if error else None


def told_error(error: ActwrightError) -> dict[str, str | None]:
    """Return an error as the journal keeps it: what it is, and in ``kind`` the code of its class."""
    return {"kind": type(error).code, **error.as_dict()}
