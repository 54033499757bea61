"""The calls of undo: the plan that takes a run back, what became of that, and what people say of the rest."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import timedelta

from actwright.blueprints.plan import Plan
from actwright.calls.traced import traced
from actwright.errors import (
    DocumentError,
    DocumentLostError,
    InputError,
    JournalDamagedError,
    NotFoundError,
    RefusedError,
)
from actwright.org.read_only import ReadOnly
from actwright.runs.carrying.undo_claim import undo_busy
from actwright.runs.record.register import Register
from actwright.runs.undoing.decision import UndoDecision, UndoDecisions, Verdict
from actwright.runs.undoing.finding import FindingsArchive
from actwright.runs.undoing.marks import Marks
from actwright.runs.undoing.past_run import PastRuns
from actwright.runs.undoing.sieve import DealtWith
from actwright.runs.undoing.undo_plan import undo_plan
from actwright.runs.undoing.undoing import Undoing, UndoingReader
from actwright.runs.undoing.ways_back import WaysBack
from actwright.wiring import Wiring

_UNTOLD = (JournalDamagedError, DocumentError, DocumentLostError, NotFoundError)
"""What keeps one run from being told of, and no other."""

ALL = "all"
"""Everything of a run that is still open."""


class UndoCalls(Wiring):
    """What a person does to take a run back."""

    @traced("undo")
    def undo(self, run_id: str, *, also_moved: bool = False, expired_too: bool = False) -> Plan:
        """Return the plan that takes back what a run did, from the values before it. It is previewed like any other.

        What was taken back already, or decided on, is no part of it.

        Args:
            run_id: The run.
            also_moved: Whether records that were changed since the run are set back too; else they are left as they
                are, and named among the plan's assumptions.
            expired_too: Whether it may be later than the setting ``undo_days`` allows.

        Raises:
            NotFoundError: There is no such run.
            RunBusyError: It is being taken back already.
            JournalDamagedError: Its journal, or that of a run that was to take it back, is not as it was written.
            RefusedError: It is too late, or nothing of the run can be taken back.
            OrgError: The org cannot be asked.
        """
        reader = self._undoing_reader()
        run = reader.past.run(run_id)
        self._check_free(reader, run_id)
        if not expired_too and reader.is_expired(run.over_at):
            raise self._expired(run_id, run.over_at)
        decisions = UndoDecisions(self._database, self.clock).of(run_id)
        planned = undo_plan(
            run,
            ReadOnly(self.org),
            WaysBack(self._factory, self.clock),
            DealtWith(reader.marks.of(run_id), {key: str(each) for key, each in decisions.items()}),
            also_moved=also_moved,
        )
        self._findings.add(run_id, planned.found)
        if isinstance(planned.made, RefusedError):
            raise planned.made
        return self.plans.add(planned.made)

    def undoing(self, run_id: str) -> Undoing:
        """Return what became of taking a run back, as the journals tell.

        Raises:
            NotFoundError: There is no such run, or the store has lost what it carried out.
            JournalDamagedError: A journal is not as it was written.
        """
        return self._undoing(self._undoing_reader(), run_id)

    def begun_undoing(self, run_id: str) -> Undoing | None:
        """Return what `undoing` does, or None where nobody has set out to take the run back or decided on it.

        Raises:
            NotFoundError: The store has lost what the run carried out.
            JournalDamagedError: A journal is not as it was written.
        """
        decided = UndoDecisions(self._database, self.clock).of(run_id)
        if not decided and not self.journal.runs_undoing([run_id]):
            return None
        return self.undoing(run_id)

    def undoings(self, *, limit: int = 100) -> tuple[Undoing, ...]:
        """Return the runs that somebody set out to take back and of which something is left, newest first.

        One of which nobody can tell is among them, and keeps the others from nothing.

        Args:
            limit: How many runs to look at, the newest of those somebody set out to take back.

        Raises:
            StoreError: The store cannot be read.
        """
        reader = self._undoing_reader()
        found = (self._undoing_or_why(reader, each) for each in reader.past.undone(limit))
        return tuple(each for each in found if each.open or each.fault)

    def decide_undo(
        self,
        run_id: str,
        effects: Sequence[str] | str,
        verdict: Verdict,
        *,
        why: str,
        who: str | None = None,
    ) -> UndoDecision:
        """Put on the record what a person says of things that were not taken back: resolved by hand, or to stay.

        They are no part of any undo from then on.

        Args:
            run_id: The run that did them.
            effects: The ids of its effects; ``"all"`` for everything that is still open.
            verdict: What the person says.
            why: Why, in a sentence.
            who: The person's name; whom the settings name where left out, else whose account it is.

        Raises:
            NotFoundError: There is no such run.
            InputError: Nothing of that name is open, or it is not said who says so, or why.
            RunBusyError: It is being taken back at the moment.
            RefusedError: Whether it happened can still be found out: the run has no end.
        """
        reader = self._undoing_reader()
        self._check_free(reader, run_id)
        undoing = self._undoing(reader, run_id)
        chosen = _chosen(undoing, [effects] if isinstance(effects, str) else effects)
        login = _login()
        said_by = who or self.settings.user or login
        return UndoDecisions(self._database, self.clock).record(
            run_id, chosen, verdict, who=said_by, why=why, login=login
        )

    def _undoing(self, reader: UndoingReader, run_id: str) -> Undoing:
        found = self._findings.newest(run_id)
        return reader.read(run_id, found, UndoDecisions(self._database, self.clock).of(run_id))

    @property
    def _findings(self) -> FindingsArchive:
        return FindingsArchive(self._database, self.clock, self.journal.offloading)

    def _undoing_or_why(self, reader: UndoingReader, run_id: str) -> Undoing:
        """Return what became of taking a run back, or why nobody can tell."""
        try:
            return self._undoing(reader, run_id)
        except _UNTOLD as error:
            return reader.untold(Register(self._database).row(run_id), str(error))

    def _undoing_reader(self) -> UndoingReader:
        past = PastRuns(self.journal, self.plans, self.previews)
        lifetime = timedelta(days=self.settings.undo_days)
        return UndoingReader(past, Marks(past), self.clock, lifetime)

    def _check_free(self, reader: UndoingReader, run_id: str) -> None:
        for each in reader.past.undoing(run_id):
            if not each.state.ended:
                raise undo_busy(run_id, each.id)

    def _expired(self, run_id: str, over_at: str) -> RefusedError:
        days = self.settings.undo_days
        return RefusedError(
            f"{run_id} ended on {over_at}, more than {days} day{'' if days == 1 else 's'} ago: it is too late to take it "
            "back without saying so.",
            where=run_id,
            hint="Say --expired-too if you mean it; what was changed since is left as it is all the same.",
            code="undo_expired",
        )


def _chosen(undoing: Undoing, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the effects that are meant; each of them is still open, and its run can say no more of it."""
    open_ones = {each.id: each for each in undoing.open}
    chosen = tuple(open_ones) if ALL in wanted else tuple(wanted)
    strange = next((each for each in chosen if each not in open_ones), None)
    if strange is not None:
        raise InputError(
            f"{strange[:60]!r} is nothing of {undoing.run_id} that is still to be decided.",
            where="effects",
            hint=f"Still open: {', '.join(list(open_ones)[:10]) or 'nothing'}.",
            code="undo_effect_unknown",
        )
    doubtful = [each for each in chosen if open_ones[each].status == "in_doubt"]
    if doubtful and undoing.ended_at is None:
        raise RefusedError(
            f"Whether {doubtful[0]} happened can still be found out: {undoing.run_id} has no end.",
            where=undoing.run_id,
            hint=f"actwright resume {undoing.run_id}",
            code="undo_in_doubt",
        )
    return chosen


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
