"""Runs that are watched, and how each stands: live on a terminal, line by line anywhere else, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from rich.console import Console
from tests.cli.conftest import Call
from tests.programs import Programs, clean_environment

from actwright.cli.render import journals, run_lists
from actwright.cli.render.journals import Inspected
from actwright.cli.render.run_lists import Fitting, Page
from actwright.cli.render.words import in_words
from actwright.cli.terminal import Terminal
from actwright.cli.watched_runs import watch_list
from actwright.cli.watching import SHORTEST, watched
from actwright.clock import SystemClock
from actwright.pages.standing import standing
from actwright.pages.telling import Teller
from actwright.runs.record import register
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Journal
from actwright.runs.telling.listed import ListedRun
from actwright.store.sqlite import SqliteDatabase

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
_STARTED: dict[str, object] = {
    "goal": "Close it",
    "planId": "plan_1",
    "previewId": "prv_1",
    "confirmationId": "cnf_1",
    "digest": "d",
    "user": "alice@example.com",
    "org": "00D",
}
_INTENDED: dict[str, object] = {
    "groupId": "g1",
    "stage": 1,
    "effects": ["a.1"],
    "attempt": 2,
    "key": "run_1:1:g1:2",
}


class Told:
    """Tells of a write whenever it is asked, and that it was closed."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.closed = False

    def wait(self, seconds: float) -> bool:
        """Note it."""
        self.waits.append(seconds)
        return True

    def close(self) -> None:
        """Note it."""
        self.closed = True


class WatchedApp:
    """Gives watches out."""

    def watch(self) -> Told:
        """Return one."""
        return Told()


def happened(*entries: tuple[EventKind, dict[str, object]]) -> list[JournalEvent]:
    """Return the events of a run, one a second."""
    start: tuple[EventKind, dict[str, object]] = ("run_started", _STARTED)
    return [
        JournalEvent(
            run_id="run_1",
            seq=at,
            at=f"2026-11-21T12:00:{at:02}Z",
            kind=kind,
            actor="alice",
            data=data,
            prev_hash="",
            hash="",
        )
        for at, (kind, data) in enumerate((start, *entries), start=1)
    ]


def shown(*entries: tuple[EventKind, dict[str, object]], width: int = 120) -> str:
    """Return a run as it is shown."""
    events = happened(*entries)
    seen = Inspected(fold(events), events, None, NOW, carried=True)
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as captured:
        for part in journals.run(seen):
            console.print(part)
    return " ".join(captured.get().split())


def row(number: int = 1, **more: Any) -> ListedRun:
    """Return a run of a list."""
    return ListedRun(
        **{
            "id": f"run_{number}",
            "status": "running",
            "goal": "Close it",
            "user": "alice@example.com",
            "org": "00D",
            "approver": "alice",
            "plan_id": "plan_1",
            "preview_id": "prv_1",
            "started_at": "2026-11-21T12:00:00Z",
            "updated_at": "2026-11-21T12:00:00Z",
            "seq": 1,
            **more,
        }
    )


def page(*listed: ListedRun, more: int = 0) -> Page:
    """Return what is seen of a list."""
    return Page(listed, 20, more)


def test_it_is_looked_at_again_after_each_write_and_not_too_often() -> None:
    """Between two looks lies at least a fifth of a second; the last look ends it."""
    told = Told()
    seen: list[int] = []
    slept: list[float] = []
    looks: Iterator[int] = iter(range(3))
    watched(told, lambda: next(looks), seen.append, over=lambda it: it == 2, sleep=slept.append)
    assert (seen, slept, told.closed) == ([0, 1, 2], [SHORTEST, SHORTEST], True)
    assert len(told.waits) == 2


def test_ctrl_c_ends_it_without_an_error() -> None:
    """Nothing is raised, and the watch is closed."""
    told = Told()

    def look() -> int:
        raise KeyboardInterrupt

    watched(told, look, lambda _: None)
    assert told.closed


