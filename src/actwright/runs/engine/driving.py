"""Driving: one run carried on by this process, move by move, until it ends, is held, or is given back."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from actwright.clock import Clock, timestamp
from actwright.errors import ActwrightError
from actwright.org.ports import SendProgress
from actwright.runs.engine import entries
from actwright.runs.engine.answers import Answer, Found, Looked, Seen, Sent
from actwright.runs.engine.errands import Errands
from actwright.runs.engine.lease import Lease
from actwright.runs.engine.move import (
    Await,
    End,
    Finish,
    Move,
    Pause,
    Reconcile,
    Rest,
    Send,
    View,
    WaitUntil,
    is_lost_again,
    is_to_end,
    next_move,
)
from actwright.runs.engine.nap import undisturbed
from actwright.runs.engine.outside import Outside
from actwright.runs.engine.record import Record
from actwright.runs.engine.reins import Reins
from actwright.runs.engine.reporting import Reporting
from actwright.runs.engine.retry import Retrying, Sleeper, is_locked_out, is_passing
from actwright.runs.engine.work import (
    Attempt,
    Ending,
    NotReady,
    NotReadyError,
    Ready,
    Reconciled,
    Step,
    Work,
)
from actwright.runs.record.journal import Entry
from actwright.runs.record.state import RunState

_PLAIN = Ready()
"""What is said of a step that nothing has to be read for."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Driving:
    """One run while this process carries it out; all events are written from here, one append after the other.

    Attributes:
        record: The run's events.
        work: What is carried out.
        lease: This process's lease of the run.
        clock: The time.
        retrying: What is tried again, and when.
        settling: The same for asking what became of a step whose answer was lost.
        sleep: How it waits.
        progress: Told how many effects have been dealt with.
        reins: What is wished of the run meanwhile.
    """

    record: Record
    work: Work
    lease: Lease
    clock: Clock
    retrying: Retrying
    settling: Retrying
    sleep: Sleeper
    progress: SendProgress | None
    reins: Reins
    _ready: dict[str, Ready] = field(default_factory=dict)
    _stuck: dict[str, Reconciled] = field(default_factory=dict)
    _slept_until: datetime = _LONG_AGO
    _dealt: int = 0
    _behind: int = 0

    def __post_init__(self) -> None:
        self._reporting = Reporting(self.record, self.lease.check, self.progress)
        self._stage = self.record.state.stage
        self._outside = Outside(
            self.reins, self.record.state.parallel, blocks=self.record.store.blocks
        )
        self._errands = Errands(self.work, self.settling, self.sleep, self.reins)

    async def go_on(self) -> RunState:
        """Carry the run on until this process has nothing more to do for it.

        Raises:
            RunError: Another process has taken the run over.
            StoreError: The store cannot be written.
        """
        try:
            while True:
                move = self._next()
                if isinstance(move, Send):
                    await self._send(move.steps)
                elif not isinstance(move, Rest):
                    await self._make(move)
                elif self.record.has_news:
                    await self.record.flush()  # commands may come before it
                else:
                    return self.record.state
        finally:
            self._outside.cancel()

    def _next(self) -> Move:
        if self.reins.rung.done():
            self._hear()
        view = self._view()
        if view.failed:
            view = replace(view, barred=self.work.barred(self.record.happened))
        return next_move(view)

    def _view(self) -> View:
        return View(
            self.record.state,
            self._ahead(),
            max(self.clock.now(), self._slept_until),
            self.record.spent,
            self._outside.steps,
            self._stuck,
            handing_back=self.reins.handing_back,
        )

    def _ahead(self) -> Sequence[Step]:
        """Return the steps from the first one on that is not behind."""
        steps, state = self.work.steps, self.record.state
        while self._behind < len(steps) and state.is_behind(steps[self._behind].id):
            self._behind += 1
        return steps[self._behind :]

    def _hear(self) -> None:
        wish, state = self.reins.hear(), self.record.state
        if wish is not None and not state.ending and not state.ended:
            self.record.note(entries.cancelled(wish, f"{self.record.head.hash[:16]}:cancel"))

    async def _make(self, move: Move) -> None:
        match move:
            case Reconcile(steps):
                await self.record.flush()
                if await self.record.look_around():
                    return
                for each in steps:
                    attempt = self.record.attempt(each)
                    await self._begin(each, self._errands.reconcile(attempt, self._is_to_end))
            case Await():
                await self.record.flush()
                await self._hear_out(*await self._outside.answers())
            case WaitUntil(moment):
                await self.record.flush()
                await self._wait(moment)
            case Pause():
                self.record.hold(entries.paused(self._stage, move, self.record.happened))
            case Finish():
                self._finish()
            case End(ending):
                self._end(ending)

    async def _send(self, steps: Sequence[Step]) -> None:
        """Send the steps that are ready; let the others be looked at first."""
        plain = [(each, _PLAIN) for each in steps if not each.looks]
        if plain and not await self._intended(plain):
            return
        if len(plain) < len(steps):
            await self._look([each for each in steps if each.looks])

    async def _look(self, steps: Sequence[Step]) -> None:
        """Send the steps that were looked at, one append each, and have the others looked at."""
        looked = [(each, self._ready[each.id]) for each in steps if each.id in self._ready]
        for step, found in looked:
            del self._ready[step.id]
            if not await self._intended([(step, found)]):
                self._ready.clear()
                return
        seen = self._outside.steps.union(step.id for step, _ in looked)
        unseen = [each for each in steps if each.id not in seen]
        if unseen:
            await self.record.flush()
        for each in unseen:
            await self._begin(each, self._errands.look(self.record.attempt(each)))

    async def _intended(self, ready: Sequence[tuple[Step, Ready]]) -> bool:
        """Write down that steps are about to be sent, and send them; False where it has to be decided anew."""
        attempts, intents = list[Attempt](), list[Entry]()
        for step, found in ready:
            attempts.append(self.record.attempt(step, found.recovery))
            intents += entries.intent(attempts[-1], found)
        self.lease.check()
        try:
            written = await self.record.intend(intents, ready[0][1].reserve)
        except NotReadyError as full:
            self._turned_away(attempts[0], full.found)
            return False
        if not written:
            return False
        self.lease.check()
        for each in attempts:
            reports = self._reporting.of(each, self._dealt)
            await self._begin(each.step, self._errands.perform(each, reports))
        return True

    async def _is_to_end(self) -> bool:
        """Tell whether the run is to end, also where somebody has said so elsewhere meanwhile."""
        self.lease.check()
        await self.record.look_around()
        return is_to_end(self._view())

    async def _begin(self, step: Step, errand: Coroutine[None, None, Answer]) -> None:
        answer = await self._outside.begin(step.id, errand, self._heed)
        if answer is not None:
            await self._heard(answer)

    async def _heed(self) -> None:
        """Put on the record what is wished while an errand is waited for."""
        self._hear()
        await self.record.flush()

    async def _hear_out(self, answers: Sequence[Answer], error: BaseException | None) -> None:
        """Take note of answers; also where an errand that came back with them broke, which is raised behind that."""
        for each in answers:
            await self._heard(each)
        if error is not None:
            raise error

    async def _heard(self, answer: Answer) -> None:
        match answer:
            case Sent():
                await self._settle(answer)
            case Looked(attempt, Ready() as found):
                self._ready[attempt.step.id] = found
            case Looked(attempt, NotReady() as found):
                self._turned_away(attempt, found)
            case Found(attempt, reconciled):
                self._reconcile(attempt, reconciled)
            case Seen(attempt, observed):
                self.record.note(entries.observed(attempt, observed))

    async def _settle(self, sent: Sent) -> None:
        """Take note of the answer to a step, and of whether it is tried again."""
        attempt, performed = sent.attempt, sent.performed
        outcome, error = self.record.with_job(performed.outcome), performed.error
        self._dealt += len(outcome.outcomes)
        self.record.note(entries.settled(attempt, outcome, error, sent.duration_ms))
        passing = is_passing(error) or is_locked_out(outcome)
        if passing and self.retrying.allows(attempt.number):
            self._dealt -= len(outcome.outcomes)
            self._again(attempt, error)
        elif attempt.step.watched and any(each.status == "done" for each in outcome.outcomes):
            await self.record.flush()
            await self._begin(attempt.step, self._errands.observe(attempt, outcome))

    def _turned_away(self, attempt: Attempt, found: NotReady) -> None:
        """Take note that a step must not be sent, or not now."""
        if is_passing(found.error) and self.retrying.allows(attempt.number):
            self._again(attempt, found.error)
            return
        self.record.note(entries.refused(attempt, found))

    def _again(self, attempt: Attempt, error: ActwrightError | None) -> None:
        wait = timedelta(seconds=self.retrying.wait(attempt.number))
        until = timestamp(self.clock.now() + wait)
        self.record.note(entries.retrying(attempt, error, until))

    def _reconcile(self, attempt: Attempt, found: Reconciled) -> None:
        if not found.decided:
            self._stuck[attempt.step.id] = found
        if all(each.status == "unknown" for each in found.outcome.outcomes):
            return
        self.record.note(entries.reconciled(attempt, found))
        if not found.at_once and is_lost_again(self.record.state.step(attempt.step.id)):
            self._again(attempt, None)

    async def _wait(self, moment: datetime) -> None:
        """Wait for a moment, unless somebody steps in before; by a clock that was set back, no longer than ever."""
        left = min((moment - self.clock.now()).total_seconds(), self.retrying.longest)
        if await undisturbed(self.sleep(max(left, 0.0)), self.reins.rung, self.record):
            self._slept_until = max(self._slept_until, moment)

    def _finish(self) -> None:
        follows = self.work.what_follows(self.record.happened)
        if follows is not None:
            self.record.hold(("run_waiting", dict(follows)))
        else:
            self._end(Ending("completed"))

    def _end(self, ending: Ending) -> None:
        envelope = self.work.envelope(self.record.happened, ending)
        self.record.note(entries.ended(envelope, ending))
