"""The rows of a seed: plain values, and names for ids that do not exist yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of a seeded record by its symbolic key.

    As the value of ``Id`` it names the row it stands in; anywhere else it refers to an earlier row.
    """

    key: str


Value: TypeAlias = str | int | float | bool | Ref | None
"""A field's value; dates and datetimes are written as the wire writes them."""

Row: TypeAlias = tuple[str, dict[str, Value]]
"""An object's name and the fields of one record, system fields included."""


def day(today: dt.date, offset: int) -> str:
    """Return the date ``offset`` days from ``today`` as ``2030-01-31``."""
    return (today + dt.timedelta(days=offset)).isoformat()


def moment(today: dt.date, offset: int, hour: int = 9, minute: int = 0) -> str:
    """Return a time of day in UTC, ``offset`` days from ``today``, as the wire writes datetimes."""
    return f"{day(today, offset)}T{hour:02}:{minute:02}:00.000+0000"
