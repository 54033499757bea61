"""A way to a PostgreSQL server that can be cut at a chosen moment, as a failing network does."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from typing import Literal, Self

Moment = Literal["before", "after"]
_CHUNK = 65_536


class CutProxy:
    """Passes bytes on between clients and a server on loopback, until a client says a certain word.

    Args:
        port: The server's port.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._word: bytes | None = None
        self._moment: Moment = "before"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut_at(self, word: str, moment: Moment) -> None:
        """Cut the next connection on which a client says ``word``, once.

        Args:
            word: What to look for in what clients send: ``COMMIT``.
            moment: ``before``: the server never hears it. ``after``: the server has answered, and nobody hears that.
        """
        self._moment, self._word = moment, word.encode()

    @property
    def has_cut(self) -> bool:
        """Whether the word was said, and the connection cut."""
        return self._word is None

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with (
            client,
            socket.create_connection(("127.0.0.1", self._server_port)) as server,
            contextlib.suppress(OSError),
        ):
            for source, data in _said(client, server):
                if source is server:
                    client.sendall(data)
                elif self._word is None or self._word not in data:
                    server.sendall(data)
                else:
                    self._word = None
                    self._say_last(server, data)
                    return

    def _say_last(self, server: socket.socket, data: bytes) -> None:
        if self._moment == "after":
            server.sendall(data)
            server.recv(_CHUNK)


def _said(client: socket.socket, server: socket.socket) -> Iterator[tuple[socket.socket, bytes]]:
    """Yield what either of them says, until one of them is gone."""
    while True:
        for source in select.select([client, server], [], [])[0]:
            data = source.recv(_CHUNK)
            if not data:
                return
            yield source, data
