"""Journal events in one line each: what was intended, what the org answered, what changed beside the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview
    from actwright.runs.event import JournalEvent

_Data = Mapping[str, Any]
"""An event's data, as it was written."""

_Names = Mapping[str, str]
"""What each effect does to which record, by the effect's id."""

DAMAGED = "cannot be read: the journal was changed"


def told(event: JournalEvent, preview: Preview | None) -> str:
    """Return what an event says, in one line.

    Args:
        event: The event; where it was tampered with, that is what is told.
        preview: What the run carries out; where it is gone, effects are told by their ids.
    """
    try:
        return _TELLERS[event.kind](event.data, _names(preview))
    except (AttributeError, LookupError, TypeError, ValueError):
        return DAMAGED


def _names(preview: Preview | None) -> _Names:
    from actwright.checkpoints.question import new_name  # noqa: PLC0415 - slow to import

    names: dict[str, str] = {}
    for each in preview.effects if preview else ():
        name = each.record_name or each.record_id or new_name(each)
        label = each.object_label or each.object
        names[each.id] = f"{each.operation.lower()} {label}" + (f' "{name}"' if name else "")
    return names


def _started(data: _Data, names: _Names) -> str:
    count = f": {_count(len(names), 'effect')}" if names else ""
    return f"carries out {data['previewId']}{count}"


def _checked(data: _Data, _names: _Names) -> str:
    return f"{_count(len(data['versions']), 'record')} read again, as previewed"


def _refused(data: _Data, _names: _Names) -> str:
    return f"nothing was sent: {' '.join(each['message'] for each in data['issues'])}"


def _intended(data: _Data, names: _Names) -> str:
    return f"about to {', '.join(names.get(each, each) for each in data['effects'])}"


def _settled(data: _Data, _names: _Names) -> str:
    answers = [_answer(each) for each in data["outcomes"]]
    failure = [str(data["error"]["message"])] if data.get("error") else []
    return ", ".join([*answers, *failure])


def _answer(outcome: _Data) -> str:
    made = "created" if outcome["created"] else outcome["status"].replace("_", " ")
    record = f" {outcome['recordId']}" if outcome["recordId"] else ""
    faults = " ".join(f"{each['code']}: {each['message']}" for each in outcome["faults"])
    return f"{made}{record}{f' ({faults})' if faults else ''}"


def _observed(data: _Data, _names: _Names) -> str:
    from actwright.runs.envelope import SideChange  # noqa: PLC0415 - slow to import

    changes = [str(SideChange.model_validate(each)) for each in data["sideChanges"]]
    return "; ".join(changes) or "nothing changed beside the plan"


def _ended(data: _Data, _names: _Names) -> str:
    envelope = data["envelope"]
    if envelope["success"]:
        return "done"
    return " ".join(envelope["errors"]) or f"stopped by {envelope['stoppedBy']}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_TELLERS: Mapping[str, Callable[[_Data, _Names], str]] = {
    "run_started": _started,
    "group_checked": _checked,
    "group_refused": _refused,
    "group_intended": _intended,
    "group_settled": _settled,
    "group_observed": _observed,
    "run_ended": _ended,
}
