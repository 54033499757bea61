"""A run of one's own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runs.interventions.staged_run import StagedRun

from actwright.store.database import Database


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[StagedRun]:
    """Give a run that has not begun, in a store of its own."""
    made = StagedRun(tmp_path)
    yield made
    made.close()


@pytest.fixture
def staged_on_both(database: Database, tmp_path: Path) -> StagedRun:
    """Give a run that has not begun, in a store of each kind."""
    return StagedRun(tmp_path, given=database)
