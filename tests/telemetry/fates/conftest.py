"""What the tests of fates share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.telemetry.fates.plan_life import PlanLife


@pytest.fixture
def life(tmp_path: Path) -> Iterator[PlanLife]:
    """Return a store of the test's own, in which plans can live."""
    made = PlanLife.at(tmp_path)
    yield made
    made.database.close()
