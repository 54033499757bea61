"""Attempts: what became of taking something back where that did not succeed, as the journals of the undo runs tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from actwright.inert import inert
from actwright.org.outcome import EffectOutcome
from actwright.runs.record.event import JournalEvent
from actwright.runs.undoing.accomplished import newest_words, staged
from actwright.runs.undoing.marks import Mark, marks_of
from actwright.runs.undoing.past_run import PastRun

AttemptStatus = Literal["failed", "in_doubt", "not_reached", "under_way"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to take something back that has not succeeded.

    Attributes:
        by: The run that tried.
        status: How it ended.
        why: Why, in a sentence.
    """

    by: str
    status: AttemptStatus
    why: str


def attempts(run: PastRun) -> Mapping[Mark, Attempt]:
    """Return what a run that takes another one back has not achieved.

    Raises:
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    tries = _Tries(run)
    return {
        mark: attempt
        for stage in run.stages
        for group in stage.preview.groups
        for effect in group.effects
        if (attempt := tries.of(stage.number, group.id, effect.id)) is not None
        for mark in marks_of(effect)
    }


class _Tries:
    """What is known of the effects of one run: the newest word on each, and why groups stopped."""

    def __init__(self, run: PastRun) -> None:
        self._run = run
        self._words = newest_words(run.events)
        self._stopped = {
            (stage, str(event.data.get("groupId"))): why
            for stage, event in staged(run.events)
            for why in _reasons(event)
        }

    def of(self, stage: int, group_id: str, effect_id: str) -> Attempt | None:
        """Return the try that one effect was; None where it happened."""
        word = self._words.get((stage, effect_id))
        stopped = self._stopped.get((stage, group_id), "")
        if word is None:
            return Attempt(self._run.id, *_unsent(self._run, stopped))
        outcome = word.outcome
        if outcome.status == "done":
            return None
        if outcome.status == "unknown":
            return Attempt(self._run.id, "in_doubt", "The answer was lost: it may have happened.")
        return Attempt(self._run.id, "failed", _faults(outcome) or stopped or _ROLLED_BACK)


_ROLLED_BACK = "It was rolled back with the others of its group."


def _unsent(run: PastRun, refused: str) -> tuple[AttemptStatus, str]:
    if refused:
        return "failed", refused
    if not run.state.ended:
        return "under_way", f"{run.id} has no end yet."
    errors = run.state.envelope.errors if run.state.envelope else ()
    stopped = f" {inert(errors[0], limit=300)}" if errors else ""
    return "not_reached", f"{run.id} ended before it.{stopped}"


def _faults(outcome: EffectOutcome) -> str:
    return " ".join(f"{each.code}: {inert(each.message, limit=300)}" for each in outcome.faults)


def _reasons(event: JournalEvent) -> Iterator[str]:
    """Yield why a group was refused, or why its call failed as a whole."""
    if event.kind == "group_refused":
        for each in event.data.get("issues", ()):
            yield inert(str(each.get("message", "")), limit=300)
            return
        yield "It was stopped by the last look before it was sent."
    elif event.kind == "group_settled":
        error = event.data.get("error") or {}
        if error.get("message"):
            yield inert(str(error["message"]), limit=300)
