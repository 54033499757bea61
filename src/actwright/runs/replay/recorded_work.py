"""Recorded work: the stages of a run as they were carried out, with a journal in place of the world outside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from actwright.checkpoints.waves.next_wave import next_wave
from actwright.document import validated
from actwright.errors import ActwrightError
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.engine.work import (
    Attempt,
    Ending,
    NotReady,
    Performed,
    Ready,
    Reconciled,
    Reports,
    Step,
)
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.record.happening import Happening
from actwright.runs.replay.recording import BrokenOff, Recording
from actwright.runs.telling.account import Account
from actwright.runs.telling.confirmed import Confirmed

_PLACE = frozenset({"groupId", "stage"})


class RecordedWork:
    """Answers as the recording says; calls nothing.

    Args:
        recording: The journal.
        stages: What was confirmed for each stage so far, the newest last.
    """

    def __init__(self, recording: Recording, stages: Sequence[Confirmed]) -> None:
        self._recording = recording
        self._stages = stages

    @property
    def actor(self) -> str:
        """Who said yes to the newest stage."""
        return self._stages[-1].approver

    @property
    def stage(self) -> int:
        """The number of the newest stage."""
        return self._stages[-1].number

    @property
    def steps(self) -> Sequence[Step]:
        """A step for each effect group."""
        return self._stages[-1].steps

    async def look(self, attempt: Attempt) -> Ready | NotReady:
        """Return what the last look found then."""
        event = await self._recording.answer(
            attempt.step.id,
            attempt.stage,
            {"group_checked", "group_intended", "group_refused", "group_retrying"},
        )
        if event.kind == "group_checked":
            intended = self._recording.at(event.seq)
            recovery = str(intended.data.get("recovery", "")) if intended else ""
            return Ready(_less(event.data, _PLACE), recovery)
        if event.kind == "group_intended":
            return Ready({}, str(event.data.get("recovery", "")))
        if event.kind == "group_retrying":
            return NotReady({"issues": []}, _error(event.data.get("error")))
        refused = _less(event.data, _PLACE | {"error"})
        return NotReady(refused, _error(event.data.get("error")))

    async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
        """Return the answer that came then."""
        event = await self._of(attempt, "group_submitted", "group_settled")
        if event.kind == "group_submitted":
            await asyncio.to_thread(reports.submitted, str(event.data["jobId"]))
            event = await self._of(attempt, "group_settled")
        return Performed(_outcome(event), _error(event.data.get("error")))

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Return what was found out then, or that nobody could tell."""
        event = await self._of(attempt, "group_reconciled", "run_paused")
        evidence = tuple(str(each) for each in event.data.get("evidence", ()))
        if event.kind == "run_paused":
            lost = (
                EffectOutcome(effect_id=each, status="unknown") for each in attempt.step.effects
            )
            outcome = GroupOutcome(group_id=attempt.step.id, outcomes=tuple(lost))
            return Reconciled(outcome, "nobody", evidence)
        behind = self._recording.at(event.seq)
        at_once = behind is None or behind.kind != "group_retrying"
        return Reconciled(_outcome(event), event.data["by"], evidence, at_once=at_once)

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Mapping[str, Any]:
        """Return what was seen then."""
        del outcome
        return _less((await self._of(attempt, "group_observed")).data, _PLACE)

    def barred(self, happened: Sequence[Happening]) -> frozenset[str]:
        """Return the groups that wait for an action of which something did not happen."""
        newest = self._account(happened).stages[-1]
        return self._stages[-1].waiting_for(newest.ledger.undone)

    def what_follows(self, happened: Sequence[Happening]) -> Mapping[str, Any] | None:
        """Return what the run waits for where actions of the plan could not be previewed yet."""
        self._check_goes_on(happened)
        outputs = self._account(happened).outputs
        wave = next_wave(self._stages[-1].preview, outputs, stage=self.stage)
        return wave.event_data() if wave else None

    def envelope(self, happened: Sequence[Happening], ending: Ending) -> OrchestratorResult:
        """Return the envelope of all stages."""
        self._check_goes_on(happened)
        return self._account(happened).envelope(ending)

    async def _of(self, attempt: Attempt, *kinds: EventKind) -> JournalEvent:
        return await self._recording.answer(attempt.step.id, attempt.stage, kinds)

    def _account(self, happened: Sequence[Happening]) -> Account:
        return Account.of(self._recording.run_id, self._stages, happened)

    def _check_goes_on(self, happened: Sequence[Happening]) -> None:
        """Break off where the recorded process wrote nothing more of its own; what it had noted is written."""
        event = self._recording.at(len(happened))
        if event is None or event.kind == "run_taken" or self._recording.is_outside(event):
            for each in happened[self._recording.head.seq :]:
                self._recording.write(each)
            raise BrokenOff


def _less(data: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _outcome(event: JournalEvent) -> GroupOutcome:
    """Return the outcome an event holds.

    Raises:
        DocumentError: It holds none: the store was damaged.
    """
    names = {"groupId", "outcomes", "apiCalls", "jobId", "cost"}
    own = {name: value for name, value in event.data.items() if name in names}
    return validated(GroupOutcome, own, where=f"event {event.seq} of {event.run_id}")


def _error(told: Mapping[str, Any] | None) -> ActwrightError | None:
    """Return the error that a journal tells of, as one of the same class."""
    if not told:
        return None
    kinds = {each.code: each for each in _classes(ActwrightError)}
    kind = kinds.get(str(told.get("kind", "")), ActwrightError)
    return kind(
        str(told.get("message", "")),
        where=told.get("where"),
        hint=told.get("hint"),
        code=told.get("code"),
    )


def _classes(base: type[ActwrightError]) -> list[type[ActwrightError]]:
    return [base, *(one for each in base.__subclasses__() for one in _classes(each))]
