"""Patience: foreign code is called on a thread of its own, and waited for only so long.

Python cannot end a thread. What hangs is left behind: it goes on until it ends by itself or the process does, which it
cannot keep from ending. What it was handed to read with answers it no more.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from math import isfinite
from typing import TypeVar

from actwright.actions.curated.attribute import attribute
from actwright.errors import ActwrightError, ImplementationError

Answer = TypeVar("Answer")

DEFAULT_SECONDS = 30.0
"""For how long an override is waited for before a yes, where nothing else is said."""

TIMEOUT = "override_timeout"
"""The code of the error that an override was not waited for any longer."""

_MOST_IDLE = 8
_SECONDS = "timeout_seconds"


class _Hand:
    """One thread that does one thing at a time; it keeps no process from ending."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="actwright-override", daemon=True).start()

    def do(self, work: Callable[[], Answer]) -> Future[Answer]:
        """Begin a piece of work, in the context of who asks for it."""
        answer: Future[Answer] = Future()
        context = copy_context()
        self._work.put(lambda: _do(answer, lambda: context.run(work)))
        return answer

    def end(self) -> None:
        """Let the thread end."""
        self._work.put(_end)

    def _serve(self) -> None:
        while (work := self._work.get()) is not _end:
            work()


def _end() -> None:
    """Stand for the end of a thread's work."""


def _do(answer: Future[Answer], work: Callable[[], Answer]) -> None:
    try:
        answer.set_result(work())
    except Exception as error:  # noqa: BLE001 - handed to who waits for it
        answer.set_exception(error)
    except BaseException as error:  # noqa: BLE001 - foreign code must not end the process
        answer.set_exception(_left(error))


class Patience:
    """Calls foreign code, and waits only so long. The threads are shared by all that call."""

    def __init__(self) -> None:
        self._idle: list[_Hand] = []
        self._lock = threading.Lock()

    def call(self, work: Callable[[], Answer], seconds: float, *, name: str) -> Answer:
        """Return what ``work`` returns.

        Args:
            work: The call of foreign code.
            seconds: How long to wait for it.
            name: What the code is called.

        Raises:
            ImplementationError: It took longer, or tried to end the process.
            Exception: Whatever the code raises.
        """
        with self._lock:
            hand = self._idle.pop() if self._idle else _Hand()
        answer = hand.do(work)
        try:
            found = answer.result(seconds)
        except TimeoutError:
            if not answer.done():
                hand.end()
                raise _hangs(name, seconds) from None
            self._keep(hand)
            raise
        except BaseException:
            if answer.done():
                self._keep(hand)
            else:
                hand.end()
            raise
        self._keep(hand)
        return found

    def _keep(self, hand: _Hand) -> None:
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(hand)
                return
        hand.end()


patience = Patience()
"""The one of this process."""


def seconds_of(override: object, otherwise: float = DEFAULT_SECONDS) -> float:
    """Return for how long an override is waited for: as its attribute ``timeout_seconds`` says.

    Args:
        override: The override.
        otherwise: Where it says nothing.

    Raises:
        ImplementationError: What it says is no number of seconds.
    """
    told = attribute(override, _SECONDS)
    if told is None:
        return otherwise
    if (
        isinstance(told, (int, float))
        and not isinstance(told, bool)
        and isfinite(told)
        and told > 0
    ):
        return float(told)
    raise ImplementationError(
        f"{_SECONDS} of {type(override).__qualname__} is no number of seconds.",
        hint=f"Give a positive number, or leave {_SECONDS} out.",
    )


def _hangs(name: str, seconds: float) -> ImplementationError:
    return ImplementationError(
        f"{name} did not answer within {seconds:,.10g} seconds, and is waited for no longer.",
        hint="Mend the override, or give it more time: an attribute timeout_seconds, or the setting override_seconds.",
        code=TIMEOUT,
    )


def _left(error: BaseException) -> ActwrightError:
    return ImplementationError(
        f"The override tried to end the process ({type(error).__name__}); it was not let.",
        hint="Mend the override, or take its registration out.",
    )
