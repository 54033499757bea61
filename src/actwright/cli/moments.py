"""Moments a person gives on the command line: a day, or a point in time."""

from __future__ import annotations

from datetime import UTC, datetime

from actwright.clock import timestamp
from actwright.errors import InputError

HELP = "A day such as 2026-11-01, in UTC, or a moment such as 2026-11-01T09:00:00Z."


def moment(text: str | None, option: str) -> str | None:
    """Return a day or a moment as the timestamp documents use; a day is its first moment.

    Args:
        text: What was given; None where nothing was.
        option: The option it was given to.

    Raises:
        InputError: It is neither.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return timestamp(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise InputError(f"{text[:40]!r} is no moment.", where=option, hint=HELP) from error


def zoned(text: str) -> datetime | None:
    """Return the moment a text names with its zone; None where it names none, or one that UTC has no date for."""
    try:
        named = datetime.fromisoformat(text.strip())
        named.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return named if named.tzinfo is not None else None
