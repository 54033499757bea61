"""Forks: each trial answers with an exit code of its own."""

from __future__ import annotations

import os
import signal

import pytest
from tools.mutation.forks import in_parallel

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def _crash() -> int:
    raise RuntimeError


def _killed() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_each_trial_is_named_with_its_exit_code() -> None:
    """What a fork returns, raises or is killed by is told apart, however few run at a time."""
    trials = [("alive", lambda: 0), ("noticed", lambda: 1), ("crash", _crash), ("gone", _killed)]
    expected = {"alive": 0, "noticed": 1, "crash": 70, "gone": -signal.SIGKILL}
    assert dict(in_parallel(trials, 1)) == dict(in_parallel(trials, 3)) == expected


def test_no_trial_is_no_answer() -> None:
    """Nothing to try ends at once."""
    assert list(in_parallel([], 2)) == []
