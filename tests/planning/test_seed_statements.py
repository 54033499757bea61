"""What the seed documents say of blueprints, recommendation, heuristics and options, each held or departed from.

``docs/deviations.md`` has a line for every statement. Its last column is a test, here or elsewhere, or a reason. A test
here is named after its statement: ``test_da_1_3_2_...`` is about ``DA-1.3-2``.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.library import Library, load_library
from actwright.document import validated
from actwright.errors import BlueprintError, ConfigError
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.recommend import recommend
from actwright.runs.record.envelope import OrchestratorResult

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "deviations.md"
ROW = re.compile(
    r"\| (?P<id>[A-Z]+-[\d.]+-\d+) \| (?P<said>[^|]+) \| (?P<here>[^|]+) \| (?P<why>[^|]+) \|"
)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PARTS = {
    "DA-1.1": 4, "DA-1.2": 8, "DA-1.3": 4, "DA-1.4": 2, "DA-1.5": 5, "DA-2.1": 10, "DA-2.2": 7, "DA-2.3": 3,
    "DA-2.4": 9, "DA-2.5": 3, "DA-2.6": 9, "DA-2.10": 4, "DA-2.11": 8, "DA-2.12": 4, "DA-2.13": 3, "DA-2.14": 2,
    "DA-2.15": 6, "DA-2.16": 2, "DA-2.17": 2, "DA-2.18": 4, "DA-3": 7, "DA-6.2": 2, "RO-1": 9, "OR-1.2": 7,
    "OR-1.12": 8, "OR-1.13": 7, "OR-2": 11,
}  # fmt: skip
"""How many statements each part of the seed documents has, counted by hand."""

BARE = {
    "name": "Touch",
    "targetSObject": "Account",
    "operation": "update",
    "inputs": [{"apiName": "Id", "dataType": "Id", "required": True}],
}


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Return the lines of the page's tables."""
    found = ROW.finditer(PAGE.read_text(encoding="utf-8"))
    return tuple({key: text.strip() for key, text in each.groupdict().items()} for each in found)


@cache
def functions_in(path: Path) -> frozenset[str]:
    """Return the names of the tests a file holds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, kinds))


def blueprint(**changes: Any) -> ActionBlueprint:
    """Return the bare blueprint with changes; None takes a key away."""
    document = {key: value for key, value in (BARE | changes).items() if value is not None}
    return validated(ActionBlueprint, document, where="it", error=BlueprintError)


def best(goal: str, library: Library, org: Any, top: int = 5) -> list[Recommendation]:
    """Return what is recommended for a goal."""
    return list(recommend(goal, library, org, top))


def test_the_page_has_a_line_for_every_statement() -> None:
    """Each part has as many statements as were counted in the documents, numbered from 1, none twice."""
    counted = Counter(each["id"].rpartition("-")[0] for each in rows())
    assert counted == PARTS
    wanted = {f"{part}-{number}" for part, count in PARTS.items() for number in range(1, count + 1)}
    assert {each["id"] for each in rows()} == wanted
    written = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| [A-Z]+-\d", line)
    ]
    assert len(written) == len(rows()), "a line of the table is malformed"


def test_every_line_names_a_test_that_exists_or_a_reason() -> None:
    """The last column is one or more tests that exist, or why we do otherwise."""
    for each in rows():
        named = NAMED.findall(each["why"])
        if not named:
            assert each["why"].startswith("Otherwise: "), each["id"]
            assert len(each["why"]) > 30, each["id"]
        for path, name in named:
            assert name in functions_in(ROOT / path), f"{each['id']}: {path} has no {name}"


def test_every_test_named_after_a_statement_stands_in_its_line() -> None:
    """No test here claims a statement whose line does not name it."""
    own = {each for each in functions_in(Path(__file__)) if re.match(r"test_(da|ro|or)_\d", each)}
    here = f"tests/planning/{Path(__file__).name}"
    named = {
        (name, row["id"])
        for row in rows()
        for path, name in NAMED.findall(row["why"])
        if path == here
    }
    after = {
        name
        for name, statement in named
        if name.startswith(f"test_{re.sub(r'[-.]', '_', statement.lower())}_")
    }
    assert own == after


def test_da_1_1_2_a_result_begins_without_success() -> None:
    """A new envelope is no success and holds four empty lists."""
    result = OrchestratorResult()
    assert result.success is False
    assert (result.logs, result.warnings, result.errors, result.results) == ((), (), (), ())


def test_da_1_1_3_an_input_is_bound_to_its_field_by_default() -> None:
    """An input without usage, or with FIELD, is written to its field; the others are not."""
    assert ActionInput(api_name="Name").is_field
    assert ActionInput(api_name="Name", usage="FIELD").is_field
    assert not ActionInput(api_name="Name", usage="CONTEXT").is_field


def test_da_1_1_4_lists_left_out_are_empty() -> None:
    """Inputs, guardrails, key fields and the rest of a blueprint are lists, never absent."""
    made = ActionBlueprint(name="Ring", target="service", operation="CALL")
    assert (made.inputs, made.guardrails, made.key_fields, made.tags) == ((), (), (), ())


@pytest.mark.parametrize(
    "goal",
    [
        "misleading our stockholders",
        "leading the way",
        "in any case, thanks",
        "restock the fridge",
        "???",
    ],
)
def test_da_1_2_4_a_word_within_a_word_is_no_word(goal: str, plans: Any) -> None:
    """What upstream's substring rules took for leads, stock or an opportunity is no plan here."""
    outcome = plans(goal)
    assert outcome.plan is None
    assert outcome.refusal.code in {"no_fit", "part_not_understood"}


