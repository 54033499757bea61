"""One seeded org per worker, served over real HTTP by a child process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from localorg.testing import Client, RunningOrg, running_org


@pytest.fixture(scope="session")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOrg]:
    """Serve a demo org until the session ends."""
    with running_org(db=str(tmp_path_factory.mktemp("org") / "org.db")) as served:
        yield served


@pytest.fixture
def admin(org: RunningOrg) -> Iterator[Client]:
    """Log the administrator in; afterwards no fault is left waiting."""
    client = org.login("admin")
    yield client
    client.request("DELETE", "/localorg/faults")
    client.request("POST", "/localorg/latency", {"ms": 0})
    client.http.close()


@pytest.fixture
def alice(org: RunningOrg) -> Iterator[Client]:
    """Log the sales manager in."""
    client = org.login("alice")
    yield client
    client.http.close()


@pytest.fixture
def bob(org: RunningOrg) -> Iterator[Client]:
    """Log in the seller who may neither delete nor edit an opportunity's amount."""
    client = org.login("bob")
    yield client
    client.http.close()


@pytest.fixture
def dana(org: RunningOrg) -> Iterator[Client]:
    """Log in the user who only reads."""
    client = org.login("dana")
    yield client
    client.http.close()
