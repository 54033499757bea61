"""The contract page says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter
from tests.blueprints.test_lint import CASES, CLOSED

from actwright.blueprints.adapters import DataType
from actwright.blueprints.argument import Argument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput, Operation
from actwright.blueprints.csv_rows import JSON_COLUMNS, LIST_COLUMNS, TEXT_COLUMNS, WHOLE_COLUMNS
from actwright.blueprints.guardrail import guardrail_kinds
from actwright.blueprints.importing import ImportStatus
from actwright.blueprints.library import load_library
from actwright.org.provenance import Provenance

PAGE = (Path(__file__).parents[2] / "docs" / "blueprints.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def _rows(section: str) -> list[str]:
    return [line for line in section.splitlines() if line.startswith("| `")]


def _named(section: str) -> set[str]:
    """Return the names in the first column of a section's table."""
    return {name for row in _rows(section) for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def _wire_names(model: type[ActionBlueprint | ActionInput]) -> set[str]:
    return set(model.model_json_schema(by_alias=True)["properties"])


def test_the_examples_are_blueprints() -> None:
    """Every example file on the page keeps the contract."""
    examples = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    names = [ActionBlueprint.model_validate(json.loads(each)).name for each in examples]
    assert names == ["UpdateOpportunityStage", "ParkOpportunity"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Fields of a blueprint", _wire_names(ActionBlueprint)),
        ("Inputs", _wire_names(ActionInput)),
        ("Operations", {*get_args(Operation), "INSERT"}),
        ("Types", set(get_args(DataType))),
        ("Guardrails", {*guardrail_kinds(), "FLS_ACCESS", "FLS_UPDATE", "FLS_WRITE"}),
    ],
)
def test_tables_list_what_there_is(title: str, expected: set[str]) -> None:
    """Each table of the page lists exactly what the contract takes."""
    assert _named(_section(title)) == expected


def test_every_provenance_is_named() -> None:
    """The page names all provenances."""
    assert all(f"`{each}`" in _section("Arguments") for each in get_args(Provenance))


def test_argument_shapes_are_arguments() -> None:
    """Each shape on the page is read by the contract."""
    shapes = re.findall(r"^\| `(\{.*?\})` \|", _section("Arguments"), re.MULTILINE)
    adapter: TypeAdapter[Any] = TypeAdapter(Argument)
    assert len([adapter.validate_python(json.loads(each)) for each in shapes]) == 4


def test_the_bundled_library_is_listed() -> None:
    """The page lists every bundled blueprint: key, name, operation, object and summary."""
    assert _rows(_section("The library")) == [
        f"| `{key}` | `{each.name}` | `{each.operation}` {each.target_s_object} | {each.summary} |"
        for key, each in ((entry.key, entry.blueprint) for entry in load_library().entries)
    ]


def test_the_import_is_described() -> None:
    """The page names every status, every column of a CSV, every older field and every note of an import."""
    said = set(re.findall(r"`(\w+)`", _section("Importing")))
    columns = {*WHOLE_COLUMNS, *TEXT_COLUMNS, *LIST_COLUMNS, *JSON_COLUMNS}
    notes = {"guardrail_on_id", "guardrail_of_other_operation", "adds_guardrail", "differs"}
    notes |= {"field_not_createable", "field_not_updateable"}
    notes |= {"duplicate_of_library", "duplicate_but_stricter"}
    assert {*get_args(ImportStatus), *columns, *notes} <= said


def test_every_rule_is_listed() -> None:
    """The page lists exactly the rules whose findings are tested."""
    tested = {rule for _, _, (rule, _, _) in CASES} | {rule for _, rule in CLOSED}
    assert _named(_section("Lint")) == tested
