"""The guardrail PII_REDACT in its modes redact and detect, and the redaction that goes before the digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.redaction import redacted
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, FieldChange
from actwright.org.personal_data import PersonalCount

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
NOTE = "Ring (312) 555-0142 or write to jo@example.com"
CLEAN = "Ring [phone number removed] or write to [email address removed]"
COUNTS = (PersonalCount(kind="email", count=1), PersonalCount(kind="phone", count=1))


def _pii(mode: str, *fields: str, **more: Any) -> GuardrailSpec:
    params = {"fields": list(fields or ("Description",)), "mode": mode}
    return GuardrailSpec(type="PII_REDACT", params=params | more)


def _after(context: EffectContext) -> EffectContext:
    """Return the context as it is judged: with the effect that redaction made of its own."""
    return replace(context, effect=redacted((context,)).get(context.effect.id, context.effect))


def _found(context: EffectContext) -> list[tuple[str, str, str | None]]:
    issues = judge((_after(context),))
    return [(each.code, each.severity, each.field) for each in issues if "pii" in each.code]


def test_redaction_changes_the_effect_and_says_what_went(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The new value lacks the personal data; the change counts what was taken out, and repeats it nowhere."""
    change = make_change("Description", NOTE, source=f"the goal: {NOTE}", after_text=NOTE)
    context = make_context(change, guardrails=(_pii("redact"),))
    (effect,) = redacted((context,)).values()
    (kept,) = effect.changes
    assert (kept.after, kept.taken_out, kept.after_text) == (CLEAN, COUNTS, None)
    assert kept.source == f"the goal: {CLEAN}"
    assert "0142" not in effect.model_dump_json()
    assert "jo@" not in effect.model_dump_json()


