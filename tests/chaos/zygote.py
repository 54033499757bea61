"""A process with everything imported that forks a child for each command: a fresh process to kill, in milliseconds.

It reads one JSON command a line, ``{"call": "module:function", "arguments": {...}}``, and answers with one JSON line as
soon as the child runs (``{"told": 7}``, its number). ``{"buried": 7}`` asks for the exit code of one that has ended. A child ends by itself with its function's exit code, or is killed by whoever
asked for it. The process has one thread only, so that forking it is safe.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable

_WARM = (
    "actwright.app",
    "actwright.cli.entry",
    "actwright.connectors.salesforce.connect",
    "actwright.model.openai_chat",
    "actwright.testing",
    "localorg.seeding",
    "localorg.service",
    "localorg.seed.demo",
    "rich.live",
)
"""What a child would have to import; the last ones are imported only where they are needed."""

_NOISE = 99


def main() -> None:
    """Serve commands until the input ends."""
    for each in _WARM:
        importlib.import_module(each)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _say(os.getpid())
    codes: dict[int, int] = {}
    for line in sys.stdin:
        command = json.loads(line)
        _bury(codes)
        if "buried" in command:
            _say(_code_of(command["buried"], codes))
        else:
            pid = _forked(command)
            codes.pop(pid, None)  # of one that had the same number before
            _say(pid)


def _say(told: int) -> None:
    sys.stdout.write(json.dumps({"told": told}) + "\n")
    sys.stdout.flush()


def _forked(command: dict[str, object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    _leave_the_pipes()
    try:
        code = _call(str(command["call"]))(**command["arguments"])  # type: ignore[arg-type]
    except BaseException:  # noqa: BLE001 - a child never returns into the loop of its parent
        traceback.print_exc()
        code = _NOISE
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def _leave_the_pipes() -> None:
    """Keep the child off the pipes its parent answers through."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)


def _call(name: str) -> Callable[..., object]:
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found


def _bury(codes: dict[int, int]) -> None:
    """Take note of how the children have ended that have."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    except ChildProcessError:
        return


def _code_of(pid: int, codes: dict[int, int]) -> int:
    """Return the exit code of a child; wait for it where the last of its threads is still about to end."""
    if pid not in codes:
        codes[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return codes[pid]


if __name__ == "__main__":
    main()
