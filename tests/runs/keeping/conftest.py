"""An empty store with its journal: on both databases, or in a file where the database makes no difference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock

from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    """Give an empty store with its journal."""
    return Kept(database, tmp_path, SteppingClock())


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Kept]:
    """Give an empty store with its journal, in a file."""
    made = Kept(SqliteDatabase(tmp_path / "small.db"), tmp_path, SteppingClock())
    yield made
    made.database.close()
