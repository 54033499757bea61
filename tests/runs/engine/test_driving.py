"""Driving runs: steps by their needs, leases and fences, commands on the way, giving back, and ending once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.runs.engine.trivial import STARTED, Function, Functions, nothing, ten

from actwright.clock import SystemClock, timestamp
from actwright.errors import (
    NotFoundError,
    OrgBusyError,
    PolicyError,
    RunBusyError,
    RunError,
    StoreError,
)
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome
from actwright.runs.engine.engine import Engine
from actwright.runs.engine.retry import Retrying
from actwright.runs.engine.work import Attempt, Performed, Ready, Reconciled, Reports
from actwright.runs.record.chain import first_fault
from actwright.runs.record.folding import fold
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.register import Register
from actwright.runs.record.state import RunState
from actwright.store.database import Database, Transaction
from actwright.store.sqlite import SqliteDatabase

RUN = "run_1"
CLOCK = SystemClock()


class Naps:
    """A sleeper that never sleeps, and knows how long it would have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Note it."""
        self.seconds.append(seconds)
        await asyncio.sleep(0)


def engine_on(database: Database, **more: Any) -> Engine:
    """Return the engine of a process of its own."""
    given = {"sleep": Naps(), "retrying": Retrying(random=lambda: 0.0), **more}
    return Engine(Journal(database, CLOCK), Register(database), CLOCK, **given)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Give an engine on an SQLite file."""
    return engine_on(SqliteDatabase(tmp_path / "actwright.db"))


async def carried_out(
    engine: Engine, work: Functions, run_id: str = RUN, **told: object
) -> RunState:
    """Begin a run and carry it on."""
    begun = await engine.begin(run_id, {**STARTED, **told}, actor="alice")
    return await engine.drive(run_id, work, begun=begun)


def kinds(engine: Engine, run_id: str = RUN) -> list[str]:
    """Return the kinds of a run's events."""
    return [each.kind for each in engine.journal.events(run_id)]


def answer(step: str, status: EffectStatus) -> GroupOutcome:
    """Return the answer to a step of one effect."""
    outcome = EffectOutcome(effect_id=step, status=status)
    return GroupOutcome(group_id=step, outcomes=(outcome,))


def unheard(attempt: Attempt) -> Performed:
    """Return that there was no answer."""
    return Performed(answer(attempt.step.id, "unknown"))


async def lost(attempt: Attempt) -> Performed:
    """Never hear an answer."""
    return unheard(attempt)


async def refused(attempt: Attempt) -> Performed:
    """Be refused."""
    return Performed(answer(attempt.step.id, "failed"))


def test_ten_steps_go_through_with_one_append_each(database: Database) -> None:
    """On both stores: the outcome of a step and the intent of the next share one, and the state is the events' own."""
    engine = engine_on(database)
    work = ten()
    state = asyncio.run(carried_out(engine, work))
    events = engine.journal.events(RUN)
    assert (state.status, work.called) == ("completed", sorted(work.functions))
    assert state.model_dump(exclude={"updated_at", "steps", "ended_at"}) == fold(events).model_dump(
        exclude={"updated_at", "steps", "ended_at"}
    )
    assert [each.status for each in state.steps] == ["done"] * 10
    assert len({each.at for each in events}) <= 12
    assert kinds(engine)[:4] == ["run_started", "group_intended", "group_settled", "group_intended"]
    assert kinds(engine)[-2:] == ["group_settled", "run_ended"]
    assert first_fault(events) is None
    row = engine.register.row(RUN)
    assert (row.status, row.lease_owner) == ("completed", None)


def test_many_runs_at_once_each_go_through_once(database: Database) -> None:
    """On both stores, on one loop."""
    engine = engine_on(database)
    works = {f"run_{place}": ten() for place in range(12)}

    async def all_of_them() -> list[RunState]:
        """Carry all runs on at once."""
        runs = (carried_out(engine, work, run_id) for run_id, work in works.items())
        return await asyncio.gather(*runs)

    states = asyncio.run(all_of_them())
    assert {each.status for each in states} == {"completed"}
    assert all(len(each.called) == 10 for each in works.values())


