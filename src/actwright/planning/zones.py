"""The person's time zone, in which their days and times are meant."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actwright.inert import inert
from actwright.org.identity import RunningUser


def zone_of(user: RunningUser) -> tuple[tzinfo, str | None]:
    """Return the zone of ``user``; UTC, and a note that says so, where nobody knows it."""
    try:
        return ZoneInfo(user.zone), None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        shown = inert(user.zone, limit=60)
        return UTC, f"the time zone {shown!r} is unknown, so dates are meant in UTC"
