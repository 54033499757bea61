"""Lists of runs: how far each is, who has it, and its flags with their reasons, read anew only where something moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.runs.memory_app import five_groups, memory_app
from tests.writable_org import writable_org

from actwright import Actwright
from actwright.clock import timestamp
from actwright.runs.engine.engine import process_name
from actwright.runs.record.journal import Entry
from actwright.runs.record.register import Register
from actwright.runs.telling.flags import LEFT, state_document
from actwright.runs.telling.listed import ListedRun
from actwright.testing import FixedClock

GROUPS = 5


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that stands still."""
    return FixedClock()


@pytest.fixture
def app(tmp_path: Path, clock: FixedClock) -> Iterator[Actwright]:
    """Give an Actwright over an org in memory."""
    made = memory_app(tmp_path, writable_org(), clock=clock)
    yield made
    made.close()


def begun(app: Actwright, run_id: str, *entries: Entry) -> None:
    """Write a run that has begun, and what follows."""
    preview, _ = five_groups(app)
    data = {
        "goal": preview.goal,
        "planId": preview.plan_id,
        "previewId": preview.id,
        "confirmationId": "cnf_1",
        "digest": preview.digest,
        "groups": len(preview.groups),
        "user": "alice",
        "org": preview.org.id,
    }
    app.journal.append(run_id, [("run_started", data), *entries], actor="Al", after=None)


def intended(group: str) -> Entry:
    """Return the event of a group that is about to be sent."""
    return ("group_intended", {"groupId": group, "stage": 1, "effects": [], "attempt": 1})


def settled(group: str, status: str) -> Entry:
    """Return the event of a group's outcome."""
    outcome = {"effectId": group, "status": status}
    return ("group_settled", {"groupId": group, "stage": 1, "outcomes": [outcome]})


def seen(app: Actwright) -> ListedRun:
    """Return the only run, as a list has it."""
    (found,) = app.with_rest(app.listed_runs())
    return found


def test_a_live_run_is_shown_with_who_has_it_and_how_far_it_is(
    app: Actwright, clock: FixedClock
) -> None:
    """Its process and since when, the steps behind it of all, and what is out; that is no doubt yet."""
    begun(app, "run_1", intended("g1"), settled("g1", "done"))
    clock.advance(timedelta(seconds=5))
    head = app.journal.head("run_1")
    owner, now = process_name(), timestamp(clock.now())
    until = timestamp(clock.now() + timedelta(minutes=1))
    assert Register(app.store[0]).take("run_1", owner, until=until, now=now, seq=head.seq)
    taken: Entry = ("run_taken", {"by": owner, "why": "resumed"})
    app.journal.append("run_1", [taken, intended("g2")], actor=owner, after=head)
    run = seen(app)
    assert (run.worker, run.taken_at, run.out, run.out_since) == (owner, now, ("g2",), now)
    assert (run.steps_behind, run.steps_total) == (1, GROUPS)
    assert (run.stalled, run.in_doubt) == (False, False)
    head = app.journal.head("run_1")
    app.journal.append("run_1", [settled("g2", "done")], actor=owner, after=head)
    assert (seen(app).steps_behind, seen(app).out) == (2, ())


def test_a_run_that_was_left_is_stalled_and_in_doubt_with_its_reasons(app: Actwright) -> None:
    """So the list says, and so does the document of the run."""
    begun(app, "run_1", intended("g1"))
    run = seen(app)
    assert (run.stalled, run.stalled_why) == (True, LEFT)
    assert (run.in_doubt, run.in_doubt_why) == (True, "Nobody knows what became of g1.")
    document = state_document(app.run_state("run_1"), carried=False)
    assert (document["stalled"], document["inDoubt"]) == (LEFT, ["g1"])
    carried = state_document(app.run_state("run_1"), carried=True)
    assert (carried["stalled"], carried["inDoubt"]) == ("", [])


def test_a_pause_in_doubt_that_takes_too_long_has_both_flags(
    app: Actwright, clock: FixedClock
) -> None:
    """Before the timer only the doubt; behind it why nothing moves, too."""
    doubt = {"reason": "nobody can tell", "for": "clarification", "groupId": "g1"}
    begun(app, "run_1", intended("g1"), settled("g1", "unknown"), ("run_paused", doubt))
    held_since = timestamp(clock.now())
    assert (seen(app).in_doubt, seen(app).stalled) == (True, False)
    clock.advance(timedelta(hours=25))
    app.fire("run_1")
    run = seen(app)
    assert (run.in_doubt, run.stalled, run.held_since) == (True, True, held_since)
    assert run.stalled_why == "It was paused for more than 24 hours: nobody can tell"


def test_a_run_that_leaves_between_two_looks_disturbs_no_list(
    app: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took another one back, and was moved out of the store right behind the first look."""
    begun(app, "run_1", intended("g1"))
    monkeypatch.setattr(Register, "undoing", lambda *_: {"run_1": ("run_gone",)})
    assert seen(app).undone_by == ()


def test_an_aborted_run_keeps_its_doubt(app: Actwright) -> None:
    """It was ended as it stood, and the list says so."""
    end = {
        "envelope": {"success": False, "runId": "run_1"},
        "status": "aborted",
        "reason": "Al: no",
    }
    begun(app, "run_1", intended("g1"), settled("g1", "unknown"), ("run_ended", end))
    run = seen(app)
    assert (run.status, run.in_doubt, run.stalled) == ("aborted", True, False)


def test_a_second_look_reads_only_what_was_written_since(
    app: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a run is, watching it costs what it moves."""
    begun(app, "run_1", intended("g1"))
    assert seen(app).steps_behind == 0
    read = app.journal.events
    asked: list[int] = []

    def counted(run_id: str, *, after: int = 0) -> object:
        asked.append(after)
        return read(run_id, after=after)

    monkeypatch.setattr(app.journal, "events", counted)
    assert seen(app).steps_behind == 0
    assert asked == []
    head = app.journal.head("run_1")
    app.journal.append("run_1", [settled("g1", "done")], actor="Al", after=head)
    assert seen(app).steps_behind == 1
    assert asked == [head.seq]


def test_a_run_whose_journal_is_gone_is_listed_as_the_register_has_it(
    app: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be read hides no other."""
    begun(app, "run_1", intended("g1"))
    monkeypatch.setattr("actwright.runs.telling.seen.fold", lambda _: app.journal.events("run_0"))
    assert (seen(app).stalled, seen(app).steps_behind) == (True, None)


def test_how_many_groups_a_stage_has_stands_in_its_first_event(app: Actwright) -> None:
    """So that nobody has to read a preview to know how far a run is."""
    envelope = app.run(*five_groups(app))
    assert [each.groups for each in app.run_state(envelope.run_id or "").stages] == [GROUPS]


def test_a_run_that_failed_says_what_went_wrong(app: Actwright) -> None:
    """Whoever drove it; where its own end names no reason, by the first of its errors."""
    errors = ["The row is locked.", "The other one too."]
    envelope = {"success": False, "status": "failed", "errors": errors}
    begun(app, "run_1", ("run_ended", {"envelope": envelope, "status": "failed", "reason": ""}))
    run = seen(app)
    assert (run.reason, run.stalled) == ("The row is locked. And 1 more.", False)
