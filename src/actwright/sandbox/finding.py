"""What is wrong with code, and where."""

from __future__ import annotations

from dataclasses import dataclass

MOST_FINDINGS = 20
"""After so many findings the rest is left out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with code.

    Attributes:
        code: Stable name of the rule.
        message: What is wrong and what to write instead, in one line.
        line: Where, from 1; 0 where it is the whole.
        column: Where, from 1; 0 where it is the whole line.
    """

    code: str
    message: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message} [{self.code}]"
