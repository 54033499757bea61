"""What becomes of imported documents: imported, alias, known, unchanged, quarantined."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.importing import ImportItem, _Gathering, gather
from actwright.blueprints.library import Library, is_key, load_library
from actwright.blueprints.sources import SourceEntry

Document = dict[str, Any]
Gather = Callable[..., tuple[ImportItem, ...]]


@pytest.fixture
def imports(tmp_path: Path) -> Gather:
    """Return a function that imports documents as one array, beside a library."""

    def run(*documents: object, library: Library | None = None) -> tuple[ImportItem, ...]:
        path = tmp_path / "array.json"
        path.write_text(json.dumps(documents), encoding="utf-8")
        return gather([path], library or Library(), tmp_path / "out")

    return run


def _said(items: tuple[ImportItem, ...]) -> list[tuple[str, str, str]]:
    return [(each.key, each.status, each.of) for each in items]


def _enum(*values: str) -> Document:
    return {"type": "ENUM_ALLOWED", "params": {"field": "Status", "values": list(values)}}


def test_a_document_of_the_contract_is_imported(imports: Gather, document: Document) -> None:
    """Nothing about it is changed, and its key is its name in lower case."""
    (item,) = imports(document)
    assert (item.key, item.status, item.notes) == ("close_case", "imported", ())
    assert item.blueprint is not None
    assert item.blueprint.name == "CloseCase"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("case_close", "case_close"),
        ("CloseCase", "close_case"),
        ("closeSLACase", "close_sla_case"),
        ("crm.closeCase", "crm_close_case"),
    ],
)
def test_a_name_becomes_a_key(imports: Gather, document: Document, name: str, key: str) -> None:
    """Any name of a blueprint has one key."""
    (item,) = imports(document | {"name": name})
    assert item.key == key


def test_a_duplicate_becomes_an_alias_of_the_first(imports: Gather, document: Document) -> None:
    """What does the same goes by the first one's name, and every name of it still finds it."""
    second = document | {"name": "ShutCase", "aliases": ["case_shut"], "label": "Shut"}
    items = imports(document, second)
    assert _said(items) == [("close_case", "imported", ""), ("shut_case", "alias", "close_case")]
    assert items[0].blueprint is not None
    assert items[0].blueprint.aliases == ("shut_case", "ShutCase", "case_shut")


def test_a_duplicate_that_guards_more_is_no_alias(imports: Gather, document: Document) -> None:
    """A guardrail is never lost to an alias: both are kept, and that is told."""
    stricter = document | {
        "name": "ShutCase",
        "guardrails": [*document["guardrails"], {"type": "SHARING_REQUIRED"}],
    }
    items = imports(document, stricter)
    assert [each.status for each in items] == ["imported", "imported"]
    assert [each.rule for each in items[1].notes] == ["duplicate_but_stricter"]


def test_a_duplicate_that_guards_less_loses_nothing(imports: Gather, document: Document) -> None:
    """The first one's guardrails hold for the alias."""
    items = imports(document, document | {"name": "ShutCase", "guardrails": []})
    assert items[1].status == "alias"
    assert items[0].blueprint is not None
    assert [each.type for each in items[0].blueprint.guardrails] == ["FLS_EDIT"]


def test_the_same_key_with_other_content_clashes(imports: Gather, document: Document) -> None:
    """The second one is held back, and what it would have added is told."""
    stricter = document | {"guardrails": [*document["guardrails"], _enum("Closed", "New")]}
    items = imports(document, stricter)
    assert _said(items)[1] == ("close_case", "quarantined", "close_case")
    assert items[1].error is not None
    assert items[1].error.error_code == "blueprint_clash"
    assert "ENUM_ALLOWED (field=Status" in items[1].notes[0].message


@pytest.mark.parametrize(
    "aliases",
    [
        (["b_case"], ["a_case"]),
        (["x_case"], ["x_case"]),
        (["B_CASE"], []),
    ],
)
def test_a_cycle_of_aliases_is_a_clash(
    imports: Gather, document: Document, aliases: tuple[list[str], list[str]]
) -> None:
    """An alias never leads to another blueprint: where two claim one word, the first one counts."""
    first = document | {"name": "a_case", "aliases": aliases[0]}
    second = document | {"name": "b_case", "aliases": aliases[1], "targetSObject": "Lead"}
    items = imports(first, second)
    assert [each.status for each in items] == ["imported", "quarantined"]
    assert items[1].of == "a_case"


def test_aliases_are_bounded(imports: Gather, document: Document) -> None:
    """More names than a blueprint may have are held back with the reason."""
    items = imports(*(document | {"name": f"CloseCase{number}"} for number in range(30)))
    held = [each for each in items if each.status == "quarantined"]
    assert held
    assert all("aliases" in str(each.error) for each in held)
    assert sum(each.status == "imported" for each in items) == 1


