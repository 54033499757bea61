"""How a worker on Postgres hears of runs: by the queue, which wakes it, and by the sweep, which fills the queue up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actwright.errors import StoreError
from actwright.store.wakes import DRIVE, Wakes, worker_app
from actwright.worker.hands import Hands
from actwright.worker.logged import hush
from actwright.worker.notice import Notice, Tell
from actwright.worker.sweep import Sweep
from actwright.worker.waiting import first_of

if TYPE_CHECKING:
    import procrastinate

_AGAIN_SECONDS = 1.0
"""How long to wait before a queue that broke, as it does when Postgres restarts, is opened again."""


@dataclass
class Queueing:
    """Feeds runs of a Postgres store to a worker's hands.

    Attributes:
        address: The store's address.
        wakes: Puts runs into the queue.
        sweep: Finds runs that should stand there.
        hands: Take them.
        seconds: The time between two sweeps.
        tell: Told of trouble.
    """

    address: str
    wakes: Wakes
    sweep: Sweep
    hands: Hands
    seconds: float
    tell: Tell

    async def feed(self, stop: asyncio.Event) -> None:
        """Feed until ``stop`` is set."""
        hush()
        asyncio.get_running_loop().set_exception_handler(self._overlooked)
        sweeping = asyncio.create_task(self._sweeping(stop))
        while not stop.is_set():
            try:
                await self._served(stop)
            except Exception as error:  # noqa: BLE001 - whatever broke the queue, it is opened again
                self.tell(Notice("trouble", f"the queue broke, and is opened again: {error}"))
            await first_of(stop.wait(), seconds=_AGAIN_SECONDS)
        await sweeping

    async def _served(self, stop: asyncio.Event) -> None:
        """Serve the queue until it breaks or ``stop`` is set; what is in hand is waited for."""
        app = await asyncio.to_thread(worker_app, self.address)

        @app.task(name=DRIVE)
        async def drive(run_id: str) -> None:
            task = self.hands.take(run_id)
            if task is not None:
                await asyncio.shield(task)

        async with app.open_async():
            await _forget_the_dead(app)
            serving = asyncio.create_task(self._worked(app))
            await first_of(serving, stop.wait())
            if not serving.done():
                serving.cancel()
            await asyncio.wait([serving])
            if not serving.cancelled():
                serving.result()

    async def _worked(self, app: procrastinate.App) -> None:
        await app.run_worker_async(
            queues=[self.sweep.org],
            concurrency=self.hands.concurrency,
            fetch_job_polling_interval=self.seconds,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    def _overlooked(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell in one line what the queue's own tasks raise when its connections are cut and nobody hears."""
        error = context.get("exception")
        if type(error).__module__.startswith("procrastinate"):
            self.tell(Notice("trouble", f"the queue lost its connections: {error}"))
        else:
            loop.default_exception_handler(context)

    async def _sweeping(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await asyncio.to_thread(self._swept)
            except StoreError as error:
                self.tell(Notice("trouble", str(error)))
            await first_of(stop.wait(), seconds=self.seconds)

    def _swept(self) -> None:
        """Put into the queue what should stand there; what stands there already is left as it is."""
        for row in self.sweep.found(2 * self.hands.concurrency):
            self.wakes.wake(row.run_id, org=row.org)


async def _forget_the_dead(app: procrastinate.App) -> None:
    """Take the jobs of workers that died out of the queue; their runs come back by the sweep."""
    from procrastinate.jobs import Status  # noqa: PLC0415 - an extra

    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
