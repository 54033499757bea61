"""Which record type a record will be of, and what is said of records that cannot be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.record_types import type_of
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordSnapshot
from actwright.org.schema import ObjectSchema, RecordType
from actwright.org.value import FieldValue

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
RENEWAL, MASTER = "012000000000001AAA", "012000000000000AAA"


@pytest.fixture
def typed(opportunity: ObjectSchema) -> ObjectSchema:
    """Return the object with two record types, of which the second is the person's default."""
    kinds = (
        RecordType(MASTER, "Master", "Master", master=True),
        RecordType(RENEWAL, "Renewal", "Renewal", default=True),
    )
    return replace(opportunity, record_types=kinds)


def _issue(context: EffectContext, code: str) -> Issue:
    (issue,) = (each for each in check_baseline(context) if each.code == code)
    return issue


@pytest.mark.parametrize(("written", "kind"), [(MASTER, MASTER), (None, None), (5, None)])
def test_a_written_type_counts(
    make_context: MakeContext,
    make_change: MakeChange,
    typed: ObjectSchema,
    written: FieldValue,
    kind: str | None,
) -> None:
    """What is written goes before the default and before what stands; what is no id is no type."""
    change = make_change("RecordTypeId", written)
    for operation in ("CREATE", "UPDATE"):
        assert type_of(make_context(change, operation=operation, schema=typed)) == kind


def test_a_new_record_is_of_the_default_type(
    make_context: MakeContext, make_change: MakeChange, typed: ObjectSchema
) -> None:
    """A create without a type, or with a linked one, gets the person's default; a hidden object has none."""
    assert type_of(make_context(operation="CREATE", schema=typed)) == RENEWAL
    linked = make_change("RecordTypeId", None, linked_to="a0")
    assert type_of(make_context(linked, operation="CREATE", schema=typed)) == RENEWAL
    assert type_of(make_context(operation="CREATE", schema=None)) is None


@pytest.mark.parametrize(("standing", "kind"), [(MASTER, MASTER), (None, None), (7, None)])
def test_an_existing_record_keeps_its_type(
    make_context: MakeContext,
    typed: ObjectSchema,
    snapshot: RecordSnapshot,
    standing: FieldValue,
    kind: str | None,
) -> None:
    """An update that writes no type leaves the record's own; nobody can tell that of a record that is gone."""
    record = replace(snapshot, values={"RecordTypeId": standing})
    assert type_of(make_context(schema=typed, snapshot=record)) == kind
    assert type_of(make_context(schema=typed, snapshot=None)) is None


@pytest.mark.parametrize(
    ("operation", "wanted"), [("UPDATE", "read and write"), ("DELETE", "full access")]
)
def test_the_hint_says_which_access_is_wanted(
    make_context: MakeContext, snapshot: RecordSnapshot, operation: str, wanted: str
) -> None:
    """To change a record read and write is enough; to delete it takes full access."""
    closed = replace(snapshot, editable=False, deletable=False)
    code = "record_not_editable" if operation == "UPDATE" else "record_not_deletable"
    issue = _issue(make_context(operation=operation, snapshot=closed), code)
    assert str(issue.hint).endswith(f"with bob for {wanted}.")


def test_an_id_of_another_object_says_by_what_it_was_told(make_context: MakeContext) -> None:
    """The first three characters of an id tell its object."""
    foreign = make_context(effect={"record_id": "001000000000001AAA"})
    issue = _issue(foreign, "record_wrong_object")
    assert "it starts with 001, not 006" in issue.message


@pytest.mark.parametrize(
    ("after", "codes"),
    [
        (Decimal(5), ["no_change"]),
        (Decimal(6), []),
        (Decimal("Infinity"), ["value_type_wrong"]),
        (Decimal("NaN"), ["value_type_wrong"]),
    ],
)
def test_what_is_no_number_is_no_standing_value(
    make_context: MakeContext, make_change: MakeChange, after: Decimal, codes: list[str]
) -> None:
    """The same number changes nothing; what is no number is refused, and not compared."""
    change = make_change("Amount", after, before=Decimal(5))
    assert [each.code for each in check_baseline(make_context(change))] == codes


def test_a_linked_value_is_new(make_context: MakeContext, make_change: MakeChange) -> None:
    """The id of a record that is yet to be created is no standing value, also where none stood."""
    linked = make_change("AccountId", None, linked_to="a0")
    assert check_baseline(make_context(linked)) == ()


def test_a_key_that_many_may_have_creates_nothing(
    make_context: MakeContext, make_change: MakeChange, opportunity: ObjectSchema
) -> None:
    """An upsert that matched no record needs a key the org keeps unique; one that matched does not."""
    fields = tuple(
        replace(each, unique=False) if each.name == "Key__c" else each
        for each in opportunity.fields
    )
    many = replace(opportunity, fields=fields)
    key = make_change("Key__c", "K1")
    required = (
        make_change("Name", "n"),
        make_change("StageName", "Prospecting"),
        make_change("CloseDate", "2026-12-01"),
    )
    effect = {"key_field": "Key__c", "record_id": None, "record_name": None}
    for schema, codes in ((many, ["upsert_key_not_unique"]), (opportunity, [])):
        context = make_context(
            key, *required, operation="UPSERT", effect=effect, snapshot=None, schema=schema
        )
        assert [each.code for each in check_baseline(context)] == codes
    matched = make_context(key, operation="UPSERT", effect={"key_field": "Key__c"}, schema=many)
    assert "upsert_key_not_unique" not in [each.code for each in check_baseline(matched)]
