"""The worker processes of one sandbox: lent one run at a time, thrown away after a run that went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from threading import BoundedSemaphore
from time import monotonic
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from actwright.errors import (
    SandboxFailedError,
    SandboxRejectedError,
    SandboxUnavailableError,
    SandboxValueError,
)
from actwright.sandbox.launching import RECYCLED_AFTER, Launcher, installed
from actwright.sandbox.leash import Leash
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.surface import Surface

if TYPE_CHECKING:
    from pydantic_monty import ExternalModule, Monty, MontySession, OSPolicy, ResourceLimits

    _Loan = tuple[MontySession, Leash]

_WAIT: Final = 60.0
"""Seconds a run waits for a worker."""

_CLOSING: Final = 5.0
"""Seconds a close waits for runs that are ended to notice."""

_CHECKING: Final = 2.0
"""Seconds beyond the code's own ceiling in which its types are checked, the last of them to end a worker in."""

_IMPORTS: Final = 32
"""Imports of capability modules count as suspensions too."""


class Workers:
    """A pool of worker processes. Thread-safe; not to be carried over a fork.

    One thread of its own starts every worker, since the kernel ends a worker together with the thread that started it.

    Args:
        limits: The ceilings of each run.
        size: How many workers there are at most.
    """

    def __init__(self, limits: SandboxLimits, size: int) -> None:
        self._limits, self._size = limits, size
        self._slots = BoundedSemaphore(size)
        self._process = os.getpid()
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="actwright-sandbox")
        self._lent: set[Leash] = set()
        self._closed = False
        self._launcher: Launcher | None = None
        self._pool: Monty | None = None

    @contextmanager
    def session(
        self, surface: Surface, *, now: datetime, typed: str | None = None
    ) -> Iterator[MontySession]:
        """Lend a fresh session. A worker whose code was denied, reached a ceiling or was broken off is ended with it.

        Args:
            surface: The modules its code may import.
            now: The moment its clock stands at.
            typed: Stub text, where its code is to be type-checked.

        Raises:
            SandboxUnavailableError: No worker can be had, or this was closed, or belongs to another process.
        """
        self._check_usable()
        if not self._slots.acquire(timeout=_WAIT):
            raise SandboxUnavailableError(
                f"All {self._size} workers of the sandbox were busy for {_WAIT:g} s.",
                hint="Give it more workers, or run less at once.",
            )
        try:
            yield from self._lend(surface, now, typed)
        finally:
            self._slots.release()

    def close(self) -> None:
        """End every worker; what still runs in one ends with an error. Closing twice is no error."""
        if self._closed or os.getpid() != self._process:
            return
        self._closed = True
        self._keeper.submit(self._end_lent).result()
        until = monotonic() + _CLOSING
        back = [
            self._slots.acquire(timeout=max(0.0, until - monotonic())) for _ in range(self._size)
        ]
        self._keeper.submit(self._stop).result()
        self._keeper.shutdown()
        for _ in range(sum(back)):
            self._slots.release()

    def _check_usable(self) -> None:
        if os.getpid() != self._process:
            raise SandboxUnavailableError(
                "This sandbox belongs to the process it was made in; a fork cannot use it.",
                hint="Make a sandbox of its own in the new process.",
            )
        if self._closed:
            raise _was_closed()

    def _lend(self, surface: Surface, now: datetime, typed: str | None) -> Iterator[MontySession]:
        session, leash = self._checked_out(surface, now, typed)
        try:
            yield session
        except (SandboxFailedError, SandboxRejectedError, SandboxValueError):
            raise
        except BaseException:
            leash.pull()
            raise
        finally:
            session.__exit__(None, None, None)
            self._lent.discard(leash)
            leash.drop()

    def _checked_out(self, surface: Surface, now: datetime, typed: str | None) -> _Loan:
        try:
            future = self._keeper.submit(self._checkout, surface, now, typed)
        except RuntimeError as error:
            raise _was_closed() from error
        try:
            return future.result()
        except SandboxUnavailableError:
            raise
        except BaseException:
            future.add_done_callback(self._give_back)
            raise

    def _checkout(self, surface: Surface, now: datetime, typed: str | None) -> _Loan:
        """Enter a session on the keeper's thread, where a close cannot come between."""
        if self._closed:
            raise _was_closed()
        monty = installed()
        try:
            session = self._revived(surface, now, typed)
        except (monty.MontyError, OSError, RuntimeError) as error:
            raise SandboxUnavailableError(
                f"No worker of the sandbox could be started: {error}",
                hint="`actwright doctor` tries the sandbox and tells which walls stand.",
            ) from error
        leash = Leash(session.worker_pid or 0)
        self._lent.add(leash)
        return session, leash

    def _revived(self, surface: Surface, now: datetime, typed: str | None) -> MontySession:
        """Enter a session, once more where its worker had died while nobody used it."""
        try:
            return self._entered(surface, now, typed)
        except installed().MontyCrashedError:
            return self._entered(surface, now, typed)

    def _give_back(self, future: Future[_Loan]) -> None:
        """Return a session whose borrower was interrupted while it waited."""
        if not future.cancelled() and future.exception() is None:
            session, leash = future.result()
            session.__exit__(None, None, None)
            self._lent.discard(leash)
            leash.drop()

    def _end_lent(self) -> None:
        for each in tuple(self._lent):
            each.pull()

    def _entered(self, surface: Surface, now: datetime, typed: str | None) -> MontySession:
        pool = self._pool or self._start()
        session = pool.checkout(
            limits=_resources(self._limits, spare=0.0 if typed is None else _CHECKING - 1),
            external_modules=_modules(surface),
            os_policy=_policy(now),
            type_check=typed is not None,
            type_check_stubs=typed,
            type_check_format="json",
        )
        return session.__enter__()

    def _start(self) -> Monty:
        self._launcher = self._launcher or Launcher(self._limits)
        grace = min(1.0, self._limits.seconds)
        pool: Monty = installed().Monty(
            binary_path=self._launcher.path,
            min_processes=1,
            max_processes=self._size,
            checkout_timeout=_WAIT,
            request_timeout=self._limits.seconds + _CHECKING,
            max_checkouts_per_worker=RECYCLED_AFTER,
            feed_duration_limit_grace=grace,
            turn_duration_limit_grace=grace,
        )
        self._pool = pool.__enter__()
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.__exit__(None, None, None)
            self._pool = None
        if self._launcher is not None:
            self._launcher.close()


