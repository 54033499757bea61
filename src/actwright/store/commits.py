"""Shared commits: whoever writes at the same moment waits for the disk once, together.

A lone caller commits at once, in its own thread. What comes while a commit is under way queues up, and goes into the next
one together, in a thread of the queue's own. All that an event loop has to write in one round of it shares a commit, too:
in the loop's own thread where the store lets it, nobody else is writing and commits have been quick lately, since a
hand-over between threads costs more than such a commit; else in the queue's, so that a slow disk holds up no loop.
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
from typing import Any, TypeAlias, TypeVar

from actwright.errors import ActwrightError, StoreError
from actwright.store.database import Transaction
from actwright.store.piece import Piece, tell

T = TypeVar("T")

UNCERTAIN = "store_uncertain"
"""The code of the error of a commit whose answer was lost."""

_WAKING_SECONDS = 0.00005
"""What it takes a thread that was told to come back with more."""

_LONGEST_WAIT_SECONDS = 0.01

_QUICK_SECONDS = 0.01
"""What commits may take on average for an event loop to wait for them: two turns of a thread with the interpreter."""

_REMEMBERED = 4
"""Of how many commits, about, the average is taken; the first ones are held to be slow."""

_CONTENDED = 2
"""How much longer a commit takes beside a loop that wants the interpreter as well."""

_MOST_IN_PLACE = 256
"""The most works an event loop commits itself."""

CarryOut: TypeAlias = "Callable[[Sequence[Piece[Any]]], None]"
"""Runs works in one transaction and commits it; says with `Piece.fail` which of them failed alone, and raises where none
of them was written."""

InPlace: TypeAlias = "Callable[[Sequence[Piece[Any]]], bool]"
"""Does the same where nobody has to be waited for; else it returns False, and nothing was written."""


class SharedCommits:
    """The queue of works that wait for a commit.

    Args:
        carry_out: Commits works.
        in_place: Commits them in the thread of an event loop; None where that is never to be kept waiting.
    """

    def __init__(self, carry_out: CarryOut, in_place: InPlace | None = None) -> None:
        self._carry_out = carry_out
        self._in_place = in_place
        self._queue: deque[Piece[Any]] = deque()
        self._turn = threading.Lock()
        self._full = threading.Lock()
        self._full.acquire()
        self._leader: int | None = None
        self._expected, self._seconds = 1, 0.0
        self._pace = 2 * _QUICK_SECONDS
        self._summoned: set[asyncio.AbstractEventLoop] = set()
        self._summoning = threading.Lock()
        self._starting = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def commit(self, work: Callable[[Transaction], T]) -> T:
        """Run a work in the next shared transaction, and return once it is durable."""
        if self._leader == threading.get_ident():
            raise RuntimeError("a work is inside a transaction already, and cannot commit")
        if not self._queue and self._turn.acquire(blocking=False):
            return self._lone(work)
        piece = Piece(work)
        self._enqueue(piece)
        if self._turn.acquire(blocking=False):
            try:
                self._lead(again=False)
            finally:
                if self._queue:
                    self._delegate()
        return piece.result()

    def _lone(self, work: Callable[[Transaction], T]) -> T:
        """Commit one work while nobody else waits; the caller has the turn, and loses it."""
        self._leader = threading.get_ident()
        piece = Piece(work)
        piece.settle()
        try:
            self._carry_out((piece,))
        finally:
            self._expected, self._leader = 1, None
            self._turn.release()
            if self._queue:
                self._delegate()
        return piece.result()

    def acommit(self, work: Callable[[Transaction], T]) -> asyncio.Future[T]:
        """Do the same from an event loop; a caller that is cancelled meanwhile may have written all the same."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._enqueue(Piece(work, future))
        if self._is_to_summon(loop):
            loop.call_soon(self._summon, loop)
        return future

    def close(self) -> None:
        """Commit what waits, and end the thread."""
        self._lead_all()
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.shutdown(wait=True)

    def _is_to_summon(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Tell whether nobody has seen to it yet that what a loop queues up in this round is committed."""
        with self._summoning:
            if loop in self._summoned:
                return False
            self._summoned = {loop, *(each for each in self._summoned if not each.is_closed())}
        return True

    def _summon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have all committed that the loop has queued up in this round of it."""
        with self._summoning:
            self._summoned.discard(loop)
        done = False
        try:
            done = self._is_quick() and self._led_in_place()
        finally:
            if not done:
                self._delegate()

    def _is_quick(self) -> bool:
        """Tell whether an event loop may wait for what is queued up."""
        return self._pace < _QUICK_SECONDS and len(self._queue) <= _MOST_IN_PLACE

    def _led_in_place(self) -> bool:
        """Commit what waits in the loop's own thread; False where something is left for another one."""
        if self._in_place is None or not self._turn.acquire(blocking=False):
            return False
        self._leader = threading.get_ident()
        try:
            pieces = self._gathered()
            if pieces and not self._settled(pieces, self._in_place):
                self._queue.extendleft(reversed(pieces))
        finally:
            self._leader = None
            self._turn.release()
        return not self._queue

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
            while (pieces := self._gathered()) and self._settled(pieces, self._written) and again:
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

    def _settled(self, pieces: Sequence[Piece[Any]], carry_out: InPlace) -> bool:
        """Commit works, and tell all who wait for them; False where others were in the way, and nothing was written."""
        started = time.monotonic()
        try:
            if not carry_out(pieces):
                return False
        except Exception as error:  # noqa: BLE001 - each caller is told
            for each in pieces:
                each.fail(_own(error))
        except BaseException:
            for each in pieces:
                each.fail(uncertain("The commit was broken off"))
            tell(pieces)
            raise
        self._expected, self._seconds = len(pieces), time.monotonic() - started
        alone = self._seconds if carry_out is self._in_place else self._seconds / _CONTENDED
        self._pace += (alone - self._pace) / _REMEMBERED
        tell(pieces)
        return True

    def _written(self, pieces: Sequence[Piece[Any]]) -> bool:
        self._carry_out(pieces)
        return True


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
