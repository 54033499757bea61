"""Blocking calls of asynchronous work: Ctrl-C is heard at once, also by a loop that is just falling asleep."""

from __future__ import annotations

import asyncio
import gc
import os
import signal

import pytest

from actwright.runs.engine.blocking import blocking


def test_a_signal_wakes_the_loop_and_nothing_is_left_of_that() -> None:
    """A byte comes to the loop with each signal; behind the call, signals go where they went before."""
    before = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(before)

    async def wakeup_fd() -> int:
        """Return where signals go while the loop runs."""
        found = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(found)
        return found

    assert blocking(wakeup_fd, lambda: True) != before
    assert signal.set_wakeup_fd(before) == before


@pytest.mark.parametrize("inside", [False, True])
def test_what_interrupts_itself_leaves_no_task_unheard(
    caplog: pytest.LogCaptureFixture, *, inside: bool
) -> None:
    """An override that raises as Ctrl-C does breaks the run off, and asyncio has nothing to complain of at the exit."""

    async def interrupts() -> None:
        """Be what a call of an override is."""
        await asyncio.sleep(0)
        raise KeyboardInterrupt

    async def waits() -> None:
        """Wait for it, as a run does."""
        await (asyncio.wait_for(interrupts(), 5) if inside else interrupts())

    async def beside() -> None:
        """Do the same on a loop that runs already."""
        with pytest.raises(KeyboardInterrupt):
            blocking(waits, lambda: True)

    with pytest.raises(KeyboardInterrupt):
        blocking(waits, lambda: True)
    asyncio.run(beside())
    gc.collect()
    assert [each.message for each in caplog.records if each.name == "asyncio"] == []


def test_the_first_ctrl_c_asks_and_the_second_one_stops() -> None:
    """The one who is asked says whether there is anything that can end by itself."""
    asked: list[str] = []

    async def interrupted_twice() -> None:
        """Get Ctrl-C two times, and sleep on."""
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0)
        await asyncio.sleep(60)

    def can_end() -> bool:
        """Take note of being asked; there is something that can."""
        asked.append("end")
        return True

    with pytest.raises(KeyboardInterrupt):
        blocking(interrupted_twice, can_end)
    assert asked == ["end"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
