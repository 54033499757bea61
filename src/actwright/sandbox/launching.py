"""How a worker is started: through a launcher that raises the walls first."""

from __future__ import annotations

import os
import shlex
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actwright.errors import SandboxUnavailableError

if TYPE_CHECKING:
    from types import ModuleType

    from actwright.sandbox.limits import SandboxLimits

LAUNCH: Final = Path(__file__).with_name("launch.py")
"""The launcher itself; it is run, never imported."""

RECYCLED_AFTER: Final = 200
"""After so many runs a worker gives way to a fresh one."""

_NAME = "actwright-sandbox"
_MFD_EXEC = 0x10
_SPARE_CPU = 20
_LEAST_MEMORY = 1_500_000_000
_MEMORY_FACTOR = 4


def installed() -> ModuleType:
    """Return the interpreter's package.

    Raises:
        SandboxUnavailableError: It is not installed.
    """
    try:
        import pydantic_monty  # noqa: PLC0415 - an extra, and only needed where code runs
    except ImportError as error:
        raise SandboxUnavailableError(
            "The sandbox is not installed.", hint="Install it: pip install 'actwright[sandbox]'"
        ) from error
    return pydantic_monty


class Launcher:
    """The executable a pool starts its workers with: on Linux a script in memory, elsewhere the interpreter itself.

    The script is no file, so that nothing is left behind however the host ends, and nobody can put another in its place.

    Args:
        limits: The ceilings of one run; those of a whole worker follow from them.

    Raises:
        SandboxUnavailableError: The interpreter's program is missing, or the kernel keeps no script in memory.
    """

    def __init__(self, limits: SandboxLimits) -> None:
        self._finalize: weakref.finalize[..., Launcher] | None = None
        self.path = binary = _binary()
        if sys.platform == "linux":
            script = _in_memory(_script(binary, limits))
            self.path = f"/proc/{os.getpid()}/fd/{script}"
            self._finalize = weakref.finalize(self, os.close, script)

    def close(self) -> None:
        """Give the script up; no further worker can be started."""
        if self._finalize is not None:
            self._finalize()


def _binary() -> str:
    installed()
    from pydantic_monty._binary import find_monty_binary  # noqa: PLC0415 - an extra

    try:
        return find_monty_binary()
    except FileNotFoundError as error:
        raise SandboxUnavailableError(
            "The program of the sandbox is missing.",
            hint="Install it again: pip install --force-reinstall 'actwright[sandbox]'",
        ) from error


def _script(binary: str, limits: SandboxLimits) -> bytes:
    cpu = _SPARE_CPU + int(limits.seconds * RECYCLED_AFTER)
    memory = max(_LEAST_MEMORY, limits.memory_bytes * _MEMORY_FACTOR)
    words = (
        sys.executable,
        "-I",
        "-S",
        str(LAUNCH),
        str(os.getpid()),
        str(cpu),
        str(memory),
        binary,
    )
    return f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'.encode()


def _in_memory(script: bytes) -> int:
    try:
        descriptor = _memory_file()
        os.write(descriptor, script)
    except OSError as error:
        raise SandboxUnavailableError(
            f"The launcher of the sandbox cannot be kept in memory: {error.strerror}.",
            hint="Allow memfd_create for this process.",
        ) from error
    return descriptor


def _memory_file() -> int:
    """Return a file in memory that may be executed, also where the kernel has to be asked for that."""
    try:
        return os.memfd_create(_NAME, os.MFD_CLOEXEC | _MFD_EXEC)
    except OSError:  # a kernel older than the question
        return os.memfd_create(_NAME)
