"""Every curated blueprint against the real local org's describe."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest

from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import EnumParams, MaxRowsParams, RangeParams
from actwright.blueprints.library import LibraryEntry, load_library
from actwright.blueprints.lint import Describe, lint
from actwright.blueprints.writable import needed_on_create
from actwright.org.schema import ObjectSchema

ENTRIES = {each.key: each for each in load_library().entries}
KEYS = sorted(ENTRIES)
UPSTREAM = {
    "case_create_followup_task": ("CreateCaseFollowupTask", "Task", "CREATE"),
    "case_escalate": ("EscalateCase", "Case", "UPDATE"),
    "case_escalate_tier2": ("EscalateCaseToTier2", "Case", "UPDATE"),
    "lead_mark_qualified": ("MarkLeadQualified", "Lead", "UPDATE"),
    "lead_qualify": ("QualifyLead", "Lead", "UPDATE"),
    "opportunity_close_lost": ("CloseOpportunityLost", "Opportunity", "UPDATE"),
    "oppty_closed_won": ("UpdateOpportunityStage", "Opportunity", "UPDATE"),
}
PROMISED = {
    **{key: (target, operation) for key, (_, target, operation) in UPSTREAM.items()},
    "opportunity_closed_won": ("Opportunity", "UPDATE"),
    "account_create": ("Account", "CREATE"),
    "contact_create": ("Contact", "CREATE"),
    "lead_create": ("Lead", "CREATE"),
    "opportunity_create": ("Opportunity", "CREATE"),
    "case_create": ("Case", "CREATE"),
    "task_create": ("Task", "CREATE"),
    "event_create": ("Event", "CREATE"),
    "contract_create": ("Contract", "CREATE"),
    "order_create": ("Order", "CREATE"),
    "campaign_create": ("Campaign", "CREATE"),
    "campaign_member_add": ("CampaignMember", "CREATE"),
    "product_create": ("Product2", "CREATE"),
    "pricebook_entry_create": ("PricebookEntry", "CREATE"),
    "quote_create": ("Quote", "CREATE"),
    "quote_line_create": ("QuoteLineItem", "CREATE"),
    "quote_line_discount_set": ("QuoteLineItem", "UPDATE"),
}
"""The keys upstream documents, with the object and the operation of each."""
UPDATES = [key for key in KEYS if ENTRIES[key].blueprint.operation == "UPDATE"]
CREATES = [key for key in KEYS if ENTRIES[key].blueprint.operation == "CREATE"]
BULK = [
    *("opportunity_close_lost", "oppty_closed_won", "opportunity_move_stage"),
    *("opportunity_change_owner", "opportunity_push_close_date", "account_change_owner"),
    *("case_set_priority", "case_change_status", "case_close", "case_change_owner"),
    *("case_reassign_queue", "case_escalate", "case_escalate_tier2", "task_complete"),
    *("task_change_owner", "task_reschedule", "lead_assign", "lead_qualify"),
    *("lead_mark_qualified", "campaign_member_add", "campaign_member_set_status"),
]
"""What people do to many records at once."""


def _schema(key: str, describe_as: Callable[[str], Describe]) -> ObjectSchema:
    """Return the object of a blueprint as an administrator of the local org sees it."""
    schema = describe_as("admin")(str(ENTRIES[key].blueprint.target_s_object))
    assert schema is not None
    return schema


def _enums(key: str) -> list[EnumParams]:
    parsed = (each.parsed() for each in ENTRIES[key].blueprint.guardrails)
    return [each for each in parsed if isinstance(each, EnumParams)]


def test_upstream_documents_24_keys() -> None:
    """The list this test file holds the library against is whole."""
    assert len(PROMISED) == 24


@pytest.mark.parametrize("key", sorted(PROMISED))
def test_the_library_holds_what_it_promises(key: str) -> None:
    """Every documented key finds a real blueprint for the documented object and operation."""
    entry = load_library().find(key)
    assert entry is not None
    blueprint = entry.blueprint
    assert (blueprint.target_s_object, blueprint.operation) == PROMISED[key]
    assert blueprint.inputs
    assert blueprint.guardrails


@pytest.mark.parametrize("key", KEYS)
def test_the_file_keeps_the_published_schema(key: str) -> None:
    """The file as it stands on disk validates against the JSON Schema that `actwright schema` prints."""
    path = ENTRIES[key].path
    assert path is not None
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, ActionBlueprint.model_json_schema(by_alias=True))


@pytest.mark.parametrize("key", CREATES)
def test_everything_a_create_needs_is_a_required_input(
    key: str, describe_as: Callable[[str], Describe]
) -> None:
    """No field the org demands on create can be left out."""
    schema = _schema(key, describe_as)
    required = {each.field_api_name for each in ENTRIES[key].blueprint.inputs if each.required}
    needed = {each.name for each in schema.fields if needed_on_create(schema, each)}
    assert needed <= required


@pytest.mark.parametrize("key", KEYS)
def test_every_field_can_be_written(key: str, describe_as: Callable[[str], Describe]) -> None:
    """An administrator may write each field by the blueprint's operation."""
    schema, blueprint = _schema(key, describe_as), ENTRIES[key].blueprint
    for given in blueprint.inputs:
        field = schema.field(given.field_api_name)
        assert field is not None
        writable = field.createable if blueprint.operation == "CREATE" else field.updateable
        assert writable or field.name == "Id"


