"""The pytest plugin: ``pytest_plugins = ["actwright.testing.fixtures"]``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actwright.testing.clock import FixedClock
from actwright.testing.local_org import LocalOrg


@pytest.fixture
def local_org(tmp_path: Path) -> Iterator[LocalOrg]:
    """Give a freshly seeded local org; ``local_org.as_user("bob")`` is an Actwright of its own."""
    with LocalOrg(tmp_path) as org:
        yield org


@pytest.fixture
def fixed_clock() -> FixedClock:
    """Give a clock that stands still on 21 November 2026, a Saturday."""
    return FixedClock()