def test_a_watched_list_tells_each_change_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON, one line each time a run stands otherwise; a run that only ticks on is not told again."""
    lists = iter(
        [
            page(row(1)),
            page(row(2), row(1, seq=2)),
            page(row(2), row(1, seq=3, status="waiting", waiting_for="confirmation")),
        ]
    )

    def look() -> Page:
        try:
            return next(lists)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("actwright.cli.watching.SHORTEST", 0.0)
    watch_list(WatchedApp(), Terminal(as_json=True), look)  # type: ignore[arg-type]  # all it asks of it
    told = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [(each["id"], each["status"]) for each in told] == [
        ("run_1", "running"),
        ("run_2", "running"),
        ("run_1", "waiting"),
    ]


def test_a_run_that_comes_back_into_the_list_is_told_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of paused runs only: it went on, and is paused once more for the same reason."""
    held = row(1, status="paused", waiting_for="retry", reason="g1 failed")
    lists = iter([page(held), page(), page(held), page(held)])

    def look() -> Page:
        try:
            return next(lists)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("actwright.cli.watching.SHORTEST", 0.0)
    watch_list(WatchedApp(), Terminal(as_json=True), look)  # type: ignore[arg-type]  # all it asks of it
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_ps_watch_ends_on_ctrl_c_with_exit_0(programs: Programs, tmp_path: Path) -> None:
    """In a process of its own, with a real signal, after the line of the one run there is."""
    home = tmp_path / "home"
    home.mkdir()
    database = SqliteDatabase(home / "actwright.db")
    Journal(database, SystemClock()).append(
        "run_1", [("run_started", dict(_STARTED))], actor="alice", after=None
    )
    database.close()
    out = tmp_path / "out"
    process = programs.start(
        *("ps", "--watch", "--json", "--home", str(home)),
        folder=tmp_path,
        env=clean_environment(),
        streams=[os.devnull, str(out), os.devnull],
    )
    end = time.monotonic() + 20
    while not (out.exists() and out.read_text(encoding="utf-8").endswith("\n")):
        assert time.monotonic() < end
        time.sleep(0.01)
    first = json.loads(out.read_text(encoding="utf-8"))
    assert (first["id"], first["stalled"]) == ("run_1", True)
    time.sleep(0.1)
    process.send(signal.SIGINT)
    assert process.ended() == 0


@pytest.mark.parametrize(
    ("status", "waiting_for", "flag", "word", "tone"),
    [
        ("queued", "", "", "queued", "open"),
        ("running", "", "", "running", "open"),
        ("running", "", "stalled", "stalled", "doubt"),
        ("waiting", "confirmation", "", "waiting for a yes", "doubt"),
        ("waiting", "override", "", "waiting for approvers", "doubt"),
        ("paused", "retry", "", "paused: what next?", "doubt"),
        ("paused", "clarification", "", "paused, in doubt", "doubt"),
        ("paused", "override", "", "paused by an objection", "doubt"),
        ("completed", "", "", "completed", "good"),
        ("failed", "", "in_part", "partly done", "doubt"),
        ("failed", "", "", "failed", "bad"),
        ("cancelled", "", "", "cancelled", "doubt"),
        ("aborted", "", "", "aborted", "bad"),
        ("waiting", "confirmation", "stalled", "waiting, stalled", "doubt"),
        ("paused", "override", "stalled", "paused, stalled", "doubt"),
    ],
)
def test_every_status_has_words(
    status: str,
    waiting_for: str,
    flag: Literal["", "stalled", "in_part"],
    word: str,
    tone: str,
) -> None:
    """In a word or two, and a tone."""
    found = standing(status, waiting_for, stalled=flag == "stalled", in_part=flag == "in_part")
    assert (found.word, found.tone) == (word, tone)


def test_what_is_out_is_told_with_its_age_and_its_try() -> None:
    """Since when, how long ago, which try, and who has it."""
    taken: tuple[EventKind, dict[str, object]] = ("run_taken", {"by": "box:7:ab", "why": "queued"})
    text = shown(taken, ("group_intended", _INTENDED))
    assert "Carried out by process 7 on box." in text
    assert "g1 is out since 12:00:03 (27 s) try 2" in text


def test_a_doubt_is_shown_with_both_possibilities() -> None:
    """The evidence, the choices, and the command that answers."""
    paused: dict[str, object] = {
        "stage": 1,
        "groupId": "g1",
        "reason": "Nobody can tell whether g1 happened.",
        "for": "clarification",
        "evidence": ["The record reads as before."],
        "choices": ["happened", "did not happen"],
    }
    text = shown(("group_intended", _INTENDED), ("run_paused", paused))
    assert "paused, in doubt" in text
    assert "g1 is in doubt since 12:00:02" in text or "g1 is out since 12:00:02" in text
    assert "The record reads as before." in text
    assert "Either it happened or it did not happen." in text
    assert "--action provide_clarification --answer ANSWER --why REASON" in text
    assert (
        "What applies: abort_flow, provide_clarification Besides: actwright override file" in text
    )


def test_a_wait_is_shown_with_its_end_and_what_is_known() -> None:
    """Until when, in how long, and what the next part waits to be given."""
    waiting: dict[str, object] = {
        "reason": "A person has to say yes.",
        "for": "confirmation",
        "until": "2026-11-21T14:00:30Z",
        "wave": 2,
        "outputs": {"ask": {"number": "N-\x1b[31m7"}},
    }
    text = shown(("run_waiting", waiting))
    assert "Until 14:00:30, in 2 h 0 min." in text
    assert "number of ask: N-" in text
    assert "\x1b" not in text
    assert "Next: actwright resume run_1 What applies:" in text


