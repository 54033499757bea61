"""The right to end one worker, and never any other process."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from threading import Lock


class Leash:
    """Holds a worker by its process, not by its number: a number is given to another process once its own has ended.

    Args:
        pid: The worker's number, while it is alive.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._lock = Lock()
        self._held: int | None = None
        if sys.platform == "linux":
            with suppress(OSError):  # it has ended already
                self._held = os.pidfd_open(pid)

    def pull(self) -> None:
        """End the worker, where it has not ended by itself. Once it was dropped, nothing happens."""
        with self._lock, suppress(ProcessLookupError):
            if self._held is not None:
                signal.pidfd_send_signal(self._held, signal.SIGKILL)

    def drop(self) -> None:
        """Let the worker go."""
        with self._lock:
            if self._held is not None:
                os.close(self._held)
                self._held = None
