"""The worker itself: finds out whose org it serves, drives that org's runs, and leaves in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeAlias

from actwright.app import Actwright
from actwright.clock import timestamp
from actwright.errors import ActwrightError, StoreError
from actwright.runs.keeping.exporting import Exported
from actwright.runs.record.register import Register
from actwright.store.database import UNREACHABLE
from actwright.worker.driving import Driving
from actwright.worker.hands import Hands
from actwright.worker.notice import Notice, Tell
from actwright.worker.queueing import Queueing
from actwright.worker.sessions import Sessions
from actwright.worker.sweep import Sweep
from actwright.worker.waiting import first_of
from actwright.worker.watching import Watching

Chore: TypeAlias = Callable[[], Awaitable[None]]

CONCURRENCY = 8
SWEEP_SECONDS = 5.0

_SPARE_THREADS = 8
_TIDY_SECONDS = 30.0
_ASKED = 20
"""Of how many waiting runs the people are tried, to find out which org this is."""


class Feed(Protocol):
    """Brings runs to a worker's hands."""

    async def feed(self, stop: asyncio.Event) -> None:
        """Bring runs until ``stop`` is set."""
        ...


class Worker:
    """Drives the runs of one org, for whomever they belong to. Any number of workers may share a Postgres store.

    Args:
        app: Calls on the store and the org; its own user matters only for finding out which org this is.
        concurrency: How many runs at once.
        sweep_seconds: How often to look for runs that nobody was told of.
        tell: Told what happens.
    """

    def __init__(
        self,
        app: Actwright,
        *,
        concurrency: int = CONCURRENCY,
        sweep_seconds: float = SWEEP_SECONDS,
        tell: Tell = lambda _: None,
    ) -> None:
        self._app = app
        self._concurrency = concurrency
        self._seconds = sweep_seconds
        self._tell = tell
        self._stop = asyncio.Event()
        self._sessions = Sessions(app)
        self._database, self._wakes = app.store
        self._register = Register(self._database)

    def stop(self) -> None:
        """Take nothing more; finish what is out, hand the runs back, and end. To be called on the loop's thread."""
        if not self._stop.is_set():
            self._tell(Notice("stopping", "what is out is finished first"))
            self._stop.set()
            self._app.hand_back()

    async def serve(self) -> None:
        """Drive runs until `stop` is called.

        Raises:
            StoreError: The store cannot be used at all.
        """
        self._give_threads()
        org = await self._identified()
        if org is not None:
            hands, sweep = self._hands(org), Sweep(self._register, self._app.clock, org)
            tidying = asyncio.create_task(self._tidying())
            await self._feed(sweep, hands).feed(self._stop)
            await hands.rest()
            await tidying
        await self._sessions.close()
        self._tell(Notice("stopped"))

    async def drain(self) -> None:
        """Drive everything that can go on now, and end when there is nothing left.

        Raises:
            StoreError: The store cannot be used.
        """
        self._give_threads()
        org = await self._identified(once=True)
        if org is not None:
            hands, sweep = self._hands(org), Sweep(self._register, self._app.clock, org)
            while not self._stop.is_set() and await self._drained_once(sweep, hands):
                await first_of(hands.freed.wait(), self._stop.wait())
            await hands.rest()
        await self._sessions.close()
        self._tell(Notice("stopped", "nothing is left that can go on"))

    async def _drained_once(self, sweep: Sweep, hands: Hands) -> bool:
        """Take what there is a hand for, and tell whether anything is in hand."""
        hands.freed.clear()
        for row in await asyncio.to_thread(sweep.found, hands.room):
            hands.take(row.run_id)
        return hands.busy > 0

    def _hands(self, org: str) -> Hands:
        self._tell(Notice("started", f"for org {org}, {self._concurrency} runs at once"))
        driving = Driving(self._app, self._sessions, self._register, org, self._tell)
        return Hands(driving.drive, self._concurrency)

    def _feed(self, sweep: Sweep, hands: Hands) -> Feed:
        address = self._app.settings.database_url
        if address is None:
            return Watching(self._database, sweep, hands, self._seconds, self._tell)
        return Queueing(address, self._wakes, sweep, hands, self._seconds, self._tell)

    async def _identified(self, *, once: bool = False) -> str | None:
        """Return the id of the org; tried again until somebody can be logged in, or None where that is given up."""
        while not self._stop.is_set():
            try:
                return await self._org_of_somebody()
            except ActwrightError as error:
                if isinstance(error, StoreError) and (once or error.error_code != UNREACHABLE):
                    raise
                self._tell(Notice("trouble", f"nobody can be logged in yet: {error}"))
            if once:
                return None
            await first_of(self._stop.wait(), seconds=self._seconds)
        return None

    async def _org_of_somebody(self) -> str:
        """Return the id of the org, as the first person sees it who can be logged in: our own, else a waiting run's.

        Raises:
            ConfigError: There is no way to log anybody in.
            OrgError: The org refuses everybody, or cannot be reached.
        """
        try:
            return await asyncio.to_thread(lambda: self._app.org.identity.id)
        except ActwrightError as error:
            refused = error
        for username in await asyncio.to_thread(lambda: tuple(self._waiting_people())):
            try:
                async with self._sessions.of(username) as app:
                    return app.org.identity.id
            except ActwrightError:
                continue
        raise refused

    def _waiting_people(self) -> Iterator[str]:
        rows = self._register.runnable(timestamp(self._app.clock.now()), _ASKED)
        return iter(dict.fromkeys(each.username for each in rows))

    async def _tidying(self) -> None:
        """Do the chores now and again; one that fails keeps the others from nothing, and its trouble is told once."""
        told: dict[Chore, str] = {}
        chores = (self._seal, self._export, self._forget, self._sessions.close_idle)
        while not self._stop.is_set():
            for chore in chores:
                try:
                    await chore()
                except ActwrightError as error:
                    if told.get(chore) != str(error):
                        told[chore] = str(error)
                        self._tell(Notice("trouble", str(error)))
                else:
                    told.pop(chore, None)
            await first_of(self._stop.wait(), seconds=_TIDY_SECONDS)

    async def _seal(self) -> None:
        """Seal the journal when that is due."""
        number = await asyncio.to_thread(self._app.seal_if_due)
        if number is not None:
            self._tell(Notice("sealed", f"seal {number}"))

    async def _export(self) -> None:
        """Export yesterday's runs, once, where the settings say to."""
        for kept in await asyncio.to_thread(self._app.export_if_due):
            self._tell(Notice("exported", kept.where))
            if kept.left_out:
                self._tell(Notice("trouble", _in_part(kept)))

    async def _forget(self) -> None:
        """Take out of the prompt log what is older than the settings keep it."""
        await asyncio.to_thread(self._app.apply_retention)

    def _give_threads(self) -> None:
        """Give the loop enough threads that a slow login of one person stops nobody else."""
        threads = ThreadPoolExecutor(self._concurrency + _SPARE_THREADS, "worker")
        asyncio.get_running_loop().set_default_executor(threads)


def _in_part(kept: Exported) -> str:
    """Return what is damaged and therefore not in a copy, in a sentence."""
    first, *more = kept.left_out
    others = f", and {len(more):,} more" if more else ""
    return f"damaged, and not in {kept.where}: {first}{others}; next: actwright verify"
