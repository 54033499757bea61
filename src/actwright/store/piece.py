"""A piece of a shared commit: one caller's work, and how the caller is told what came of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from actwright.store.database import Transaction

T = TypeVar("T")


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
        self._done = None if future is not None else threading.Lock()
        if self._done is not None:
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
        if self._done is not None:
            self._done.release()

    def result(self) -> T:
        """Wait until the work is settled, and return what it returned.

        Raises:
            StoreError: It was not written. Whatever the work raised is raised as well.
        """
        if self._done is not None:
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


def tell(pieces: Sequence[Piece[Any]]) -> None:
    """Tell all who wait, each event loop woken once; a loop that was closed waits no more."""
    here = _running_loop()
    by_loop: dict[asyncio.AbstractEventLoop, list[Piece[Any]]] = {}
    for each in pieces:
        if each.future is None:
            each.settle()
        elif (loop := each.future.get_loop()) is here:
            each.tell()
        else:
            by_loop.setdefault(loop, []).append(each)
    for loop, waiting in by_loop.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_tell_all, waiting)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread; None where there is none."""
    with suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def _tell_all(pieces: Sequence[Piece[Any]]) -> None:
    for each in pieces:
        each.tell()