def test_steps_that_do_not_need_each_other_are_out_together(engine: Engine) -> None:
    """As many as was said; what needs two of them waits for both."""
    out: set[str] = set()
    most = 0

    async def step(attempt: Attempt) -> None:
        """Count how many steps are out."""
        nonlocal most
        out.add(attempt.step.id)
        most = max(most, len(out))
        await asyncio.sleep(0.005)
        out.remove(attempt.step.id)
        if attempt.step.id == "last":
            assert most == 3

    names = ["a", "b", "c", "d", "last"]
    work = Functions(dict.fromkeys(names, step), {"last": ["a", "b", "c", "d"]})
    state = asyncio.run(carried_out(engine, work, parallel=3))
    assert (state.status, most, work.called[-1]) == ("completed", 3, "last")


def test_a_step_that_fails_ends_the_run_and_the_rest_is_not_begun(engine: Engine) -> None:
    """What was done stands, and the end says that it failed."""
    work = Functions({"a": nothing, "b": refused, "c": nothing})
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, work.called) == ("failed", ["a", "b"])


def test_a_busy_org_is_asked_three_times(engine: Engine) -> None:
    """After one and three seconds; then the step has failed."""

    async def busy(attempt: Attempt) -> Performed:
        """Be busy."""
        return Performed(answer(attempt.step.id, "not_sent"), OrgBusyError("busy"))

    work = Functions({"a": busy})
    state = asyncio.run(carried_out(engine, work))
    keys = [
        each.data["key"] for each in engine.journal.events(RUN) if each.kind == "group_intended"
    ]
    assert keys == ["run_1:1:a:1", "run_1:1:a:2", "run_1:1:a:3"]
    assert [round(each) for each in engine.sleep.seconds] == [1, 3]  # type: ignore[attr-defined]  # they are naps
    assert (state.status, len(work.called)) == ("failed", 3)


def test_what_breaks_on_the_way_is_asked_after(engine: Engine) -> None:
    """An error nobody foresaw proves nothing: it may have happened."""

    async def broken(_: Attempt) -> None:
        """Break."""
        raise ZeroDivisionError

    work = Functions({"a": broken, "b": nothing})
    work.settled["a"] = Reconciled(answer("a", "done"), "key")
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, work.called) == ("completed", ["a", "b"])
    assert kinds(engine).count("group_reconciled") == 1


def test_what_cannot_be_told_now_is_asked_again_at_growing_distances(engine: Engine) -> None:
    """Five times in all, then a person has to say."""
    work = Functions({"a": lost})
    work.settled["a"] = Reconciled(answer("a", "unknown"), "nobody", ("locked",), ask_again=True)
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, state.waiting_for) == ("paused", "clarification")
    assert len(engine.sleep.seconds) == 4  # type: ignore[attr-defined]  # they are naps
    held = engine.journal.events(RUN)[-1]
    assert (held.kind, held.data["evidence"]) == ("run_paused", ["locked"])
    assert held.data["choices"] == ["happened", "did not happen"]
    assert engine.register.row(RUN).lease_owner is None


def test_a_step_whose_answers_keep_being_lost_waits_before_it_is_sent_again(engine: Engine) -> None:
    """Anew at once the first time, then at a distance; ten tries, and a person has to look at it."""
    work = Functions({"a": lost})
    work.settled["a"] = Reconciled(answer("a", "not_sent"), "ledger")
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, state.waiting_for, len(work.called)) == ("paused", "retry", 10)
    assert engine.sleep.seconds == [pytest.approx(3.0, abs=0.5)] * 8  # type: ignore[attr-defined]  # they are naps


def test_an_answer_that_comes_from_a_person_lets_it_go_on(engine: Engine) -> None:
    """It happened: the next step follows, and the one in doubt is not sent again."""
    work = Functions({"a": lost, "b": nothing})
    work.settled["a"] = Reconciled(answer("a", "unknown"), "nobody")
    asyncio.run(carried_out(engine, work))
    said = answer("a", "done").model_dump(mode="json") | {"stage": 1, "by": "person"}
    append(
        engine,
        ("intervened", {"action": "provide_clarification", "key": "k", "becomes": "running"}),
        ("group_reconciled", {**said, "groupId": "a"}),
    )
    state = asyncio.run(engine.drive(RUN, work))
    assert (state.status, work.called) == ("completed", ["a", "b"])


def append(engine: Engine, *entries: Entry) -> None:
    """Append to the run as somebody else."""
    engine.journal.append(RUN, entries, actor="bo", after=engine.journal.head(RUN))


