"""Which walls stand around a worker on this machine: tried out, not read off."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from actwright.sandbox.launching import LAUNCH

_STOPS: Final = {
    "interpreter": "Python's own reach: no files, no network, no processes exist inside",
    "host": "a worker that runs on after its host has died",
    "privileges": "gaining rights through another program",
    "ceilings": "a worker that uses processor, memory or disk without end",
    "network": "reaching the network, should the interpreter be broken out of",
    "files": "reading and writing files, should the interpreter be broken out of",
    "processes": "starting other programs, should the interpreter be broken out of",
    "calls": "system calls no worker needs, should the interpreter be broken out of",
}
_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall around a worker.

    Attributes:
        name: Its name.
        stands: Whether it stands on this machine.
        stops: What it is there for.
    """

    name: str
    stands: bool
    stops: str


def walls() -> tuple[Wall, ...]:
    """Return every wall, and whether it stands: a process raises them around itself and tries each one."""
    standing = {"interpreter": find_spec("pydantic_monty") is not None} | _tried()
    return tuple(Wall(name, standing.get(name, False), stops) for name, stops in _STOPS.items())


def _tried() -> dict[str, bool]:
    if sys.platform != "linux":
        return {}
    import subprocess  # noqa: PLC0415 - only the doctor needs it

    words = (sys.executable, "-I", "-S", LAUNCH, str(os.getpid()), "10", "1500000000", "--probe")
    try:
        probe = subprocess.run(words, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - our own file
        return dict(json.loads(probe.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
