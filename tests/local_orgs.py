"""Local orgs that are there at once: real servers over real files, forked from a process that has imported everything."""

from __future__ import annotations

import json
import os
import select
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import mkdtemp

from tests.chaos.doomed import Child, Zygote

from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from localorg.cli import main

_SECONDS = 30.0


class ForkedLocalOrg(EmbeddedLocalOrg):
    """A local org served by a forked process instead of an interpreter of its own.

    It ends when its input closes: with the block, or with the process that opened it.
    """

    _server: Child | None = None
    _input = -1

    def start(self) -> str:
        """Start it, wait until it is ready, and return its address."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        pipes = Path(mkdtemp(prefix=".starting-", dir=self._home))
        streams = [str(pipes / name) for name in ("input", "told")]
        for each in streams:
            os.mkfifo(each)
        # Open for both directions, so that a server that dies leaves nobody hanging in open().
        self._input, told = (os.open(each, os.O_RDWR) for each in streams)
        self._server = Zygote.shared().child(
            "tests.local_orgs:serve",
            arguments=["--db", str(self._home / "localorg.db"), "--seed", self._seed],
            streams=streams,
        )
        try:
            self._url = str(json.loads(_line(told))["url"])
        finally:
            os.close(told)
            for each in streams:
                Path(each).unlink()
            pipes.rmdir()
        return self._url

    def stop(self) -> None:
        """Stop it; does nothing where it is not running."""
        server, self._server, self._url = self._server, None, None
        if server is None:
            return
        os.close(self._input)
        try:
            server.join(seconds=3)
        except TimeoutError:
            server.join()


def serve(*, arguments: list[str], streams: list[str]) -> int:
    """Be the server, in the child, until the input closes."""
    for number, path in enumerate(streams):
        handle = os.open(path, (os.O_RDONLY, os.O_WRONLY)[number])
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    with os.fdopen(1, "w", encoding="utf-8", closefd=False) as told, redirect_stdout(told):
        main(["serve", "--port", "0", "--with-parent", *arguments])
    return 0


def _line(pipe: int) -> bytes:
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([pipe], [], [], _SECONDS)
        assert ready, "the local org was not ready in time"
        text += os.read(pipe, 4096)
    return text


Quick: type[EmbeddedLocalOrg] = (
    ForkedLocalOrg if "PYTEST_XDIST_WORKER" in os.environ else EmbeddedLocalOrg
)
"""What serves local orgs: forked in the suite, where hundreds are started, and as ever where few tests are run."""
