"""The guardrails FLS_VIEW, FLS_EDIT and FLS_CREATE."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]


def fls(kind: str, *fields: str, message: str | None = None) -> GuardrailSpec:
    """Return a guardrail over fields."""
    return GuardrailSpec(type=kind, params={"fields": list(fields)}, message=message)


@pytest.mark.parametrize(
    ("kind", "operation", "field", "code"),
    [
        ("FLS_VIEW", "UPDATE", "Amount", None),
        ("FLS_VIEW", "UPDATE", "aMOUNT", None),
        ("FLS_ACCESS", "UPDATE", "Margin__c", None),
        ("FLS_VIEW", "UPDATE", "Nowhere__c", "field_not_visible"),
        ("FLS_EDIT", "UPDATE", "Amount", None),
        ("FLS_EDIT", "UPDATE", "Margin__c", "field_not_editable"),
        ("FLS_WRITE", "UPDATE", "margin__C", "field_not_editable"),
        ("FLS_UPDATE", "UPDATE", "Source__c", "field_read_only"),
        ("FLS_EDIT", "UPDATE", "CreatedDate", "field_read_only"),
        ("FLS_EDIT", "UPDATE", "Nowhere__c", "field_not_visible"),
        ("FLS_EDIT", "UPDATE", "Id", None),
        ("FLS_EDIT", "CREATE", "Source__c", None),
        ("FLS_EDIT", "CREATE", "Margin__c", "field_not_createable"),
        ("FLS_CREATE", "CREATE", "Amount", None),
        ("FLS_CREATE", "CREATE", "Margin__c", "field_not_createable"),
        ("FLS_CREATE", "UPDATE", "Source__c", None),
        ("FLS_EDIT", "UPSERT", "Source__c", "field_read_only"),
    ],
)
def test_each_kind_asks_for_its_right(
    make_context: MakeContext, kind: str, operation: str, field: str, code: str | None
) -> None:
    """Each kind asks for its own right, and an edit guardrail on a create asks for the create right."""
    context = make_context(operation=operation, guardrails=(fls(kind, field),))
    assert [each.code for each in check_guardrails(context)] == ([code] if code else [])


def test_an_upsert_that_creates_needs_the_create_right(make_context: MakeContext) -> None:
    """An upsert without a match asks for the create right."""
    context = make_context(
        operation="UPSERT",
        guardrails=(fls("FLS_EDIT", "Source__c"),),
        snapshot=None,
        effect={"record_id": None, "key_field": "Key__c"},
    )
    assert check_guardrails(context) == ()


def test_every_failing_field_has_its_own_issue(make_context: MakeContext) -> None:
    """Each field that fails is one issue, in the org's spelling, under the kind's one name."""
    context = make_context(guardrails=(fls("FLS_WRITE", "margin__c", "Amount", "CreatedDate"),))
    issues = check_guardrails(context)
    assert [(each.field, each.guardrail) for each in issues] == [
        ("Margin__c", "FLS_EDIT"),
        ("CreatedDate", "FLS_EDIT"),
    ]


def test_a_message_never_hides_the_field(make_context: MakeContext) -> None:
    """The guardrail's own message stands in front of the default one, which names the field."""
    spec = fls("FLS_EDIT", "Margin__c", message="Only finance sets margins")
    (issue,) = check_guardrails(make_context(guardrails=(spec,)))
    assert issue.field == "Margin__c"
    assert issue.message.startswith("Only finance sets margins. Margin (Opportunity.Margin__c)")


def test_key_fields_are_exempt(make_context: MakeContext) -> None:
    """The blueprint's key fields need no edit right."""
    context = make_context(guardrails=(fls("FLS_EDIT", "Source__c"),), key_fields=("source__c",))
    assert check_guardrails(context) == ()


def test_an_optional_input_that_is_absent_passes(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A guarded optional input is only looked at where the action was given a value for it."""
    optional = ActionInput(api_name="Margin__c", data_type="Currency")
    spec = fls("FLS_EDIT", "Margin__c")
    absent = make_context(guardrails=(spec,), inputs=(optional,))
    given = make_context(make_change("Margin__c", 5), guardrails=(spec,), inputs=(optional,))
    assert check_guardrails(absent) == ()
    assert [each.code for each in check_guardrails(given)] == ["field_not_editable"]


def test_a_payload_key_stands_for_its_field(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A guardrail that names the input's payload key guards the field the input is bound to."""
    bound = ActionInput(api_name="newMargin", field_api_name="Margin__c")
    context = make_context(
        make_change("Margin__c", 5), guardrails=(fls("FLS_EDIT", "newMargin"),), inputs=(bound,)
    )
    assert [each.field for each in check_guardrails(context)] == ["Margin__c"]


def test_a_hidden_object_is_said_once_a_field(make_context: MakeContext) -> None:
    """Where the object is hidden, the guardrail refuses."""
    context = make_context(guardrails=(fls("FLS_VIEW", "Amount"),), schema=None)
    assert [each.code for each in check_guardrails(context)] == ["object_not_visible"]


def test_a_missing_object_permission_is_named_as_such(
    make_context: MakeContext, read_only: ObjectSchema
) -> None:
    """Where the person may not edit the object at all, field-level security is not blamed."""
    context = make_context(guardrails=(fls("FLS_EDIT", "StageName"),), schema=read_only)
    assert [each.code for each in check_guardrails(context)] == ["object_not_editable"]