def test_what_is_tried_again_and_who_stepped_in_is_shown() -> None:
    """The moment of the next try, and each intervention with its reason."""
    text = shown(
        ("group_intended", _INTENDED),
        ("group_retrying", {"groupId": "g1", "stage": 1, "until": "2026-11-21T12:00:39Z"}),
        (
            "intervened",
            {"action": "override", "key": "k", "why": "Not in my name.", "target": "g1"},
        ),
    )
    assert "g1 did not happen, and is tried again at 12:00:39, in 9 s" in text
    assert "override g1" in text
    assert "Not in my name." in text


def test_a_run_without_a_living_process_is_stalled() -> None:
    """Who had it last, and what helps."""
    events = happened(("run_taken", {"by": "box:7:ab", "why": "queued"}))
    seen = Inspected(fold(events), events, None, NOW + timedelta(hours=1), carried=False)
    console = Console(width=120, highlight=False, markup=False)
    with console.capture() as captured:
        for part in journals.run(seen):
            console.print(part)
    text = " ".join(captured.get().split())
    assert "stalled" in text
    assert "process 7 on box had it, and was last heard of 1 h 0 min ago" in text
    assert "actwright recover" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 s"), (59.9, "59 s"), (61, "1 min 1 s"), (7_260, "2 h 1 min"), (90_000, "1 d 1 h")],
)
def test_a_length_of_time_in_words(seconds: float, words: str) -> None:
    """Two units at most."""
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        (
            "run_taken",
            {"by": "box:7:ab", "why": "recovered"},
            "process 7 on box has it now: recovered",
        ),
        ("group_skipped", {"groupId": "g1", "why": "No need."}, "g1 is left out: No need."),
        (
            "group_reconciled",
            {
                "by": "ledger",
                "outcomes": [{"created": True, "status": "done", "recordId": "001", "faults": []}],
            },
            "the org's ledger says: created 001",
        ),
        (
            "group_retrying",
            {"attempt": 2, "until": "T", "error": {"message": "Busy."}},
            "did not happen: Busy.; try 2 at T",
        ),
        ("run_paused", {"reason": "Why?", "evidence": ["E."]}, "Why? E."),
        (
            "run_continued",
            {"previewId": "prv_2", "because": "inputs"},
            "goes on with prv_2, with other inputs",
        ),
        (
            "intervened",
            {"action": "skip_stage", "why": "So.", "target": "g1"},
            "skip stage g1: So.",
        ),
        ("timer_fired", {"timer": "deadline", "why": "Over."}, "deadline: Over."),
        (
            "run_ended",
            {
                "envelope": {"success": False, "errors": []},
                "status": "cancelled",
                "reason": "Ctrl-C",
            },
            "cancelled: Ctrl-C",
        ),
    ],
)
def test_new_kinds_of_events_are_told(kind: EventKind, data: dict[str, object], told: str) -> None:
    """Each in one line."""
    event = happened((kind, data))[1]
    assert Teller().told(event) == told


def test_a_list_tells_what_a_run_needs() -> None:
    """Why it waits, that nobody carries it out, what it takes back and what took it back."""
    console = Console(width=120, highlight=False, markup=False)
    with console.capture() as captured:
        for part in run_lists.runs(
            [
                row(1, status="waiting", waiting_for="confirmation", reason="Say yes."),
                row(2, stalled=True, undoes="run_0"),
                row(4, stalled=True, in_doubt=True),
                row(3, status="cancelled", reason="Ctrl-C", ended_at="2026-11-21T12:00:00Z"),
            ],
            NOW + timedelta(days=3, hours=4),
        ):
            console.print(part)
    text = captured.get()
    assert "run_1  waiting for a yes  2026-11-21 12:00 UTC  alice" in text
    assert "run_2  stalled            2026" in text
    assert "run_4  stalled, in doubt  2026" in text
    for each in ("Say yes.", "actwright recover", "takes back run_0", "Ctrl-C"):
        assert each in text
    assert text.count("for 3 d 4 h now") == 1


