"""The form of every error: what happened, where, what to do next, a stable code, and an exit code."""

from __future__ import annotations

from typing import ClassVar


class ActwrightError(Exception):
    """Base of every error raised on purpose.

    Args:
        message: What happened, in one sentence.
        where: The path, field or line it happened at.
        hint: What the reader can do next.
        code: A more exact code than the class's own.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.error_code = code or type(self).code

    def __str__(self) -> str:
        place = f" (at {self.where})" if self.where else ""
        return f"{self.message}{place}"

    def as_dict(self) -> dict[str, str | None]:
        """Return the error as JSON-ready data: code, message, where, hint."""
        return {
            "code": self.error_code,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
        }