CANCEL: Entry = (
    "intervened",
    {"action": "cancel", "key": "k", "ending": "cancelled", "endingWhy": "enough"},
)


def test_a_cancel_from_elsewhere_is_heard_before_the_next_step(engine: Engine) -> None:
    """It is appended while a step is out: that one is finished, and nothing else begun."""

    async def cancelling(_: Attempt) -> None:
        """Cancel the run while this step is out."""
        await asyncio.to_thread(append, engine, CANCEL)

    work = Functions({"a": cancelling, "b": nothing})
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, state.reason, work.called) == ("cancelled", "enough", ["a"])
    assert kinds(engine)[-3:] == ["intervened", "group_settled", "run_ended"]
    assert fold(engine.journal.events(RUN)) == state.model_copy(
        update={"updated_at": engine.journal.events(RUN)[-1].at, "steps": _steps(engine)}
    ).model_copy(update={"ended_at": engine.journal.events(RUN)[-1].at})


@dataclass
class Asked(Functions):
    """Steps of which it is kept whether the run was to end when somebody asked what became of them."""

    ends: list[bool] = field(default_factory=list)

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Keep it, and say what the test has laid down."""
        self.ends.append(attempt.ends)
        return await super().reconcile(attempt)


def test_who_is_asked_after_a_cancel_is_told_that_the_run_is_to_end(engine: Engine) -> None:
    """So that nothing is sent again to find out; also where the cancel came while the answer was awaited elsewhere."""

    async def cancelling(attempt: Attempt) -> Performed:
        """Lose the answer while somebody cancels the run."""
        await asyncio.to_thread(append, engine, CANCEL)
        return unheard(attempt)

    work = Asked({"a": cancelling})
    work.settled["a"] = Reconciled(answer("a", "done"), "key")
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, work.ends) == ("cancelled", [True])


def test_a_cancel_that_comes_between_two_questions_is_heard_before_the_next(tmp_path: Path) -> None:
    """Whoever waits to ask again looks first whether the run is to end by now, and sends nothing more to find out."""
    driving: list[Engine] = []

    async def meanwhile(_: float) -> None:
        """Let somebody cancel the run elsewhere."""
        await asyncio.to_thread(append, driving[0], CANCEL)
        work.settled["a"] = Reconciled(answer("a", "done"), "key")

    driving.append(engine_on(SqliteDatabase(tmp_path / "actwright.db"), sleep=meanwhile))
    work = Asked({"a": lost})
    work.settled["a"] = Reconciled(answer("a", "unknown"), "nobody", ("locked",), ask_again=True)
    state = asyncio.run(carried_out(driving[0], work))
    assert (state.status, work.ends) == ("cancelled", [False, True])


def test_a_run_that_fails_sends_nothing_again_to_find_out(engine: Engine) -> None:
    """A step whose answer was lost beside one that failed is asked after as one of a run that is to end."""

    async def failing(_: Attempt) -> Performed:
        """Fail once the other one's answer is lost."""
        return Performed(answer("b", "failed"))

    async def later(attempt: Attempt) -> Performed:
        """Lose the answer a little later."""
        await asyncio.sleep(0.02)
        return unheard(attempt)

    work = Asked({"a": later, "b": failing})
    work.settled["a"] = Reconciled(answer("a", "done"), "key")
    state = asyncio.run(carried_out(engine, work, parallel=2))
    assert (state.status, work.ends) == ("failed", [True])


def test_a_process_that_slept_too_long_asks_nothing_more(tmp_path: Path) -> None:
    """Asking may mean sending again: behind a lease that ran out that is as wrong as sending."""
    now = [0.0]

    async def asleep(_: float) -> None:
        """Take longer than the lease."""
        now[0] += 31

    database = SqliteDatabase(tmp_path / "actwright.db")
    engine = engine_on(database, monotonic=lambda: now[0], sleep=asleep)
    work = Asked({"a": lost})
    work.settled["a"] = Reconciled(answer("a", "unknown"), "nobody", ("locked",), ask_again=True)
    with pytest.raises(RunError, match="sends nothing more"):
        asyncio.run(carried_out(engine, work))
    assert work.ends == [False]


