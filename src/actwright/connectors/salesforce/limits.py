"""How long and how much the connector takes from an org, and how patiently it repeats a read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from actwright.errors import OrgError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of every exchange: seconds, and bytes of one answer."""

    connect_seconds: float = 5.0
    read_seconds: float = 60.0
    answer_seconds: float = 120.0
    answer_bytes: int = 64 * 1024 * 1024


class Transient(Exception):  # noqa: N818 - not an error yet: a read that may be tried again
    """A read failed in a way that may pass; ``after`` is how long the org asks to wait, in seconds."""

    def __init__(self, error: OrgError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


@dataclass(frozen=True, slots=True)
class Patience:
    """Repeats reads that failed in passing: jittered, capped, under one deadline. Writes never come here."""

    attempts: int = 4
    deadline_seconds: float = 30.0
    longest_wait: float = 8.0
    sleep: Callable[[float], None] = field(default=time.sleep)

    def run(self, read: Callable[[], T]) -> T:
        """Return what ``read`` returns, trying again while it raises `Transient`.

        Raises:
            OrgError: The last failure, once attempts or time are used up.
        """
        from tenacity import (  # noqa: PLC0415 - slow to import; the command line's start matters
            RetryCallState,
            Retrying,
            retry_if_exception_type,
            stop_after_attempt,
            stop_before_delay,
        )

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            after = failure.after if isinstance(failure, Transient) else None
            return after if after is not None else self._backoff(state.attempt_number)

        retrying = Retrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.deadline_seconds),
            wait=wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(read)
        except Transient as failure:
            raise failure.error from failure.__cause__

    def _backoff(self, attempt: int) -> float:
        highest = min(self.longest_wait, 0.25 * 2.0**attempt)
        return random.uniform(highest / 2, highest)  # noqa: S311 - jitter, not a secret


NO_PATIENCE = Patience(attempts=1)
"""Every failure is the last one."""
