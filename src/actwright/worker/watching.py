"""How a worker on an SQLite file hears of runs: it watches the file, and sweeps at each change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from actwright.errors import StoreError
from actwright.store.database import Database
from actwright.worker.hands import Hands
from actwright.worker.notice import Notice, Tell
from actwright.worker.sweep import Sweep
from actwright.worker.waiting import first_of

_BETWEEN = 0.005
"""The least seconds between two sweeps: our own appends change the file too."""

_SLICE = 0.25
"""How long to wait for a change before looking whether the worker is to stop."""


@dataclass
class Watching:
    """Feeds runs of a file to a worker's hands.

    Attributes:
        database: The file.
        sweep: Finds the runs.
        hands: Take them.
        seconds: The longest time between two sweeps.
        tell: Told of trouble.
    """

    database: Database
    sweep: Sweep
    hands: Hands
    seconds: float
    tell: Tell

    async def feed(self, stop: asyncio.Event) -> None:
        """Feed until ``stop`` is set."""
        changed, loop = asyncio.Event(), asyncio.get_running_loop()
        listening = asyncio.create_task(asyncio.to_thread(self._listen, stop, changed, loop))
        while not stop.is_set():
            changed.clear()
            self.hands.freed.clear()
            await self._swept()
            await first_of(
                changed.wait(), self.hands.freed.wait(), stop.wait(), seconds=self.seconds
            )
            await asyncio.sleep(_BETWEEN)
        await listening

    def _listen(
        self, stop: asyncio.Event, changed: asyncio.Event, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Tell of each change of the file, in a thread of its own."""
        watch = self.database.watch()
        try:
            while not stop.is_set():
                if watch.wait(_SLICE):
                    loop.call_soon_threadsafe(changed.set)
        except StoreError as error:
            told = Notice("trouble", f"changes are noticed by sweeping only: {error}")
            loop.call_soon_threadsafe(self.tell, told)
        finally:
            watch.close()

    async def _swept(self) -> None:
        if self.hands.free <= 0:
            return
        try:
            rows = await asyncio.to_thread(self.sweep.found, self.hands.room)
        except StoreError as error:
            self.tell(Notice("trouble", str(error)))
            return
        for row in rows:
            self.hands.take(row.run_id)
