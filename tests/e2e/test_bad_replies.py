"""The library of bad replies is run as a reader would run it, and every outcome is the expected one."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from actwright.testing.bad_replies import BAD_REPLIES, PARTS, RECOVERS

SCRIPT = Path(__file__).parents[2] / "examples" / "bad_replies.py"


def test_every_bad_plan_comes_to_what_it_must_for_a_reader() -> None:
    """The script, run as a reader would, prints a table and finds no difference."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), "plans"],
        capture_output=True,
        text=True,
        check=False,
        timeout=115,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PARTS['plans'])} as expected, 0 not." in done.stdout


@pytest.mark.parametrize("part", sorted(PARTS.keys() - {"plans"}))
def test_every_other_bad_reply_comes_to_what_it_must(part: str, tmp_path: Path) -> None:
    """What the script would print of the rest is as expected, row by row."""
    script = runpy.run_path(str(SCRIPT))
    found = script["rows"](tmp_path, PARTS[part])
    assert len(found) == len(PARTS[part])
    assert [each for each in found if not each.holds] == []


def test_the_library_is_large_and_each_reply_has_a_name_of_its_own() -> None:
    """More than the forty that were asked for, of which some recover and most do not."""
    assert len({each.name for each in BAD_REPLIES}) == len(BAD_REPLIES) >= 45
    assert all(each.what and each.expected for each in BAD_REPLIES)
    recovering = sum(each.expected == RECOVERS for each in BAD_REPLIES)
    assert 10 <= recovering <= len(BAD_REPLIES) / 2
