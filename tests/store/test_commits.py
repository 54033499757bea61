"""Shared commits: how many go in one, who is told what, and who leads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any, cast

import pytest

from actwright.errors import StoreError
from actwright.store.commits import SharedCommits
from actwright.store.database import Transaction
from actwright.store.piece import Piece

NOTHING = cast("Transaction", None)


class Disk:
    """Commits nothing, but remembers what it was asked to; slow where a test holds it."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.threads: set[str] = set()
        self.free = threading.Event()
        self.free.set()
        self.trouble: BaseException | None = None

    def carry_out(self, pieces: Sequence[Piece[Any]]) -> None:
        """Run the works, and commit them as far as there is no trouble."""
        self.free.wait(5)
        self.batches.append(len(pieces))
        self.threads.add(threading.current_thread().name)
        for each in pieces:
            each.run(NOTHING)
        if self.trouble is not None:
            raise self.trouble


def test_a_lone_caller_commits_in_its_own_thread() -> None:
    """Nothing is handed over where nobody else writes, and no thread is started."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    assert [commits.commit(lambda _rows: "done") for _ in range(3)] == ["done"] * 3
    assert disk.batches == [1, 1, 1]
    assert disk.threads == {threading.current_thread().name}
    commits.close()


def test_what_comes_meanwhile_goes_in_one_commit() -> None:
    """While a commit is under way, all that comes waits for the next one, and shares it."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    disk.free.clear()
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda each=each: done.append(commits.commit(lambda _rows: each)))
        for each in range(9)
    ]
    threads[0].start()
    while commits._queue or not commits._turn.locked():
        pass
    for each in threads[1:]:
        each.start()
    while len(commits._queue) < 8:
        pass
    disk.free.set()
    for each in threads:
        each.join(5)
    assert disk.batches == [1, 8]
    assert sorted(done) == list(range(9))
    commits.close()


def test_one_round_of_a_loop_is_one_commit() -> None:
    """All that an event loop has to write in one round goes together, round after round."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)

    async def chain() -> None:
        """Commit one after the other."""
        for _ in range(4):
            await commits.acommit(lambda _rows: 1)

    async def together() -> None:
        """Commit all at once."""
        await asyncio.gather(*(chain() for _ in range(25)))

    asyncio.run(together())
    assert disk.batches == [25] * 4
    commits.close()


@pytest.mark.parametrize("trouble", [StoreError("full", where="here"), OSError("gone")])
def test_each_caller_of_a_failed_commit_is_told(trouble: Exception) -> None:
    """Each gets an error of the kind, and the next commit works."""
    disk = Disk()
    disk.trouble = trouble
    commits = SharedCommits(disk.carry_out)

    async def together() -> list[object]:
        """Commit all at once."""
        works = [commits.acommit(lambda _rows: 1) for _ in range(3)]
        return await asyncio.gather(*works, return_exceptions=True)

    told = asyncio.run(together())
    assert [(type(each), str(each)) for each in told] == [(type(trouble), str(trouble))] * 3
    with pytest.raises(type(trouble)):
        commits.commit(lambda _rows: 1)
    disk.trouble = None
    assert commits.commit(lambda _rows: 1) == 1
    commits.close()


def test_a_commit_that_is_broken_off_may_have_been_made() -> None:
    """Who presses Ctrl-C in the middle of a commit others share leaves them in no doubt about being in doubt."""
    disk = Disk()
    disk.trouble = KeyboardInterrupt()
    commits = SharedCommits(disk.carry_out)
    disk.free.clear()
    told: list[StoreError] = []

    def other() -> None:
        try:
            commits.commit(lambda _rows: 1)
        except StoreError as error:
            told.append(error)

    threads = [threading.Thread(target=other) for _ in range(2)]
    commits._turn.acquire()
    for each in threads:
        each.start()
    while len(commits._queue) < 2:
        pass
    disk.free.set()
    with pytest.raises(KeyboardInterrupt):
        commits._lead(again=False)
    for each in threads:
        each.join(5)
    assert [each.error_code for each in told] == ["store_uncertain"] * 2
    assert all("unknown whether" in each.message for each in told)
    disk.trouble = None
    assert commits.commit(lambda _rows: 1) == 1
    commits.close()


def test_who_breaks_off_leaves_no_one_waiting() -> None:
    """What others have queued up meanwhile is committed although its leader was interrupted."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    others: list[threading.Thread] = []

    def interrupted(_rows: Transaction) -> None:
        others.append(threading.Thread(target=commits.commit, args=(lambda _rows: 1,)))
        others[0].start()
        while not commits._queue:
            pass
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        commits.commit(interrupted)
    others[0].join(5)
    assert not others[0].is_alive()
    assert disk.batches == [1, 1]
    commits.close()


def test_what_nobody_waits_for_any_more_is_not_written() -> None:
    """A caller that was cancelled before the commit has written nothing."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    written: list[int] = []

    async def cancelled() -> None:
        """Give up the first one."""
        given_up = asyncio.ensure_future(commits.acommit(lambda _rows: written.append(1)))
        other = asyncio.ensure_future(commits.acommit(lambda _rows: written.append(2)))
        asyncio.get_running_loop().call_soon(given_up.cancel)
        await other

    asyncio.run(cancelled())
    assert written in ([2], [1, 2])
    assert sum(disk.batches) == len(written)
    commits.close()


def test_closing_commits_what_waits() -> None:
    """Nothing that was asked for is dropped by closing."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    commits._enqueue(Piece(lambda _rows: 1))
    commits.close()
    assert disk.batches == [1]


def test_loops_that_write_at_the_same_moment_each_get_their_answer() -> None:
    """One comes round while another one signs up: neither is refused, and neither is forgotten the next time."""
    disk = Disk()
    commits = SharedCommits(disk.carry_out)
    looking = threading.Event()

    class Loop(asyncio.SelectorEventLoop):
        def is_closed(self) -> bool:
            """Say so; the first time only after the loop had the time to come round."""
            if not looking.is_set():
                looking.set()
                time.sleep(0.1)
            return super().is_closed()

    async def first() -> list[int]:
        """Commit while the other one signs up, and once more after that."""
        committing = commits.acommit(lambda _rows: 1)
        other.start()
        looking.wait(5)
        return [await committing, await asyncio.wait_for(commits.acommit(lambda _rows: 2), 2)]

    async def second() -> None:
        """Sign up while the first one does."""
        told.append(await asyncio.wait_for(commits.acommit(lambda _rows: 3), 2))

    told: list[int] = []
    other = threading.Thread(target=lambda: asyncio.run(second()))
    with asyncio.Runner(loop_factory=Loop) as runner:
        told += runner.run(first())
        other.join(5)
    assert sorted(told) == [1, 2, 3]
    commits.close()
