"""The baseline: required fields, the record itself, and setup objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordSnapshot
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]


def test_a_create_needs_its_required_fields(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Each required field that is missing, null or blank is named; those with a default are not."""
    context = make_context(
        make_change("Name", "  "),
        make_change("StageName", None),
        make_change("Amount", 5),
        operation="CREATE",
    )
    issues = check_baseline(context)
    assert {(each.code, each.field) for each in issues} == {
        ("required_missing", "Name"),
        ("required_missing", "StageName"),
        ("required_missing", "CloseDate"),
    }


def test_a_linked_id_fills_a_required_field(
    make_context: MakeContext, make_change: MakeChange, opportunity: ObjectSchema
) -> None:
    """The id of a record this plan creates counts as a value."""
    fields = tuple(replace(each, nillable=each.name != "AccountId") for each in opportunity.fields)
    schema = replace(opportunity, fields=fields)
    link = make_change("AccountId", linked_to="a0")
    assert check_baseline(make_context(link, operation="CREATE", schema=schema)) == ()


@pytest.mark.parametrize(
    ("operation", "field", "codes"),
    [
        ("UPDATE", "Name", ["required_cleared"]),
        ("UPDATE", "Amount", []),
        ("UPDATE", "IsPrivate", ["required_cleared"]),
        ("UPSERT", "Name", ["required_cleared"]),
    ],
)
def test_a_field_that_must_hold_a_value_is_not_emptied(
    make_context: MakeContext,
    make_change: MakeChange,
    operation: str,
    field: str,
    codes: list[str],
) -> None:
    """Emptying a field that must hold a value is refused; any other may be emptied."""
    context = make_context(
        make_change(field, None, "old", family="string"),
        make_change("Key__c", "k"),
        operation=operation,
        effect={"key_field": "Key__c"} if operation == "UPSERT" else {},
    )
    assert [each.code for each in check_baseline(context)] == codes


def test_an_upsert_that_creates_needs_the_required_fields(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """An upsert without a match is a create; its key counts as given."""
    context = make_context(
        make_change("Key__c", "k1"),
        operation="UPSERT",
        snapshot=None,
        effect={"record_id": None, "key_field": "Key__c"},
    )
    assert {each.field for each in check_baseline(context)} == {"Name", "StageName", "CloseDate"}


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        (None, ["key_field_missing"]),
        ("Nowhere__c", ["field_not_visible", "key_value_missing"]),
        ("Amount", ["key_field_not_unique"]),
        ("Key__c", ["key_value_missing"]),
    ],
)
def test_an_upsert_needs_a_key(
    make_context: MakeContext, make_change: MakeChange, key: str | None, codes: list[str]
) -> None:
    """An upsert matches on a value of a visible external id field."""
    context = make_context(
        make_change("Amount", 5, 4), operation="UPSERT", effect={"key_field": key}
    )
    assert [each.code for each in check_baseline(context)] == codes


@pytest.mark.parametrize("operation", ["UPDATE", "DELETE"])
def test_a_record_must_be_there(
    make_context: MakeContext, make_change: MakeChange, operation: str
) -> None:
    """A record that is gone or hidden is refused by name."""
    change = make_change("Amount", 5, 4)
    (issue,) = check_baseline(make_context(change, operation=operation, snapshot=None))
    assert issue.code == "record_not_found"
    assert "Acme Renewal" in issue.message


def test_the_snapshot_must_be_of_the_record(
    make_context: MakeContext, make_change: MakeChange, snapshot: RecordSnapshot
) -> None:
    """Another record's snapshot says nothing about this one."""
    other = replace(snapshot, id="006000000000002AAA")
    context = make_context(make_change("Amount", 5, 4), snapshot=other)
    assert [each.code for each in check_baseline(context)] == ["record_not_found"]


def test_an_id_of_another_object_is_refused(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """An account's id does not pass for an opportunity's."""
    context = make_context(
        make_change("Amount", 5, 4), snapshot=None, effect={"record_id": "001000000000001AAA"}
    )
    assert [(each.code, each.field) for each in check_baseline(context)] == [
        ("record_wrong_object", "Id")
    ]


@pytest.mark.parametrize(
    ("operation", "access", "code"),
    [
        ("UPDATE", (False, True), "record_not_editable"),
        ("UPDATE", (None, None), None),
        ("UPDATE", (True, False), None),
        ("DELETE", (True, False), "record_not_deletable"),
        ("DELETE", (False, True), None),
    ],
)
def test_record_access_counts(
    make_context: MakeContext,
    snapshot: RecordSnapshot,
    operation: str,
    access: tuple[bool | None, bool | None],
    code: str | None,
) -> None:
    """The operation needs the person's access to this record, where the org has an answer for the object."""
    editable, deletable = access
    record = replace(snapshot, editable=editable, deletable=deletable)
    issues = check_baseline(make_context(operation=operation, snapshot=record))
    assert [each.code for each in issues if each.severity == "error"] == ([code] if code else [])


def test_writing_nothing_is_a_warning(make_context: MakeContext, make_change: MakeChange) -> None:
    """Where every field already holds its value, a warning says so, and stops nothing."""
    context = make_context(make_change("Amount", 5, 5), make_change("Description", None, None))
    (issue,) = check_baseline(context)
    assert (issue.code, issue.severity) == ("no_change", "warning")
    assert check_baseline(make_context(make_change("Amount", 5, 5), make_change("Name", "n"))) == ()


def test_setup_objects_are_pointed_out(
    make_context: MakeContext, opportunity: ObjectSchema
) -> None:
    """A change of people or permissions is shown as such."""
    schema = replace(opportunity, name="User", label="User", key_prefix="006")
    context = make_context(operation="DELETE", schema=schema, effect={"object": "User"})
    (issue,) = check_baseline(context)
    assert (issue.code, issue.severity) == ("setup_object", "warning")


def test_a_delete_is_not_about_its_fields(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The before-image a delete carries is not held to the rules for writing."""
    context = make_context(
        make_change("CreatedDate", None, "2026-01-01T00:00:00Z"), operation="DELETE"
    )
    assert check_baseline(context) == ()
