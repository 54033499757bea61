"""Answers from outside: what the parts of a step that this process is busy with come back with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from actwright.runs.engine.work import Attempt, NotReady, Performed, Ready, Reconciled


class Looked(NamedTuple):
    """The last look was taken."""

    attempt: Attempt
    found: Ready | NotReady


class Sent(NamedTuple):
    """The step was sent, and answered or not; that took so many milliseconds."""

    attempt: Attempt
    performed: Performed
    duration_ms: float


class Found(NamedTuple):
    """Somebody was asked what became of the step."""

    attempt: Attempt
    reconciled: Reconciled


class Seen(NamedTuple):
    """What it left behind was looked at."""

    attempt: Attempt
    observed: Mapping[str, Any]


Answer: TypeAlias = Looked | Sent | Found | Seen
