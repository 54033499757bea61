"""A run of one's own for every test that needs no org."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runs.interventions.staged_run import StagedRun


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[StagedRun]:
    """Give a run that has not begun, in a store of its own."""
    made = StagedRun(tmp_path)
    yield made
    made.close()
