"""The names of what a finding is about: objects, fields, records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import field_title, found, object_title, record_title
from actwright.guardrails.issue import Issue, blocking
from actwright.org.effect import FieldChange
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
RECORD = "006000000000001AAA"


@pytest.mark.parametrize(
    ("label", "title"),
    [("Deal", "Deal (Opportunity)"), ("Opportunity", "Opportunity"), ("", "Opportunity")],
)
def test_an_object_is_called_by_its_label(
    make_context: MakeContext, opportunity: ObjectSchema, label: str, title: str
) -> None:
    """The schema's label stands in front of the API name, unless the two are the same."""
    named = replace(opportunity, label=label)
    assert object_title(make_context(schema=named, effect={"object_label": "Other"})) == title
    hidden = make_context(schema=None, effect={"object_label": label})
    assert object_title(hidden) == title


def test_a_field_is_called_by_its_label(make_context: MakeContext, make_change: MakeChange) -> None:
    """The schema's label, else the change's own, stands in front of the path in the org's spelling."""
    context = make_context(make_change("Secret__c", 1, label="Secret"))
    assert field_title(context, "closedate") == "Close Date (Opportunity.CloseDate)"
    assert field_title(context, "Secret__c") == "Secret (Opportunity.Secret__c)"
    assert field_title(context, "Nowhere__c") == "Opportunity.Nowhere__c"


def test_a_record_is_called_by_its_name(make_context: MakeContext) -> None:
    """The effect's own name for it goes first, then the record's; without either the id is all there is."""
    assert record_title(make_context()) == f'Opportunity "Acme Renewal" ({RECORD})'
    unnamed = make_context(effect={"record_name": None})
    assert record_title(unnamed) == f'Opportunity "Acme Renewal" ({RECORD})'
    gone = make_context(effect={"record_name": None}, snapshot=None)
    assert record_title(gone) == f"Opportunity ({RECORD})"
    assert record_title(make_context(operation="CREATE")) == "Opportunity (no id)"


@pytest.mark.parametrize(("rows", "record"), [(1, None), (2, RECORD)])
def test_of_many_records_the_one_is_named(
    make_context: MakeContext, rows: int, record: str | None
) -> None:
    """A finding of an action with several records says which one it is about."""
    assert found(make_context(rows=rows), "code", "Message.").record_id == record


def test_only_errors_stop_a_plan() -> None:
    """A warning is shown; an error is what blocks."""
    error = Issue(code="a", message="A.")
    warning = Issue(code="b", message="B.", severity="warning")
    assert blocking((warning, error, warning)) == (error,)
