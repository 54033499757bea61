"""Past runs: what was carried out, with the plan and the preview of each of its stages, all of it from the store."""

from __future__ import annotations

from dataclasses import dataclass, field

from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.preview import Preview
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Journal
from actwright.runs.record.state import RunState


@dataclass(frozen=True, slots=True)
class PastStage:
    """One confirmed preview of a run, and the plan it was made of."""

    number: int
    plan: Plan
    preview: Preview


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run, as far as it has come."""

    state: RunState
    events: tuple[JournalEvent, ...]
    stages: tuple[PastStage, ...]

    @property
    def id(self) -> str:
        """The run's id."""
        return self.state.id

    @property
    def over_at(self) -> str:
        """When it ended, or when it was last heard of."""
        return self.state.ended_at or self.state.updated_at


@dataclass(frozen=True)
class PastRuns:
    """The runs of one store; each is read once.

    Attributes:
        journal: Their events.
        plans: What was planned.
        previews: What was confirmed.
    """

    journal: Journal
    plans: Archive[Plan]
    previews: Archive[Preview]
    _known: dict[str, PastRun] = field(default_factory=dict, init=False)
    _undoers: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)

    def run(self, run_id: str) -> PastRun:
        """Return a run.

        Raises:
            NotFoundError: There is no such run, or the store has lost what it carried out.
            JournalDamagedError: Its journal is not as it was written.
        """
        if run_id not in self._known:
            self._known[run_id] = self._read(run_id)
        return self._known[run_id]

    def undoing(self, run_id: str) -> tuple[PastRun, ...]:
        """Return the runs that were to take a run back, oldest first.

        Raises:
            NotFoundError: The store has lost what one of them carried out.
            JournalDamagedError: The journal of one of them is not as it was written.
        """
        if run_id not in self._undoers:
            self._undoers[run_id] = self.journal.runs_undoing([run_id]).get(run_id, ())
        return tuple(self.run(each) for each in self._undoers[run_id])

    def undone(self, limit: int) -> tuple[str, ...]:
        """Return the runs of this store that others were to take back, those lately begun first.

        Args:
            limit: How many at most.
        """
        with self.journal.database.read() as transaction:
            rows = transaction.execute(
                "SELECT undoes, max(started_at) AS begun FROM run "
                "WHERE undoes IS NOT NULL AND undoes IN (SELECT run_id FROM run) "
                "GROUP BY undoes ORDER BY begun DESC, undoes LIMIT ?",
                (max(limit, 0),),
            ).fetchall()
        return tuple(str(row[0]) for row in rows)

    def _read(self, run_id: str) -> PastRun:
        events = self.journal.whole(run_id)
        state = fold(events)
        stages = tuple(
            PastStage(each.number, self.plans.get(each.plan_id), self.previews.get(each.preview_id))
            for each in state.stages
        )
        return PastRun(state, events, stages)
