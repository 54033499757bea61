"""Blocking calls of asynchronous work: from plain code, and from inside a running loop's thread."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from socket import socketpair
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")

_MOST_SIGNALS = 4096
"""How many signals are heard at once; each is a byte."""


def blocking(
    make: Callable[[], Coroutine[Any, Any, Result]], interrupted: Callable[[], bool]
) -> Result:
    """Run a coroutine to its end on an event loop of its own, and return what it returns.

    The first Ctrl-C only asks what is carried out to end; the next one stops at once, with `KeyboardInterrupt`.

    Args:
        make: Makes the coroutine.
        interrupted: Asks what is carried out to end, and returns whether anything is.
    """
    if _is_on_a_loop():
        return _in_a_thread(make, interrupted)
    with (
        _first_interrupt(interrupted),
        asyncio.Runner() as runner,
        _woken_by_signals(runner.get_loop()),
    ):
        return _told(runner.run(_to_the_end(make)))


async def _to_the_end(
    make: Callable[[], Coroutine[Any, Any, Result]],
) -> tuple[Result] | BaseException:
    """Return what a coroutine returns, or what broke it off: raised out of a loop's last task, asyncio would print it."""
    try:
        return (await make(),)
    except (KeyboardInterrupt, SystemExit) as broken_off:
        return broken_off


def _told(found: tuple[Result] | BaseException) -> Result:
    if isinstance(found, BaseException):
        raise found
    return found[0]


@contextmanager
def _woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let a signal wake a loop, also one that comes right before the loop falls asleep: else that would sleep on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ear, mouth = socketpair()
    with ear, mouth:
        ear.settimeout(0)
        mouth.settimeout(0)
        loop.add_reader(ear, ear.recv, _MOST_SIGNALS)
        before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(ear)


def _is_on_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(
    make: Callable[[], Coroutine[Any, Any, Result]], interrupted: Callable[[], bool]
) -> Result:
    """Do the same beside the loop that runs in this thread, which waits meanwhile."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with asyncio.Runner() as runner:
                results.append(_told(runner.run(_to_the_end(make))))
        except BaseException as error:  # noqa: BLE001 - raised again where it was called from
            errors.append(error)

    here = copy_context()
    thread = threading.Thread(target=here.run, args=(work,), name="actwright-run", daemon=True)
    with _first_interrupt(interrupted):
        thread.start()
        thread.join()
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def _first_interrupt(interrupted: Callable[[], bool]) -> Iterator[None]:
    """Let the first Ctrl-C be a request, where nobody else has said what it is to do."""
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not ours:
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not interrupted():
            signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
