"""The reins of a run this process carries out: what is wished of it while it goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from actwright.errors import RunBusyError


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Somebody in this very process wants the run to end.

    Attributes:
        by: Who.
        why: Why.
    """

    by: str
    why: str


class Reins:
    """Heard between two moves; made, pulled and heard in the thread of one event loop.

    Attributes:
        handing_back: Whether the run is to be given back.
        on_their_way: Whether somebody has pulled them, and the loop has yet to pass that on; set from any thread.
        listener: Called as soon as something is wished; None where nobody listens.
    """

    def __init__(self) -> None:
        self.handing_back = False
        self.on_their_way = False
        self.listener: Callable[[], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._rung: asyncio.Future[None] = self._loop.create_future()
        self._cancelling: Cancelling | None = None

    @property
    def rung(self) -> asyncio.Future[None]:
        """Done as soon as anything is wished that has not been heard."""
        return self._rung

    def hand_back(self) -> None:
        """Let the run be given back as soon as nothing of it is out."""
        self.handing_back = True
        self._ring()

    def cancel(self, by: str, why: str) -> None:
        """Let the run end as soon as nothing of it is out."""
        self._cancelling = Cancelling(by, why)
        self._ring()

    def hear(self) -> Cancelling | None:
        """Take note of what is wished, and return the wish to cancel, once."""
        if not self._rung.done():
            return None
        self._rung = self._loop.create_future()
        wish, self._cancelling = self._cancelling, None
        return wish

    def _ring(self) -> None:
        if not self._rung.done():
            self._rung.set_result(None)
        if self.listener is not None:
            self.listener()


class Driven:
    """The reins of the runs an engine carries on at this moment, for other threads to pull."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal may come to the thread that has it
        self._reins: dict[str, tuple[Reins, asyncio.AbstractEventLoop]] = {}

    @contextmanager
    def having(self, run_id: str) -> Iterator[Reins]:
        """Give a run's reins, and know them for as long as it is carried on.

        Raises:
            RunBusyError: It is being carried on already.
        """
        reins = Reins()
        with self._lock:
            if run_id in self._reins:
                raise RunBusyError(
                    f"{run_id} is being carried out by this very process.",
                    hint=f"actwright inspect {run_id}",
                )
            self._reins[run_id] = (reins, asyncio.get_running_loop())
        try:
            yield reins
        finally:
            with self._lock:
                del self._reins[run_id]

    def one(self, run_id: str, pull: Callable[[Reins], None]) -> bool:
        """Pull the reins of one run; False where it is not carried on."""
        with self._lock:
            found = self._reins.get(run_id)
        if found is None:
            return False
        reins, loop = found
        try:
            loop.call_soon_threadsafe(pull, reins)
        except RuntimeError:  # its loop was closed meanwhile
            return False
        reins.on_their_way = True
        return True

    def each(self, pull: Callable[[Reins], None]) -> bool:
        """Pull the reins of every run; False where there is none."""
        with self._lock:
            all_of = tuple(self._reins)
        pulled = [self.one(run_id, pull) for run_id in all_of]
        return any(pulled)
