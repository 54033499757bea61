"""The undoing of a run: what of it was taken back by which run, what is left and why, and what a person said of it.

All of it is computed: from the journals of the run and of those that took it back, from what was found by whoever planned
to, and from what people decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.runs.record.register import RunRow
from actwright.runs.undoing.accomplished import Accomplished, accomplished
from actwright.runs.undoing.attempt import Attempt, AttemptStatus, attempts
from actwright.runs.undoing.decision import UndoDecision
from actwright.runs.undoing.finding import Finding
from actwright.runs.undoing.marks import Mark, Marks, wanted
from actwright.runs.undoing.past_run import PastRuns
from actwright.runs.undoing.ways_back import record_blocked
from actwright.runs.undoing.wording import called

UndoOutcome = Literal["none", "completed", "partial", "failed", "expired", "unknown"]
"""
- ``none``: nobody has tried, or there is nothing to take back.
- ``completed``: nothing is left that was not taken back, or that nobody has decided on.
- ``partial``: something was taken back or decided on, and something is left.
- ``failed``: it was tried, and nothing was taken back.
- ``expired``: nobody has tried, and the time for it is over.
- ``unknown``: nobody can tell, for what tells it is damaged or lost.
"""

UndoneStatus = Literal[
    "taken_back",
    "resolved",
    "ignored",
    "open",
    "left",
    "failed",
    "in_doubt",
    "expired",
    "irreversible",
]
"""
- ``taken_back``: it was.
- ``resolved``, ``ignored``: a person said so.
- ``open``: nobody has tried yet, or a run that tries has no end yet.
- ``left``: somebody has worked on it since, or the run that tried did not come to it.
- ``failed``: it was tried, and did not succeed.
- ``in_doubt``: nobody knows whether it happened, or whether it was taken back.
- ``expired``: the override that did it could take it back for a while only.
- ``irreversible``: nobody knows how to take it back.
"""

_TRIED: Mapping[AttemptStatus, UndoneStatus] = {
    "failed": "failed",
    "in_doubt": "in_doubt",
    "not_reached": "left",
    "under_way": "open",
}
_FOUND: Mapping[str, UndoneStatus] = {
    "left": "left",
    "expired": "expired",
    "irreversible": "irreversible",
}
_DONE_WITH: frozenset[UndoneStatus] = frozenset({"taken_back", "resolved", "ignored"})


class UndoneEffect(Contract):
    """One thing a run did, and whether it was taken back."""

    id: str
    """The effect's id; from the second stage on behind the stage's number: ``2:a1.1``."""
    what: str
    """What people call it."""
    status: UndoneStatus
    by: tuple[str, ...] = ()
    """The runs that took it back, or the one that tried last."""
    why: str = ""
    """Why it was not taken back."""
    decision: UndoDecision | None = None
    """What a person said of it last."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status not in _DONE_WITH


class Undoing(Contract):
    """What became of taking one run back."""

    run_id: str
    goal: str
    outcome: UndoOutcome
    ended_at: str | None
    """When the run ended; None where it has no end yet."""
    expires_at: str
    """From when on it is taken back only where a person says so in spite of that."""
    expired: bool
    """Whether that moment is past."""
    undone_by: tuple[str, ...]
    """The runs that were to take it back, oldest first, whatever came of that."""
    under_way: tuple[str, ...]
    """Those of them that have no end yet."""
    effects: tuple[UndoneEffect, ...]
    fault: str = ""
    """Why nobody can tell, where the outcome is unknown."""

    @property
    def open(self) -> tuple[UndoneEffect, ...]:
        """What still waits for somebody."""
        return tuple(each for each in self.effects if each.is_open)


