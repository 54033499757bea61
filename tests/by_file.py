"""Which worker gets which tests: those of a file together, so that what they share is made once, and the slow first."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

_APART = ("tests/chaos/", "tests/e2e/", "tests/tools/")
"""Folders whose tests share nothing that is dear but across files, and are long: each goes to whoever is free."""

_SLOW = (
    *_APART,
    "tests/regression/",
    "tests/worker/",
    "tests/cli/",
    "tests/pages/",
    "tests/security/",
)
"""Folders with the longest files: what is begun last has to be short, or one worker ends long after the others."""


class ByFile(LoadGroupScheduling):  # type: ignore[misc]  # xdist tells no types
    """Hands tests out file by file; tests of one ``xdist_group`` stay together, wherever they stand.

    Args:
        config: Pytest's.
        log: Where to say what goes on.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        if group != nodeid or nodeid.startswith(_APART):
            return group
        return nodeid.partition("::")[0]


def slow_first(items: list[pytest.Item]) -> None:
    """Put the tests of slow folders before all others, and leave the order as it is otherwise."""
    items.sort(key=lambda each: not each.nodeid.startswith(_SLOW))
