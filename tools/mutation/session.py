"""Sessions of pytest, alike for watching and for trials: quiet, repeatable, each test with its own time limit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import Phase, settings

_SECONDS_A_TEST = 20

_OPTIONS = (
    *("-q", "-s", "--no-header", "--tb=no", "-p", "no:cacheprovider"),
    f"--timeout={_SECONDS_A_TEST}",
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


def run_tests(arguments: Sequence[str], *plugins: object) -> int:
    """Run pytest with arguments and plugins of ours, and return its exit code."""
    settings.register_profile(
        "mutation",
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutation")
    return int(pytest.main([*_OPTIONS, *arguments], plugins=list(plugins)))
