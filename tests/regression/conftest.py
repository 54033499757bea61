"""One scene for all tests of the gate: a local org, the prompts, and a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.regression.recorded import Recorded
from tests.regression.recorded import recorded as recorded_in

from actwright.regression.playing.scene import Scene


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    """Give the scene every case is planned in; nobody changes it."""
    with Scene(at=datetime(2026, 11, 21, 12, tzinfo=UTC)) as scene:
        yield scene


@pytest.fixture(scope="session")
def kept(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Give a small suite, recorded; a test that changes it takes a copy."""
    return recorded_in(tmp_path_factory.mktemp("kept"), scene)
