"""A store awaited: a worker that starts while the store's server is away waits for it, and still hears a signal."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FrameType
from typing import NoReturn, TypeVar

from actwright.errors import StoreError
from actwright.store.database import UNREACHABLE
from actwright.worker.notice import Notice, Tell

Opened = TypeVar("Opened")

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def store_awaited(
    opening: Callable[[], AbstractContextManager[Opened]], *, seconds: float, tell: Tell
) -> Iterator[Opened | None]:
    """Give what is opened on the store, as soon as its server can be reached; None where a signal said to stop first.

    Args:
        opening: Opens the store, and what stands on it; called for each try.
        seconds: How long between two tries.
        tell: Told of each try that failed.

    Raises:
        ActwrightError: It cannot be opened for another reason than that its server cannot be reached.
    """
    with ExitStack() as stack:
        try:
            with _stoppable():
                opened = _entered(stack, opening, seconds, tell)
        except KeyboardInterrupt:
            tell(Notice("stopping", "the store was still waited for"))
            tell(Notice("stopped"))
            yield None
            return
        yield opened


def _entered(
    stack: ExitStack,
    opening: Callable[[], AbstractContextManager[Opened]],
    seconds: float,
    tell: Tell,
) -> Opened:
    """Return what is opened, tried again and again while the store's server cannot be reached."""
    while True:
        try:
            return stack.enter_context(opening())
        except StoreError as error:
            if error.error_code != UNREACHABLE:
                raise
            tell(Notice("trouble", str(error)))
        time.sleep(seconds)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM interrupt what is done inside the context as Ctrl-C does."""

    def interrupt(_: int, __: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