@pytest.mark.parametrize("key", [key for key in KEYS if _enums(key)])
def test_every_allowed_value_exists(key: str, describe_as: Callable[[str], Describe]) -> None:
    """Each value a guardrail allows is an active value of the picklist."""
    schema = _schema(key, describe_as)
    for params in _enums(key):
        field = schema.field(params.field)
        assert field is not None
        assert set(params.values) <= {each.value for each in field.active_values}


@pytest.mark.parametrize("key", UPDATES)
def test_every_update_demands_record_access(key: str) -> None:
    """A change of a record is guarded by that very record's sharing."""
    assert "SHARING_REQUIRED" in [each.type for each in ENTRIES[key].blueprint.guardrails]


@pytest.mark.parametrize("key", KEYS)
def test_numbers_that_have_bounds_are_guarded(key: str) -> None:
    """A quantity is positive, a price is not negative, a discount lies between 0 and 100."""
    blueprint = ENTRIES[key].blueprint
    fields = {each.field_api_name for each in blueprint.inputs}
    guarded = [(each.type, each.parsed()) for each in blueprint.guardrails]
    ranges = {params.field: params for _, params in guarded if isinstance(params, RangeParams)}
    if "Quantity" in fields:
        assert ("NUMERIC_POSITIVE", "Quantity") in [
            (kind, getattr(params, "field", None)) for kind, params in guarded
        ]
    if "UnitPrice" in fields:
        assert ranges["UnitPrice"].min == 0
    if "Discount" in fields:
        assert ranges["Discount"].min == 0
        assert ranges["Discount"].max == 100


@pytest.mark.parametrize("key", BULK)
def test_what_people_do_in_bulk_has_a_ceiling(key: str) -> None:
    """A blueprint that may be bound to many rows says how many."""
    parsed = [each.parsed() for each in ENTRIES[key].blueprint.guardrails]
    assert [each.max for each in parsed if isinstance(each, MaxRowsParams)] == [1_000]


@pytest.mark.parametrize("key", sorted(UPSTREAM))
def test_upstream_names_and_targets_are_kept(key: str) -> None:
    """A blueprint known from upstream keeps its name, its object and its operation."""
    blueprint = ENTRIES[key].blueprint
    assert (blueprint.name, blueprint.target_s_object, blueprint.operation) == UPSTREAM[key]


def test_the_second_closed_won_lives_on_as_an_alias() -> None:
    """The merged blueprint is found under the key the other one had."""
    assert load_library().find("opportunity_closed_won") == ENTRIES["oppty_closed_won"]


@pytest.mark.parametrize("key", KEYS)
def test_an_administrator_finds_nothing_to_mend(
    key: str, describe_as: Callable[[str], Describe]
) -> None:
    """No curated blueprint has any finding against the local org, seen by somebody who may do all of it."""
    assert lint(ENTRIES[key], describe_as("admin")) == ()


