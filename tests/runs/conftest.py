"""One org for all tests of a module, its administrator, and a deal of each test's own."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from tests.scenario import Rest, new_deal, sign_in

from actwright import Actwright
from actwright.runs.engine.engine import Engine
from actwright.testing import LocalOrg


async def at_once(seconds: float) -> None:
    """Wait no time at all."""
    del seconds
    await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is tried again be tried again at once."""
    monkeypatch.setattr("actwright.calls.running.Engine", partial(Engine, sleep=at_once))


@pytest.fixture
def app(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return shared_org.as_user()


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture
def deal(admin: Rest) -> str:
    """Give the name of an opportunity nobody else touches."""
    return new_deal(admin)
