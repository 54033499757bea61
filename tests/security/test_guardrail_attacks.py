"""Attacks on guardrails and baseline: look-alike names, monstrous values, hostile text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import blocking
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import RunningUser
from actwright.org.ports import Explanation, PermissionAsk, RecordSnapshot
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue

_SCHEMA = ObjectSchema(
    name="Opportunity",
    label="Opportunity",
    label_plural="Opportunities",
    key_prefix="006",
    updateable=True,
    fields=(
        FieldSchema("Amount", "Amount", "currency", precision=18, scale=2, updateable=True),
        FieldSchema("Risk__c", "Risk", "string", length=255, updateable=True),
        FieldSchema("Secret__c", "Secret", "string", length=255),
    ),
)
_RECORD = RecordSnapshot("Opportunity", "006000000000001AAA", "", "Acme", {}, True, True)  # noqa: FBT003  the port's own order


def update(
    *changes: tuple[str, FieldValue],
    guardrails: tuple[GuardrailSpec, ...] = (),
    key_fields: tuple[str, ...] = (),
    username: str = "bob",
) -> EffectContext:
    """Return an update of Acme as a hostile implementation may produce it: changes go in unchecked."""
    blueprint = ActionBlueprint(
        name="Attack",
        target_s_object="Opportunity",
        operation="UPDATE",
        inputs=(ActionInput(api_name="Id", data_type="Id", required=True),),
        guardrails=guardrails,
        key_fields=key_fields,
    )
    effect = Effect(
        id="a1.1",
        action_id="a1",
        operation="UPDATE",
        object="Opportunity",
        record_id="006000000000001AAA",
    )
    written = tuple(
        FieldChange(field=name, label=name, provenance="model").model_copy(update={"after": value})
        for name, value in changes
    )
    return EffectContext(
        action_id="a1",
        blueprint=blueprint,
        guardrails=guardrails,
        effect=effect.model_copy(update={"changes": written}),
        schema=_SCHEMA,
        snapshot=_RECORD,
        inputs={},
        user=RunningUser(id="005000000000001AAA", username=username),
        today=date(2026, 11, 24),
    )


@pytest.mark.parametrize(
    "name",
    [
        "\u0410mount",
        "Amount\u200b",
        "\uff21mount",
        "Amount ",
        "Amount\x00",
        "Ris\u212a__c",
        "Ri\u017fk__c",
        "Amount,Secret__c",
        "Account.Name",
        "../Amount",
        "",
    ],
)
def test_a_look_alike_field_is_no_field(name: str) -> None:
    """A name that only looks like a field, or only becomes one in lower case, is refused and shown as it is."""
    (issue,) = judge([update((name, "5"))])
    assert issue.code == "field_not_visible"
    assert (issue.field or "").isascii()
    assert (issue.field or "").isprintable()


def test_a_second_spelling_slips_past_no_guardrail() -> None:
    """A guarded field written a second time under other letters stops the plan."""
    limit = GuardrailSpec(type="NUMERIC_RANGE", params={"field": "Amount", "max": 10})
    codes = {
        each.code for each in judge([update(("Amount", 5), ("AMOUNT", 10**9), guardrails=(limit,))])
    }
    assert codes == {"field_written_twice"}


def test_key_fields_are_no_way_around_the_baseline() -> None:
    """Declaring a field a key takes it out of the guardrail, and never out of the baseline."""
    guarded = GuardrailSpec(type="FLS_EDIT", params={"fields": ["Secret__c"]})
    issues = judge([update(("Secret__c", "x"), guardrails=(guarded,), key_fields=("Secret__c",))])
    assert [(each.code, each.field) for each in issues] == [("field_not_editable", "Secret__c")]


@given(
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.decimals(),
        st.text(),
        st.sampled_from([10**10000, -(10**10000), Decimal("1E+999999"), "9" * 100_000]),
    )
)
def test_no_value_breaks_a_check(value: FieldValue) -> None:
    """Whatever is written, the verdict is issues, never an exception; what passes is a number the range holds."""
    limit = GuardrailSpec(type="NUMERIC_RANGE", params={"field": "Amount", "min": 0, "max": 10})
    issues = judge([update(("Amount", value), guardrails=(limit,))])
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if not blocking(issues):
        assert value is None or (number and 0 <= Decimal(str(value)) <= 10)
    assert all(len(each.message) < 2000 for each in issues)


@given(text=st.text())
def test_hostile_text_is_shown_harmless(text: str) -> None:
    """Values, names and people never bring control characters or direction marks into a message."""
    issues = judge([update(("Amount", text), (text, "x"), username=text)])
    for issue in issues:
        assert issue.message.isprintable()
        assert (issue.hint or "").isprintable()


def test_a_pattern_runs_in_linear_time() -> None:
    """A pattern that would hang a backtracking engine is answered at once."""
    trap = GuardrailSpec(type="REGEX_MATCH", params={"field": "Risk__c", "pattern": "(a+)+b"})
    (issue,) = judge([update(("Risk__c", "a" * 255), guardrails=(trap,))])
    assert issue.code == "regex_no_match"


@pytest.mark.parametrize(
    "document",
    [
        {"type": "FLS_EDITT", "params": {"fields": ["Amount"]}},
        {"type": "FLS_EDIT", "params": {"fields": []}},
        {"type": "FLS_EDIT", "params": {}},
        {"type": "NUMERIC_POSITIVE", "params": {"fields": ["Amount"]}},
        {"type": "NUMERIC_RANGE", "params": {"field": "Amount", "min": float("nan")}},
        {"type": "REGEX_MATCH", "params": {"field": "Risk__c", "pattern": "(?<!a)b"}},
        {"type": "DATE_RANGE", "params": {"field": "CloseDate", "from": "yesterday"}},
        {"type": ""},
    ],
)
def test_a_guardrail_that_guards_nothing_is_refused(document: dict[str, object]) -> None:
    """A misspelt kind, an empty list of fields, a parameter that does not exist: refused when read."""
    with pytest.raises(ValidationError):
        GuardrailSpec.model_validate(document)


def test_hostile_names_are_not_put_to_the_explainer() -> None:
    """Only a well-formed field name is asked about on the explaining connection."""
    asked: list[PermissionAsk] = []

    class Explainer:
        def explain(self, asks: list[PermissionAsk]) -> list[Explanation]:
            asked.extend(asks)
            return []

    judge([update(("x' OR Name != '", "5"), ("Secret__c", "x"))], Explainer())  # type: ignore[arg-type]  # lists are enough here
    assert [each.field for each in asked] == ["Secret__c"]
