"""A scripted org, a real local org, and clients of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.connectors.salesforce.scripted_org import ScriptedOrg

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.connectors.salesforce.org import SalesforceOrg


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def forward(self, **by: float) -> None:
        """Move on."""
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that stands still."""
    return HandClock()


@pytest.fixture
def scripted() -> Iterator[ScriptedOrg]:
    """Serve a scripted org."""
    with ScriptedOrg() as org:
        yield org


@pytest.fixture(scope="session")
def local_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a real local org and return its address."""
    with EmbeddedLocalOrg(tmp_path_factory.mktemp("localorg")) as org:
        yield org.url


@pytest.fixture
def alice(local_org: str, tmp_path: Path) -> Iterator[SalesforceOrg]:
    """Log in to the local org as Alice, with an empty cache."""
    org = connect(local_org, ClientCredentials("alice", "localorg"), cache_dir=tmp_path / "cache")
    yield org
    org.close()
