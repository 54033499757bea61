"""Children to be killed: started from a zygote, watched, stopped at a chosen moment, and buried."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

_ROOT = Path(__file__).parents[2]
_PATIENCE = 20.0


@dataclass
class Child:
    """One forked process."""

    pid: int
    zygote: Zygote

    def kill(self) -> None:
        """Send SIGKILL: nothing of the process runs after that."""
        self.send(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it, as a machine that hangs."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended: its number may be somebody else's by now."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that has ended and waits for its burial does not, nor who has its number now."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        except OSError:
            return False
        state, parent, *_ = stat.rpartition(")")[2].split()
        return state not in {"Z", "X"} and int(parent) == self.zygote.pid

    def ended(self, *, seconds: float = _PATIENCE) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        self.join(seconds=seconds)
        return self.zygote.code_of(self.pid)

    def join(self, *, seconds: float = _PATIENCE) -> None:
        """Wait until it has ended.

        Raises:
            TimeoutError: It has not.
        """
        end = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > end:
                self.kill()
                raise TimeoutError(f"process {self.pid} did not end")
            time.sleep(0.001)


class Zygote:
    """The process children are forked from; close it, and its children are killed."""

    _shared: ClassVar[Zygote | None] = None

    @classmethod
    def shared(cls) -> Zygote:
        """Return the one of this process, started on first use; it ends with this process."""
        if cls._shared is None or cls._shared.owner != os.getpid():
            cls._shared = cls()
            atexit.register(cls._shared.close)
        return cls._shared

    def __init__(self) -> None:
        self.owner = os.getpid()
        """Who started it; a fork of that process has to start one of its own."""
        self._asking = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.zygote"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._children: list[Child] = []
        self._answer()

    @property
    def pid(self) -> int:
        """Its number, which its children know as their parent's."""
        return self._process.pid

    def child(self, call: str, **arguments: object) -> Child:
        """Fork a child that calls ``module:function`` with these arguments."""
        child = Child(self._asked({"call": call, "arguments": arguments}), self)
        self._children.append(child)
        return child

    def code_of(self, pid: int) -> int:
        """Return the exit code of a child that has ended; negative where a signal has ended it."""
        return self._asked({"buried": pid})

    def close(self) -> None:
        """End it and what is left of its children."""
        for each in self._children:
            each.kill()
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, command: dict[str, object]) -> int:
        assert self._process.stdin is not None
        with self._asking:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            return self._answer()["told"]

    def _answer(self) -> dict[str, int]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the zygote died"
        answer: dict[str, int] = json.loads(line)
        return answer


@dataclass
class Gate:
    """Where a child stops at each boundary until it is told to go on: two named pipes in a folder."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Make the pipes in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for each in ("reached", "go"):
            os.mkfifo(folder / each)
        return cls(folder)

    @contextmanager
    def watched(self) -> Iterator[Iterator[str]]:
        """Give what the child reaches, one by one; asking for the next lets it go on."""
        # Open for both directions, so that a child that dies leaves nobody hanging in open().
        go = os.open(self.folder / "go", os.O_RDWR)
        reached = os.open(self.folder / "reached", os.O_RDWR | os.O_NONBLOCK)
        try:
            yield _reached(reached, go)
        finally:
            os.close(go)
            os.close(reached)

    def open(self) -> None:
        """Let the child pass from now on, as often as it comes by."""
        (self.folder / "open").touch()
        go = os.open(self.folder / "go", os.O_RDWR)
        os.write(go, b"x")

    def stop(self, name: str) -> None:
        """Say in the child what has been reached, and wait to be told to go on."""
        if (self.folder / "open").exists():
            return
        with (self.folder / "reached").open("w", encoding="utf-8") as pipe:
            pipe.write(f"{name}\n")
        go = os.open(self.folder / "go", os.O_RDONLY)
        try:
            os.read(go, 1)
        finally:
            os.close(go)


def _reached(pipe: int, go: int) -> Iterator[str]:
    """Yield the names, and tell the child to go on whenever another one is asked for."""
    while True:
        name = _line(pipe)
        yield name
        os.write(go, b"x")


def _line(pipe: int) -> str:
    text, end = b"", time.monotonic() + _PATIENCE
    while not text.endswith(b"\n"):
        if time.monotonic() > end:
            raise TimeoutError("the child reached nothing more")
        try:
            text += os.read(pipe, 1)
        except BlockingIOError:
            time.sleep(0.0005)
    return text.decode().strip()
