"""One sandbox and one org in memory for the tests of writing actions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.memory_org import MemoryOrg, demo_org

from actwright.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Give one sandbox to all tests: runs share nothing."""
    with Sandbox(workers=1) as made:
        yield made


@pytest.fixture
def org() -> MemoryOrg:
    """Give the demo org in memory."""
    return demo_org()
