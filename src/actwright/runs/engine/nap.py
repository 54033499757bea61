"""A nap: a run waits for a moment, and wakes as soon as somebody steps in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from actwright.runs.engine.record import Record

_POLL_SECONDS = 0.25
"""How often it looks whether somebody has stepped in."""


async def undisturbed(sleep: Awaitable[object], rung: asyncio.Future[None], record: Record) -> bool:
    """Sleep, and tell whether nobody has stepped in before it was over.

    Args:
        sleep: Ends by itself.
        rung: Done as soon as somebody in this process wishes something.
        record: Where others step in; what they appended has been taken in then.

    Raises:
        RunError: Another process has taken the run over.
        StoreError: The store cannot be read.
    """
    sleeping = asyncio.ensure_future(sleep)
    try:
        while not sleeping.done() and not rung.done():
            await asyncio.wait(
                (sleeping, rung), timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if not sleeping.done() and await record.look_around():
                return False
    finally:
        sleeping.cancel()
    return not rung.done()
