"""Sandboxed code did not come to a result (exit code 1, unless its class says another)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class SandboxError(ActwrightError):
    """Sandboxed code did not come to a result. Nothing of what it asked for was used."""

    code = "sandbox_failed"


class SandboxUnavailableError(SandboxError):
    """There is no sandbox to run code in: it is not installed, cannot start, or is closed."""

    code = "sandbox_unavailable"


class SandboxRejectedError(SandboxError):
    """The code is not what may run; nothing of it did."""

    code = "sandbox_rejected"
    exit_code = 2


class SandboxDeniedError(SandboxError):
    """The code asked for what it may not have, and was stopped there."""

    code = "sandbox_denied"
    exit_code = 5


class SandboxLimitError(SandboxError):
    """The code reached a ceiling: ``limit`` names it, as `SandboxLimits` does."""

    code = "sandbox_limit"

    def __init__(
        self, message: str, *, limit: str = "", where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.limit = limit


class SandboxFailedError(SandboxError):
    """The code raised an error of its own. Its text is the code's: it may say anything."""

    code = "sandbox_code_failed"


class SandboxValueError(SandboxError):
    """The code handed over a value that is too large, of no allowed type, or does not fit what was declared."""

    code = "sandbox_value"


class SandboxCrashedError(SandboxError):
    """The process the code ran in died, or was ended because it would not stop."""

    code = "sandbox_crashed"


class SuspensionError(SandboxError):
    """A suspended run is not what was sealed, is of another version, or was resumed before."""

    code = "suspension_invalid"
    exit_code = 3
