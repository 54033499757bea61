"""Journal events in one line each: what was intended, what the org answered, what changed beside the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview
    from actwright.runs.event import JournalEvent

_Data = Mapping[str, Any]
"""An event's data, as it was written."""

DAMAGED = "cannot be read: the journal was changed"

_MOST_SPELLED_OUT = 12


@dataclass(frozen=True, slots=True)
class _Deed:
    """What one effect does to which record."""

    verb: str
    label: str
    name: str

    def __str__(self) -> str:
        return f"{self.verb} {self.label}" + (f' "{self.name}"' if self.name else "")


_Deeds = Mapping[str, _Deed]
"""What each effect does, by its id."""


class Teller:
    """Tells the events of one run.

    Args:
        preview: What the run carries out; where it is gone, effects are told by their ids.
    """

    def __init__(self, preview: Preview | None) -> None:
        self._deeds = _deeds(preview)

    def told(self, event: JournalEvent) -> str:
        """Return what an event says, in one line; where it was tampered with, that is what is told."""
        try:
            return _TELLERS[event.kind](event.data, self._deeds)
        except (AttributeError, LookupError, TypeError, ValueError):
            return DAMAGED


def told(event: JournalEvent, preview: Preview | None) -> str:
    """Return what one event says, in one line; see `Teller`."""
    return Teller(preview).told(event)


def _deeds(preview: Preview | None) -> _Deeds:
    from actwright.checkpoints.wording.effect_words import new_name  # noqa: PLC0415 - slow to import

    return {
        each.id: _Deed(
            each.operation.lower(),
            each.object_label or each.object,
            str(each.record_name or each.record_id or new_name(each) or ""),
        )
        for each in (preview.effects if preview else ())
    }


def _started(data: _Data, deeds: _Deeds) -> str:
    count = f": {_count(len(deeds), 'effect')}" if deeds else ""
    return f"carries out {data['previewId']}{count}"


def _checked(data: _Data, _deeds: _Deeds) -> str:
    return f"{_count(len(data['versions']), 'record')} read again, as previewed"


def _refused(data: _Data, _deeds: _Deeds) -> str:
    return f"nothing was sent: {_some([each['message'] for each in data['issues']], ' ')}"


def _intended(data: _Data, deeds: _Deeds) -> str:
    ids = list(data["effects"])
    if len(ids) <= _MOST_SPELLED_OUT:
        return f"about to {', '.join(str(deeds.get(each, each)) for each in ids)}"
    kinds = Counter(_kind(deeds.get(each)) for each in ids)
    return f"about to {', '.join(f'{kind}: {count:,}' for kind, count in kinds.items())}"


def _kind(deed: _Deed | None) -> str:
    return f"{deed.verb} {deed.label}" if deed else "carry out"


def _submitted(data: _Data, _deeds: _Deeds) -> str:
    return f"{data['groupId']}: the org knows it as bulk job {data['jobId']}"


def _settled(data: _Data, _deeds: _Deeds) -> str:
    outcomes = data["outcomes"]
    failure = [str(data["error"]["message"])] if data.get("error") else []
    if len(outcomes) <= _MOST_SPELLED_OUT:
        return ", ".join([*(_answer(each) for each in outcomes), *failure])
    counts = Counter(_word(each) for each in outcomes)
    faults = [_answer(each) for each in outcomes if each["faults"]]
    counted = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    return "; ".join([counted, *([_some(faults, ", ")] if faults else []), *failure])


def _answer(outcome: _Data) -> str:
    record = f" {outcome['recordId']}" if outcome["recordId"] else ""
    faults = " ".join(f"{each['code']}: {each['message']}" for each in outcome["faults"])
    return f"{_word(outcome)}{record}{f' ({faults})' if faults else ''}"


def _word(outcome: _Data) -> str:
    return "created" if outcome["created"] else str(outcome["status"]).replace("_", " ")


def _observed(data: _Data, _deeds: _Deeds) -> str:
    from actwright.runs.envelope import SideChange  # noqa: PLC0415 - slow to import

    changes = [str(SideChange.model_validate(each)) for each in data["sideChanges"]]
    return _some(changes, "; ") or "nothing changed beside the plan"


def _ended(data: _Data, _deeds: _Deeds) -> str:
    envelope = data["envelope"]
    if envelope["success"]:
        return "done"
    return _some(envelope["errors"], " ") or f"stopped by {envelope['stoppedBy']}"


def _some(texts: Sequence[str], between: str) -> str:
    """Return the first few texts, and how many more there are."""
    more = len(texts) - _MOST_SPELLED_OUT
    told = between.join(texts[:_MOST_SPELLED_OUT])
    return f"{told}{between}and {more:,} more" if more > 0 else told


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_TELLERS: Mapping[str, Callable[[_Data, _Deeds], str]] = {
    "run_started": _started,
    "group_checked": _checked,
    "group_refused": _refused,
    "group_intended": _intended,
    "group_submitted": _submitted,
    "group_settled": _settled,
    "group_observed": _observed,
    "run_ended": _ended,
}
