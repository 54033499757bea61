"""A watchdog: one end in time for a whole HTTP exchange, whatever the server does.

A library's read timeout counts from one byte to the next, so a server that sends a byte now and then is waited for
without end. The watchdog shuts the connection down when its time is over: during the handshake, the headers or the
body.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress


class Watchdog:
    """Shuts one connection down after some seconds.

    Args:
        seconds: How long the exchange may take from now on.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._expired = False
        self._timer = threading.Timer(max(seconds, 0.001), self._expire)
        self._timer.daemon = True
        self._timer.start()

    @property
    def expired(self) -> bool:
        """Whether the time is over."""
        return self._expired

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Take hold of the connection, as the library tells what it is doing (its ``trace`` extension)."""
        if not event.endswith("connect_tcp.complete"):
            return
        stream = info.get("return_value")
        opened = stream.get_extra_info("socket") if hasattr(stream, "get_extra_info") else None
        if isinstance(opened, socket.socket):
            self._hold(opened)

    def release(self) -> None:
        """Call the watchdog off; the exchange is over."""
        self._timer.cancel()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = None

    def _hold(self, opened: socket.socket) -> None:
        """Keep a second handle of the connection: the first one is taken over by the encryption."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = opened.dup()
        if self._expired:
            self._shut()

    def _expire(self) -> None:
        self._expired = True
        self._shut()

    def _shut(self) -> None:
        with self._lock, suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