def test_da_1_3_1_the_library_lists_entries_with_name_tags_and_blueprint(library: Library) -> None:
    """All entries can be read, each with key, tags and blueprint, in the order of their keys."""
    assert [each.key for each in library.entries] == sorted(each.key for each in library.entries)
    assert all(each.blueprint.tags for each in library.entries)


def test_da_1_3_2_an_entry_cannot_be_changed(library: Library) -> None:
    """What upstream copies on every read is frozen here; a blank name finds nothing."""
    entry = library.find("OPPTY_CLOSED_WON")
    assert entry is not None
    with pytest.raises(ValueError, match="frozen"):
        setattr(entry.blueprint, "name", "Other")  # noqa: B010 - the attribute is read-only, which is the point
    assert library.find("") is None
    assert library.find("  ") is None


def test_da_1_3_3_matches_stand_by_score_then_key(library: Library, memory_org: Any) -> None:
    """Recommendations are sorted by score, highest first, whatever the order of the files."""
    found = best("close the opportunity Acme Renewal as won", library, memory_org)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    backwards = Library(tuple(reversed(library.entries)))
    again = best("close the opportunity Acme Renewal as won", backwards, memory_org)
    assert [each.key for each in again] == [each.key for each in found]


def test_da_1_4_1_one_list_blends_curated_and_derived(library: Library, memory_org: Any) -> None:
    """There is one recommender with one scale, and each entry says where it comes from."""
    found = best("create an account", library, memory_org, 10)
    assert {each.source for each in found} == {"curated", "derived"}
    assert all(0 <= each.score <= 1 and each.rationale for each in found)


def test_da_1_5_4_a_chosen_blueprint_is_planned_or_refused(plans: Any) -> None:
    """A key, a name or an alias leaves no choice; an unknown one is refused with the nearest keys."""
    chosen = plans("close Acme Renewal as won", blueprint="UpdateOpportunityStage")
    assert chosen.plan.planner.kind == "curated"
    unknown = plans("close Acme Renewal as won", blueprint="opty_closed_won")
    assert unknown.refusal.code == "blueprint_unknown"
    assert "oppty_closed_won" in unknown.refusal.hint


