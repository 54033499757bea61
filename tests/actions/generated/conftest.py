"""One sandbox and one org in memory for the tests of generated actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.memory_org import FakeClock, MemoryOrg, demo_org

from actwright.actions.generated.archive import GeneratedActions
from actwright.sandbox import Sandbox
from actwright.store.database import Database
from actwright.store.opening import open_database


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Give one sandbox to all tests: runs share nothing."""
    with Sandbox(workers=1) as made:
        yield made


@pytest.fixture
def org() -> MemoryOrg:
    """Give the demo org in memory."""
    return demo_org()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """Give an empty store."""
    database = open_database(tmp_path / "actwright.db")
    yield database
    database.close()


@pytest.fixture
def actions(store: Database) -> GeneratedActions:
    """Give the generated actions of an empty store."""
    return GeneratedActions(store, FakeClock())
