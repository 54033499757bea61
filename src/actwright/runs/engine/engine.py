"""The engine: takes runs, carries them on, and gives them back. Several at once, on one event loop or on many."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeAlias

from actwright.clock import Clock, timestamp
from actwright.errors import ActwrightError, NotFoundError, RunBusyError, StoreError
from actwright.org.ports import SendProgress
from actwright.runs.engine import entries
from actwright.runs.engine.budget import spent_by
from actwright.runs.engine.driving import Driving
from actwright.runs.engine.lease import Lease
from actwright.runs.engine.record import Record
from actwright.runs.engine.reins import Driven, Reins
from actwright.runs.engine.retry import Retrying, Sleeper
from actwright.runs.engine.store import PrivateStore, SharedStore, Store
from actwright.runs.engine.work import Reserve, Work
from actwright.runs.record.folding import fold
from actwright.runs.record.happening import Noted
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.register import Register, leased
from actwright.runs.record.state import RunState
from actwright.store.commits import UNCERTAIN
from actwright.store.database import Transaction

Why: TypeAlias = Literal["queued", "recovered", "resumed"]
"""Why a process takes a run over."""

_TRIES = 5
"""How often a run that moves on while it is being taken is looked at again."""


def process_name() -> str:
    """Return a name for this process that no other one has, on any machine: host, number and a token."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Begun:
    """A run this process has just begun, lease and all.

    Attributes:
        record: Its events: the first one.
        since: When the lease was asked for, by the monotonic clock.
    """

    record: Record
    since: float


