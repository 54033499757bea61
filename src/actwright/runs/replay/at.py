"""A run as it stood right behind one of its events: its state, and what its caller would have been told then."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.contract import Contract
from actwright.errors import NotFoundError
from actwright.runs.engine.work import Ending
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.state import RunState
from actwright.runs.telling.account import Account
from actwright.runs.telling.confirmed import Confirmed


class At(Contract):
    """A run right behind one of its events.

    Attributes:
        seq: The number of the event.
        of: How many events the run has by now.
        state: What the events up to it add up to.
        envelope: What had become of each action by then.
    """

    seq: int
    of: int
    state: RunState
    envelope: OrchestratorResult


def upto(events: Sequence[JournalEvent], seq: int) -> tuple[JournalEvent, ...]:
    """Return the events of a run up to and with one of them.

    Raises:
        NotFoundError: The run has no such event.
    """
    if not 1 <= seq <= len(events):
        raise NotFoundError(
            f"{events[0].run_id} has no event {seq}; it has 1 to {len(events)}.",
            where="--at",
            hint=f"actwright inspect {events[0].run_id}",
        )
    return tuple(events[:seq])


def state_at(events: Sequence[JournalEvent], seq: int, stages: Sequence[Confirmed]) -> At:
    """Return a run as it stood right behind one of its events.

    Args:
        events: The run's journal.
        seq: The number of the event.
        stages: What was confirmed for each stage of the run, in order.

    Raises:
        NotFoundError: The run has no such event.
        StoreError: An event does not hold what its kind says: the store was damaged.
    """
    so_far = upto(events, seq)
    state = fold(so_far)
    account = Account.of(state.id, stages[: len(state.stages)], so_far)
    envelope = state.envelope or account.envelope(Ending(state.status, state.reason))
    return At(seq=seq, of=len(events), state=state, envelope=_under_way(state, envelope))


def _under_way(state: RunState, envelope: OrchestratorResult) -> OrchestratorResult:
    """Return an envelope that calls no answer lost which was merely not there yet."""
    lost = any(each.status == "unknown" for each in state.steps)
    if state.status != "running" or lost or not state.in_doubt:
        return envelope
    return envelope.model_copy(update={"errors": (), "stopped_by": None, "hint": None})