def test_an_answer_that_came_beside_a_broken_errand_is_written_first(engine: Engine) -> None:
    """What is known must not become doubtful because something else broke in the same moment."""
    gate = asyncio.Event()

    async def answered(_: Attempt) -> None:
        """Come back as the gate opens."""
        asyncio.get_running_loop().call_later(0.01, gate.set)
        await gate.wait()

    async def broken(_: Attempt) -> None:
        """Break as the gate opens."""
        await gate.wait()
        raise StoreError("the disk")

    work = Functions({"a": answered, "b": broken})
    with pytest.raises(StoreError, match="the disk"):
        asyncio.run(carried_out(engine, work, parallel=2))
    assert fold(engine.journal.events(RUN)).in_doubt == ("b",)


def test_an_answer_is_written_though_the_next_intent_cannot_be(engine: Engine) -> None:
    """What is reserved with an intent may break: the answers that were to share its commit are written without it."""
    gate = asyncio.Event()

    async def answered(_: Attempt) -> None:
        """Come back as the gate opens."""
        asyncio.get_running_loop().call_later(0.01, gate.set)
        await gate.wait()

    def broken(_: Transaction) -> None:
        raise PolicyError("the policy cannot be read")

    class Reserving(Functions):
        async def look(self, attempt: Attempt) -> Ready:
            """Come back as the gate opens, with something to reserve."""
            assert attempt.step.id == "b"
            await gate.wait()
            return Ready(reserve=broken)

    work = Reserving({"a": answered, "b": nothing})
    work.steps = (work.steps[0], replace(work.steps[1], looks=True))
    with pytest.raises(PolicyError):
        asyncio.run(carried_out(engine, work, parallel=2))
    assert kinds(engine) == ["run_started", "group_intended", "group_settled"]