@pytest.mark.parametrize("name", [None, "", "Close deal!", "1st", "a b"])
def test_da_2_1_1_a_blueprint_without_a_proper_name_is_refused(name: str | None) -> None:
    """The name is identity and payload key: it is never made up, and never repaired."""
    with pytest.raises(BlueprintError):
        blueprint(name=name)


def test_da_2_1_2_the_label_falls_back_to_the_name() -> None:
    """A blueprint without a label is called by its name."""
    assert blueprint().label == "Touch"


def test_da_2_1_3_the_category_is_free_text() -> None:
    """A category may be anything, and is DOMAIN where left out."""
    assert blueprint().category == "DOMAIN"
    assert blueprint(category="NOTIFICATION").category == "NOTIFICATION"


@pytest.mark.parametrize("target", [None, "", "Account; DROP"])
def test_da_2_1_4_a_blueprint_without_a_target_is_refused(target: str | None) -> None:
    """No target is put in the place of a missing one."""
    with pytest.raises(BlueprintError):
        blueprint(targetSObject=target)


def test_da_2_1_5_operations_are_read_in_any_case_and_never_guessed() -> None:
    """``update`` is UPDATE; a blank operation is refused instead of read as UPDATE."""
    assert blueprint(operation="uPdAtE").operation == "UPDATE"
    with pytest.raises(BlueprintError):
        blueprint(operation="")


def test_da_2_1_8_an_upsert_names_exactly_one_key_field() -> None:
    """None is not Id, and a second one is not silently dropped."""
    inputs = [{"apiName": "External_Key__c", "required": True}]
    keyed = blueprint(operation="UPSERT", keyFields=["External_Key__c"], inputs=inputs)
    assert keyed.key_fields == ("External_Key__c",)
    for keys in ([], ["External_Key__c", "Name"]):
        with pytest.raises(BlueprintError, match="exactly one key field"):
            blueprint(operation="UPSERT", keyFields=keys, inputs=inputs)


def test_da_2_1_9_unknown_keys_are_refused() -> None:
    """A key nobody knows could have been a misspelt guardrail."""
    with pytest.raises(BlueprintError, match="unknown field"):
        blueprint(guardrials=[])


def test_da_2_2_5_an_input_is_optional_where_it_does_not_say() -> None:
    """An input without ``required`` may be left out."""
    assert ActionInput(api_name="Name").required is False


def test_da_2_2_7_an_input_may_have_a_default() -> None:
    """Where upstream has none, a constant of the input's own type may stand for a value nobody gave."""
    assert ActionInput(api_name="Status", default="New").default == "New"


def test_da_2_3_1_guardrail_types_are_read_in_any_case() -> None:
    """The type is trimmed and read without case."""
    assert GuardrailSpec.model_validate({"type": " sharing_required "}).type == "SHARING_REQUIRED"


def test_da_2_11_1_tags_match_as_words(library: Library, memory_org: Any) -> None:
    """``ClosedWon`` is "closed won", and ``Case`` is not in "because"."""
    assert best("closed won", library, memory_org)[0].key == "oppty_closed_won"
    keys = {each.key for each in best("because", library, memory_org)}
    assert not {each for each in keys if each.startswith("case_")}


def test_da_2_11_3_scores_stay_within_one(library: Library, memory_org: Any) -> None:
    """However much speaks for a blueprint, its score is between 0 and 1 with two digits."""
    goal = "create a new account: win, close, escalate, qualify the opportunity, case, lead and task as closed won"
    found = best(goal, library, memory_org, 50)
    assert found
    assert all(0 <= each.score <= 1 and each.score == round(each.score, 2) for each in found)


def test_da_2_11_5_every_recommendation_says_why(library: Library, memory_org: Any) -> None:
    """The rationale names what of the goal speaks for the blueprint, and never repeats the goal."""
    goal = "escalate the case of the customer who called at 4 in the morning"
    found = best(goal, library, memory_org)
    assert found[0].key == "case_escalate"
    assert all(each.rationale and "morning" not in each.rationale for each in found)


