"""First words: what was answered first where a step was not done, so that whoever reads why a run is held need not look it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actwright.inert import inert
from actwright.runs.record.happening import Happening

_LONGEST = 200
_ANSWERS = frozenset({"group_settled", "group_reconciled", "group_refused"})


def with_first_words(reason: str, group_id: str, happened: Sequence[Happening]) -> str:
    """Return a reason with the first words that came back from a group, where there are any.

    Args:
        reason: A sentence that says that it was not done.
        group_id: The group.
        happened: The events of the run.
    """
    answer = next((each.data for each in reversed(happened) if _answers(each, group_id)), {})
    words = next(_words(answer), "")
    return f"{reason.removesuffix('.')}: {inert(words, limit=_LONGEST)}" if words else reason


def _answers(event: Happening, group_id: str) -> bool:
    return event.kind in _ANSWERS and event.data.get("groupId") == group_id


def _words(answer: Mapping[str, Any]) -> Iterator[str]:
    error = answer.get("error") or {}
    faults = [fault for each in answer.get("outcomes", ()) for fault in each.get("faults", ())]
    for each in (error, *faults, *answer.get("issues", ())):
        if each.get("message"):
            yield str(each["message"])
