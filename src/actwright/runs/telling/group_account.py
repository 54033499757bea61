"""The account of one effect group: what the events say of it, as far as the newest attempt goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actwright.org.effect import EffectGroup
from actwright.runs.record.happening import Happening
from actwright.runs.telling.confirmed import Confirmed

_ANSWERS = frozenset({"group_settled", "group_reconciled"})


@dataclass
class GroupAccount:
    """What the events say of one effect group, as far as the newest attempt goes.

    Attributes:
        refused: What kept it from being sent.
        answer: What became of it; an attempt without an answer may have happened.
        observed: What was seen of it afterwards.
        skipped: Why a person said to go on without it.
        stands: The outcomes of what had happened in earlier attempts.
    """

    refused: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    observed: Mapping[str, Any] | None = None
    skipped: str | None = None
    stands: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, event: Happening, group: EffectGroup) -> None:
        """Take in one more event of the group."""
        if event.kind in {"group_intended", "group_retrying"}:
            self._begin_again()
        if event.kind == "group_intended":
            sent = event.data.get("effects") or [each.id for each in group.effects]
            lost = [{"effectId": each, "status": "unknown"} for each in sent]
            self.answer = {"outcomes": [*self.stands, *lost]}
        elif event.kind == "group_submitted" and self.answer is not None:
            self.answer = {**self.answer, "jobId": event.data["jobId"]}
        elif event.kind in _ANSWERS:
            self.answer = {**event.data, "outcomes": [*self.stands, *event.data["outcomes"]]}
        elif event.kind == "group_refused":
            self.refused = event.data
        elif event.kind == "group_observed":
            self.observed = event.data
        elif event.kind == "group_skipped":
            self.skipped = str(event.data.get("why", ""))

    def _begin_again(self) -> None:
        """Forget the last attempt, but for what is known to have happened in it."""
        told = self.answer["outcomes"] if self.answer else ()
        self.stands = [each for each in told if each["status"] == "done"]
        self.refused = self.observed = self.skipped = None
        self.answer = {"outcomes": list(self.stands)} if self.stands else None


def by_group(confirmed: Confirmed, happened: Sequence[Happening]) -> dict[str, GroupAccount]:
    """Return the account of each group of a stage, by its id."""
    found = {each: GroupAccount() for each in confirmed.groups}
    for event in happened:
        group = confirmed.groups.get(str(event.data.get("groupId", "")))
        if group is not None and event.data.get("stage", 1) == confirmed.number:
            found[group.id].take(event, group)
    return found
