"""Faults on demand: a server that fails the way servers do, so that a client's tests can meet it.

A fault waits for calls that match and then happens to one of them: the org answers something else, before the call is
carried out or after it was committed; it answers late, or half, or not at all. Faults are armed under ``/localorg/``,
which takes a user with View Setup, or by a header for the very call that carries it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias

End: TypeAlias = Literal["answer", "drop", "cut", "own"]
"""How a call that a fault happens to ends: with the fault's answer, without one, in the middle of the org's own, or with
the org's own."""

MOST_HELD_SECONDS: Final = 120.0
"""How long a call is held back where nobody releases it."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which calls a fault is meant for."""

    method: str | None = None
    path_contains: str = ""
    path: str = "*"
    """The whole path as a pattern with ``*`` and ``?``."""
    writes: bool = False
    """Whether only calls that may write are meant."""

    def fits(self, method: str, path: str, writes: Callable[[], bool]) -> bool:
        """Tell whether a call is meant; ``writes`` says whether it may write."""
        return (
            self.method in {None, method}
            and self.path_contains in path
            and fnmatchcase(path, self.path)
            and (not self.writes or writes())
        )


@dataclass
class Fault:
    """What happens to which calls, how often, and how often it did.

    Attributes:
        match: Which calls it is meant for.
        name: What it is asked for by.
        kind: What it is called.
        end: How the call ends.
        status: The status of the fault's own answer.
        body: The body of the fault's own answer.
        headers: The headers of the fault's own answer.
        nth: The first call it happens to, of those that match.
        times: To how many calls it happens, one after the other.
        after_commit: Whether the call is carried out before it happens.
        delay_seconds: How long the call waits.
        hold: Whether the call waits until it is released.
        locked: Whether no row can be written in the call.
        matched: How many calls have matched.
        happened: To how many calls it has happened.
        holding: How many calls it holds back now.
        ended: How many of the calls it happened to are over, whether or not anybody heard the answer.
    """

    match: Match = field(default_factory=Match)
    name: str = ""
    kind: str = "answer"
    end: End = "answer"
    status: int = 503
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    nth: int = 1
    times: int = 1
    after_commit: bool = False
    delay_seconds: float = 0.0
    hold: bool = False
    locked: bool = False
    matched: int = field(default=0, init=False)
    happened: int = field(default=0, init=False)
    holding: int = field(default=0, init=False)
    ended: int = field(default=0, init=False)
    _released: threading.Event = field(default_factory=threading.Event, init=False)

    @property
    def carries_out(self) -> bool:
        """Whether the org carries the call out."""
        return self.after_commit or self.end in {"own", "cut"}

    def wait(self) -> None:
        """Keep a call waiting as long as the fault says."""
        time.sleep(self.delay_seconds)
        if self.hold:
            self.holding += 1
            self._released.wait(MOST_HELD_SECONDS)
            self.holding -= 1

    def release(self) -> None:
        """Let the calls go that are held back, and hold no further one."""
        self._released.set()

    def told(self) -> dict[str, object]:
        """Return the fault as the administrator's resource tells it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "matched": self.matched,
            "happened": self.happened,
            "holding": self.holding,
            "ended": self.ended,
            "spent": self.happened >= self.times,
        }


@dataclass
class Faults:
    """The faults that wait or have happened, and the latency every call suffers."""

    latency_ms: float = 0
    _armed: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls; one of the same name makes way for it."""
        with self._lock:
            for each in [each for each in self._armed if fault.name and each.name == fault.name]:
                each.release()
                self._armed.remove(each)
            self._armed.append(fault)

    def clear(self) -> None:
        """Forget every fault, and let every call go that one holds back."""
        with self._lock:
            for each in self._armed:
                each.release()
            self._armed.clear()

    def release(self, name: str | None = None) -> None:
        """Let the calls go that the fault of a name, or every fault, holds back."""
        with self._lock:
            for each in self._armed:
                if name in {None, each.name}:
                    each.release()

    def told(self) -> list[dict[str, object]]:
        """Return every fault with its counts, in the order they were armed."""
        with self._lock:
            return [each.told() for each in self._armed]

    def take(self, method: str, path: str, writes: Callable[[], bool]) -> Fault | None:
        """Return the fault that happens to a call, counting it, or None."""
        with self._lock:
            for fault in self._armed:
                if fault.happened < fault.times and fault.match.fits(method, path, writes):
                    fault.matched += 1
                    if fault.matched >= fault.nth:
                        fault.happened += 1
                        return fault
        return None
