"""Moments as people type them: with a zone, and none that cannot be told in UTC."""

from __future__ import annotations

import pytest

from actwright.cli.effect_asked import moment_of
from actwright.cli.moments import zoned
from actwright.errors import InputError


def test_a_moment_keeps_its_zone() -> None:
    """A policy may ask for the hour where somebody is, so that the zone is not lost."""
    found = zoned(" 2026-12-31T18:00:00+02:00 ")
    assert found is not None
    assert found.isoformat() == "2026-12-31T18:00:00+02:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-12-31T18:00:00",
        "2026-12-31",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:00:00-14:00",
    ],
)
def test_what_is_no_moment_with_a_zone(text: str) -> None:
    """Without a zone, or before or behind what the calendar has in UTC, it is refused with the option it was given to."""
    assert zoned(text) is None
    with pytest.raises(InputError) as refused:
        moment_of(text)
    assert refused.value.where == "--at"
