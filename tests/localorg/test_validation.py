"""Values as the columns store them."""

from __future__ import annotations

import pytest

from localorg.errors import ApiError
from localorg.schema.model import FieldDef
from localorg.validation import stored_value

OPENS = FieldDef("Opens__c", "Opens", "time")


@pytest.mark.parametrize("sent", ["15:30:00.000Z", "15:30:00Z", "15:30"])
def test_a_time_of_day_has_one_form(sent: str) -> None:
    """Milliseconds and the letter are there, however it was sent."""
    assert stored_value(OPENS, sent) == "15:30:00.000Z"


@pytest.mark.parametrize("sent", ["25:00", "15:30:00+02:00", "soon", 5])
def test_what_is_no_time_of_day_is_refused(sent: object) -> None:
    """A zone is refused too: a time of day has none."""
    with pytest.raises(ApiError):
        stored_value(OPENS, sent)