def _was_closed() -> SandboxUnavailableError:
    return SandboxUnavailableError("This sandbox was closed.", hint="Make a new one.")


def _resources(limits: SandboxLimits, *, spare: float) -> ResourceLimits:
    return {
        "max_feed_duration_secs": limits.seconds + spare,
        "max_turn_duration_secs": limits.seconds + spare,
        "max_memory": limits.memory_bytes,
        "max_recursion_depth": limits.depth,
        "max_suspensions": limits.calls + _IMPORTS,
        "max_total_sleep_secs": 0.0,
    }


def _policy(now: datetime) -> OSPolicy:
    """Return a world that stands still, in the zone of its moment: the same code with the same answers does the same again."""
    return {
        "datetime": now.astimezone(UTC),
        "timezone": now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "utc",
        "sleep": "zero",
        "process_time": "zero",
        "random_start": {"seed": 0},
    }


@lru_cache(maxsize=64)
def _modules(surface: Surface) -> dict[str, ExternalModule]:
    monty = installed()
    return {
        name: monty.ExternalModule(
            dict.fromkeys((each.name for each in capabilities), _never), stubs=surface.stubs(name)
        )
        for name, capabilities in surface.modules.items()
    }


def _never(*_: object, **__: object) -> None:
    """Stand for a capability inside; every call is answered by `Session`, never here."""
    raise AssertionError("a capability is answered by its session")
