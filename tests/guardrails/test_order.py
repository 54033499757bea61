"""The order in which an effect lists its changes, and a guardrail its fields, means nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
ACCOUNT = "001000000000001AAA"


@pytest.fixture
def opportunity(opportunity: ObjectSchema) -> ObjectSchema:
    """Return the object with a filtered lookup, and a picklist that depends on another."""
    partner = FieldSchema(
        name="Partner__c",
        label="Partner",
        type="reference",
        createable=True,
        updateable=True,
        reference_to=("Account",),
        filtered_lookup=True,
    )
    detail = FieldSchema(
        name="Detail__c",
        label="Detail",
        type="picklist",
        createable=True,
        updateable=True,
        restricted_picklist=True,
        controller_name="Type",
        picklist_values=(PicklistValue("Old", "Old", valid_for=("Renewal",)),),
    )
    return replace(opportunity, fields=(*opportunity.fields, partner, detail))


def test_the_baseline_finds_the_same_in_every_order(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A change that is fine, hidden, emptied or linked keeps nobody from looking at the next one."""
    changes = (
        make_change("Nowhere__c", "x"),
        make_change("Description", None, "old"),
        make_change("AccountId", None, linked_to="a0"),
        make_change("Type", "New Business"),
        make_change("Detail__c", "Old"),
        make_change("Tags__c", "pink"),
        make_change("Amount", "many"),
        make_change("OwnerId", "nobody"),
        make_change("Partner__c", ACCOUNT),
        make_change("Source__c", "@{here}"),
        make_change("StageName", None, "Prospecting"),
    )
    rotations = [changes[each:] + changes[:each] for each in range(len(changes))]
    found = [
        sorted((each.code, each.field or "") for each in check_baseline(make_context(*rotation)))
        for rotation in (*rotations, *(each[::-1] for each in rotations))
    ]
    assert found[0] == [
        ("field_not_visible", "Nowhere__c"),
        ("field_read_only", "Source__c"),
        ("lookup_filter_unchecked", "Partner__c"),
        ("picklist_value_not_for_controller", "Detail__c"),
        ("picklist_value_unknown", "Tags__c"),
        ("reference_malformed", "OwnerId"),
        ("required_cleared", "StageName"),
        ("text_reference", "Source__c"),
        ("value_type_wrong", "Amount"),
    ]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("kind", ["FLS_VIEW", "FLS_EDIT", "FLS_CREATE", "PII_REDACT"])
def test_a_guardrail_finds_the_same_in_every_order(
    make_context: MakeContext, make_change: MakeChange, kind: str
) -> None:
    """A field that passes, or is exempt, keeps nobody from looking at the next one."""
    changes = (make_change("Margin__c", 5), make_change("Name", "x"), make_change("Hidden__c", "x"))
    fields = ("Id", "Type", "Name", "Margin__c", "Hidden__c")
    found = {
        tuple(
            sorted(
                (each.code, each.field or "")
                for each in check_guardrails(
                    make_context(
                        *changes,
                        guardrails=(GuardrailSpec(type=kind, params={"fields": list(order)}),),
                    )
                )
            )
        )
        for order in permutations(fields)
    }
    assert len(found) == 1
    assert any(found)
