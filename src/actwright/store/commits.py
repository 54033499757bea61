"""Shared commits: whoever writes at the same moment waits for the disk once, together.

A lone caller commits at once, in its own thread. What comes while a commit is under way queues up, and goes into the next
one together, in a thread of the queue's own; so does all that an event loop has to write in one round of it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from actwright.errors import ActwrightError, StoreError
from actwright.store.database import Transaction

T = TypeVar("T")

UNCERTAIN = "store_uncertain"
"""The code of the error of a commit whose answer was lost."""

_WAKING_SECONDS = 0.00005
"""What it takes a thread that was told to come back with more."""

_LONGEST_WAIT_SECONDS = 0.01


class Piece(Generic[T]):
    """One caller's work, and what came of it.

    Args:
        work: What to write.
        future: Who waits for it on an event loop; None where a thread does.
    """

    __slots__ = ("_done", "_error", "_value", "_work", "future")

    def __init__(
        self, work: Callable[[Transaction], T], future: asyncio.Future[T] | None = None
    ) -> None:
        self.future = future
        self._work = work
        self._done = threading.Lock()
        self._done.acquire()
        self._value: T | None = None
        self._error: Exception | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether anybody still waits for it."""
        return self.future is None or not self.future.cancelled()

    def run(self, transaction: Transaction) -> None:
        """Do the work; what it returns counts once the transaction is committed."""
        self._error = None
        self._value = self._work(transaction)

    def fail(self, error: Exception) -> None:
        """Say that nothing of the work was written, and why."""
        self._error = error

    def settle(self) -> None:
        """Let go whoever waits in a thread."""
        self._done.release()

    def result(self) -> T:
        """Wait until the work is settled, and return what it returned.

        Raises:
            StoreError: It was not written. Whatever the work raised is raised as well.
        """
        self._done.acquire()
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # a T as soon as the work was run

    def tell(self) -> None:
        """Resolve the future, in the thread of its loop."""
        if self.future is None or self.future.done():
            return
        if self._error is not None:
            self.future.set_exception(self._error)
        else:
            self.future.set_result(self._value)  # type: ignore[arg-type]  # as above


class SharedCommits:
    """The queue of works that wait for a commit.

    Args:
        carry_out: Runs works in one transaction and commits it; says with `Piece.fail` which of them failed
            alone, and raises where none of them was written.
    """

    def __init__(self, carry_out: Callable[[Sequence[Piece[Any]]], None]) -> None:
        self._carry_out = carry_out
        self._queue: deque[Piece[Any]] = deque()
        self._turn = threading.Lock()
        self._full = threading.Lock()
        self._full.acquire()
        self._leader: int | None = None
        self._expected, self._seconds = 1, 0.0
        self._summoned: WeakSet[asyncio.AbstractEventLoop] = WeakSet()
        self._starting = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def commit(self, work: Callable[[Transaction], T]) -> T:
        """Run a work in the next shared transaction, and return once it is durable."""
        if self._leader == threading.get_ident():
            raise RuntimeError("a work is inside a transaction already, and cannot commit")
        piece = Piece(work)
        self._enqueue(piece)
        if self._turn.acquire(blocking=False):
            try:
                self._lead(again=False)
            finally:
                if self._queue:
                    self._delegate()
        return piece.result()

    async def acommit(self, work: Callable[[Transaction], T]) -> T:
        """Do the same from an event loop; a caller that is cancelled meanwhile may have written all the same."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._enqueue(Piece(work, future))
        if loop not in self._summoned:
            self._summoned.add(loop)
            loop.call_soon(self._summon, loop)
        return await future

    def close(self) -> None:
        """Commit what waits, and end the thread."""
        self._lead_all()
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.shutdown(wait=True)

    def _summon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have all committed that the loop has queued up in this round of it."""
        self._summoned.discard(loop)
        self._delegate()

    def _delegate(self) -> None:
        with self._starting:
            self._thread = self._thread or ThreadPoolExecutor(1, "actwright-commit")
            self._thread.submit(self._lead_all)

    def _lead_all(self) -> None:
        """Commit until nothing waits; whoever appends after the last look finds the turn free."""
        while self._queue:
            self._turn.acquire()
            self._lead(again=True)

    def _lead(self, *, again: bool) -> None:
        """Commit what waits; the caller has the turn, and loses it.

        Args:
            again: Whether to commit what comes meanwhile, too.
        """
        self._leader = threading.get_ident()
        try:
            while (pieces := self._gathered()) and self._settled(pieces) and again:
                self._await_company()
        finally:
            self._leader = None
            self._turn.release()

    def _await_company(self) -> None:
        """Wait for those who shared the last commit, who are likely to write again at once; but not for long."""
        if self._expected > 1 and len(self._queue) < self._expected:
            seconds = max(self._seconds, self._expected * _WAKING_SECONDS)
            self._full.acquire(timeout=min(seconds, _LONGEST_WAIT_SECONDS))

    def _enqueue(self, piece: Piece[Any]) -> None:
        self._queue.append(piece)
        if len(self._queue) == self._expected > 1 and self._full.locked():
            with suppress(RuntimeError):
                self._full.release()

    def _gathered(self) -> list[Piece[Any]]:
        """Take all that waits off the queue, but for what nobody waits for any more."""
        taken = [self._queue.popleft() for _ in range(len(self._queue))]
        return [each for each in taken if each.is_awaited]

    def _settled(self, pieces: Sequence[Piece[Any]]) -> bool:
        started = time.monotonic()
        self._settle(pieces)
        self._expected, self._seconds = len(pieces), time.monotonic() - started
        return True

    def _settle(self, pieces: Sequence[Piece[Any]]) -> None:
        try:
            self._carry_out(pieces)
        except Exception as error:  # noqa: BLE001 - each caller is told
            for each in pieces:
                each.fail(_own(error))
        except BaseException:
            for each in pieces:
                each.fail(uncertain("The commit was broken off"))
            raise
        finally:
            _tell(pieces)


def uncertain(what: str, where: str | None = None) -> StoreError:
    """Return the error of a commit whose answer was lost; code ``store_uncertain``.

    Args:
        what: What happened, without a full stop.
        where: The database.
    """
    return StoreError(
        f"{what}; it is unknown whether it was written.",
        where=where,
        hint="Read again what the store holds before anything is done on the strength of it.",
        code=UNCERTAIN,
    )


def _own(error: Exception) -> Exception:
    """Return an error of one's own for each caller, since raising one changes its traceback."""
    if not isinstance(error, ActwrightError):
        return error
    twin = copy(error)
    twin.__cause__ = error.__cause__
    return twin


def _tell(pieces: Sequence[Piece[Any]]) -> None:
    """Tell all who wait, each event loop woken once; a loop that was closed waits no more."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Piece[Any]]] = {}
    for each in pieces:
        if each.future is None:
            each.settle()
        else:
            by_loop.setdefault(each.future.get_loop(), []).append(each)
    for loop, waiting in by_loop.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell_all, waiting)


def _tell_all(pieces: Sequence[Piece[Any]]) -> None:
    for each in pieces:
        each.tell()
