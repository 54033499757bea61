"""Commits an event loop makes itself: when it may, when a thread does instead, and what nobody loses by it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from tests.store.rows import adding, names

from actwright.errors import StoreError
from actwright.store.commits import SharedCommits
from actwright.store.database import Transaction
from actwright.store.piece import Piece
from actwright.store.sqlite import SqliteDatabase

NOTHING = cast("Transaction", None)


class Disk:
    """Commits nothing, but remembers in which threads it was asked to."""

    def __init__(self) -> None:
        self.threads: list[str] = []
        self.free = True
        self.seconds = 0.0
        self.commits = SharedCommits(self.carry_out, self.in_place)
        quick(self.commits)

    def carry_out(self, pieces: Sequence[Piece[Any]]) -> None:
        """Run the works."""
        self.threads.append(threading.current_thread().name)
        time.sleep(self.seconds)
        for each in pieces:
            each.run(NOTHING)

    def in_place(self, pieces: Sequence[Piece[Any]]) -> bool:
        """Do the same where nobody is in the way."""
        if self.free:
            self.carry_out(pieces)
        return self.free


def quick(commits: SharedCommits) -> None:
    """Let commits be known to be quick."""
    commits._pace = 0.0


HERE, BESIDE = "MainThread", "actwright-commit_0"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give a store on a file, whose commits have been quick so far."""
    made = SqliteDatabase(tmp_path / "actwright.db")
    quick(made._commits)
    yield made
    made.close()


async def together(*works: Awaitable[object]) -> list[object]:
    """Wait for works that go into one commit."""
    return await asyncio.gather(*works, return_exceptions=True)


async def thrice(disk: Disk) -> list[object]:
    """Commit three times, two works each."""
    return [
        each
        for _ in range(3)
        for each in await together(*(disk.commits.acommit(lambda _: 1) for _ in range(2)))
    ]


def test_quick_commits_are_made_in_the_loops_own_thread() -> None:
    """Nothing is handed over, and all of one round still share one."""
    disk = Disk()
    assert asyncio.run(thrice(disk)) == [1] * 6
    assert disk.threads == [HERE] * 3


def test_nothing_is_known_of_a_disk_before_it_has_been_written_to() -> None:
    """The first commits of a store hold up no loop."""
    disk = Disk()
    disk.commits = SharedCommits(disk.carry_out, disk.in_place)
    assert asyncio.run(thrice(disk)) == [1] * 6
    assert disk.threads[0] == BESIDE
    disk.commits.close()


def test_a_slow_disk_holds_a_loop_up_once() -> None:
    """Then a thread waits for it, for as long as it stays slow."""
    disk = Disk()
    disk.seconds = 0.05
    assert asyncio.run(thrice(disk)) == [1] * 6
    assert disk.threads == [HERE, BESIDE, BESIDE]
    disk.commits.close()


def test_what_cannot_be_written_at_once_is_left_to_a_thread() -> None:
    """Each work is done all the same, once, in the order it came."""
    disk = Disk()
    disk.free = False
    done: list[int] = []

    async def main() -> list[object]:
        """Commit five works in one round."""
        return await together(
            *(disk.commits.acommit(lambda _, each=each: done.append(each)) for each in range(5))  # type: ignore[misc]  # bound now
        )

    asyncio.run(main())
    assert (done, disk.threads) == ([0, 1, 2, 3, 4], [BESIDE])
    disk.commits.close()


def test_who_breaks_off_a_commit_on_a_loop_leaves_nobody_waiting() -> None:
    """Whoever shared it is told that nobody knows, and what came meanwhile is committed."""
    disk = Disk()
    futures: list[asyncio.Future[object]] = []
    others: list[threading.Thread] = []

    def interrupted(_: Transaction) -> None:
        others.append(threading.Thread(target=disk.commits.commit, args=(lambda _: 1,)))
        others[0].start()
        while not disk.commits._queue:
            pass
        raise KeyboardInterrupt

    async def main() -> None:
        """Be interrupted."""
        futures.append(disk.commits.acommit(interrupted))
        await futures[0]

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
    others[0].join(5)
    assert not others[0].is_alive()
    told = futures[0].exception()
    assert isinstance(told, StoreError)
    assert told.error_code == "store_uncertain"
    disk.commits.close()


def test_a_loop_never_waits_for_another_writer(store: SqliteDatabase) -> None:
    """While another process writes to the file, the loop goes on, and the commit comes after it."""
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def main() -> str:
        """Come round a few times while the other one writes."""
        committing = asyncio.ensure_future(store.acommit(adding("plan_1")))
        for _ in range(10):
            await asyncio.sleep(0.005)
        assert not committing.done()
        other.execute("ROLLBACK")
        return await committing

    assert asyncio.run(main()) == "plan_1"
    assert names(store) == ["plan_1"]
    other.close()


def test_a_work_that_fails_in_place_takes_nothing_of_the_others_back(
    store: SqliteDatabase,
) -> None:
    """The others are written, and its own caller is told."""
    works = [adding("a"), adding("b"), adding("a"), adding("c")]
    told = asyncio.run(_all(store, works))
    assert [each for each in told if isinstance(each, str)] == ["a", "b", "c"]
    assert isinstance(told[2], StoreError)
    assert names(store) == ["a", "b", "c"]


async def _all(store: SqliteDatabase, works: Sequence[Any]) -> list[object]:
    return await together(*map(store.acommit, works))


def test_threads_and_a_loop_write_at_the_same_time(store: SqliteDatabase) -> None:
    """Whoever commits for whom, each row is there once, and each caller has its own answer."""
    wanted = [f"{place:03}" for place in range(60)]
    threads = [
        threading.Thread(target=lambda name=name: store.commit(adding(f"thread {name}")))
        for name in wanted
    ]

    async def main() -> list[str]:
        """Commit one after the other, while threads do so, too."""
        for each in threads:
            each.start()
        return [await store.acommit(adding(f"loop {name}")) for name in wanted]

    assert asyncio.run(main()) == [f"loop {name}" for name in wanted]
    for each in threads:
        each.join(5)
    assert len(names(store)) == 2 * len(wanted)


def test_who_is_interrupted_as_a_transaction_begins_holds_nobody_up(
    store: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken back, the lock is free for other threads, and whoever writes next waits for others again."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("actwright.store.sqlite_writing.SqliteTransaction", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.commit(adding("a"))
    thread = threading.Thread(target=store.commit, args=(adding("b"),))
    thread.start()
    thread.join(2)
    assert (thread.is_alive(), names(store)) == (False, ["b"])
    assert store._connection.execute("PRAGMA busy_timeout").fetchone() == (15_000,)


def test_a_transaction_inside_another_one_takes_nothing_of_it_back(store: SqliteDatabase) -> None:
    """It is refused as the defect it is, whichever way it is begun; the outer one is committed whole."""
    with store.write() as transaction:
        adding("a")(transaction)
        with pytest.raises(RuntimeError, match="inside a transaction"):
            store.commit(adding("b"))
        with pytest.raises(RuntimeError, match="inside a transaction"), store.write():
            raise AssertionError
        adding("c")(transaction)
    assert names(store) == ["a", "c"]
