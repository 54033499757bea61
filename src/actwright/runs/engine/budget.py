"""The budget of a run: what it has used up so far, and which of its limits leaves no room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from actwright.canonical import decimal_text
from actwright.runs.record.happening import Happening
from actwright.runs.record.state import RunState

LIMIT_REACHED = "limit_reached"
"""The ``stopped_by`` of a run that used up what it was given."""

DEADLINE_PASSED = "deadline_passed"
"""The ``stopped_by`` of a run that was not done in time."""

_HELD = frozenset({"run_paused", "run_waiting"})
_GOES_ON = frozenset({"run_started", "run_taken", "run_continued"})


class Spent(NamedTuple):
    """What a run has used up, as its events tell.

    Attributes:
        calls: API calls that carried effects, or settled what became of them.
        rows: Effects that were sent, each try counted.
        seconds: How long it ran before it was last held.
        running_since: Since when it has been running; None where it is held.
        cost: What its calls and overrides have cost, in the currency prices are given in.
    """

    calls: int = 0
    rows: int = 0
    seconds: float = 0.0
    running_since: datetime | None = None
    cost: Decimal = Decimal(0)

    def after(self, event: Happening) -> Spent:
        """Return what is used up after one more event."""
        if event.kind in {"group_settled", "group_reconciled"}:
            return self._called(int(event.data.get("apiCalls", 0)), event.data.get("cost"))
        if event.kind == "group_intended":
            rows = self.rows + len(event.data.get("effects", ()))
            return Spent(self.calls, rows, self.seconds, self.running_since, self.cost)
        if event.kind in _HELD:
            return self._held(event.at)
        if event.kind in _GOES_ON and self.running_since is None and not event.data.get("queued"):
            return self._replace(running_since=datetime.fromisoformat(event.at))
        return self

    def running(self, now: datetime) -> float:
        """Return for how many seconds it has been running by now."""
        return self.seconds + _between(self.running_since, now)

    def _called(self, calls: int, told: str | None) -> Spent:
        """Return what is used up after so many more calls, and what they are told to have cost."""
        if not (calls or told):
            return self
        cost = self.cost + Decimal(told) if told else self.cost
        return Spent(self.calls + calls, self.rows, self.seconds, self.running_since, cost)

    def _held(self, at: str) -> Spent:
        ran = _between(self.running_since, datetime.fromisoformat(at))
        return self._replace(seconds=self.seconds + ran, running_since=None)


def overdrawn(
    state: RunState, spent: Spent, rows: int, now: datetime, price: Decimal = Decimal(0)
) -> tuple[str, str] | None:
    """Return the code and the sentence of the limit that leaves no room for a further step, or None.

    Args:
        state: The run, with its limits.
        spent: What it has used up.
        rows: How many effects would be sent next.
        now: The present moment.
        price: What they are declared to cost, with what is out already.
    """
    if state.deadline is not None and now >= datetime.fromisoformat(state.deadline):
        return DEADLINE_PASSED, f"The run was to be over at {state.deadline}."
    limits = state.limits
    if limits.seconds is not None and (ran := spent.running(now)) >= limits.seconds:
        return LIMIT_REACHED, f"The run has taken {ran:,.1f} of {limits.seconds:,.1f} seconds."
    if limits.calls is not None and spent.calls >= limits.calls:
        return LIMIT_REACHED, f"The run has used {spent.calls:,} of {limits.calls:,} API calls."
    if limits.rows is not None and spent.rows + rows > limits.rows:
        return LIMIT_REACHED, (
            f"The run has sent {spent.rows:,} effects and {rows:,} are next; at most {limits.rows:,} are allowed."
        )
    if limits.cost is not None and price and spent.cost + price > limits.cost:
        return LIMIT_REACHED, (
            f"The run has cost {decimal_text(spent.cost)} and what is next costs {decimal_text(price)}; "
            f"at most {decimal_text(limits.cost)} is allowed."
        )
    return None


def spent_by(happened: Sequence[Happening]) -> Spent:
    """Return what a run has used up after these events."""
    spent = Spent()
    for each in happened:
        spent = spent.after(each)
    return spent


def _between(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
