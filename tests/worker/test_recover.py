"""Recovery tells what became of every run that has not ended, and carries on what it can."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.kept_runs import intended, settled, started, unguarded
from tests.programs import Programs, clean_environment
from tests.worker.conftest import Scene

from actwright import Actwright, Settings
from actwright.clock import timestamp
from actwright.errors import JournalDamagedError
from actwright.runs.engine.owner import is_dead_here
from actwright.runs.record.journal import Entry
from actwright.runs.record.register import Register
from actwright.runs.recovered import Recovered


def _told(found: tuple[Recovered, ...]) -> dict[str, str]:
    return {each.run_id: each.became for each in found}


def _lease(scene: Scene, run_id: str, owner: str) -> None:
    app = scene.person()
    now = app.clock.now()
    until = timestamp(now + timedelta(hours=1))
    seq = app.journal.head(run_id).seq
    assert Register(app.store[0]).take(run_id, owner, until=until, now=timestamp(now), seq=seq)


def test_each_unfinished_run_is_told_of_and_ones_own_are_carried_on(scene: Scene) -> None:
    """Mine ends; another person's, another org's, one that is busy and one that is paused stay as they are."""
    app = scene.person()
    mine, bobs, busy = scene.queued(), scene.queued("bob"), scene.queued()
    data = app.journal.events(mine)[0].data
    foreign = data | {"org": "00D000000000099AAA"}
    app.journal.append("run_foreign", [("run_started", foreign)], actor="Al", after=None)
    paused: Entry = ("run_paused", {"reason": "for a reason", "for": "retry"})
    app.journal.append("run_paused", [("run_started", data), paused], actor="Al", after=None)
    _lease(scene, busy, "elsewhere:1:x")
    expected = {bobs: "foreign", "run_foreign": "foreign", "run_paused": "paused", busy: "busy"}
    assert _told(app.recover(dry_run=True)) == expected | {mine: "to_continue"}
    assert scene.status(mine) == "queued"
    assert _told(app.recover()) == expected | {mine: "continued"}
    assert scene.status(mine) == "completed"
    assert scene.effects(mine) == [1]
    assert _told(app.recover()) == expected


@pytest.mark.parametrize(
    ("user", "bobs"),
    [
        ("alice", "foreign"),
        ("ALICE@acme.example", "foreign"),
        ("bob", "to_continue"),
        (None, "foreign"),
    ],
)
def test_telling_takes_no_org(tmp_path: Path, user: str | None, bobs: str) -> None:
    """Whose a run is shows in the name alone; what a dead process left out, and what is in doubt, in the journal."""
    doubt: Entry = ("run_paused", {"reason": "nobody knows", "for": "clarification"})
    taken: Entry = ("run_taken", {"by": "elsewhere:1:x", "why": "queued"})
    settings = Settings(home=tmp_path, user=user)
    with Actwright(settings=settings) as app:
        for run_id, *entries in (
            ("run_bob", taken),
            ("run_doubt", intended(), settled(outcomes=[]), doubt),
            ("run_out", taken, intended()),
            ("run_edited", taken, intended()),
            ("run_queued",),
        ):
            name = "bob@acme.example" if run_id == "run_bob" else user or "alice"
            first = started(run_id, user=name, queued=run_id == "run_queued")
            app.journal.append(run_id, [first, *entries], actor="al", after=None)
        with unguarded(app.journal.database) as execute:
            execute("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_edited' AND seq = 3")
            execute("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_queued'")
        found = {each.run_id: each for each in app.recover(dry_run=True)}
        assert not app._is_open
    assert _told(tuple(found.values())) == {
        "run_bob": bobs,
        "run_doubt": "in_doubt",
        "run_out": "to_continue",
        "run_edited": "failed",
        "run_queued": "failed",
    }
    assert "whether g1 happened: that is looked up first" in found["run_out"].reason
    assert "event 3 (group_intended) was changed" in found["run_edited"].reason
    assert found["run_edited"].hint == "actwright verify run_edited"


def test_an_edited_run_is_not_held(tmp_path: Path) -> None:
    """A worker that cannot log its person in writes nothing behind the edit either."""
    with Actwright(settings=Settings(home=tmp_path)) as app:
        app.journal.append("run_1", [started("run_1")], actor="al", after=None)
        with unguarded(app.journal.database) as execute:
            execute("UPDATE journal SET actor = 'eve'")
        with pytest.raises(JournalDamagedError, match="event 1"):
            app.hold("run_1", reason="nobody can be logged in")
        assert app.journal.head("run_1").seq == 1


def test_a_run_that_cannot_be_carried_on_keeps_no_other_from_it(scene: Scene) -> None:
    """Its reason is told, and the next one is carried on."""
    app, good = scene.person(), scene.queued()
    data = app.journal.events(good)[0].data | {"previewId": "preview_gone", "planId": "plan_gone"}
    app.journal.append("run_broken", [("run_started", data)], actor="Al", after=None)
    found = {each.run_id: each for each in app.recover()}
    assert found["run_broken"].became == "failed"
    assert "preview_gone" in found["run_broken"].reason or "plan_gone" in found["run_broken"].reason
    assert found[good].status == "completed"


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_on_a_file_a_dead_process_is_known_at_once(scene: Scene) -> None:
    """Its lease need not run out; that of a living process counts."""
    app, dead, alive = scene.person(), scene.queued(), scene.queued()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    _lease(scene, dead, f"{socket.gethostname()}:{gone.pid}:x")
    _lease(scene, alive, f"{socket.gethostname()}:{os.getpid()}:x")
    assert _told(app.recover()) == {dead: "continued", alive: "busy"}


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_a_run_whose_process_was_killed_is_told_of_as_stalled(scene: Scene) -> None:
    """Its lease is not over yet, and nobody carries it out all the same."""
    app, run_id = scene.person(), scene.queued()
    taken = {"by": "elsewhere:1:x", "why": "queued"}
    app.journal.append(run_id, [("run_taken", taken)], actor="x", after=app.journal.head(run_id))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    _lease(scene, run_id, f"{socket.gethostname()}:{gone.pid}:x")
    (listed,) = app.listed_runs()
    assert (listed.stalled, listed.worker, app.is_carried_out(run_id)) == (True, None, False)
    assert app.stalled() == 1


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_recovery_ends_what_is_past_its_deadline(scene: Scene) -> None:
    """A paused run whose deadline has passed is ended by whoever recovers, as a worker would."""
    app, run_id = scene.person(), scene.queued()
    began = timestamp(app.clock.now() - timedelta(minutes=1))
    data = app.journal.events(run_id)[0].data | {"deadline": began}
    paused: Entry = ("run_paused", {"reason": "for a reason", "for": "retry"})
    app.journal.append("run_late", [("run_started", data), paused], actor="Al", after=None)
    assert _told(app.recover(dry_run=True))["run_late"] == "to_continue"
    assert _told(app.recover())["run_late"] == "continued"
    assert scene.status("run_late") == "failed"


@pytest.mark.parametrize(
    "owner", [None, "", "x", "elsewhere:1:x", f"{socket.gethostname()}:x:y", "1:2", ":::"]
)
def test_nobody_is_called_dead_who_cannot_be_known(owner: str | None) -> None:
    """Another machine's process, or a name of another form, may be alive."""
    assert not is_dead_here(owner)


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_commands_offer_recovery_and_the_command_tells_it_all(
    scene: Scene, programs: Programs
) -> None:
    """One line on stderr where runs were broken off; ``recover --json`` has each with what became of it."""
    app, run_id = scene.person(), scene.queued()
    env = clean_environment() | {"ACTWRIGHT_HOME": str(scene.folder)}
    command = partial(programs.run, folder=scene.folder, env=env)
    head = app.journal.head(run_id)
    taken = {"by": "elsewhere:1:x", "why": "queued"}
    app.journal.append(run_id, [("run_taken", taken)], actor="x", after=head)
    assert app.stalled() == 1
    listed = command("ps", "--json")
    assert "1 run was broken off and not ended: actwright recover" in listed.err
    assert listed.json
    done = command("recover", "--json", "--org", scene.org.url, "--as", "alice")
    assert (done.code, done.err) == (0, "")
    (told,) = done.json
    assert (told["runId"] if "runId" in told else told["run_id"]) == run_id
    assert (told["became"], told["status"]) == ("continued", "completed")
    again = command("recover", "--org", scene.org.url, "--as", "alice")
    assert "Every run has ended." in again.err