def told(*listed: ListedRun, now: datetime = NOW) -> str:
    """Return runs as a list shows them."""
    console = Console(width=120, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(*run_lists.runs(listed, now), sep="\n")
    return " ".join(captured.get().split())


def test_a_list_tells_who_carries_a_run_out_since_when_and_how_far_it_is() -> None:
    """With what is out, and for how long; of further stages which one."""
    live: dict[str, Any] = {
        "worker": "box:7:ab",
        "taken_at": "2026-11-21T12:00:18Z",
        "steps_behind": 3,
        "steps_total": 10,
        "out": ("g4",),
        "out_since": "2026-11-21T12:00:25Z",
    }
    assert told(row(**live)).endswith(
        "carried out by process 7 on box for 12 s; 3 of 10 steps behind it; g4 out for 5 s"
    )
    further: dict[str, Any] = {
        **live,
        "stage": 2,
        "steps_behind": 0,
        "steps_total": 1,
        "out": ("g1", "g2"),
    }
    assert "; stage 2: 0 of 1 step behind it; g1 and 1 more out for 5 s" in told(row(**further))


def test_a_list_tells_how_long_a_run_waits_and_until_when() -> None:
    """In the queue, and for a person."""
    assert told(row(status="queued")).endswith("Close it in the queue for 30 s")
    waits: dict[str, Any] = {
        "status": "waiting",
        "waiting_for": "confirmation",
        "reason": "Say yes.",
        "held_since": "2026-11-21T11:58:30Z",
        "until": "2026-11-23T11:58:30Z",
    }
    assert told(row(**waits)).endswith("Say yes. for 2 min 0 s now; until 2026-11-23 11:58 UTC")


def test_a_list_tells_the_flags_with_their_reasons() -> None:
    """Once each, whatever a run stands at."""
    old = row(status="waiting", reason="Say yes.", stalled=True, stalled_why="It waited: Say yes.")
    assert "run_1 waiting, stalled" in told(old)
    assert told(old).count("Say yes.") == 1
    doubt: dict[str, Any] = {"in_doubt": True, "in_doubt_why": "Nobody knows of g1."}
    ended = row(status="aborted", ended_at="2026-11-21T12:00:00Z", **doubt)
    assert "run_1 aborted, in doubt" in told(ended)
    assert told(ended).endswith("Nobody knows of g1.")
    both = row(status="paused", waiting_for="clarification", stalled=True, **doubt)
    assert "run_1 stalled, in doubt" in told(both)


@pytest.mark.parametrize(("height", "runs", "below"), [(24, 3, "And 7 older: actwright ps --limit 27, or --status STATUS"), (6, 1, "And 9 older: a higher window shows more.")])  # fmt: skip
def test_a_watched_list_fits_the_window_and_tells_how_many_are_older(
    height: int, runs: int, below: str
) -> None:
    """What there is no room for is counted, and nothing is cut in two."""
    console = Console(width=80, height=height, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(
            Fitting(page(*(row(each, status="queued") for each in range(3)), more=7), NOW)
        )
    lines = captured.get().splitlines()
    assert len(lines) < height
    assert sum(each.startswith("run_") for each in lines) == runs
    assert lines[-1].strip() == below


def test_a_watched_list_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal, and once where it is told line by line."""
    console = Console(width=80, height=24)
    with console.capture() as captured:
        console.print(Fitting(page(), NOW))
    assert captured.get().strip() == "No runs yet."
    looks = iter((page(), page()))

    def look() -> Page:
        found = next(looks, None)
        if found is None:
            raise KeyboardInterrupt
        return found

    watch_list(WatchedApp(), Terminal(as_json=False), look)  # type: ignore[arg-type]  # all it asks of it
    assert capsys.readouterr().err == "No runs yet.\n"


def test_the_documents_of_runs_have_both_flags(call: Call, tmp_path: Path) -> None:
    """In a list and of one run: why it is stalled, and what is in doubt."""
    database = SqliteDatabase(tmp_path / "home" / "actwright.db")
    started: tuple[EventKind, dict[str, Any]] = ("run_started", {**_STARTED, "answerWithin": 7_200})
    left = [started, ("group_intended", _INTENDED)]
    Journal(database, SystemClock()).append("run_1", left, actor="al", after=None)
    database.close()
    (listed,) = call("ps", "--json").json
    found = call("inspect", "run_1", "--json").json["run"]
    assert (listed["stalled"], listed["inDoubt"], found["inDoubt"]) == (True, True, ["g1"])
    assert found["stalled"] == listed["stalledWhy"] == "No process carries it out any more."
    assert "It waits for a person for at most 2 h 0 min each time." in call("inspect", "run_1").out


def test_of_more_runs_than_are_shown_is_told_how_many(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to see them; only as far as they are counted."""
    database = SqliteDatabase(tmp_path / "home" / "actwright.db")
    journal = Journal(database, SystemClock())
    for number in range(3):
        begun = {**_STARTED, "queued": True}
        journal.append(f"run_{number}", [("run_started", begun)], actor="al", after=None)
    database.close()
    seen = call("ps", "--limit", "1")
    assert seen.err == "And 2 older: actwright ps --limit 3, or --status STATUS\n"
    assert call("ps", "--limit", "3").err == ""
    monkeypatch.setattr(register, "MOST_COUNTED", 2)
    assert "And more than 1 older" in call("ps", "--limit", "1").err
    assert len(call("ps", "--limit", "1", "--json").json) == 1
