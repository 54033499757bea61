"""A server that restarts, a network that fails inside a commit, processes that die: on PostgreSQL as on a file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.doomed import Child, Gate
from tests.chaos.scene import Scene
from tests.postgres import PostgresServer
from tests.postgres_proxy import CutProxy, Moment

from actwright import Actwright

ONE_SERVER = pytest.mark.xdist_group("chaos_postgres")
"""Tests that stop the server share one, in one process."""

LEASE = 1.0
STEPS = 4
COMMITS = 11


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """Give a server that may be stopped."""
    server = PostgresServer.started(os.getpid())
    server.make_template()
    yield server
    server.end()


@pytest.fixture
def kept(postgres_address: str, opening: Callable[..., Actwright], tmp_path: Path) -> Actwright:
    """Give an Actwright whose store is a database."""
    return opening(tmp_path / "home", database_url=postgres_address)


def sharing(app: Actwright, **more: object) -> dict[str, object]:
    """Return the settings by which a child uses the same store."""
    return {"database_url": app.settings.database_url, **more}


def test_killed_behind_any_event_runs_are_brought_to_their_end(
    scene: Scenes, kept: Actwright
) -> None:
    """Behind whichever commit processes die, others carry their runs on once the leases have run out."""
    scenes = []
    for place in range(1, COMMITS + 1):
        one = scene(steps=STEPS, app=kept, **sharing(kept, lease_seconds=LEASE))
        with _stopped(one, place) as (_, child):
            child.kill()
        child.join()
        scenes.append(one)
    time.sleep(LEASE)
    for one in scenes:
        one.check()
    assert scenes[-1].kinds.count("run_taken") == 0


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("place", [0, 1, 2, 4, 5, 7, COMMITS - 1])
def test_a_connection_cut_inside_a_commit_is_found_out(
    scene: Scenes, kept: Actwright, postgres_server: PostgresServer, place: int, moment: Moment
) -> None:
    """Whether the server heard of a commit or not, the process finds out, goes on, and does nothing twice."""
    with CutProxy(postgres_server.port) as proxy:
        address = str(kept.settings.database_url)
        through = address.replace(str(postgres_server.port), str(proxy.port))
        one = scene(steps=STEPS, app=kept, **sharing(kept, database_url=through))
        with _stopped(one, place, legible=True) as (gate, child):
            proxy.cut_at("COMMIT", moment)
            gate.open()
            assert child.ended() == 0
        assert proxy.has_cut
    assert one.kinds.count("run_taken") == 0
    one.check()


@ONE_SERVER
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restarted_server_holds_a_run_up_only(
    scene: Scenes,
    own_server: PostgresServer,
    opening: Callable[..., Actwright],
    tmp_path: Path,
    mode: str,
) -> None:
    """While the server is away nothing is sent that could not be journaled; when it is back, the run goes on."""
    address = own_server.address(own_server.fresh())
    app = opening(tmp_path / "home", database_url=address)
    one = scene(steps=STEPS, app=app, **sharing(app))
    with _stopped(one, 3) as (gate, child):
        own_server.stop(mode)
        gate.open()
        time.sleep(0.2)
        assert sum(one.effects) <= 1
        own_server.start(os.getpid())
        assert child.ended() == 0
    one.check()


@ONE_SERVER
@pytest.mark.parametrize("place", [3, 8])
def test_a_server_that_stays_away_stops_the_run(
    scene: Scenes,
    own_server: PostgresServer,
    opening: Callable[..., Actwright],
    tmp_path: Path,
    place: int,
) -> None:
    """A process that dies while the server is away leaves a run that anybody carries on when it is back."""
    address = own_server.address(own_server.fresh())
    app = opening(tmp_path / "home", database_url=address)
    one = scene(steps=STEPS, app=app, **sharing(app, lease_seconds=LEASE))
    with _stopped(one, place) as (gate, child):
        own_server.stop("immediate")
        gate.open()
        time.sleep(0.1)
        child.kill()
    child.join()
    own_server.start(os.getpid())
    time.sleep(LEASE)
    one.check()


@contextmanager
def _stopped(one: Scene, place: int, *, legible: bool = False) -> Iterator[tuple[Gate, Child]]:
    """Give a child that has stopped behind a commit, and its gate; behind none, it has only begun."""
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start("apply", gate=gate, legible=legible)
        for _, _event in zip(range(place), reached, strict=False):
            pass
        yield gate, child
