"""Forms of events: which ones this program knows, and how an older one is read as the newest.

An event is never written anew: its hash holds it as it is. What reads it for its meaning asks for the newest form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actwright.errors import JournalUnknownError
from actwright.runs.record.event import KINDS, EventKind, JournalEvent

Data = dict[str, Any]

_VERSIONS: Mapping[str, int] = {"run_ended": 2}
"""The newest form of each kind; 1 for those not named."""


def version_of(kind: EventKind) -> int:
    """Return the form in which events of a kind are written."""
    return _VERSIONS.get(kind, 1)


def is_known(kind: str, version: int) -> bool:
    """Tell whether this program knows events of that kind and form."""
    return kind in KINDS and 1 <= version <= _VERSIONS.get(kind, 1)


def check_known(run_id: str, seq: int, kind: str, version: int) -> None:
    """Refuse an event that a newer program has written.

    Raises:
        JournalUnknownError: Its kind or its form is unknown.
    """
    if not is_known(kind, version):
        raise JournalUnknownError(
            f"Event {seq} of {run_id} is {kind!r} in form {version}, which this program does not know.",
            where=run_id,
            hint="Upgrade Actwright: a newer one has written it. Nothing was changed.",
        )


def newest_form(event: JournalEvent) -> JournalEvent:
    """Return an event with its data in the newest form of its kind; one that has it already as it is."""
    version, data = event.version, event.data
    while step := _STEPS.get((event.kind, version)):
        version, data = version + 1, step(data)
    if version == event.version:
        return event
    return event.model_copy(update={"version": version, "data": data})


def _ended_with_status(data: Data) -> Data:
    """In its first form the end of a run told only by its envelope whether it was a success."""
    succeeded = bool(data["envelope"].get("success"))
    return {**data, "status": "completed" if succeeded else "failed"}


_STEPS: Mapping[tuple[str, int], Callable[[Data], Data]] = {
    ("run_ended", 1): _ended_with_status,
}
"""By kind and form: what makes the next form's data of that form's."""
