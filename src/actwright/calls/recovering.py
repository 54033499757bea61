"""Recovery: every run that has not ended, and what became of it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Protocol, cast

from actwright.calls.traced import traced
from actwright.clock import timestamp
from actwright.errors import ActwrightError, RunBusyError
from actwright.org.ports import SendProgress
from actwright.orgs import LOCAL_USER
from actwright.runs.engine.engine import process_name
from actwright.runs.engine.lease import Lease, is_held
from actwright.runs.engine.left import count_left
from actwright.runs.engine.owner import is_dead_here
from actwright.runs.interventions.scene import named
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry
from actwright.runs.record.patience import waits_until
from actwright.runs.record.register import Register, RunRow
from actwright.runs.record.state import RunState
from actwright.runs.recovered import Became, Recovered
from actwright.runs.telling.flags import is_over, over_in_words
from actwright.wiring import Wiring

_USER_ID = re.compile("005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?")
"""What a person can be named by too, and no run is."""

_GOES_ON = frozenset({"queued", "running"})


class Driving(Protocol):
    """What drives runs on, and fires their timers."""

    def resume(
        self, run_id: str, *, why: str = "resumed", progress: SendProgress | None = None
    ) -> OrchestratorResult:
        """Drive a run on, and return its envelope."""
        ...

    def fire(self, run_id: str) -> object:
        """Write down which of a run's timers have come due."""
        ...


