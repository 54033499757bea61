"""A finding of the lint: one thing about one blueprint that somebody should mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding.

    Attributes:
        rule: The rule's code, stable.
        severity: An ``error`` makes the blueprint fail when it is used; a ``warning`` makes it worse than it could be.
        path: The place inside the file, ``inputs[2].dataType``.
        message: What is wrong.
        hint: What to do about it.
    """

    rule: str
    severity: Literal["error", "warning"]
    path: str
    message: str
    hint: str