def test_a_redaction_is_shown_as_a_warning(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The person is told how much of which kind went, never what."""
    context = make_context(make_change("Description", NOTE), guardrails=(_pii("redact"),))
    (issue,) = judge((_after(context),))
    assert (issue.code, issue.severity, issue.guardrail) == (
        "pii_redacted",
        "warning",
        "PII_REDACT",
    )
    assert "1 email address and 1 phone number taken out" in issue.message
    assert "0142" not in issue.model_dump_json()


def test_detection_warns_and_leaves_the_effect_alone(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The mode detect names kinds and counts, repeats no value, and changes nothing."""
    context = make_context(make_change("Description", NOTE), guardrails=(_pii("detect"),))
    assert redacted((context,)) == {}
    (issue,) = judge((context,))
    assert (issue.code, issue.severity) == ("pii_detected", "warning")
    assert "holds 1 email address and 1 phone number" in issue.message
    assert "jo@" not in issue.model_dump_json()


@pytest.mark.parametrize("mode", ["redact", "detect"])
@pytest.mark.parametrize("value", ["Nothing of the kind", None, "", True])
def test_a_value_without_personal_data_passes(
    make_context: MakeContext, make_change: MakeChange, mode: str, value: object
) -> None:
    """Other texts, and no text at all, are neither changed nor mentioned."""
    context = make_context(make_change("Description", value, "old"), guardrails=(_pii(mode),))
    assert redacted((context,)) == {}
    assert _found(context) == []


@pytest.mark.parametrize(("kinds", "count"), [(["email"], 1), (["card"], 0), (None, 2)])
def test_only_the_kinds_named_count(
    make_context: MakeContext, make_change: MakeChange, kinds: list[str] | None, count: int
) -> None:
    """A guardrail looks for the kinds it names, and for all of them where it names none."""
    spec = _pii("redact", kinds=kinds)
    context = make_context(make_change("Description", NOTE), guardrails=(spec,))
    changes = [each for effect in redacted((context,)).values() for each in effect.changes]
    assert sum(each.count for change in changes for each in change.taken_out) == count


def test_only_the_guarded_fields_are_changed(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Fields are named in any case or by their input; what is not named is written as it was given."""
    named = ActionInput(api_name="note", field_api_name="Description")
    changes = (make_change("Description", NOTE), make_change("Name", "jo@example.com"))
    for name in ("description", "Note"):
        context = make_context(*changes, guardrails=(_pii("redact", name),), inputs=(named,))
        (effect,) = redacted((context,)).values()
        assert [each.after for each in effect.changes] == [CLEAN, "jo@example.com"]


def test_what_cannot_be_changed_is_refused(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Personal data in a parameter, in a number, or in an upsert's key stays where it is, and stops the plan."""
    secret = ActionInput(api_name="memo", usage="PARAMETER")
    parameter = make_context(guardrails=(_pii("redact", "memo"),), inputs=(secret,))
    assert _found(replace(parameter, inputs={"memo": NOTE})) == [
        ("pii_not_redacted", "error", "memo")
    ]
    number = make_change("Amount", 4111111111111111)
    assert _found(make_context(number, guardrails=(_pii("redact", "Amount"),))) == [
        ("pii_not_redacted", "error", "Amount")
    ]
    key = make_change("Key__c", "jo@example.com")
    upsert = make_context(
        key,
        operation="UPSERT",
        guardrails=(_pii("redact", "Key__c"),),
        effect={"key_field": "key__C"},
    )
    assert redacted((upsert,)) == {}
    assert _found(upsert) == [("pii_not_redacted", "error", "Key__c")]


def test_a_text_that_never_ends_is_refused(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Ids chained so that each hides the one before it are taken out for a while; what is left stops the plan."""
    chained = make_change("Description", "131052-308T" * 30)
    codes = [each[:2] for each in _found(make_context(chained, guardrails=(_pii("redact"),)))]
    assert codes == [("pii_redacted", "warning"), ("pii_not_redacted", "error")]


def test_ids_are_no_personal_data(make_context: MakeContext, make_change: MakeChange) -> None:
    """A reference is left alone, and so is the id of a record that this plan creates."""
    spec = _pii("redact", "AccountId", "Description")
    linked = make_change("Description", None, linked_to="a0")
    context = make_context(make_change("AccountId", "4111111111111111"), linked, guardrails=(spec,))
    assert _found(context) == []


def test_a_merged_effect_is_redacted_for_each_of_its_actions(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Guardrails of several actions add up over the one effect they share."""
    changes = (make_change("Description", NOTE), make_change("Name", "jo@example.com"))
    one = make_context(*changes, guardrails=(_pii("redact", kinds=["email"]),))
    other = make_context(*changes, guardrails=(_pii("redact", "Name"), _pii("redact")))
    (effect,) = redacted((one, replace(other, effect=one.effect))).values()
    note, name = effect.changes
    assert note.after == CLEAN
    assert note.taken_out == COUNTS
    assert name.after == "[email address removed]"


def test_a_guardrail_of_the_plan_redacts_too(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A plan's own PII_REDACT stands over every action that has the field."""
    context = make_context(make_change("Description", NOTE), plan_guardrails=(_pii("redact"),))
    assert [each.changes[0].after for each in redacted((context,)).values()] == [CLEAN]


def test_the_persons_locale_says_which_numbers_are_local(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A number without a country code is read in the country of the person's locale."""
    context = make_context(make_change("Description", NOTE), guardrails=(_pii("redact"),))
    british = replace(context, user=context.user.model_copy(update={"locale": "en_GB"}))
    effects: list[Effect] = list(redacted((british,)).values())
    assert effects[0].changes[0].after == NOTE.replace("jo@example.com", "[email address removed]")


def test_an_emptied_text_is_refused_by_the_baseline(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """An email field of which nothing but a note is left holds no address any more, and the plan stops."""
    change = make_change("Contact__c", "jo@example.com")
    context = make_context(change, guardrails=(_pii("redact", "Contact__c"),))
    codes = {each.code: each.severity for each in judge((_after(context),))}
    assert codes == {"pii_redacted": "warning", "value_type_wrong": "error"}