def test_the_library_is_compared_with(imports: Gather, document: Document, tmp_path: Path) -> None:
    """A key the library has is known, and told what it would add and how it differs."""
    folder = tmp_path / "known"
    folder.mkdir()
    (folder / "close_case.json").write_text(json.dumps(document))
    older = {
        "name": "close_case",
        "actionName": "CloseCase",
        "targetSObject": "Case",
        "operation": "Update",
        "inputs": [
            {"name": "Id", "type": "Id", "required": True},
            {"name": "Status", "type": "Picklist", "required": True, "enum": ["Closed", "New"]},
        ],
    }
    (item,) = imports(older, library=load_library([folder]))
    assert (item.status, item.of) == ("known", "close_case")
    assert [each.rule for each in item.notes] == ["adds_guardrail", "differs"]
    assert "values=['Closed', 'New']" in item.notes[0].message
    assert "Status is required" in item.notes[1].message


def test_a_name_of_the_library_for_something_else_clashes(
    imports: Gather, document: Document
) -> None:
    """A name that the library has for another kind of action is held back."""
    other = document | {"name": "opportunity_closed_won"}
    (item,) = imports(other, library=load_library())
    assert (item.status, item.of) == ("quarantined", "oppty_closed_won")


def test_what_the_library_does_already_is_known_by_its_key(imports: Gather) -> None:
    """A duplicate of a curated blueprint is not written beside it."""
    library = load_library()
    entry = library.find("case_close")
    assert entry is not None
    twin = entry.blueprint.model_dump(mode="json") | {"name": "ResolveTicket", "aliases": []}
    (item,) = imports(twin, library=library)
    assert (item.status, item.of) == ("known", "case_close")
    assert item.notes[-1].rule == "duplicate_of_library"


def test_upstreams_two_closed_won_are_one(imports: Gather) -> None:
    """The older and the canonical file for closing as won are one blueprint with an alias."""
    canonical = {
        "name": "oppty_closed_won",
        "targetSObject": "Opportunity",
        "operation": "UPDATE",
        "inputs": [
            {"apiName": "Id", "dataType": "Id", "required": True},
            {"apiName": "StageName", "dataType": "String", "required": True},
            {"apiName": "CloseDate", "dataType": "Date"},
        ],
        "guardrails": [
            {"type": "FLS_EDIT", "params": {"fields": ["StageName", "CloseDate"]}},
            {"type": "ENUM_ALLOWED", "params": {"field": "StageName", "values": ["Closed Won"]}},
            {"type": "SHARING_REQUIRED"},
        ],
    }
    older = {
        "name": "opportunity_closed_won",
        "targetSObject": "Opportunity",
        "operation": "Update",
        "inputs": {
            "Id": {"type": "Id", "required": True},
            "StageName": {"type": "Picklist", "required": True, "enum": ["Closed Won"]},
            "CloseDate": {"type": "Date"},
        },
        "fls": {"fields": ["StageName", "CloseDate"], "requireUpdateable": True},
        "sharing": "WITH_SHARING",
    }
    items = imports(canonical, older)
    assert _said(items)[1] == ("opportunity_closed_won", "alias", "oppty_closed_won")


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "CONVERT"},
        {"colour": "red"},
        {"guardrails": [{"type": "FLS_EDITT"}]},
        {"name": "../../etc/passwd"},
        {"name": "a/b"},
        {"name": ""},
        {"name": None},
        {"inputs": []},
    ],
)
def test_a_broken_document_is_quarantined_with_a_reason(
    imports: Gather, document: Document, change: Document
) -> None:
    """What breaks the contract is held back; the others are imported."""
    items = imports(document | change, document | {"name": "Good"})
    assert [each.status for each in items] == ["quarantined", "imported"]
    assert items[0].error is not None
    assert items[0].error.message


@given(name=st.one_of(st.text(max_size=90), st.from_regex(r"\A[A-Za-z][A-Za-z0-9_.]{0,99}\Z")))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    """Whatever an entry is called, it has a plain key, or none and is not imported."""
    document: Document = {"name": name, "targetSObject": "Case", "operation": "CREATE"}
    item = _taken(SourceEntry("x", document, name))
    assert item.status == "quarantined" or is_key(item.key)


def _taken(source: SourceEntry) -> ImportItem:
    gathering = _Gathering(Library(), Path("out"))
    gathering.take(source)
    return gathering.items[0]


def test_a_thousand_files_are_loaded_and_imported_fast(tmp_path: Path, document: Document) -> None:
    """A library of 1,000 files is read in under two seconds, and imported in under four."""
    for number in range(1000):
        change = {"name": f"CloseCase{number}", "targetSObject": f"Case{number}__c"}
        (tmp_path / f"case_{number}.json").write_text(json.dumps(document | change))
    start = time.perf_counter()
    assert len(load_library([tmp_path]).entries) == 1000
    loaded = time.perf_counter()
    items = gather([tmp_path], Library(), tmp_path / "out")
    assert {each.status for each in items} == {"imported"}
    assert loaded - start < 2
    assert time.perf_counter() - loaded < 4
