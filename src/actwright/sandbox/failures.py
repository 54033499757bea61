"""What the interpreter reports, as errors of ours. Every text in it is the code's own, and may say anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actwright.errors import (
    SandboxCrashedError,
    SandboxError,
    SandboxFailedError,
    SandboxLimitError,
    SandboxRejectedError,
)
from actwright.inert import inert

if TYPE_CHECKING:
    from pydantic_monty import MontyError

    from actwright.sandbox.limits import SandboxLimits

_LONGEST = 300
_OVER = re.compile(r"memory limit exceeded: \d+ bytes > (\d+) bytes\Z")
_TOLD = {
    "seconds": "took longer than {0.seconds:g} s",
    "memory_bytes": "used more than {0.memory_bytes} bytes of memory",
    "depth": "called functions inside each other, more than {0.depth} deep",
    "calls": "made more than {0.calls} calls",
    "printed": "printed more than {0.printed} bytes",
    "source_bytes": "is longer than {0.source_bytes} bytes",
}


def limit_reached(
    limit: str, limits: SandboxLimits, *, where: str | None = None
) -> SandboxLimitError:
    """Return the error for a ceiling.

    Args:
        limit: The ceiling's name in `SandboxLimits`.
        limits: The ceilings of the run.
        where: The line it was reached at.
    """
    return SandboxLimitError(
        f"The code {_TOLD[limit].format(limits)}, and was stopped.",
        limit=limit,
        where=where,
        hint="Let it read fewer records, or do less with each.",
    )


def failure(error: MontyError, limits: SandboxLimits) -> SandboxError:
    """Return the error of ours for what the interpreter reported.

    Args:
        error: What it raised.
        limits: The ceilings of the run.
    """
    import pydantic_monty as monty  # noqa: PLC0415 - an extra

    if isinstance(error, monty.MontyCrashedError):
        return _crashed(error, limits)
    if isinstance(error, monty.MontyRuntimeError):
        return _raised(error, limits)
    if isinstance(error, monty.MontySyntaxError):
        return SandboxRejectedError(
            f"The code is no Python that can run here: “{_said(error.display('msg'))}”",
            where=_line(error),
            hint="Check it before it is run: `check` names each place.",
        )
    return SandboxCrashedError(f"The sandbox gave up: {_said(str(error))}", hint=_AGAIN)


_AGAIN = "Run it again; where that fails too, the code is to be changed."


def _crashed(error: MontyError, limits: SandboxLimits) -> SandboxError:
    if getattr(error, "timed_out", False):
        return limit_reached("seconds", limits)
    return SandboxCrashedError(
        "The process the code ran in died; nothing of the run was used.", hint=_AGAIN
    )


def _raised(error: MontyError, limits: SandboxLimits) -> SandboxError:
    kind = type(error.exception()).__name__
    text, where = error.display("msg"), _line(error)  # type: ignore[attr-defined] # not on the base
    limit = _limit(kind, text, limits)
    if limit is not None:
        return limit_reached(limit, limits, where=where)
    if kind == "NotImplementedError" and not where:
        return SandboxRejectedError(f"The code is no Python that can run here: “{_said(text)}”")
    return SandboxFailedError(
        f"The code raised an error of its own, {inert(kind, limit=60)}: “{_said(text)}”",
        where=where,
        hint="The words in quotation marks are the code's; nothing of what it asked for was used.",
    )


def _limit(kind: str, text: str, limits: SandboxLimits) -> str | None:
    """Return the ceiling an error tells of. Code may raise the same by itself, which ends it just so."""
    if kind == "TimeoutError" and "time limit exceeded" in text[:60]:
        return "seconds"
    if kind == "MemoryError":
        over = _OVER.match(text[:120])
        return "printed" if over and int(over[1]) == limits.printed else "memory_bytes"
    if kind == "RecursionError":
        return "depth"
    if kind == "RuntimeError" and text.startswith("suspension limit "):
        return "calls"
    return None


def _said(text: str) -> str:
    return inert(text, limit=_LONGEST)


def _line(error: MontyError) -> str | None:
    frames = error.traceback()  # type: ignore[attr-defined] # not on the base
    return f"line {frames[-1].line}" if frames else None
