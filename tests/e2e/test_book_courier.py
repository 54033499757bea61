"""The example of an effect over HTTP is run, and books each courier once."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "book_courier.py"


def test_each_courier_is_booked_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever becomes of the answers: the script says so, and ends well."""
    script = runpy.run_path(str(SCRIPT))
    assert script["main"]() == 0
    told = capsys.readouterr().out
    assert told.count("acted by itself, and says: booking") == len(script["SCENES"])
    assert "booked: customer 1, customer 2, customer 3, customer 4" in told
