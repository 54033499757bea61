"""The process: listens on the loopback interface, a thread a connection, until it is told to end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import socketserver
import sys
import threading
from typing import Final

from localorg.edge import Edge
from localorg.service import Service

HOST: Final = "127.0.0.1"


class OrgServer(socketserver.ThreadingTCPServer):
    """Serves one org on a socket that already listens."""

    daemon_threads = True

    def __init__(self, service: Service, listener: socket.socket) -> None:
        super().__init__(listener.getsockname(), Edge, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.service = service
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        """The address it serves at."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a caller hang up; say everything else."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants a socket


def serve(service: Service, listener: socket.socket, *, with_parent: bool) -> None:
    """Serve until interrupted, or until the parent process closes our standard input.

    An interrupt from the keyboard reaches the parent too, which may have to hear how its last call ended: with a
    parent, only the parent ends us.
    """
    service.worker.resume()
    if with_parent:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_watch_parent, args=(service,), daemon=True).start()
    with OrgServer(service, listener) as server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def listen(port: int) -> socket.socket:
    """Return a socket bound to a port of the loopback interface; 0 takes a free one."""
    return socket.create_server((HOST, port), backlog=128)


def _watch_parent(service: Service) -> None:
    """End the process when standard input ends, which it does when the parent dies.

    Nobody is left to answer, so nothing is wound up but the transaction under way: closing the database waits
    for it.
    """
    while sys.stdin.buffer.read(4096):
        pass
    service.database.close()
    os._exit(0)
