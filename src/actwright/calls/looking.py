"""The calls that only look at runs: lists, one run at any of its events, and forks. None of them calls anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from actwright.blueprints.plan import Plan
from actwright.clock import timestamp
from actwright.errors import ActwrightError
from actwright.runs.engine.lease import is_held
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunState
from actwright.runs.replay.at import At, state_at
from actwright.runs.replay.forking import forked
from actwright.runs.telling.confirmed import Confirmed
from actwright.runs.telling.listed import ListedRun, listed, with_journal
from actwright.runs.telling.seen import SeenRuns
from actwright.runs.undoing.taken_back import with_undoers
from actwright.store.database import Watch
from actwright.wiring import Wiring

if TYPE_CHECKING:
    from actwright.calls.undoing import UndoCalls


class LookingCalls(Wiring):
    """What a person sees of runs; `Actwright` adds the rest."""

    def runs(self, *, limit: int = 20) -> tuple[RunState, ...]:
        """Return the newest runs, newest first."""
        ids = self.journal.run_ids(limit=limit)
        return with_undoers([fold(self.journal.events(each)) for each in ids], self.journal)

    def run_state(self, run_id: str) -> RunState:
        """Return what a run's journal adds up to, and which runs took it back.

        Raises:
            NotFoundError: There is no such run.
        """
        (state,) = with_undoers([fold(self.journal.events(run_id))], self.journal)
        return state

    def events(self, run_id: str) -> tuple[JournalEvent, ...]:
        """Return a run's journal.

        Raises:
            NotFoundError: There is no such run.
        """
        return self.journal.events(run_id)

    def listed_runs(
        self, *, limit: int = 20, statuses: Collection[str] | None = None
    ) -> tuple[ListedRun, ...]:
        """Return the newest runs, newest first, as the register has them.

        Args:
            limit: How many at most.
            statuses: Only runs with one of these; of any status where left out.

        Raises:
            StoreError: The store cannot be read.
        """
        register = Register(self._database)
        return listed(
            register, self.clock.now(), limit=limit, statuses=statuses, alone=self._is_alone
        )

    def with_rest(self, runs: Iterable[ListedRun]) -> tuple[ListedRun, ...]:
        """Return listed runs with what only journals tell: how far they are, their flags, and whether an undo is whole.

        Args:
            runs: The runs. Those that are queued or came to a plain end, and that nobody took back, cost nothing; of what the store
                has lost, nothing is said.
        """
        listed_runs, now = tuple(runs), self.clock.now()
        states = self._seen_runs.states(each for each in listed_runs if each.is_told_in_part)
        told = (
            with_journal(each, states[each.id], now) if each.id in states else each
            for each in listed_runs
        )
        return tuple(self._with_rest(each) if each.undone_by else each for each in told)

    def count_runs(self, *, statuses: Collection[str] | None = None) -> int:
        """Return how many runs there are, one more than `MOST_COUNTED` where there are more.

        Args:
            statuses: Only runs with one of these; of any status where left out.

        Raises:
            StoreError: The store cannot be read.
        """
        return Register(self._database).count(statuses)

    @cached_property
    def _seen_runs(self) -> SeenRuns:
        """What the runs of the list that was looked at last add up to."""
        return SeenRuns(self.journal)

    def _with_rest(self, run: ListedRun) -> ListedRun:
        try:
            left = bool(cast("UndoCalls", self).undoing(run.id).open)
        except ActwrightError:
            return run
        return run.model_copy(update={"undone_in_part": left})

    def is_carried_out(self, run_id: str) -> bool:
        """Tell whether a process carries a run out that is alive.

        Raises:
            NotFoundError: There is no such run.
        """
        now = timestamp(self.clock.now())
        return is_held(Register(self._database).row(run_id), now, alone=self._is_alone)

    def watch(self) -> Watch:
        """Return what tells when something was written to the store; close it after use.

        Raises:
            StoreError: The store cannot be reached.
        """
        return self._database.watch()

    def state_at(self, run_id: str, seq: int) -> At:
        """Return a run as it stood right behind one of its events.

        Raises:
            NotFoundError: There is no such run, or no such event in it.
        """
        events = self.journal.events(run_id)
        return state_at(events, seq, self.stages_of(fold(events)))

    def fork(self, run_id: str, at: int) -> Plan:
        """Return a new plan of what a run had not done yet right behind one of its events.

        What was done by then is not in it; ids that it put out are data of the plan, and all else is still an
        output. It is stored, and previewed like any other.

        Raises:
            NotFoundError: There is no such run, or no such event in it.
            JournalDamagedError: Its journal is not as it was written.
            RunError: What became of something sent was not known by then.
            RefusedError: Nothing was left to be done, or an action was done in part.
        """
        events = self.journal.whole(run_id)
        stages = [(each.plan, each.preview) for each in self.stages_of(fold(events))]
        return self.plans.add(forked(events, at, stages))

    @property
    def _is_alone(self) -> bool:
        """Whether the store is embedded, so that all its processes run on this machine."""
        return self.settings.database_url is None

    def stages_of(self, state: RunState) -> tuple[Confirmed, ...]:
        """Return what was confirmed for each stage of a run, in order.

        Raises:
            NotFoundError: The store does not hold a plan or a preview of it.
        """
        return tuple(
            Confirmed(
                each.number,
                self.plans.get(each.plan_id),
                self.previews.get(each.preview_id),
                each.approver,
            )
            for each in state.stages
        )
