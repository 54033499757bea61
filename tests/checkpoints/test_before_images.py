"""Before-images of deletes: enough to see what goes, and bounded however many go."""

from __future__ import annotations

import pytest
from tests.checkpoints.row_scene import DealOrg
from tests.checkpoints.small_org import made_field, made_object
from tests.memory_org import demo_org

from actwright.checkpoints.reading.before_images import with_before_images
from actwright.org.effect import Effect


def deletes(count: int, name: str = "Opportunity") -> list[Effect]:
    """Return some deletes of one object."""
    return [
        Effect(id=f"d.{place}", action_id="d", operation="DELETE", object=name)
        for place in range(count)
    ]


def test_the_name_comes_first_and_what_the_org_keeps_itself_is_left_out() -> None:
    """A person wants to know which record goes, and what was in it."""
    (effect,) = with_before_images(demo_org(), deletes(1))
    fields = [each.field for each in effect.changes]
    assert fields[0] == "Name"
    assert "Amount" in fields
    assert not set(fields) & {"Id", "LastModifiedDate", "SystemModstamp"}
    amount = effect.change("Amount")
    assert amount is not None
    assert (amount.family, amount.provenance, amount.after) == ("decimal", "record", None)


@pytest.mark.parametrize(("count", "most"), [(200, 60), (1_000, 12), (10_000, 6)])
def test_the_more_records_go_the_fewer_fields_of_each_are_kept(count: int, most: int) -> None:
    """A preview of ten thousand deletes still fits into memory."""
    effects = with_before_images(demo_org(), deletes(count))
    assert len(effects[0].changes) <= most
    assert len(effects[0].changes) >= 6
    assert effects[0].changes is effects[-1].changes


def test_other_effects_and_hidden_objects_stay_as_they_are() -> None:
    """Nothing is known of an object nobody sees."""
    (hidden,) = with_before_images(demo_org(), deletes(1, "Nowhere__c"))
    assert hidden.changes == ()
    kept = deletes(1)[0].model_copy(update={"operation": "UPDATE"})
    assert with_before_images(demo_org(), [kept]) == (kept,)


@pytest.mark.parametrize(
    ("count", "most"),
    [(1, 60), (200, 60), (201, 59), (400, 30), (1_091, 10), (2_000, 6), (3_000, 6)],
)
def test_twelve_thousand_values_are_kept_of_one_object(count: int, most: int) -> None:
    """Up to sixty fields of each record, and six however many records go."""
    wide = made_object("Wide", "a00", *(made_field(f"F{place}") for place in range(80)))
    org = DealOrg({}, {"Wide": wide}, demo_org().user)
    effects = with_before_images(org, deletes(count, "Wide"))
    assert {len(each.changes) for each in effects} == {most}
