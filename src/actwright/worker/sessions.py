"""Sessions: each person's own way into the org, opened when a run of theirs is driven, and closed when idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from actwright.app import Actwright

IDLE_SECONDS = 300.0
MOST_IDLE = 64


@dataclass
class _Session:
    app: Actwright
    users: int = 0
    """How many runs use it at this moment."""
    left_at: float = 0.0
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)


class Sessions:
    """The open sessions of one worker, by username.

    Args:
        app: The worker's own calls, whose store and org all sessions use.
        idle_seconds: How long a session nobody uses stays open.
        most_idle: How many of those stay open at most.
    """

    def __init__(
        self, app: Actwright, *, idle_seconds: float = IDLE_SECONDS, most_idle: int = MOST_IDLE
    ) -> None:
        self._app = app
        self._idle_seconds = idle_seconds
        self._most_idle = most_idle
        self._sessions: dict[str, _Session] = {}
        self._making = asyncio.Lock()

    @asynccontextmanager
    async def of(self, username: str) -> AsyncIterator[Actwright]:
        """Give the calls of a person, logged in; it stays open for the next run of theirs.

        Raises:
            ConfigError: There is no way to log that person in.
            OrgError: The org refuses them, or cannot be reached.
        """
        session = await self._made(username)
        session.users += 1
        try:
            async with session.opening:
                await asyncio.to_thread(lambda: session.app.org)
            yield session.app
        except BaseException:
            self._give_up(session, username)
            raise
        finally:
            session.users -= 1
            session.left_at = monotonic()
            await self._close_left(session, username)

    async def close_idle(self) -> None:
        """Close the sessions nobody has used for a while, and the oldest where there are too many."""
        idle = sorted(
            ((each.left_at, name) for name, each in self._sessions.items() if not each.users),
            reverse=True,
        )
        now = monotonic()
        for place, (left_at, name) in enumerate(idle):
            if place >= self._most_idle or now - left_at > self._idle_seconds:
                await asyncio.to_thread(self._sessions.pop(name).app.close)

    async def close(self) -> None:
        """Close every session."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await asyncio.to_thread(session.app.close)

    async def _made(self, username: str) -> _Session:
        async with self._making:
            if username not in self._sessions:
                app = await asyncio.to_thread(self._app.for_user, username)
                self._sessions[username] = _Session(app)
            return self._sessions[username]

    def _give_up(self, session: _Session, username: str) -> None:
        """Let nobody else have a session that failed: the next run logs in anew."""
        if self._sessions.get(username) is session:
            del self._sessions[username]

    async def _close_left(self, session: _Session, username: str) -> None:
        """Close a session that was given up, once its last user has gone."""
        if not session.users and self._sessions.get(username) is not session:
            await asyncio.to_thread(session.app.close)