@dataclass
class Engine:
    """Carries runs on.

    Attributes:
        journal: Where their events are.
        register: Where their leases are.
        clock: The time.
        owner: The name of this process.
        lease_seconds: How long this process may be silent before another one takes its runs.
        retrying: What is tried again, and when.
        settling: The same for asking what became of a step whose answer was lost.
        sleep: How it waits.
        monotonic: A time that never jumps.
        private: Whether each event loop it works on has but one run, and may be blocked for a commit.
    """

    journal: Journal
    register: Register
    clock: Clock
    owner: str = field(default_factory=process_name)
    lease_seconds: float = 30.0
    retrying: Retrying = field(default_factory=Retrying)
    settling: Retrying = field(default_factory=lambda: Retrying(attempts=5))
    sleep: Sleeper = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    private: bool = False
    _driven: Driven = field(default_factory=Driven)

    def alone(self) -> Engine:
        """Return an engine like this one for an event loop that has but one run, and may be blocked for a commit."""
        return replace(self, owner=process_name(), private=True, _driven=Driven())

    async def begin(
        self,
        run_id: str,
        data: Mapping[str, Any],
        *,
        actor: str,
        also: Reserve | None = None,
    ) -> Begun:
        """Write a run's first event and take its lease, in one commit.

        Args:
            run_id: The new run.
            data: What ``run_started`` says.
            actor: Who said yes to it.
            also: What is written first in the same transaction; its exception takes all back.

        Raises:
            StoreError: The store cannot be written.
        """
        since, now = self.monotonic(), self.clock.now()
        until = timestamp(now + timedelta(seconds=self.lease_seconds))
        lease = None if data.get("queued") else leased(self.owner, until)

        def work(transaction: Transaction) -> Head:
            """Write the first event, and take the lease of its run."""
            if also is not None:
                also(transaction)
            entries: list[Entry] = [("run_started", dict(data))]
            return self.journal.append_within(
                transaction, run_id, entries, actor=actor, after=None, beside=lease
            )

        head = await self._begun(run_id, work)
        self.journal.tell(run_id, [("run_started", dict(data))], actor)
        started = Noted(run_id, head.seq, head.at, "run_started", actor, data)
        record = Record(
            self._store, self.clock, actor, head, [started], fold([started]), spent_by([started])
        )
        return Begun(record, since)

    async def _begun(self, run_id: str, work: Callable[[Transaction], Head]) -> Head:
        """Commit a run's first event; once more where nobody can tell whether it was, which takes it once.

        Raises:
            StoreError: The store cannot be written.
        """
        try:
            return await self._store.commit(work)
        except StoreError as lost:
            if lost.error_code != UNCERTAIN:
                raise
        try:
            return await self._store.commit(work)
        except ActwrightError:
            with suppress(NotFoundError):
                return await self._store.call(lambda: self.journal.head(run_id))
            raise

    async def drive(
        self,
        run_id: str,
        work: Work,
        *,
        why: Why = "resumed",
        begun: Begun | None = None,
        progress: SendProgress | None = None,
    ) -> RunState:
        """Carry a run on until it ends, is held, or is to be given back; return how it stands then.

        Cancelling the task stops at once: nothing is appended, and the run can be carried on by anybody.

        Args:
            run_id: The run.
            work: What is carried out.
            why: Why this process takes it over.
            begun: What `begin` returned, where this process has just begun it.
            progress: Told how many effects of the newest stage have been dealt with.

        Raises:
            RunBusyError: Another process carries it out.
            RunError: Another process has taken it over meanwhile. This one sends nothing more.
            StoreError: The store cannot be used.
        """
        lease = self._lease(run_id)
        with self._driven.having(run_id) as reins:
            if begun is None:
                record = await self._taken(run_id, work, lease, why)
            else:
                record = begun.record
                lease.held(begun.since)
            if record is None:
                return fold(await self._store.call(lambda: self.journal.events(run_id)))
            driving = Driving(
                record,
                work,
                lease,
                self.clock,
                self.retrying,
                self.settling,
                self.sleep,
                progress,
                reins,
            )
            return await self._carried_on(driving)

    def hand_back(self) -> None:
        """Let every run this engine carries on be given back once nothing of it is out; from any thread."""
        self._driven.each(Reins.hand_back)

    def cancel(self, *, by: str, why: str, run_id: str | None = None) -> bool:
        """Let a run end once nothing of it is out; from any thread. False where it is not carried on.

        Args:
            by: Who wants it.
            why: Why.
            run_id: The run; all that this engine carries on where left out.
        """

        def pull(reins: Reins) -> None:
            reins.cancel(by, why)

        return self._driven.each(pull) if run_id is None else self._driven.one(run_id, pull)

    def _lease(self, run_id: str) -> Lease:
        alone = self.journal.database.dialect == "sqlite"
        return Lease(
            self.register,
            self.clock,
            run_id,
            self.owner,
            self.lease_seconds,
            alone=alone,
            monotonic=self.monotonic,
        )

    @property
    def _store(self) -> Store:
        return PrivateStore(self.journal) if self.private else SharedStore(self.journal)

    async def _taken(self, run_id: str, work: Work, lease: Lease, why: Why) -> Record | None:
        """Take a run over, and say so in its journal; None where there is nothing to carry on.

        Raises:
            RunBusyError: Another process carries it out.
        """
        for _ in range(_TRIES):
            record = await Record.opened(self._store, self.clock, run_id, work.actor)
            if not may_go_on(record.state):
                return None
            _check_stage(record.state, work)
            if not await self._store.call(partial(lease.take, record.head.seq)):
                continue
            if await record.intend([("run_taken", {"by": self.owner, "why": why})]):
                return record
        raise RunBusyError(
            f"{run_id} moves on faster than it can be taken.",
            hint=f"actwright inspect {run_id}",
        )

    async def _carried_on(self, driving: Driving) -> RunState:
        record, lease = driving.record, driving.lease
        try:
            with lease.kept(self._store.call):
                return await driving.go_on()
        except ActwrightError:
            with suppress(ActwrightError):
                await record.flush()  # whatever broke, what was answered before is known
            raise
        except Exception as defect:
            await _hold(record, defect)
            raise
        finally:
            if not record.is_over:
                await self._store.call(lease.give_back)


def may_go_on(state: RunState) -> bool:
    """Tell whether a run can be carried on as it stands: it runs, waits to be begun, or may be asked about again."""
    if state.status in {"queued", "running"}:
        return True
    return state.status == "paused" and state.waiting_for == "clarification"


def _check_stage(state: RunState, work: Work) -> None:
    """Make sure that a work is that of the run's newest stage.

    Raises:
        RunBusyError: The run has moved on to another one.
    """
    if (len(state.stages) or 1) != work.stage:
        raise RunBusyError(
            f"{state.id} has moved on to stage {len(state.stages)} meanwhile.",
            hint=f"actwright resume {state.id}",
        )


async def _hold(record: Record, defect: Exception) -> None:
    """Hold a run that a defect keeps from going on, so that nobody takes it up again and again."""
    record.hold(entries.defective(len(record.state.stages) or 1, defect))
    with suppress(ActwrightError):
        await record.flush()