def test_da_2_11_6_the_headline_narrative_puts_won_first(library: Library, memory_org: Any) -> None:
    """Closing as won ranks the blueprint that does it first, and the opposite one below it."""
    keys = [each.key for each in best("set the opportunity to Closed Won", library, memory_org, 20)]
    assert keys[0] == "oppty_closed_won"
    scores = {
        each.key: each.score
        for each in best("set the opportunity to Closed Won", library, memory_org, 20)
    }
    assert scores.get("opportunity_close_lost", 0) < scores["oppty_closed_won"]


def test_da_2_11_8_none_are_none(library: Library, memory_org: Any) -> None:
    """Who asks for no recommendation gets none, where upstream gives three or none depending on the stack."""
    assert best("create an account", library, memory_org, 0) == []


def test_da_2_13_1_the_plan_holds_what_was_chosen(plans: Any) -> None:
    """One clause becomes the one action it means, not everything that was recommended."""
    assert len(plans("close the Acme Renewal as won").plan.actions) == 1


def test_da_2_13_3_dependencies_name_what_the_person_must_be_allowed(plans: Any) -> None:
    """A plan names the permissions it needs, by object and operation, instead of two constant words."""
    assert plans("close the Acme Renewal as won").plan.dependencies == ("Opportunity.edit",)


def test_da_2_15_4_a_chosen_blueprint_needs_no_goal(plans: Any) -> None:
    """With a blueprint chosen the goal may be blank; what is missing comes from data or is asked."""
    outcome = plans("", {"Name": "Hooli"}, "account_create")
    assert outcome.plan.actions[0].blueprint.name == "CreateAccount"
    assert outcome.questions == ()


def test_da_2_18_1_a_stage_update_is_planned_offline(plans: Any, spell: Any) -> None:
    """The first heuristic, an opportunity's stage with its close date, is a goal like any other."""
    goal = "set the stage of Globex Pilot to Qualification and the close date to 2026-12-31"
    values = {key: value for _, each in spell(plans(goal)) for key, value in each.items()}
    assert values == {
        "Id": "Opportunity: Globex Pilot",
        "StageName": "Qualification",
        "CloseDate": "2026-12-31",
    }


def test_da_2_18_3_a_lead_is_qualified_offline(plans: Any, spell: Any) -> None:
    """The third heuristic, a lead's status, is a goal like any other."""
    ((name, values),) = spell(plans("mark the lead Jane Doe as qualified"))
    assert name in {"MarkLeadQualified", "QualifyLead"}
    assert values["Status"] == "Qualified"


def test_da_2_18_4_nothing_is_planned_where_no_rule_fits(plans: Any) -> None:
    """The heuristics always make one blueprint; we make none where nothing fits."""
    assert plans("make the world a better place").plan is None


EIGHT = {
    "case_create_followup_task": (
        "Task",
        "CREATE",
        {"WhatId", "Subject", "Priority", "Status", "ActivityDate"},
    ),
    "case_escalate": (
        "Case",
        "UPDATE",
        {"Id", "Status", "Priority", "Escalation_Notes__c", "OwnerId"},
    ),
    "case_escalate_tier2": ("Case", "UPDATE", {"Id", "OwnerId", "Priority", "Status"}),
    "lead_mark_qualified": ("Lead", "UPDATE", {"Id", "Status", "Rating"}),
    "lead_qualify": ("Lead", "UPDATE", {"Id", "Status", "Rating"}),
    "opportunity_close_lost": ("Opportunity", "UPDATE", {"Id", "StageName", "Description"}),
    "opportunity_closed_won": ("Opportunity", "UPDATE", {"Id", "StageName", "CloseDate"}),
    "oppty_closed_won": ("Opportunity", "UPDATE", {"Id", "StageName", "CloseDate"}),
}


