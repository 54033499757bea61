"""Blocking calls: no more at once than allowed, each run in its turn, and nobody kept waiting who went away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from actwright.runs.engine.pool import Pool


def test_no_more_calls_are_out_than_allowed() -> None:
    """Twenty calls of one run, three at once."""
    lock, counts = threading.Lock(), [0, 0]

    def call() -> None:
        with lock:
            counts[0] += 1
            counts[1] = max(counts)
        threading.Event().wait(0.005)
        with lock:
            counts[0] -= 1

    async def all_of_them() -> None:
        """Make all calls."""
        pool = Pool(3)
        await asyncio.gather(*(pool.call("run", call) for _ in range(20)))

    asyncio.run(all_of_them())
    assert counts == [0, 3]


def test_a_run_with_many_calls_keeps_no_other_from_its_turn() -> None:
    """Nine calls of one run wait, then two others ask: they come second and third."""
    begun, gate = threading.Event(), threading.Event()
    order: list[str] = []

    def named(name: str) -> Callable[[], None]:
        return lambda: order.append(name)

    def first() -> None:
        begun.set()
        gate.wait(5)

    async def all_of_them() -> None:
        """Make all calls."""
        pool = Pool(1)
        calls = [asyncio.ensure_future(pool.call("busy", first))]
        await asyncio.to_thread(begun.wait, 5)
        calls += [asyncio.ensure_future(pool.call("busy", named("busy"))) for _ in range(9)]
        calls += [asyncio.ensure_future(pool.call(each, named(each))) for each in ("x", "y")]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*calls)

    asyncio.run(all_of_them())
    assert order[:3] == ["busy", "x", "y"]
    assert len(order) == 11


def test_what_a_call_raises_is_raised_to_its_caller() -> None:
    """Whatever it is; the thread goes on with the next one."""

    async def both() -> int:
        """Make a call that breaks, and one that does not."""
        pool = Pool(1)
        with pytest.raises(ZeroDivisionError):
            await pool.call("run", lambda: 1 // 0)
        return await pool.call("run", lambda: 7)

    assert asyncio.run(both()) == 7


def test_a_call_nobody_waits_for_any_more_is_not_begun() -> None:
    """One that waits is left out when its caller is cancelled; the one that is out goes on."""
    begun, gate = threading.Event(), threading.Event()
    made: list[str] = []

    def first() -> None:
        begun.set()
        gate.wait(5)

    async def cancelled() -> None:
        """Cancel the second call while the first is out."""
        pool = Pool(1)
        running = asyncio.ensure_future(pool.call("a", first))
        await asyncio.to_thread(begun.wait, 5)
        waiting = asyncio.ensure_future(pool.call("a", lambda: made.append("never")))
        await asyncio.sleep(0)
        waiting.cancel()
        gate.set()
        await running
        await pool.call("a", lambda: made.append("last"))

    asyncio.run(cancelled())
    assert made == ["last"]
