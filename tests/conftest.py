"""What every test may use: a local org of its own, one shared by its module, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actwright.testing import LocalOrg

pytest_plugins = ["actwright.testing.fixtures"]


@pytest.fixture(scope="module")
def shared_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalOrg]:
    """Give one local org to all tests of a module that do not disturb each other."""
    with LocalOrg(tmp_path_factory.mktemp("shared")) as org:
        yield org
