"""Ways back: whether what a run did could be taken back at all, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actwright.actions.compensation import compensation_blueprint, period_of, spoken_period
from actwright.actions.factory import Factory
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.clock import Clock
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.finding import Obstacle
from actwright.runs.undoing.past_run import PastRun


@dataclass(frozen=True, slots=True)
class NoWay:
    """Why something can never be taken back here: what stands before and behind its name in the sentence."""

    obstacle: Obstacle
    head: str
    end: str


@dataclass(frozen=True, slots=True)
class WaysBack:
    """Knows what can be taken back.

    Attributes:
        factory: The overrides, some of which can take back what they did by themselves.
        clock: The time, since some can for a while only.
    """

    factory: Factory
    clock: Clock

    def blocked(self, done: Accomplished, run: PastRun) -> NoWay | None:
        """Return why something a run did can never be taken back here; None where it can.

        Raises:
            ImplementationError: An override cannot be loaded, or says for how long in a way nobody can read.
        """
        if done.status == "unknown":
            return _in_doubt(run)
        if done.effect.kind != "record":
            return self._acted(done)
        return record_blocked(done)

    def compensation(self, done: Accomplished) -> ActionBlueprint | None:
        """Return the blueprint under which an override takes back what it did; None where it does not say how."""
        if done.action is None or self.factory.compensating(done.action.blueprint.name) is None:
            return None
        return compensation_blueprint(done.action.blueprint)

    def _acted(self, done: Accomplished) -> NoWay | None:
        if done.action is None or self.compensation(done) is None:
            return NoWay(
                "irreversible",
                "Cannot be taken back here: what ",
                " did by itself; only the override knows how.",
            )
        period = period_of(self.factory.compensating(done.action.blueprint.name))
        if period is not None and self._age(done) >= period:
            end = f" could be taken back for {spoken_period(period)}; that is over."
            return NoWay("expired", "Too late: ", end)
        return None

    def _age(self, done: Accomplished) -> timedelta:
        return self.clock.now() - datetime.fromisoformat(done.sent_at)


def record_blocked(done: Accomplished) -> NoWay | None:
    """Return why a write to a record that surely happened can never be taken back here; None where it can."""
    if not done.record_id:
        return NoWay("in_doubt", "Not known which record it is: ", ". Look by hand.")
    if done.effect.operation == "DELETE":
        end = "; the org's recycle bin keeps what was deleted for a while."
        return NoWay("irreversible", "Cannot be taken back here: the deleted ", end)
    if done.effect.record_id is None and not done.created:
        end = "; what it held before is not known."
        return NoWay("irreversible", "Cannot be taken back here: ", end)
    return None


def _in_doubt(run: PastRun) -> NoWay:
    if run.state.ended:
        end = f". Look by hand, then: actwright undo {run.id} --resolve EFFECT --why TEXT."
    else:
        end = f". Nothing is guessed: first find out with actwright resume {run.id}."
    return NoWay("in_doubt", "Not known whether it happened: ", end)
