"""Values in the question: readable, and the same for everybody who reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.checkpoints.wording.effect_words import plain_value
from actwright.checkpoints.wording.question import question, sentence
from actwright.checkpoints.wording.spoken_times import spoken_moment
from actwright.org.effect import Effect
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import Family, FieldValue

DEMO = OrgIdentity(id="00D", url="http://127.0.0.1:1", name="Demo")


def changed(**more: object) -> Effect:
    """Return the change of one field of one deal."""
    change = {"field": "F", "label": "F", "provenance": "goal", **more}
    document = {
        "id": "a.1",
        "action_id": "a",
        "operation": "UPDATE",
        "object": "Opportunity",
        "record_id": "006",
        "record_name": "Acme",
        "changes": [change],
    }
    return Effect.model_validate(document)


@pytest.mark.parametrize(
    ("family", "value", "said"),
    [
        ("decimal", Decimal(20_000_000), "20,000,000"),
        ("decimal", Decimal("1234.50"), "1,234.5"),
        ("decimal", Decimal("-0.00"), "0"),
        ("integer", -1234, "-1,234"),
        ("date", "2026-11-24", "Tue 24 Nov 2026"),
        ("date", "no date", "no date"),
        ("datetime", "2026-11-24T15:00:00Z", "Tue 24 Nov 2026, 10:00 (America/New_York)"),
        ("datetime", "2026-11-25T03:00:30Z", "Tue 24 Nov 2026, 22:00:30 (America/New_York)"),
        (
            "datetime",
            "2026-11-24T15:00:00.040Z",
            "Tue 24 Nov 2026, 10:00:00.040 (America/New_York)",
        ),
        ("datetime", "2026-11-24T15:00:00", "2026-11-24T15:00:00"),
        ("datetime", "soon", "soon"),
        ("string", "20000000", "20000000"),
        ("string", "2026-11-24", "2026-11-24"),
    ],
)
def test_values_read_as_people_say_them(family: Family, value: FieldValue, said: str) -> None:
    """Thousands apart, days with their weekday, moments by the person's clock; text as it stands."""
    assert plain_value(value, family, zone="America/New_York") == said


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_no_number_is_another_for_being_readable(number: Decimal) -> None:
    """Without its commas a number is the number it was."""
    assert Decimal(plain_value(number).replace(",", "")) == number


def test_moments_are_asked_about_in_the_zone_of_the_running_user() -> None:
    """Whoever reads the question, and wherever they are."""
    moved = changed(family="datetime", before=None, after="2026-11-24T15:00:00Z")
    user = RunningUser(id="005", username="alice@demo", zone="Asia/Tokyo", locale="de_DE")
    asked = question([moved], user=user, org=DEMO)
    assert "F (empty) -> Wed 25 Nov 2026, 00:00 (Asia/Tokyo)." in asked
    elsewhere = user.model_copy(update={"locale": "en_US"})
    assert question([moved], user=elsewhere, org=DEMO) == asked


def test_amounts_and_days_of_one_record_are_readable() -> None:
    """As the table beside the question has them."""
    amount = changed(family="decimal", before=30_000, after=20_000_000)
    assert sentence(amount) == 'Change Opportunity "Acme": F 30,000 -> 20,000,000.'
    day = changed(family="date", before="2026-11-24", after="2026-12-01")
    assert sentence(day).endswith("F Tue 24 Nov 2026 -> Tue 1 Dec 2026.")


def test_a_zone_nobody_knows_leaves_the_moment_as_it_is() -> None:
    """It is said in full rather than not at all."""
    assert spoken_moment("2026-11-24T15:00:00Z", "Nowhere/Never") == "2026-11-24T15:00:00Z"


def test_a_new_contact_is_called_by_both_names() -> None:
    """The last name alone could be anybody's."""
    fields = [("LastName", "Smith"), ("FirstName", "John")]
    changes = [
        {"field": each, "label": each, "provenance": "goal", "after": name} for each, name in fields
    ]
    new = changed().model_copy(
        update={"operation": "CREATE", "object": "Contact", "record_id": None, "record_name": None}
    )
    new = Effect.model_validate(new.model_dump() | {"changes": changes})
    assert sentence(new).startswith('Create Contact "John Smith": ')
