"""Deferred telling: spans whose times are known are made a moment later, in a thread, and keep no run waiting."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

from actwright.telemetry.otel.delivering import Deliveries

_SECONDS = 0.5
"""How long the first of what is put waits; what comes meanwhile goes with it."""


class Deferred:
    """Keeps what is still to be told, and tells it in its order.

    Args:
        deliveries: Counts what fails.
    """

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.RLock()
        self._process = os.getpid()

    def put(self, telling: Callable[[], None]) -> None:
        """Have something told later; from any thread.

        Args:
            telling: Tells it; a fault of it is counted, and nothing else.
        """
        first = not self._waiting
        self._waiting.append(telling)
        if first:
            timer = threading.Timer(_SECONDS, self.tell)
            timer.name, timer.daemon = "actwright-telemetry-deferred", True
            timer.start()

    def tell(self) -> None:
        """Tell now what waits; in a process that was forked meanwhile, it is its parent's to tell."""
        if os.getpid() != self._process:
            self._waiting.clear()
            self._lock, self._process = threading.RLock(), os.getpid()
        with self._lock:
            while self._waiting:
                telling = self._waiting.popleft()
                with self._deliveries.guarding():
                    telling()
