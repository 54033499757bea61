"""Deeds: what overrides did by themselves, as the journal has it, for those who can take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from actwright.actions.taking_back import Deed
from actwright.clock import Clock
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.runs.undoing.accomplished import Accomplished, accomplished
from actwright.runs.undoing.marks import Marks, wanted
from actwright.runs.undoing.past_run import PastRuns


@dataclass(frozen=True, slots=True)
class JournalDeeds:
    """Finds deeds in the journal of one store.

    Attributes:
        past: Reads the runs as they are by now.
        clock: The time.
    """

    past: Callable[[], PastRuns]
    clock: Clock

    def deed(self, key: str) -> Deed:
        """Return what was done, by run and effect: ``RUN/EFFECT``.

        Raises:
            NotFoundError: There is no such run.
            RefusedError: There is no such effect, nobody knows whether it happened, or it was taken back already.
        """
        run_id, _, effect = key.partition("/")
        past = self.past()
        done = _found(accomplished(past.run(run_id)), effect, run_id)
        taken = Marks(past).of(run_id)
        by = next((taken[each] for each in wanted(done, run_id) if each in taken), None)
        if by is not None:
            raise _refused(f"{effect} of {run_id} was taken back by {by} already.", run_id)
        if done.status != "done" or done.action is None:
            raise _refused(f"Nobody knows whether {effect} of {run_id} happened.", run_id)
        age = self.clock.now() - datetime.fromisoformat(done.sent_at)
        return Deed(done.action.blueprint, done.effect, done.outputs, age)


def _found(done: tuple[Accomplished, ...], effect: str, run_id: str) -> Accomplished:
    for each in done:
        if effect in each.keys and each.effect.kind != "record":
            return each
    told = inert(effect, limit=60)
    raise _refused(f"{told!r} is nothing that an override did by itself in {run_id}.", run_id)


def _refused(message: str, run_id: str) -> RefusedError:
    return RefusedError(
        message, where=run_id, hint=f"actwright inspect {run_id}", code="nothing_to_undo"
    )
