"""One authenticated request: who asks, over which connection, and when it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from localorg.cursors import Cursors
from localorg.locks import Locks
from localorg.permissions import Access
from localorg.rule_modes import switched_modes
from localorg.save_options import SaveOptions
from localorg.schema.catalogue import Catalogue
from localorg.usage import Usage

if TYPE_CHECKING:
    from localorg.bulk.job import Job


def _no_worker(job: Job) -> None:
    raise LookupError(f"no worker for job {job.job_id}: a job cannot start another")


@dataclass(frozen=True)
class Session:
    """What every handler of an authenticated request may use."""

    connection: sqlite3.Connection
    catalogue: Catalogue
    access: Access
    user_id: str
    base_url: str
    now: datetime
    """One moment for the whole request, in UTC."""
    cursors: Cursors
    usage: Usage
    version: str = "68.0"
    """The API version asked for."""
    save_options: SaveOptions = field(default_factory=SaveOptions)
    """What the call's headers say about its saves."""
    locks: Locks = field(default_factory=Locks)
    """The rows that cannot be written for now."""
    start_job: Callable[[Job], None] = _no_worker
    """Carries a job out behind the call."""

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The user's time zone, in which date literals are meant."""
        row = self.connection.execute(
            'SELECT "TimeZoneSidKey" FROM "User" WHERE "Id" = ?', (self.user_id,)
        ).fetchone()
        try:
            return ZoneInfo(str(row[0]))
        except (TypeError, ValueError, ZoneInfoNotFoundError):
            return ZoneInfo("UTC")

    @cached_property
    def rule_modes(self) -> Mapping[str, str]:
        """The modes of the validation and duplicate rules that an administrator switched."""
        return switched_modes(self.connection)

    @property
    def today(self) -> date:
        """The user's day."""
        return self.now.astimezone(self.timezone).date()

    @property
    def timestamp(self) -> str:
        """The request's moment as stored in date and time fields."""
        return wire_time(self.now)

    def resource(self, *parts: str) -> str:
        """Return the path of a resource under the API version asked for."""
        return "/".join((f"/services/data/v{self.version}", *parts))


def wire_time(moment: datetime) -> str:
    """Return a moment as the platform writes it: UTC, milliseconds, a numeric offset."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}+0000"
