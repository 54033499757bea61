"""How long a service asks to wait: seconds, milliseconds or an HTTP date."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 7 * 86_400.0


def seconds_to_wait(
    retry_after: str | None, retry_after_ms: str | None, now: datetime
) -> float | None:
    """Return how many seconds a service asks to wait, at most a week; None where it does not say so readably.

    Args:
        retry_after: The header ``Retry-After``: seconds, or an HTTP date.
        retry_after_ms: The header ``retry-after-ms``, which is more exact where it is sent.
        now: The present moment, for dates.
    """
    precise = _number(retry_after_ms)
    if precise is not None:
        return _bounded(precise / 1000)
    seconds = _number(retry_after)
    if seconds is not None:
        return _bounded(seconds)
    moment = _date(retry_after)
    return None if moment is None else _bounded((moment - now).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return None if math.isnan(value) else value


def _date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), _LONGEST)
