"""What of a run is outside: the errands this process is on, and the answers they come back with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, TypeAlias

from actwright.errors import ActwrightError
from actwright.runs.engine.answers import Answer
from actwright.runs.engine.reins import Reins

Heed: TypeAlias = Callable[[], Awaitable[None]]
"""Puts on the record what is wished of a run."""

_BREATH_SECONDS = 0.05
"""How long errands that come back at once may keep the loop from coming round."""


class Outside:
    """The errands that are out.

    Args:
        reins: What is wished of the run meanwhile.
        at_once: How many errands there may be at once; one alone is waited for at once, without a task of its own,
            since there is nothing to decide before it has come back.
        blocks: Whether commits keep the loop from coming round.
    """

    def __init__(self, reins: Reins, at_once: int, *, blocks: bool) -> None:
        self._reins = reins
        self._at_once = at_once
        self._blocks = blocks
        self._errands: dict[str, asyncio.Task[Answer]] = {}
        self._heeding: list[asyncio.Future[None]] = []
        self._breath = monotonic()

    @property
    def steps(self) -> frozenset[str]:
        """The steps that errands are out for."""
        return frozenset(self._errands)

    async def begin(
        self, step_id: str, errand: Coroutine[None, None, Answer], heed: Heed
    ) -> Answer | None:
        """Go on an errand, and return its answer where nothing else may be out meanwhile.

        Where what was wished meanwhile cannot be written, the answer counts all the same: the next append says why.

        Args:
            step_id: The step the errand is for.
            errand: Goes outside.
            heed: Puts on the record what is wished meanwhile. It is not kept: whoever drives a run keeps this, and two
                that keep each other are garbage which only the collector finds.

        Raises:
            RunError: Another process has taken the run over, the errand says.
            StoreError: The errand itself could not be written down.
        """
        if self._at_once > 1:
            self._errands[step_id] = asyncio.ensure_future(errand)
            return None
        hear = partial(self._hear, heed)
        self._reins.listener = hear
        if self._reins.rung.done():
            hear()
        try:
            answer = await errand
            if self._must_breathe():
                await asyncio.sleep(0)
        finally:
            self._reins.listener = None
        while self._heeding:
            with suppress(ActwrightError):
                await self._heeding.pop()
        return answer

    async def answers(self) -> tuple[list[Answer], BaseException | None]:
        """Wait for the next answers, or until something is wished; then there may be none.

        Returned beside them is what broke an errand that came back together with them.
        """
        awaited: tuple[asyncio.Future[Any], ...] = (self._reins.rung, *self._errands.values())
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        back = [step_id for step_id, errand in self._errands.items() if errand.done()]
        came = [self._errands.pop(each) for each in back]
        broken = (each.exception() for each in came)
        error = next((each for each in broken if each is not None), None)
        return [each.result() for each in came if each.exception() is None], error

    def cancel(self) -> None:
        """Wait for nothing more."""
        for errand in self._errands.values():
            errand.cancel()
        for heeding in self._heeding:
            heeding.cancel()

    def _must_breathe(self) -> bool:
        """Tell whether the loop has to come round now, however fast the answer came: somebody wishes something.

        Where commits block the loop, its timers wait for this, too: the lease is renewed by one.
        """
        if self._reins.on_their_way:
            self._reins.on_their_way = False
            return True
        return self._blocks and self._is_out_of_breath()

    def _is_out_of_breath(self) -> bool:
        now = monotonic()
        if now < self._breath:
            return False
        self._breath = now + _BREATH_SECONDS
        return True

    def _hear(self, heed: Heed) -> None:
        self._heeding.append(asyncio.ensure_future(heed()))
