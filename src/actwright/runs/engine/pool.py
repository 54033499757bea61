"""The pool: a bounded number of blocking calls at once, shared fairly between the runs that want to make them."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Generic, TypeVar

Result = TypeVar("Result")
Told = TypeVar("Told")

_IDLE_SECONDS = 10.0
"""How long a thread waits for a further call before it ends."""


class Pool:
    """Makes blocking calls in threads of its own; whoever waits gets its turn before anybody gets a second one.

    The threads are daemons: a call nobody waits for any more keeps no program from ending.

    Args:
        size: The most calls at once.
    """

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._turns: deque[str] = deque()
        self._waiting: dict[str, deque[_Call[object]]] = {}
        self._threads = self._idle = self._pending = 0
        self._changed = threading.Condition()

    async def call(self, owner: str, function: Callable[[], Result]) -> Result:
        """Make one blocking call, and return what it returns.

        A caller that is cancelled waits no longer; a call that has begun goes on by itself.

        Args:
            owner: Whose turn it takes: the run.
            function: What to call; whatever it raises is raised here.
        """
        call = _Call(function, asyncio.get_running_loop())
        self._put(owner, call)
        return await call.future

    def _put(self, owner: str, call: _Call[Result]) -> None:
        with self._changed:
            queue = self._waiting.get(owner)
            if queue is None:
                queue = self._waiting[owner] = deque()
                self._turns.append(owner)
            queue.append(call)  # type: ignore[arg-type]  # whatever it returns, nobody but its caller sees it
            self._pending += 1
            if self._pending > self._idle and self._threads < self._size:
                self._threads += 1
                threading.Thread(target=self._work, name="actwright-call", daemon=True).start()
            else:
                self._changed.notify()

    def _work(self) -> None:
        while (call := self._next()) is not None:
            call.make()

    def _next(self) -> _Call[object] | None:
        with self._changed:
            self._idle += 1
            there = self._changed.wait_for(lambda: bool(self._turns), _IDLE_SECONDS)
            self._idle -= 1
            if there:
                return self._taken()
            self._threads -= 1
            return None

    def _taken(self) -> _Call[object]:
        """Take the first call of whoever's turn it is, and put that one at the end of the row."""
        owner = self._turns.popleft()
        queue = self._waiting[owner]
        call = queue.popleft()
        self._pending -= 1
        if queue:
            self._turns.append(owner)
        else:
            del self._waiting[owner]
        return call


class _Call(Generic[Result]):
    """One blocking call, and the future that waits for it."""

    def __init__(self, function: Callable[[], Result], loop: asyncio.AbstractEventLoop) -> None:
        self.future: asyncio.Future[Result] = loop.create_future()
        self._function = function
        self._loop = loop
        self._context: Context = copy_context()

    def make(self) -> None:
        """Make the call, unless nobody waits for it any more."""
        if self.future.cancelled():
            return
        try:
            result = self._context.run(self._function)
        except BaseException as error:  # noqa: BLE001 - handed on to who waits
            self._tell(self.future.set_exception, error)
        else:
            self._tell(self.future.set_result, result)

    def _tell(self, resolve: Callable[[Told], None], told: Told) -> None:
        def tell() -> None:
            if not self.future.done():
                resolve(told)

        with suppress(RuntimeError):  # a loop that was closed waits no more
            self._loop.call_soon_threadsafe(tell)
