"""What of a run is outside: the errands this process is on, and the answers they come back with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from actwright.runs.engine.answers import Answer
from actwright.runs.engine.reins import Reins


class Outside:
    """The errands that are out.

    Args:
        reins: What is wished of the run meanwhile.
        heed: Puts on the record what is wished.
        at_once: How many errands there may be at once; one alone is waited for at once, without a task of its own,
            since there is nothing to decide before it has come back.
    """

    def __init__(self, reins: Reins, heed: Callable[[], Awaitable[None]], at_once: int) -> None:
        self._reins = reins
        self._heed = heed
        self._at_once = at_once
        self._errands: dict[str, asyncio.Task[Answer]] = {}
        self._heeding: list[asyncio.Future[None]] = []

    @property
    def steps(self) -> frozenset[str]:
        """The steps that errands are out for."""
        return frozenset(self._errands)

    async def begin(self, step_id: str, errand: Coroutine[None, None, Answer]) -> Answer | None:
        """Go on an errand, and return its answer where nothing else may be out meanwhile.

        Raises:
            RunError: Another process has taken the run over.
            StoreError: What was wished meanwhile cannot be written.
        """
        if self._at_once > 1:
            self._errands[step_id] = asyncio.ensure_future(errand)
            return None
        rung = self._reins.rung
        rung.add_done_callback(self._hear)
        try:
            answer = await errand
            await asyncio.sleep(0)  # what is wished is heard, however fast the answer comes
        finally:
            rung.remove_done_callback(self._hear)
        while self._heeding:
            await self._heeding.pop()
        return answer

    async def answers(self) -> list[Answer]:
        """Wait for the next answers, or until something is wished; then there may be none."""
        awaited: tuple[asyncio.Future[Any], ...] = (self._reins.rung, *self._errands.values())
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        back = [step_id for step_id, errand in self._errands.items() if errand.done()]
        return [self._errands.pop(each).result() for each in back]

    def cancel(self) -> None:
        """Wait for nothing more."""
        for errand in self._errands.values():
            errand.cancel()
        for heeding in self._heeding:
            heeding.cancel()

    def _hear(self, _: object) -> None:
        self._heeding.append(asyncio.ensure_future(self._heed()))
