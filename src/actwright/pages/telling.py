"""Journal events in one line each: what was intended, what the org answered, what changed beside the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actwright.pages.standing import left_out_in_words

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.event import JournalEvent

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
"""What each effect of a stage does, by its id."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is known beside an event: what the effects of its stage do, and how a moment is written."""

    deeds: _Deeds
    moment: Callable[[str], str]


class Teller:
    """Tells the events of one run.

    Args:
        stages: The previews the run carries out, in order; where one is gone, its effects are told by their ids.
        moment: How a point in time is written; as it stands in the journal where left out.
    """

    def __init__(
        self, stages: Sequence[Preview | None] = (), moment: Callable[[str], str] = str
    ) -> None:
        self._deeds = [_deeds(each) for each in stages]
        self._moment = moment

    def told(self, event: JournalEvent) -> str:
        """Return what an event says, in one line; where it was tampered with, that is what is told."""
        try:
            return _TELLERS[event.kind](event.data, self._scene(event.data))
        except (AttributeError, LookupError, TypeError, ValueError):
            return DAMAGED

    def deeds(self, stage: int, effect_ids: Sequence[str]) -> str:
        """Return what effects of a stage do; of many, how many of each kind."""
        return _doing(effect_ids, self._scene({"stage": stage}).deeds)

    def _scene(self, data: _Data) -> _Scene:
        place = int(data.get("stage", 1)) - 1
        known = self._deeds[place] if 0 <= place < len(self._deeds) else {}
        return _Scene(known, self._moment)


def told(event: JournalEvent, preview: Preview | None) -> str:
    """Return what one event says, in one line; see `Teller`."""
    return Teller([preview]).told(event)


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


def _started(data: _Data, scene: _Scene) -> str:
    count = f": {_count(len(scene.deeds), 'effect')}" if scene.deeds else ""
    if data.get("queued"):
        return f"is to carry out {data['previewId']}{count}; a worker takes it{_let(data)}"
    return f"carries out {data['previewId']}{count}{_let(data)}"


def _let(data: _Data) -> str:
    """Return who let it happen, where that is more than one person's plain yes."""
    if data.get("grant"):
        return f"; the grant {data['grant']} covers it"
    signed = [f"{each['approver']} (key {each['keyId']})" for each in data.get("signatures", ())]
    return f"; signed by {_some(signed, ', ')}" if signed else ""


def _taken(data: _Data, _: _Scene) -> str:
    return f"{worker_in_words(str(data['by']))} has it now: {data['why']}"


def _checked(data: _Data, _: _Scene) -> str:
    return f"{_count(len(data['versions']), 'record')} read again, as previewed"


def _refused(data: _Data, _: _Scene) -> str:
    return f"nothing was sent: {_some([each['message'] for each in data['issues']], ' ')}"


def _intended(data: _Data, scene: _Scene) -> str:
    again = f" (try {data['attempt']})" if data.get("attempt", 1) > 1 else ""
    return f"about to {_doing(data['effects'], scene.deeds)}{again}"


def _doing(effect_ids: Sequence[str], deeds: _Deeds) -> str:
    if len(effect_ids) <= _MOST_SPELLED_OUT:
        return ", ".join(str(deeds.get(each, each)) for each in effect_ids)
    kinds = Counter(_kind(deeds.get(each)) for each in effect_ids)
    return ", ".join(f"{kind}: {count:,}" for kind, count in kinds.items())


def _kind(deed: _Deed | None) -> str:
    return f"{deed.verb} {deed.label}" if deed else "carry out"


def _submitted(data: _Data, _: _Scene) -> str:
    return f"{data['groupId']}: the org knows it as bulk job {data['jobId']}"


def _settled(data: _Data, _: _Scene) -> str:
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


def _observed(data: _Data, _: _Scene) -> str:
    from actwright.runs.record.envelope import SideChange  # noqa: PLC0415 - slow to import

    # Two fields may bear one label, and say the same: a person reads that once.
    told = (str(SideChange.model_validate(each)) for each in data["sideChanges"])
    return _some(list(dict.fromkeys(told)), "; ") or "nothing changed beside the plan"


def _reconciled(data: _Data, scene: _Scene) -> str:
    found = _some([str(each) for each in data.get("evidence", ())], " ")
    said = f"{_SAYS.get(str(data['by']), 'told')}: {_settled(data, scene)}"
    return f"{said}. {found}" if found else said


def _retrying(data: _Data, scene: _Scene) -> str:
    error = data.get("error") or {}
    why = f": {error['message']}" if error.get("message") else ""
    return f"did not happen{why}; try {data['attempt']} at {scene.moment(str(data['until']))}"


def _skipped(data: _Data, _: _Scene) -> str:
    return f"{data['groupId']} is left out: {data['why']}"


def _held(data: _Data, scene: _Scene) -> str:
    until = f"; until {scene.moment(str(data['until']))}" if data.get("until") else ""
    return f"{_some([str(data['reason']), *data.get('evidence', ())], ' ')}{until}"


def _continued(data: _Data, _: _Scene) -> str:
    return f"goes on with {data['previewId']}, {_BECAUSE[str(data['because'])]}{_let(data)}"


def _intervened(data: _Data, _: _Scene) -> str:
    target = f" {data['target']}" if data.get("target") else ""
    words = f"{action_in_words(str(data['action']))}{target}: {data['why']}"
    return f"{words} Refused: {data['refused']}" if data.get("refused") else words


def _timer(data: _Data, _: _Scene) -> str:
    return f"{data['timer']}: {data.get('why', 'its moment has come')}"


def _ended(data: _Data, _: _Scene) -> str:
    envelope, reason = data["envelope"], data.get("reason")
    if data.get("status") in {"cancelled", "aborted"}:
        return f"{data['status']}{f': {reason}' if reason else ''}"
    if envelope["success"]:
        left_out = left_out_in_words(
            envelope.get("effectsDone", 0), envelope.get("effectsTotal", 0)
        )
        return f"ended: {left_out}" if left_out else "done"
    return _some(envelope["errors"], " ") or reason or f"stopped by {envelope['stoppedBy']}"


def worker_in_words(owner: str) -> str:
    """Return which process an owner of a run is: its machine and its number, without what tells its lives apart."""
    host, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    return f"process {number} on {host}" if number else owner


def action_in_words(action: str) -> str:
    """Return what an intervention is called."""
    return action.replace("_", " ")


def _some(texts: Sequence[str], between: str) -> str:
    """Return the first few texts, and how many more there are."""
    more = len(texts) - _MOST_SPELLED_OUT
    told = between.join(texts[:_MOST_SPELLED_OUT])
    return f"{told}{between}and {more:,} more" if more > 0 else told


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_SAYS = {
    "ledger": "the org's ledger says",
    "key": "sent again under its key",
    "job": "the bulk job says",
    "override": "the override says",
    "person": "a person says",
    "nobody": "nobody can say",
}
_BECAUSE = {
    "wave": "since what it waited for is known",
    "inputs": "with other inputs",
    "branch": "another way",
}
_TELLERS: Mapping[str, Callable[[_Data, _Scene], str]] = {
    "run_started": _started,
    "run_taken": _taken,
    "group_checked": _checked,
    "group_refused": _refused,
    "group_intended": _intended,
    "group_submitted": _submitted,
    "group_settled": _settled,
    "group_reconciled": _reconciled,
    "group_retrying": _retrying,
    "group_skipped": _skipped,
    "group_observed": _observed,
    "run_paused": _held,
    "run_waiting": _held,
    "run_continued": _continued,
    "intervened": _intervened,
    "timer_fired": _timer,
    "run_ended": _ended,
}
