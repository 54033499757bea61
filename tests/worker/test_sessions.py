"""Sessions are one a person, shared by that person's runs, and closed when nobody needs them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from actwright import Actwright
from actwright.errors import OrgAuthenticationError
from actwright.worker.sessions import Sessions


@dataclass
class _Calls:
    """Calls that remember who was logged in, and who was closed."""

    user: str = ""
    logged_in: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def for_user(self, user: str) -> _Calls:
        return _Calls(user, self.logged_in, self.closed, self.refused)

    @property
    def org(self) -> None:
        if self.user in self.refused:
            raise OrgAuthenticationError("no")
        self.logged_in.append(self.user)

    def close(self) -> None:
        self.closed.append(self.user)


def _sessions(calls: _Calls, **more: float) -> Sessions:
    return Sessions(cast("Actwright", calls), **more)  # type: ignore[arg-type]  # a float is no int, and none is given


def test_runs_of_one_person_share_a_session() -> None:
    """Two runs at once and one later use the same calls; another person has others."""
    calls = _Calls()

    async def scene() -> None:
        """On the loop: scene."""
        sessions = _sessions(calls)
        async with sessions.of("alice") as first, sessions.of("alice") as second:
            assert first is second
        async with sessions.of("alice") as third, sessions.of("bob") as other:
            assert third is first
            assert other is not first
        assert calls.closed == []
        await sessions.close()

    asyncio.run(scene())
    assert sorted(calls.closed) == ["alice", "bob"]


def test_a_refused_person_is_asked_anew_next_time() -> None:
    """A login that failed leaves nothing behind, and works as soon as the org takes it."""
    calls = _Calls(refused={"carol"})

    async def scene() -> None:
        """On the loop: scene."""
        sessions = _sessions(calls)
        with pytest.raises(OrgAuthenticationError):
            async with sessions.of("carol"):
                raise AssertionError
        assert calls.closed == ["carol"]
        calls.refused.clear()
        async with sessions.of("carol"):
            assert calls.logged_in == ["carol"]

    asyncio.run(scene())


def test_a_session_that_breaks_is_closed_by_its_last_user() -> None:
    """Whoever else is using it finishes first; the next run logs in anew."""
    calls = _Calls()

    async def scene() -> None:
        """On the loop: scene."""
        sessions = _sessions(calls)
        async with sessions.of("alice") as first:
            with pytest.raises(OSError, match="broke"):
                async with sessions.of("alice"):
                    raise OSError("broke")
            assert calls.closed == []
            async with sessions.of("alice") as anew:
                assert anew is not first
        assert calls.closed == ["alice"]

    asyncio.run(scene())


def test_idle_sessions_are_closed() -> None:
    """Those in use stay open."""
    calls = _Calls()

    async def scene() -> None:
        """On the loop: scene."""
        sessions = _sessions(calls, idle_seconds=0.0)
        async with sessions.of("alice"):
            async with sessions.of("bob"):
                pass
            await asyncio.sleep(0.01)
            await sessions.close_idle()
            assert calls.closed == ["bob"]

    asyncio.run(scene())
