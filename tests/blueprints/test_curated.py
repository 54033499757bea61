"""Every curated blueprint against the real local org's describe."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.library import LibraryEntry, load_library
from actwright.blueprints.lint import Describe, lint

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
CREATES = {
    f"{each}_create" for each in ("account", "contact", "lead", "opportunity", "case", "task")
}


def test_the_library_holds_what_it_promises() -> None:
    """Upstream's blueprints, the two closed-won ones as one, and a create for each daily object."""
    assert UPSTREAM.keys() | CREATES <= ENTRIES.keys()


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
def test_every_text_a_person_reads_is_there(key: str) -> None:
    """A curated blueprint has a question for its checkpoint, a summary, tags and words people use."""
    blueprint = ENTRIES[key].blueprint
    assert blueprint.checkpoint.endswith("?")
    assert "{" not in blueprint.checkpoint
    assert blueprint.summary.endswith(".")
    assert blueprint.tags
    assert blueprint.synonyms


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