@pytest.mark.parametrize("key", KEYS)
def test_types_match_the_describe(key: str, describe_as: Callable[[str], Describe]) -> None:
    """An input's type is made of what its field is made of, and a picklist is called one."""
    blueprint = ENTRIES[key].blueprint
    schema = describe_as("admin")(str(blueprint.target_s_object))
    assert schema is not None
    for given in blueprint.inputs:
        field = schema.field(given.field_api_name)
        assert field is not None
        assert family_of_type(given.data_type) == field.family
        assert (given.data_type == "Picklist") == (field.type == "picklist")


@pytest.mark.parametrize("key", KEYS)
def test_every_written_field_is_guarded(key: str) -> None:
    """The field-level guardrail of the right operation lists every field the blueprint writes, and no Id."""
    blueprint = ENTRIES[key].blueprint
    kind = "FLS_CREATE" if blueprint.operation == "CREATE" else "FLS_EDIT"
    (guardrail,) = [each for each in blueprint.guardrails if each.type.startswith("FLS")]
    written = [each.field_api_name for each in blueprint.inputs if each.field_api_name != "Id"]
    assert (guardrail.type, guardrail.params["fields"]) == (kind, written)


@pytest.mark.parametrize("key", sorted(UPSTREAM))
def test_upstream_blueprints_demand_record_access(key: str) -> None:
    """What upstream guarded by sharing is guarded by sharing."""
    assert "SHARING_REQUIRED" in [each.type for each in ENTRIES[key].blueprint.guardrails]


ENUMS = [
    ("case_escalate", "Priority", ("High", "Medium", "Low")),
    ("case_escalate_tier2", "Priority", ("High", "Medium", "Low")),
    ("lead_qualify", "Status", ("Working", "Qualified", "Unqualified")),
    ("lead_qualify", "Rating", ("Hot", "Warm", "Cold")),
    ("lead_mark_qualified", "Status", ("Qualified", "Working - Qualified")),
    ("lead_mark_qualified", "Rating", ("Hot", "Warm", "Cold")),
    ("oppty_closed_won", "StageName", ("Closed Won",)),
    ("opportunity_close_lost", "StageName", ("Closed Lost",)),
    ("case_create_followup_task", "Priority", ("High", "Normal", "Low")),
    ("case_create_followup_task", "Status", ("Not Started", "In Progress", "Completed")),
]


@pytest.mark.parametrize(("key", "field", "values"), ENUMS)
def test_the_allowed_values_are_not_weakened(key: str, field: str, values: tuple[str, ...]) -> None:
    """Every value guardrail upstream ever had on a blueprint is there."""
    allowed = {
        params.field: params.values
        for params in (each.parsed() for each in ENTRIES[key].blueprint.guardrails)
        if isinstance(params, EnumParams)
    }
    assert allowed[field] == values


@pytest.mark.parametrize("key", KEYS)
def test_a_default_keeps_the_blueprints_own_guardrails(key: str) -> None:
    """No default is a value that the same blueprint's guardrail would refuse."""
    blueprint = ENTRIES[key].blueprint
    defaults = {each.field_api_name: each.default for each in blueprint.inputs}
    for params in (each.parsed() for each in blueprint.guardrails):
        if isinstance(params, EnumParams) and defaults[params.field] is not None:
            assert defaults[params.field] in params.values


def test_the_seed_payload_fits_its_blueprint() -> None:
    """The documented payload of ``UpdateOpportunityStage`` names inputs the blueprint has."""
    entry = load_library().find("UpdateOpportunityStage")
    assert isinstance(entry, LibraryEntry)
    assert all(entry.blueprint.input(each) for each in ("Id", "StageName"))


def test_a_followup_task_may_belong_to_a_case(describe_as: Callable[[str], Describe]) -> None:
    """The task of a case is bound to it by a field that can refer to cases."""
    schema = describe_as("admin")("Task")
    assert schema is not None
    field = schema.field("WhatId")
    assert field is not None
    assert "Case" in field.reference_to
