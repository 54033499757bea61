"""What every test may use: a local org of its own, one shared by its module, a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.testing import LocalOrg

pytest_plugins = ["actwright.testing.fixtures", "tests.postgres"]

settings.register_profile("suite", max_examples=50)
settings.register_profile("all", max_examples=200)
settings.load_profile("all" if os.environ.get("ACTWRIGHT_CHAOS") == "all" else "suite")
"""How many examples a property is tried on that does not say so itself."""


@pytest.fixture(scope="module")
def shared_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalOrg]:
    """Give one local org to all tests of a module that do not disturb each other."""
    with LocalOrg(tmp_path_factory.mktemp("shared")) as org:
        yield org


@pytest.fixture
def login(shared_org: LocalOrg, tmp_path: Path) -> Iterator[Callable[[str], SalesforceOrg]]:
    """Return a way to log people in to the shared local org."""
    opened: list[SalesforceOrg] = []

    def enter(who: str) -> SalesforceOrg:
        credentials = ClientCredentials(who, "localorg")
        opened.append(connect(shared_org.url, credentials, cache_dir=tmp_path / who))
        return opened[-1]

    yield enter
    for org in opened:
        org.close()