@dataclass(frozen=True, slots=True)
class UndoingReader:
    """Computes the undoing of runs.

    Attributes:
        past: The runs.
        marks: What was taken back of them.
        clock: The time.
        lifetime: For how long after its end a run may be taken back without saying more.
    """

    past: PastRuns
    marks: Marks
    clock: Clock
    lifetime: timedelta

    def expires_at(self, over_at: str) -> datetime:
        """Return from when on a run is taken back only where a person says so in spite of that.

        Args:
            over_at: When it ended, or when it was last heard of.
        """
        return datetime.fromisoformat(over_at) + self.lifetime

    def is_expired(self, over_at: str) -> bool:
        """Tell whether that moment is past."""
        return self.clock.now() >= self.expires_at(over_at)

    def untold(self, row: RunRow, fault: str) -> Undoing:
        """Return that nobody can tell what became of taking a run back.

        Args:
            row: The run, as the register has it.
            fault: Why.
        """
        over_at = row.ended_at or row.updated_at
        return Undoing(
            run_id=row.run_id,
            goal=row.goal,
            outcome="unknown",
            ended_at=row.ended_at,
            expires_at=timestamp(self.expires_at(over_at)),
            expired=self.is_expired(over_at),
            undone_by=(),
            under_way=(),
            effects=(),
            fault=fault,
        )

    def read(
        self,
        run_id: str,
        found: Mapping[str, Finding],
        decisions: Mapping[str, UndoDecision],
    ) -> Undoing:
        """Return what became of taking a run back.

        Args:
            run_id: The run.
            found: What somebody found who planned to, by effect.
            decisions: What people said, by effect.

        Raises:
            NotFoundError: There is no such run, or the store has lost what it carried out.
            JournalDamagedError: A journal is not as it was written.
        """
        run, undoers = self.past.run(run_id), self.past.undoing(run_id)
        tried = {mark: each for by in undoers for mark, each in attempts(by).items()}
        sources = _Sources(run_id, self.marks.of(run_id), tried, found, decisions)
        effects = tuple(map(sources.effect, _standing(accomplished(run))))
        expired = self.is_expired(run.over_at)
        return Undoing(
            run_id=run_id,
            goal=run.state.goal,
            outcome=_outcome(effects, tried=bool(undoers), expired=expired),
            ended_at=run.state.ended_at,
            expires_at=timestamp(self.expires_at(run.over_at)),
            expired=expired,
            undone_by=tuple(each.id for each in undoers),
            under_way=tuple(each.id for each in undoers if not each.state.ended),
            effects=effects,
        )


def _standing(done: Sequence[Accomplished]) -> Iterator[Accomplished]:
    """Yield what a run left behind: neither what changed nothing, nor what it did to a record it deleted itself."""
    deleted = {each.record_id for each in done if each.effect.operation == "DELETE"}
    made = {each.record_id for each in done if each.created}
    for each in done:
        deletes = each.effect.operation == "DELETE"
        passing = each.record_id in (made if deletes else deleted)
        if each.left_something and not (passing and each.record_id):
            yield each


@dataclass(frozen=True, slots=True)
class _Sources:
    """All that is known of the things one run did."""

    run_id: str
    marks: Mapping[Mark, str]
    tried: Mapping[Mark, Attempt]
    found: Mapping[str, Finding]
    decisions: Mapping[str, UndoDecision]

    def effect(self, done: Accomplished) -> UndoneEffect:
        """Return what became of taking one thing back."""
        key = done.keys[0]
        decision = self.decisions.get(key)
        status, by, why = self._told(done, decision)
        return UndoneEffect(
            id=key, what=called(done), status=status, by=by, why=why, decision=decision
        )

    def _told(
        self, done: Accomplished, decision: UndoDecision | None
    ) -> tuple[UndoneStatus, tuple[str, ...], str]:
        marks = wanted(done, self.run_id)
        if done.status == "done" and marks and all(each in self.marks for each in marks):
            return "taken_back", tuple(sorted({self.marks[each] for each in marks})), ""
        if decision is not None:
            return decision.verdict, (), decision.why
        return self._in_the_way(done) or self._attempted(done) or self._found(done)

    def _in_the_way(self, done: Accomplished) -> tuple[UndoneStatus, tuple[str, ...], str] | None:
        if done.status == "unknown":
            return "in_doubt", (), "Nobody knows whether it happened."
        no_way = record_blocked(done) if done.effect.kind == "record" else None
        if no_way is None:
            return None
        why = f"{no_way.head}{called(done)}{no_way.end}"
        return ("in_doubt" if no_way.obstacle == "in_doubt" else "irreversible"), (), why

    def _attempted(self, done: Accomplished) -> tuple[UndoneStatus, tuple[str, ...], str] | None:
        marks = wanted(done, self.run_id)
        each = next((self.tried[one] for one in marks if one in self.tried), None)
        return None if each is None else (_TRIED[each.status], (each.by,), each.why)

    def _found(self, done: Accomplished) -> tuple[UndoneStatus, tuple[str, ...], str]:
        finding = self.found.get(done.keys[0])
        if finding is not None and finding.obstacle in _FOUND:
            return _FOUND[finding.obstacle], (), finding.why
        if done.effect.kind != "record" and not done.effect.compensation:
            return "irreversible", (), "It acted by itself; only the override knows how."
        return "open", (), ""


def _outcome(effects: Sequence[UndoneEffect], *, tried: bool, expired: bool) -> UndoOutcome:
    if not effects:
        return "none"
    left = [each for each in effects if each.is_open]
    if not left:
        return "completed"
    if len(left) < len(effects):
        return "partial"
    if tried:
        failed = any(each.status in {"failed", "left"} and each.by for each in left)
        return "failed" if failed else "none"
    return "expired" if expired else "none"
