"""Hands bound what is driven at once, and leave alone for a while what cannot be driven now."""

from __future__ import annotations

import asyncio

import pytest

from actwright.worker import hands as module
from actwright.worker.hands import Hands


def test_no_more_than_so_many_at_once_and_each_once() -> None:
    """A run in hand is not taken again, and one too many is refused until a hand is free."""

    async def scene() -> None:
        """On the loop: scene."""
        gate = asyncio.Event()

        async def drive(_: str) -> bool:
            """On the loop: drive."""
            await gate.wait()
            return True

        hands = Hands(drive, 2)
        assert hands.take("a")
        assert hands.take("a") is None
        assert hands.take("b")
        assert hands.take("c") is None
        assert (hands.free, hands.busy) == (0, 2)
        gate.set()
        await hands.rest()
        assert hands.freed.is_set()
        assert hands.takes("a")
        assert hands.takes("c")

    asyncio.run(scene())


def test_what_could_not_be_driven_is_left_alone_longer_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """1, 2, 4 seconds, up to a minute; it counts as room, so that it hides nothing; success forgets it."""
    now = 1_000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    results = iter((*[False] * 8, True, False))

    async def drive(_: str) -> bool:
        """On the loop: drive."""
        return next(results)

    async def scene() -> list[float]:
        """On the loop: scene."""
        nonlocal now
        hands, waits = Hands(drive, 1), []
        for _ in range(10):
            assert hands.take("a")
            await hands.rest()
            began = now
            while not hands.takes("a"):
                assert hands.room == 2
                now += 0.5
            waits.append(now - began)
        return waits

    assert asyncio.run(scene()) == [1, 2, 4, 8, 16, 32, 60, 60, 0, 1]