@pytest.mark.parametrize("key", sorted(EIGHT))
def test_da_3_1_the_eight_that_were_files_are_here(key: str, library: Library) -> None:
    """Each of upstream's eight files is found under its key with its object, operation and inputs."""
    entry = library.find(key)
    assert entry is not None
    name, operation, inputs = EIGHT[key]
    assert (entry.blueprint.target_s_object, entry.blueprint.operation) == (name, operation)
    assert inputs <= {each.api_name for each in entry.blueprint.inputs}


SIXTEEN = {
    "account_create": ("Account", "CREATE"), "contact_create": ("Contact", "CREATE"),
    "lead_create": ("Lead", "CREATE"), "opportunity_create": ("Opportunity", "CREATE"),
    "case_create": ("Case", "CREATE"), "task_create": ("Task", "CREATE"), "event_create": ("Event", "CREATE"),
    "contract_create": ("Contract", "CREATE"), "order_create": ("Order", "CREATE"),
    "campaign_create": ("Campaign", "CREATE"), "campaign_member_add": ("CampaignMember", "CREATE"),
    "product_create": ("Product2", "CREATE"), "pricebook_entry_create": ("PricebookEntry", "CREATE"),
    "quote_create": ("Quote", "CREATE"), "quote_line_create": ("QuoteLineItem", "CREATE"),
    "quote_line_discount_set": ("QuoteLineItem", "UPDATE"),
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(SIXTEEN))
def test_da_3_4_the_sixteen_that_were_only_documented_are_here(key: str, library: Library) -> None:
    """Each blueprint upstream only wrote about exists, on its object, with its operation."""
    entry = library.find(key)
    assert entry is not None
    assert (entry.blueprint.target_s_object, entry.blueprint.operation) == SIXTEEN[key]


def test_da_3_5_twenty_four_keys_are_twenty_four_blueprints_or_aliases(library: Library) -> None:
    """All 24 documented keys find an entry, and no file was left out."""
    assert len(EIGHT) + len(SIXTEEN) == 24
    assert all(library.find(each) for each in (*EIGHT, *SIXTEEN))
    assert library.quarantined == ()


def test_or_1_2_1_an_action_is_words_and_named_data(plans: Any) -> None:
    """A goal carries its content and named data, and the plan keeps both."""
    plan = plans("change the amount of Acme Renewal", {"amount": 99000}).plan
    assert plan.goal == "change the amount of Acme Renewal"
    assert plan.data == {"amount": 99000}


@pytest.mark.parametrize("goal", ["", "   ", "\n\t"])
def test_or_1_2_5_an_empty_action_is_refused(goal: str, plans: Any) -> None:
    """Upstream hands an empty content to the model; here it is refused before anything is asked."""
    assert plans(goal).refusal.code == "goal_empty"


def test_or_1_2_6_what_cannot_be_planned_says_why(plans: Any) -> None:
    """A refusal has a code, a sentence and a way out, where upstream answers 500 without an id."""
    refusal = plans("launch the rocket").refusal
    assert refusal.code == "no_fit"
    assert "launch the rocket" in refusal.message
    assert refusal.hint


def test_or_2_7_a_text_with_a_sign_is_a_value(plans: Any, spell: Any) -> None:
    """``$100`` is an amount; nothing that begins with a dollar is taken for a reference and lost."""
    ((_, values),) = spell(plans("change the amount of Globex Pilot to $100"))
    assert values["Amount"] == 100


def test_or_2_9_inputs_that_are_optional_may_be_left_out(plans: Any) -> None:
    """Only required inputs are asked for; upstream demands every declared one."""
    outcome = plans("create an account called Hooli")
    assert outcome.questions == ()
    blueprint_inputs = {each.api_name for each in outcome.plan.actions[0].blueprint.inputs}
    assert "Industry" in blueprint_inputs - set(outcome.plan.actions[0].arguments)


def test_da_1_3_4_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A library that is not there is said to be missing, never taken for an empty one."""
    with pytest.raises(ConfigError):
        load_library([tmp_path / "nowhere"])
