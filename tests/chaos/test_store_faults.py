"""A store that fails under a run: nothing is sent that could not be journaled, and afterwards the run comes to its end."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.scene import Scene

from actwright import Actwright
from actwright.errors import StoreError

STEPS = 4
COMMITS = 11
"""How many commits carry four steps out; a test holds the number to be right."""


@pytest.fixture
def apart(opening: Callable[..., Actwright], tmp_path: Path) -> Actwright:
    """Give an Actwright with a store of its own."""
    return opening(tmp_path / "home")


@pytest.mark.parametrize(
    ("trouble", "place"),
    [*product(["disk full"], range(1, COMMITS + 1)), *product(["read-only"], [1, 5, 8])],
)
def test_what_cannot_be_journaled_is_not_sent(scene: Scenes, trouble: str, place: int) -> None:
    """From whichever commit on the store takes no more, only what had been journaled by then was sent."""
    one = scene(steps=STEPS)
    child = one.start("apply_in_trouble", trouble=trouble, place=place)
    code = child.ended()
    intended = [each.data["groupId"] for each in one.events if each.kind == "group_intended"]
    assert sum(one.effects) <= len(intended)
    assert one.run is not None
    assert (code == 0) is one.run.ended is (place == COMMITS)
    one.check()


def test_a_store_that_fills_up_stops_the_run(scene: Scenes) -> None:
    """Wherever SQLite finds no further page, the run stops there, and goes on once there is room."""
    one = scene()
    child = one.start("apply_in_trouble", trouble="store full", place=2)
    assert child.ended() != 0
    assert one.run is not None
    assert not one.run.ended
    one.check()


@pytest.mark.parametrize("place", [1, 2, 3, 5, 8])
def test_a_locked_store_stops_the_run(scene: Scenes, place: int) -> None:
    """Where another process holds the store for longer than anybody waits, nothing more is sent, until it is free."""
    one = scene(steps=STEPS)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate, at="commit", patience=0.05)
        for _, _event in zip(range(place), reached, strict=False):
            pass
        with _locked(one.app):
            gate.open()
            assert child.ended() != 0
    intended = one.kinds.count("group_intended")
    assert sum(one.effects) <= intended
    one.check()


@pytest.mark.parametrize("damage", ["journal", "run", "header"])
def test_a_damaged_store_is_named_and_nothing_guessed(
    scene: Scenes, apart: Actwright, opening: Callable[..., Actwright], damage: str
) -> None:
    """A page overwritten with noise stops every command; from the undamaged file the run goes on."""
    one = scene(steps=STEPS, app=apart)
    _killed(one, behind=5)
    before, home = one.effects, apart.settings.home
    apart.close()
    store = home / "actwright.db"
    page, kept = _page_of(store, damage), store.read_bytes()
    _overwrite(store, page)
    with pytest.raises(StoreError) as refused:
        opening(home).recover()
    assert refused.value.hint
    assert one.effects == before
    store.write_bytes(kept)
    one.app = opening(home)
    one.check()


def test_a_home_gone_read_only_stops_recovery(scene: Scenes, apart: Actwright) -> None:
    """Without the right to write the home folder nothing is carried on; with it again, the run is."""
    one = scene(steps=STEPS, app=apart)
    _killed(one, behind=4)
    before = one.effects
    child_user = _somebody()
    with _read_only(apart.settings.home, child_user):
        child = one.start("recover", user_id=child_user)
        assert child.ended() != 0
    assert one.effects == before
    one.check()


def _killed(one: Scene, *, behind: int) -> None:
    """Let a child carry the plan out, and die behind that commit."""
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _, _event in zip(range(behind), reached, strict=False):
            pass
        child.kill()
    child.join()


@contextmanager
def _locked(app: Actwright) -> Iterator[None]:
    """Hold the write lock, as another process would."""
    held = sqlite3.connect(app.settings.home / "actwright.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        held.execute("ROLLBACK")
        held.close()


def _page_of(store: Path, damage: str) -> int:
    """Return a page of the store by what it holds: the header, or the first page of a table's rows."""
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if damage == "header":
            return 1
        found = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (damage,)
        ).fetchone()
    return int(found[0])


def _overwrite(store: Path, page: int) -> None:
    size = int.from_bytes(store.read_bytes()[16:18], "big")
    with store.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def _somebody() -> int:
    """Return a user who has no right to everything: another one than root, or oneself."""
    return 65_534 if os.geteuid() == 0 else os.geteuid()


@contextmanager
def _read_only(home: Path, user: int) -> Iterator[None]:
    """Take the right to write a folder away, and let its reader in."""
    every = [home, *home.rglob("*")]
    above = [each for each in home.parents if each.stat().st_uid == os.geteuid()]
    modes = {each: each.stat().st_mode for each in [*every, *above]}
    for each in every:
        os.chown(each, user, -1)
        each.chmod(0o500 if each.is_dir() else 0o400)
    for each in above:
        each.chmod(modes[each] | 0o055)
    try:
        yield
    finally:
        for each, mode in modes.items():
            each.chmod(mode)
            if each in every:
                os.chown(each, os.geteuid(), -1)