def test_an_answer_outlives_a_wish_that_could_not_be_written(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The store failed for a moment while a step was out: its answer is written with the next append, the wish before it."""
    append_for_real, failures = engine.journal.aappend, [StoreError("busy")]

    async def failing(*args: Any, **told: Any) -> Head:
        """Fail once, with the wish alone."""
        if args[1][0][0] == "intervened" and failures:
            raise failures.pop()
        return await append_for_real(*args, **told)

    async def cancelling(_: Attempt) -> None:
        """Cancel the run, and come back once that could not be written."""
        assert engine.cancel(by="alice", why="Ctrl-C")
        while failures:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)

    monkeypatch.setattr(engine.journal, "aappend", failing)
    state = asyncio.run(carried_out(engine, Functions({"a": cancelling, "b": nothing})))
    assert state.status == "cancelled"
    assert kinds(engine)[-3:] == ["intervened", "group_settled", "run_ended"]


def _steps(engine: Engine) -> Sequence[object]:
    return fold(engine.journal.events(RUN)).steps


def test_a_cancel_of_this_process_goes_on_the_record(engine: Engine) -> None:
    """Who and why stand in the journal; what is out is finished."""

    async def cancelling(_: Attempt) -> None:
        """Cancel the run while this step is out."""
        assert engine.cancel(by="alice", why="Ctrl-C")

    work = Functions({"a": cancelling, "b": nothing})
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, work.called) == ("cancelled", ["a"])
    (told,) = (each for each in engine.journal.events(RUN) if each.kind == "intervened")
    assert (told.data["by"], told.data["why"]) == ("alice", "Ctrl-C")
    assert not engine.cancel(by="alice", why="again")


def test_a_cancel_is_heard_where_no_step_ever_waits(engine: Engine) -> None:
    """On a loop of its own, whose commits block it, too: another thread wants the run to end, and it does."""
    alone = engine.alone()

    async def cancelling(_: Attempt) -> None:
        """Let another thread cancel the run, and come back without giving the loop a turn."""
        thread = threading.Thread(target=alone.cancel, kwargs={"by": "alice", "why": "enough"})
        thread.start()
        thread.join()

    work = Functions({"a": cancelling, "b": nothing})
    state = asyncio.run(carried_out(alone, work))
    assert (state.status, state.reason, work.called) == ("cancelled", "enough", ["a"])


def test_what_is_wished_while_a_step_is_out_is_written_at_once(engine: Engine) -> None:
    """It stands on the record before the answer of the step, which is finished."""

    async def slow(_: Attempt) -> None:
        """Cancel the run, and come back once that is on the record."""
        assert engine.cancel(by="alice", why="Ctrl-C")
        while "intervened" not in kinds(engine):  # noqa: ASYNC110 - the journal has no event to wait for
            await asyncio.sleep(0.001)

    state = asyncio.run(carried_out(engine, Functions({"a": slow, "b": nothing})))
    assert state.status == "cancelled"
    assert kinds(engine)[-3:] == ["intervened", "group_settled", "run_ended"]


def test_a_cancel_while_it_waits_ends_it_there(tmp_path: Path) -> None:
    """Somebody steps in before the moment of the next try has come."""
    driving: list[Engine] = []

    async def for_ever(_: float) -> None:
        """Wait for ever, after somebody has stepped in."""
        await asyncio.to_thread(append, driving[0], CANCEL)
        await asyncio.Event().wait()

    async def busy(attempt: Attempt) -> Performed:
        """Be busy."""
        return Performed(answer(attempt.step.id, "not_sent"), OrgBusyError("busy"))

    driving.append(engine_on(SqliteDatabase(tmp_path / "actwright.db"), sleep=for_ever))
    state = asyncio.run(carried_out(driving[0], Functions({"a": busy})))
    assert state.status == "cancelled"


def test_an_objection_holds_the_run_before_the_next_step(engine: Engine) -> None:
    """It is paused for an override; nothing more is sent until somebody decides."""

    async def objecting(_: Attempt) -> None:
        """Object while this step is out."""
        told = {"action": "override", "key": "k", "becomes": "paused", "for": "override"}
        await asyncio.to_thread(append, engine, ("intervened", told))

    work = Functions({"a": objecting, "b": nothing})
    state = asyncio.run(carried_out(engine, work))
    assert (state.status, state.waiting_for, work.called) == ("paused", "override", ["a"])
    assert asyncio.run(engine.drive(RUN, work)).status == "paused"


def test_a_run_that_is_handed_back_is_carried_on_elsewhere(database: Database) -> None:
    """On both stores: what is out is finished and written down; another process goes on where it was left."""
    first, second = engine_on(database), engine_on(database)

    async def leaving(_: Attempt) -> None:
        """Hand the run back while this step is out."""
        first.hand_back()
        await asyncio.sleep(0.01)

    work = Functions({"a": leaving, "b": nothing})
    state = asyncio.run(carried_out(first, work))
    assert (state.status, work.called, kinds(first)[-1]) == ("running", ["a"], "group_settled")
    assert first.register.row(RUN).lease_owner is None
    later = Functions({"a": nothing, "b": nothing})
    assert asyncio.run(second.drive(RUN, later, why="recovered")).status == "completed"
    assert later.called == ["b"]
    (taken,) = (each for each in second.journal.events(RUN) if each.kind == "run_taken")
    assert taken.data == {"by": second.owner, "why": "recovered"}


def test_two_processes_do_not_drive_one_run(database: Database) -> None:
    """On both stores: the second is told who has it, also where it is the same process."""
    first, second = engine_on(database), engine_on(database)

    async def contended(_: Attempt) -> None:
        """Try to drive the run twice."""
        for other in (first, second):
            with pytest.raises(RunBusyError):
                await other.drive(RUN, Functions({"a": nothing}))

    state = asyncio.run(carried_out(first, Functions({"a": contended})))
    assert state.status == "completed"
    assert "run_taken" not in kinds(first)


def test_a_process_thought_dead_can_append_nothing_and_sends_nothing(database: Database) -> None:
    """On both stores: its lease ran out, another one took the run; when it comes back it stops and says so."""
    first, second = engine_on(database), engine_on(database)
    sent: list[str] = []

    async def stalled(_: Attempt) -> None:
        """Let another process take the run and end it."""
        with database.write() as transaction:
            transaction.execute("UPDATE run SET lease_owner = NULL, lease_until = NULL")
        other = Functions({"a": nothing, "b": nothing})
        other.settled["a"] = Reconciled(answer("a", "not_sent"), "ledger")
        assert (await second.drive(RUN, other)).status == "completed"
        assert other.called == ["a", "b"]

    async def never(attempt: Attempt) -> None:
        """Note that it was sent."""
        sent.append(attempt.step.id)

    with pytest.raises(RunError, match="taken over"):
        asyncio.run(carried_out(first, Functions({"a": stalled, "b": never})))
    assert sent == []
    assert kinds(first).count("run_ended") == 1
    assert first_fault(first.journal.events(RUN)) is None


def test_a_process_that_was_silent_for_too_long_sends_nothing(tmp_path: Path) -> None:
    """Its own clock says that somebody else may have the run: it stops before the next step."""
    now = [0.0]
    database = SqliteDatabase(tmp_path / "actwright.db")
    engine = engine_on(database, monotonic=lambda: now[0])

    async def slow(_: Attempt) -> None:
        """Take longer than the lease."""
        now[0] += 31

    work = Functions({"a": slow, "b": nothing})
    with pytest.raises(RunError):
        asyncio.run(carried_out(engine, work))
    assert work.called == ["a"]


def test_a_process_frozen_before_the_call_goes_out_sends_nothing(tmp_path: Path) -> None:
    """Between the intent and the thread that makes the call it is asked once more whether the run is still its own."""
    now = [0.0]
    database = SqliteDatabase(tmp_path / "actwright.db")
    engine = engine_on(database, monotonic=lambda: now[0])
    sent: list[str] = []

    class Frozen(Functions):
        async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
            """Freeze for longer than the lease, right before the call."""
            now[0] += 31
            reports.leaving()
            sent.append(attempt.step.id)
            return await super().perform(attempt, reports)

    with pytest.raises(RunError, match="sends nothing more"):
        asyncio.run(carried_out(engine, Frozen({"a": nothing})))
    assert sent == []
    assert kinds(engine) == ["run_started", "group_intended"]


def test_a_lease_is_renewed_while_a_step_is_out(tmp_path: Path) -> None:
    """Nobody else can take the run, however long the step takes."""
    engine = engine_on(SqliteDatabase(tmp_path / "actwright.db"), lease_seconds=0.15)

    async def long(_: Attempt) -> None:
        """Outlive the lease as it was first taken."""
        first = engine.register.row(RUN).lease_until or ""
        await asyncio.sleep(0.3)
        now = timestamp(CLOCK.now())
        row = engine.register.row(RUN)
        assert (row.lease_until or "") > first
        assert row.is_leased(now)

    assert asyncio.run(carried_out(engine, Functions({"a": long}))).status == "completed"


def test_a_task_that_is_cancelled_appends_nothing_and_leaves_the_run_to_others(
    engine: Engine,
) -> None:
    """The step is in doubt; the next process asks after it."""

    async def main() -> None:
        """Cancel the task as soon as its step is out."""
        reached = asyncio.Event()

        async def hanging(_: Attempt) -> None:
            """Never come back."""
            reached.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(carried_out(engine, Functions({"a": hanging})))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert kinds(engine) == ["run_started", "group_intended"]
    work = Functions({"a": nothing})
    work.settled["a"] = Reconciled(answer("a", "not_sent"), "ledger")
    assert asyncio.run(engine.drive(RUN, work)).status == "completed"
    assert work.called == ["a"]


def test_a_queued_run_waits_for_whoever_takes_it(engine: Engine) -> None:
    """No lease is taken with its first event; the one who takes it says so."""

    async def queued() -> None:
        """Begin a run for somebody else."""
        begun = await engine.begin(RUN, {**STARTED, "queued": True}, actor="alice")
        assert begun.record.state.status == "queued"

    asyncio.run(queued())
    now = timestamp(CLOCK.now() + timedelta(seconds=1))
    assert [each.run_id for each in engine.register.runnable(now, 5)] == [RUN]
    state = asyncio.run(engine.drive(RUN, ten(), why="queued"))
    assert state.status == "completed"
    assert kinds(engine)[1] == "run_taken"


def test_a_run_nobody_began_cannot_be_driven(engine: Engine) -> None:
    """It is named, and nothing is written."""
    with pytest.raises(NotFoundError):
        asyncio.run(engine.drive("run_nobody", ten()))


@pytest.mark.parametrize("function", [nothing, refused])
def test_the_same_work_makes_the_same_events(tmp_path: Path, function: Function) -> None:
    """But for times: nothing in them comes from chance or from the process."""
    told = []
    for name in ("one", "two"):
        engine = engine_on(SqliteDatabase(tmp_path / f"{name}.db"))
        asyncio.run(carried_out(engine, Functions({"a": nothing, "b": function})))
        events = engine.journal.events(RUN)
        told.append(
            [
                (each.kind, {k: v for k, v in each.data.items() if k != "durationMs"})
                for each in events
            ]
        )
    assert told[0] == told[1]
