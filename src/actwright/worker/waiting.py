"""Waiting for whatever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any


async def first_of(*waits: Awaitable[Any], seconds: float | None = None) -> None:
    """Wait until the first of several is done. Tasks among them go on; everything else is given up.

    Args:
        waits: Coroutines, which are given up, and tasks, which are not.
        seconds: How long at most.
    """
    own = [asyncio.ensure_future(each) for each in waits]
    given = {each for each in waits if isinstance(each, asyncio.Future)}
    try:
        await asyncio.wait(own, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in own:
            if each not in given:
                each.cancel()
