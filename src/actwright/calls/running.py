"""The calls of runs: carrying confirmed previews out, carrying runs on, and what their journals say."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, Protocol, TypeVar, cast

from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.preview import Preview
from actwright.errors import ActwrightError
from actwright.org.ports import SendProgress
from actwright.runs.carrying.orchestrator import Orchestrator
from actwright.runs.carrying.readiness import LastLook
from actwright.runs.carrying.run_terms import RunTerms
from actwright.runs.engine.blocking import blocking
from actwright.runs.engine.engine import Engine, Why
from actwright.runs.engine.pool import Pool
from actwright.runs.interventions.timers import Timers
from actwright.runs.keeping.sealing import SEAL_EVERY
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunLimits
from actwright.runs.telling.unstarted import not_started, unconfirmed
from actwright.wiring import Wiring

Result = TypeVar("Result")


class GrantedRuns(Protocol):
    """What lets runs go on that a grant began."""

    def granted_wave(self, run_id: str) -> bool:
        """Let a run go on with its next wave, where its grant covers that."""
        ...


class RunCalls(Wiring):
    """What a person asks of runs; `Actwright` adds what comes before them."""

    def run(
        self,
        preview: Preview | str,
        confirmation: Confirmation | None = None,
        *,
        progress: SendProgress | None = None,
        limits: RunLimits | None = None,
        on_failure: Literal["end", "pause"] = "end",
        parallel: int = 1,
        deadline: timedelta | None = None,
        answer_within: timedelta | None = None,
    ) -> OrchestratorResult:
        """Carry out a confirmed preview, and return the envelope. Without a confirmation nothing is done.

        A run whose ``status`` is ``paused`` or ``waiting`` has not ended: `resume` carries it on. Ctrl-C lets the run
        end as soon as nothing of it is out; a second one stops at once, and leaves it to be resumed.

        Args:
            preview: What to carry out.
            confirmation: The yes to it.
            progress: Told how many of the preview's effects have been dealt with.
            limits: What the run may take at most.
            on_failure: Whether a group that fails ends the run, or holds it until a person says how it goes on.
            parallel: How many groups that do not depend on each other may be out at once.
            deadline: How long it may take in all, waiting for people included.
            answer_within: How long it waits each time for a yes, or for somebody to say how it goes on; as the settings
                have it where left out.

        Raises:
            NotFoundError: There is no such preview.
            DocumentEditedError: The preview differs from the stored one.
        """
        terms = self._terms(limits, on_failure, parallel, deadline, answer_within)
        engine = self._engine.alone()
        done = _blocking(engine, lambda: self._run(engine, preview, confirmation, terms, progress))
        self.sealing.seal_or_log(SEAL_EVERY)
        return self.resume(done.run_id or "") if self._is_granted(done) else done

    async def arun(
        self,
        preview: Preview | str,
        confirmation: Confirmation | None = None,
        *,
        progress: SendProgress | None = None,
        limits: RunLimits | None = None,
        on_failure: Literal["end", "pause"] = "end",
        parallel: int = 1,
        deadline: timedelta | None = None,
        answer_within: timedelta | None = None,
    ) -> OrchestratorResult:
        """Do as `run` on the running event loop, which is never blocked; no thread is held while nothing is out.

        Raises:
            NotFoundError: There is no such preview.
            DocumentEditedError: The preview differs from the stored one.
        """
        terms = self._terms(limits, on_failure, parallel, deadline, answer_within)
        done = await self._run(self._engine, preview, confirmation, terms, progress)
        granted = await asyncio.to_thread(self._is_granted, done)
        return await self.aresume(done.run_id or "") if granted else done

    def enqueue(
        self,
        preview: Preview | str,
        confirmation: Confirmation,
        *,
        limits: RunLimits | None = None,
        on_failure: Literal["end", "pause"] = "end",
        parallel: int = 1,
        deadline: timedelta | None = None,
        answer_within: timedelta | None = None,
    ) -> str:
        """Leave a confirmed preview to a worker, and return the id of its run, which is ``queued``.

        Args:
            preview: What is to be carried out.
            confirmation: The yes to it, which is used up.
            limits: What the run may take at most.
            on_failure: Whether a group that fails ends the run, or holds it until a person says how it goes on.
            parallel: How many groups that do not depend on each other may be out at once.
            deadline: How long it may take in all, waiting included.
            answer_within: As for `run`.

        Raises:
            NotFoundError: There is no such preview.
            ConfirmationError: Nobody said yes to exactly this, now and for the first time.
            ActwrightError: The preview cannot be carried out here and now.
        """
        stored = self._confirmed_preview(preview)
        terms = self._terms(limits, on_failure, parallel, deadline, answer_within)
        engine = self._engine.alone()
        begun = _blocking(
            engine,
            lambda: self._orchestrator(engine).begin(
                self.plans.get(stored.plan_id), stored, confirmation, terms, queued=True
            ),
        )
        run_id = begun.record.state.id
        self.wakes.wake(run_id, org=stored.org.id)
        return run_id

    def resume(
        self, run_id: str, *, why: Why = "resumed", progress: SendProgress | None = None
    ) -> OrchestratorResult:
        """Carry a run on from its events, and return the envelope; one that has ended stays as it is.

        What was done is never done again. A step whose outcome nobody wrote down is asked after: only what is known not
        to have happened is sent again. Where nobody can tell, the run stays paused, with what was found.

        Args:
            run_id: The run.
            why: Why it is carried on here.
            progress: Told how many effects of its newest stage have been dealt with.

        Raises:
            NotFoundError: There is no such run.
            RunBusyError: Another process carries it out.
            ConfirmationForeignError: It belongs to another org or another person.
            ActwrightError: It cannot be carried on here and now.
        """
        Timers(self.journal, self.clock).look(run_id)
        engine = self._engine.alone()
        done = _blocking(
            engine,
            lambda: self._orchestrator(engine).resume(run_id, why=why, progress=progress),
        )
        self.sealing.seal_or_log(SEAL_EVERY)
        return self.resume(run_id) if self._is_granted(done) else done

    async def aresume(
        self, run_id: str, *, why: Why = "resumed", progress: SendProgress | None = None
    ) -> OrchestratorResult:
        """Do as `resume` on the running event loop, which is never blocked.

        Raises:
            NotFoundError: There is no such run.
            RunBusyError: Another process carries it out.
            ConfirmationForeignError: It belongs to another org or another person.
            ActwrightError: It cannot be carried on here and now.
        """
        await asyncio.to_thread(Timers(self.journal, self.clock).look, run_id)
        made = await asyncio.to_thread(self._orchestrator, self._engine)
        done = await made.resume(run_id, why=why, progress=progress)
        granted = await asyncio.to_thread(self._is_granted, done)
        return await self.aresume(run_id) if granted else done

    def hand_back(self) -> None:
        """Let every run this process carries on be given back, unfinished, once nothing of it is out; from any thread."""
        self._engine.hand_back()

    async def _run(
        self,
        engine: Engine,
        preview: Preview | str,
        confirmation: Confirmation | None,
        terms: RunTerms,
        progress: SendProgress | None,
    ) -> OrchestratorResult:
        stored = await asyncio.to_thread(self._confirmed_preview, preview)
        if confirmation is None:
            return self._unstarted(stored, unconfirmed(stored))
        try:
            made = await asyncio.to_thread(self._orchestrator, engine)
        except ActwrightError as error:
            return self._unstarted(stored, not_started(stored, error))
        plan = await asyncio.to_thread(self.plans.get, stored.plan_id)
        return await made.run(plan, stored, confirmation, terms=terms, progress=progress)

    def _terms(
        self,
        limits: RunLimits | None,
        on_failure: Literal["end", "pause"],
        parallel: int,
        deadline: timedelta | None,
        answer_within: timedelta | None,
    ) -> RunTerms:
        """Return the terms of a run; how long it waits for people is what the settings say, where nobody says more."""
        seconds = self.settings.answer_seconds
        if answer_within is None and seconds is not None:
            answer_within = timedelta(seconds=seconds)
        return RunTerms(limits, on_failure, parallel, deadline, answer_within)

    def _unstarted(self, preview: Preview, envelope: OrchestratorResult) -> OrchestratorResult:
        """Return the envelope of a run that never began; what was refused is told of, too."""
        with self.tracing.activity("run", preview) as activity:
            activity.done(envelope)
        return envelope

    def _is_granted(self, done: OrchestratorResult) -> bool:
        """Let a run that waits go on where the grant that began it covers what comes next; tell whether to look again."""
        if done.status != "waiting" or done.run_id is None:
            return False
        return cast("GrantedRuns", self).granted_wave(done.run_id)

    def _confirmed_preview(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)

    def _orchestrator(self, engine: Engine) -> Orchestrator:
        """Return who carries runs out.

        Raises:
            ConfigError: There is no way to log in.
            OrgError: The org cannot be reached.
        """
        allowed = frozenset(self.settings.allow_opaque)
        look = LastLook(self.org, self._factory, self.clock, self.explainer, allowed, self.policing)
        return Orchestrator(
            look,
            engine,
            self._pool,
            self.confirmations,
            self.plans,
            self.previews,
            self.tracing,
        )

    @cached_property
    def _engine(self) -> Engine:
        """The engine of this process, shared with everybody who works beside."""
        if isinstance(self._beside, RunCalls):
            return self._beside._engine  # noqa: SLF001 - one class
        seconds = self.settings.lease_seconds
        return Engine(self.journal, Register(self._database), self.clock, lease_seconds=seconds)

    @cached_property
    def _pool(self) -> Pool:
        """The calls of this process that block, shared with everybody who works beside."""
        if isinstance(self._beside, RunCalls):
            return self._beside._pool  # noqa: SLF001 - one class
        return Pool(self.settings.calls_at_once)


def _blocking(engine: Engine, make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine to its end; the first Ctrl-C lets what the engine carries out end."""
    return blocking(make, lambda: engine.cancel(by=_login(), why="Ctrl-C"))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
