"""The process that holds a lease, by its name: is it still there?"""

from __future__ import annotations

import socket
from pathlib import Path


def is_dead_here(owner: str | None) -> bool:
    """Tell whether a process that holds a lease ran on this machine, and is gone; False where nobody can tell.

    Args:
        owner: The process, as ``host:pid:token``.
    """
    host, _, rest = (owner or "").rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    return Path("/proc/self").exists() and not _runs(Path(f"/proc/{rest}/stat"))


def _runs(stat: Path) -> bool:
    """Tell whether a process runs; one that has ended stays listed until its parent has asked after it."""
    try:
        state = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return False
    return bool(state) and state[0] not in {"Z", "X"}
