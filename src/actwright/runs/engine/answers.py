"""Answers from outside: what the parts of a step that this process is busy with come back with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from actwright.runs.engine.work import Attempt, NotReady, Performed, Ready, Reconciled


@dataclass(frozen=True, slots=True)
class Looked:
    """The last look was taken."""

    attempt: Attempt
    found: Ready | NotReady


@dataclass(frozen=True, slots=True)
class Sent:
    """The step was sent, and answered or not; that took so many milliseconds."""

    attempt: Attempt
    performed: Performed
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody was asked what became of the step."""

    attempt: Attempt
    reconciled: Reconciled


@dataclass(frozen=True, slots=True)
class Seen:
    """What it left behind was looked at."""

    attempt: Attempt
    observed: Mapping[str, Any]


Answer: TypeAlias = Looked | Sent | Found | Seen