class RecoveryCalls(Wiring):
    """What is done about runs whose process died; `Actwright` adds the rest."""

    @traced("recover")
    def recover(self, *, dry_run: bool = False) -> tuple[Recovered, ...]:
        """Carry on what can be carried on with this person's rights, and tell of every run that has not ended.

        Where one run cannot be carried on, the others are all the same.

        Args:
            dry_run: Whether only to tell. The org is opened for it only where the settings do not name the person.

        Raises:
            StoreError: The store cannot be read.
        """
        rows = self._runs.unfinished()
        if rows and dry_run and self._name is None:
            with suppress(ActwrightError):
                _ = self.org
        return tuple(self._recovered(row, dry_run=dry_run) for row in rows)

    def hold(self, run_id: str, *, reason: str) -> None:
        """Pause a run that cannot be carried on as things are, until a person says that it may be tried again.

        Raises:
            NotFoundError: There is no such run.
            RunBusyError: Another process carries it out.
            JournalDamagedError: Its journal is not as it was written.
            StoreError: The store cannot be written, or the run has moved on meanwhile.
        """
        owner, events = process_name(), self.journal.whole(run_id)
        head = events[-1].head
        lease = Lease(self._runs, self.clock, run_id, owner, self.settings.lease_seconds)
        if not lease.take(head.seq):
            return
        taken = {"by": owner, "why": "recovered"}
        until = waits_until(fold(events), "retry", self.clock.now())
        paused = {"reason": reason, "for": "retry", "code": "login_failed", **until}
        entries: list[Entry] = [("run_taken", taken), ("run_paused", paused)]
        try:
            self.journal.append(run_id, entries, actor=owner, after=head)
        finally:
            lease.give_back()

    def stalled(self, *, most: int = 100) -> int:
        """Return how many runs were begun, have not ended, and are carried out by nobody; ``most`` means many.

        Raises:
            StoreError: The store cannot be read.
        """
        alone = self.settings.database_url is None
        return count_left(self.journal, timestamp(self.clock.now()), alone=alone, most=most)

    def _recovered(self, row: RunRow, *, dry_run: bool) -> Recovered:
        now = timestamp(self.clock.now())
        if self._is_held(row, now):
            hint = f"actwright inspect {row.run_id}"
            return _told(row, "busy", f"{row.lease_owner} carries it out", hint)
        if row.status not in _GOES_ON and not row.is_due(now):
            return _held(row)
        try:
            return self._to_continue(row) if dry_run else self._carried_on(row)
        except RunBusyError as busy:
            return _told(row, "busy", str(busy), busy.hint)
        except ActwrightError as error:
            return _told(row, "failed", str(error), error.hint)

    def _to_continue(self, row: RunRow) -> Recovered:
        """Return what would become of a run that is not held, or whose timer is due.

        Raises:
            JournalDamagedError: Its journal is not as it was written; nobody could carry it on.
        """
        stranger = self._stranger_at_sight(row)
        if stranger is not None:
            return stranger
        state = fold(self.journal.whole(row.run_id))
        reason = over_in_words(state, self.clock.now()) or row.reason or ""
        if row.status == "running" and not is_over(state):
            reason = _broken_off(state)
        return _told(row, "to_continue", reason, "actwright recover")

    def _carried_on(self, row: RunRow) -> Recovered:
        driver = cast("Driving", self)
        if row.status not in _GOES_ON:
            driver.fire(row.run_id)
            fired = self._runs.row(row.run_id)
            if fired.status not in _GOES_ON:
                return _held(fired)
        stranger = self._stranger(row)
        if stranger is not None:
            return stranger
        if self._is_abandoned(row):
            self._runs.release(row.run_id, row.lease_owner or "")
        driver.resume(row.run_id, why="queued" if row.status == "queued" else "recovered")
        return self._now_stands(row)

    def _stranger(self, row: RunRow) -> Recovered | None:
        """Return what to tell of a run that is not this person's on this org, or None where it is."""
        if row.org != self.org.identity.id:
            return _told(row, "foreign", f"it belongs to another org, {row.org}", "--org URL")
        if row.username != self.org.user.username and not self._only_ends(row):
            return _of_another(row)
        return None

    def _stranger_at_sight(self, row: RunRow) -> Recovered | None:
        """Return the same, by the name in the settings alone where the org is not open."""
        if self._is_open:
            return self._stranger(row)
        username = row.username.lower()
        if self._name in {None, username, username.partition("@")[0]} or self._only_ends(row):
            return None
        return _of_another(row)

    @property
    def _name(self) -> str | None:
        """The name of the person whose rights count, or the part of it before the @; None where only the org knows it."""
        wanted = self.settings.user or (LOCAL_USER if self.settings.org == "local" else "")
        return None if not wanted or _USER_ID.fullmatch(wanted) else wanted.lower()

    def _only_ends(self, row: RunRow) -> bool:
        """Tell whether a run is only to end, with nothing of it out or in doubt: that takes nobody's rights."""
        state = fold(self.journal.events(row.run_id))
        return bool(state.ending) and not state.in_doubt

    def _now_stands(self, before: RunRow) -> Recovered:
        row = self._runs.row(before.run_id)
        held = _held(row)
        became: Became = "in_doubt" if held.became == "in_doubt" else "continued"
        return held.model_copy(update={"was": before.status, "became": became})

    def _is_held(self, row: RunRow, now: str) -> bool:
        return is_held(row, now, alone=self.settings.database_url is None)

    def _is_abandoned(self, row: RunRow) -> bool:
        """Tell whether a run of an embedded store is held by a process of this machine that is gone."""
        return self.settings.database_url is None and is_dead_here(row.lease_owner)

    @property
    def _runs(self) -> Register:
        return Register(self._database)


def _held(row: RunRow) -> Recovered:
    became: Became = "paused" if row.status == "paused" else "waiting"
    if row.waiting_for == "clarification":
        became = "in_doubt"
    return _told(row, became, row.reason or "", f"actwright inspect {row.run_id}")


def _broken_off(state: RunState) -> str:
    """Return how a run stands whose process is gone."""
    if not state.in_doubt:
        return "its process is gone, and nothing of it is out"
    out = named(state.in_doubt)
    return (
        f"its process is gone, and nobody knows yet whether {out} happened: that is looked up first"
    )


def _of_another(row: RunRow) -> Recovered:
    hint = f"actwright recover --as {row.username}"
    return _told(row, "foreign", f"it is carried out with {row.username}'s rights", hint)


def _told(row: RunRow, became: Became, reason: str, hint: str | None) -> Recovered:
    return Recovered(
        run_id=row.run_id,
        goal=row.goal,
        user=row.username,
        was=row.status,
        became=became,
        status=row.status,
        reason=reason,
        hint=hint,
    )
