"""Blueprints derived from the real local org's schema, for people of different rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import (
    create_blueprint,
    data_type_of,
    derived_blueprints,
    derived_key,
    update_blueprint,
)
from actwright.blueprints.guardrail import FieldsParams
from actwright.blueprints.lint import Describe, lint
from actwright.errors import BlueprintError
from actwright.org.schema import FieldSchema, ObjectSchema

DescribeAs = Callable[[str], Describe]
OBJECTS = ("Account", "Case", "Contact", "Lead", "Opportunity", "Task")
AUDIT = {"IsDeleted", "CreatedDate", "CreatedById", "LastModifiedDate", "SystemModstamp"}


def _schema(describe_as: DescribeAs, user: str, name: str) -> ObjectSchema:
    schema = describe_as(user)(name)
    assert schema is not None
    return schema


def _names(blueprint: ActionBlueprint) -> set[str]:
    return {each.api_name for each in blueprint.inputs}


def _required(blueprint: ActionBlueprint) -> set[str]:
    return {each.api_name for each in blueprint.inputs if each.required}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_update_takes_exactly_what_can_be_updated(describe_as: DescribeAs, name: str) -> None:
    """For somebody who may do everything, the inputs are Id and the updateable fields, no more, no less."""
    schema = _schema(describe_as, "admin", name)
    open_to_all = {each.name for each in schema.fields if each.updateable}
    assert _names(update_blueprint(schema)) == open_to_all | {"Id"}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_create_takes_exactly_what_can_be_created(describe_as: DescribeAs, name: str) -> None:
    """For somebody who may do everything, the inputs are the createable fields, required where the org says so."""
    schema = _schema(describe_as, "admin", name)
    blueprint = create_blueprint(schema)
    assert _names(blueprint) == {each.name for each in schema.fields if each.createable}
    assert _required(blueprint) == {each.name for each in schema.fields if each.required_on_create}


@pytest.mark.parametrize("name", OBJECTS)
def test_derived_blueprints_have_nothing_to_mend(describe_as: DescribeAs, name: str) -> None:
    """What is derived from a schema is clean against that schema."""
    describe = describe_as("admin")
    made = derived_blueprints(_schema(describe_as, "admin", name))
    assert [lint(each, describe) for each in made] == [(), ()]


def test_a_field_only_others_may_write_is_an_input(describe_as: DescribeAs) -> None:
    """Bob may read amounts and not edit them: the field is there, so that a refusal can name the permission."""
    schema = _schema(describe_as, "bob", "Opportunity")
    amount = schema.field("Amount")
    assert amount is not None
    assert not amount.updateable
    assert "Amount" in _names(update_blueprint(schema))
    assert "Amount" in _names(create_blueprint(schema))


@pytest.mark.parametrize("user", ["admin", "bob", "dana"])
@pytest.mark.parametrize("name", OBJECTS)
def test_what_the_platform_keeps_is_never_an_input(
    describe_as: DescribeAs, user: str, name: str
) -> None:
    """Audit fields, formulas and composed fields are no inputs for anybody, read-only people included."""
    schema = _schema(describe_as, user, name)
    names = _names(update_blueprint(schema)) | _names(create_blueprint(schema))
    kept = {"ExpectedRevenue", "IsWon", "IsClosed", "CaseNumber", "ConvertedDate", "BillingAddress"}
    assert not names & (AUDIT | kept)
    assert "Name" not in names or name in {"Account", "Opportunity"}


def test_read_only_people_see_the_same_required_fields(describe_as: DescribeAs) -> None:
    """A create derived for somebody who may not create still knows what a create needs."""
    schema = _schema(describe_as, "dana", "Opportunity")
    assert _required(create_blueprint(schema)) == {"Name", "StageName", "CloseDate"}


def test_nothing_is_derived_from_an_object_nobody_may_write(describe_as: DescribeAs) -> None:
    """An object the person may only read gives no blueprints."""
    assert derived_blueprints(_schema(describe_as, "dana", "Opportunity")) == ()


def test_names_and_keys_follow_the_object(describe_as: DescribeAs) -> None:
    """A derived blueprint is called after its operation and object, and filed under a key of its own."""
    create, update = derived_blueprints(_schema(describe_as, "alice", "Opportunity"))
    assert (create.name, create.operation) == ("CreateOpportunity", "CREATE")
    assert (update.name, update.operation) == ("UpdateOpportunity", "UPDATE")
    assert derived_key("Opportunity", "CREATE") == "derived.opportunity.create"


def test_an_update_is_narrowed_to_the_asked_for_fields(describe_as: DescribeAs) -> None:
    """Narrowed to some fields in any case, an update keeps these and Id, and guards these."""
    schema = _schema(describe_as, "alice", "Opportunity")
    blueprint = update_blueprint(schema, ["stagename", "Amount", "id"])
    assert _names(blueprint) == {"Id", "StageName", "Amount"}
    guarded = blueprint.guardrails[0].parsed()
    assert isinstance(guarded, FieldsParams)
    assert set(guarded.fields) == {"StageName", "Amount"}
    assert [each.type for each in blueprint.guardrails] == ["FLS_EDIT", "SHARING_REQUIRED"]


def test_a_narrowed_create_keeps_what_it_needs(describe_as: DescribeAs) -> None:
    """Narrowed to one field, a create still asks for every required one."""
    blueprint = create_blueprint(_schema(describe_as, "alice", "Opportunity"), ["Amount"])
    assert _names(blueprint) == {"Name", "StageName", "CloseDate", "Amount"}
    assert [each.type for each in blueprint.guardrails] == ["FLS_CREATE"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Colour__c", "field_unknown"),
        ("IsWon", "field_not_writable"),
        ("Name; DROP", "field_unknown"),
    ],
)
def test_narrowing_to_what_cannot_be_written_is_refused(
    describe_as: DescribeAs, field: str, code: str
) -> None:
    """A field that is hidden, unknown or kept by the platform is refused by name."""
    with pytest.raises(BlueprintError) as refused:
        update_blueprint(_schema(describe_as, "alice", "Opportunity"), [field])
    assert refused.value.error_code == code
    assert refused.value.where == f"Opportunity.{field}"


def test_inputs_describe_their_choices(describe_as: DescribeAs) -> None:
    """A short picklist names its values, a reference the objects it may refer to."""
    blueprint = create_blueprint(_schema(describe_as, "admin", "Task"))
    about = {each.api_name: each.description for each in blueprint.inputs}
    assert about["Priority"] == "One of: High, Normal, Low."
    assert about["WhoId"] == "A record of Contact or Lead."


TYPES = [
    ("string", 80, "String"),
    ("combobox", 255, "String"),
    ("textarea", 255, "TextArea"),
    ("textarea", 32_000, "LongTextArea"),
    ("picklist", 40, "Picklist"),
    ("multipicklist", 4099, "MultiPicklist"),
    ("reference", 18, "Reference"),
    ("id", 18, "Id"),
    ("currency", 0, "Currency"),
    ("double", 0, "Double"),
    ("percent", 0, "Percent"),
    ("int", 0, "Integer"),
    ("long", 0, "Long"),
    ("boolean", 0, "Boolean"),
    ("date", 0, "Date"),
    ("datetime", 0, "DateTime"),
    ("time", 0, "Time"),
    ("email", 80, "Email"),
    ("phone", 40, "Phone"),
    ("url", 255, "Url"),
    ("encryptedstring", 175, "String"),
]


@pytest.mark.parametrize(("describe_type", "length", "expected"), TYPES)
def test_every_writable_type_has_an_input_type(
    describe_type: str, length: int, expected: str
) -> None:
    """Each describe type whose values a person can write maps to one input type."""
    field = FieldSchema(name="F", label="F", type=describe_type, length=length)
    assert data_type_of(field) == expected
    assert data_type_of(replace(field, type=describe_type.upper())) == expected


@pytest.mark.parametrize("describe_type", ["address", "location", "base64", "anyType", "new"])
def test_other_types_have_none(describe_type: str) -> None:
    """A type no input can carry is refused, and a field of it is no input."""
    field = FieldSchema(name="F", label="F", type=describe_type, updateable=True)
    with pytest.raises(BlueprintError):
        data_type_of(field)
    assert _names(update_blueprint(_object(field))) == {"Id"}


def test_a_wide_object_is_guarded_whole() -> None:
    """An object of eight hundred fields gives one blueprint whose guardrails cover each of them."""
    fields = [
        FieldSchema(name=f"F{index}__c", label="F", type="string", updateable=True)
        for index in range(800)
    ]
    blueprint = update_blueprint(_object(*fields))
    guarded = [
        name
        for params in (each.parsed() for each in blueprint.guardrails)
        if isinstance(params, FieldsParams)
        for name in params.fields
    ]
    assert guarded == [each.name for each in fields]


def _object(*fields: FieldSchema) -> ObjectSchema:
    return ObjectSchema(
        name="Thing__c",
        label="Thing",
        label_plural="Things",
        key_prefix="a00",
        fields=fields,
        createable=True,
        updateable=True,
    )
