"""``actwright blueprints import``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

PARK = {
    "actionName": "ParkLead",
    "targetSObject": "Lead",
    "operation": "Update",
    "inputs": {
        "Id": {"type": "Id", "required": True},
        "Status": {"type": "Picklist", "required": True, "enum": ["Working"]},
        "IsConverted": {"type": "Boolean"},
    },
    "fls": {"fields": ["Id", "Status", "IsConverted"]},
}


@pytest.fixture(autouse=True)
def old(tmp_path: Path) -> Path:
    """Put a folder with one good file of the older shape into the working folder, and return it."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "lead_park.json").write_text(json.dumps(PARK))
    return folder


def test_an_older_file_is_imported_and_used(call: Call, tmp_path: Path) -> None:
    """It is written to ./blueprints, and from there the library finds it once the folder is named."""
    answer = call("blueprints", "import", "old")
    assert answer.code == 0
    assert "1 imported." in answer.out
    assert "guardrail_on_id" in answer.out
    assert 'blueprints = ["blueprints"]' in answer.err
    (tmp_path / "actwright.toml").write_text('blueprints = ["blueprints"]\n')
    shown = call("blueprints", "show", "lead_park", "--json").json
    guardrails = [(each["type"], each["params"]) for each in shown["guardrails"]]
    assert ("ENUM_ALLOWED", {"field": "Status", "values": ["Working"]}) in guardrails
    assert call("blueprints", "lint", "lead_park").code == 0


def test_the_first_folder_of_the_settings_is_written_to(call: Call, tmp_path: Path) -> None:
    """Without --out the files go where the library looks; a second time nothing changes."""
    (tmp_path / "own").mkdir()
    (tmp_path / "actwright.toml").write_text('blueprints = ["own"]\n')
    first = call("blueprints", "import", "old", "--json").json
    assert first["written"] == ["own/lead_park.json"]
    second = call("blueprints", "import", "old", "--json")
    assert second.code == 0
    assert [each["status"] for each in second.json["items"]] == ["unchanged"]
    assert second.json["written"] == []


def test_a_changed_file_is_replaced_only_with_force(call: Call, old: Path, tmp_path: Path) -> None:
    """Without --force the file stays, and the exit code says so."""
    (tmp_path / "own").mkdir()
    (tmp_path / "actwright.toml").write_text('blueprints = ["own"]\n')
    call("blueprints", "import", "old")
    before = (tmp_path / "own" / "lead_park.json").read_text()
    (old / "lead_park.json").write_text(json.dumps(PARK | {"description": "Parks it."}))
    refused = call("blueprints", "import", "old")
    assert refused.code == 2
    assert "--force" in refused.out
    assert (tmp_path / "own" / "lead_park.json").read_text() == before
    assert call("blueprints", "import", "old", "--force").code == 0
    assert "Parks it." in (tmp_path / "own" / "lead_park.json").read_text()


def test_a_dry_run_writes_nothing(call: Call, tmp_path: Path) -> None:
    """Everything is shown, and no file is made."""
    answer = call("blueprints", "import", "old", "--dry-run")
    assert answer.code == 0
    assert "1 imported." in answer.out
    assert "Nothing was written" in answer.err
    assert not (tmp_path / "blueprints").exists()


def test_one_broken_entry_stops_the_writing(call: Call, old: Path, tmp_path: Path) -> None:
    """All or nothing, unless the good ones are wanted; the exit code is 2 both times."""
    (old / "broken.json").write_text('{"name": ')
    answer = call("blueprints", "import", "old")
    assert answer.code == 2
    assert "broken.json" in answer.out
    assert "--keep-good" in answer.err
    assert not (tmp_path / "blueprints").exists()
    kept = call("blueprints", "import", "old", "--keep-good", "--json")
    assert kept.code == 2
    assert kept.json["written"] == ["blueprints/lead_park.json"]
    assert kept.json["items"][0]["error"]["code"] == "document_malformed"


def test_hostile_names_cannot_act_on_the_terminal(call: Call, tmp_path: Path) -> None:
    """A name with control characters is shown inert, and written nowhere."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps([PARK | {"actionName": "\x1b[31m../../evil", "name": "../e\x07"}]))
    answer = call("blueprints", "import", str(path))
    assert answer.code == 2
    assert "\x1b" not in answer.out
    assert "\x07" not in answer.out
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "old", "x.json"]


def test_a_csv_of_a_static_resource_is_imported(call: Call, tmp_path: Path) -> None:
    """The enum guardrail in its cell is in the file that is written."""
    body = json.dumps([PARK | {"name": "lead_park"}]).replace('"', '""')
    (tmp_path / "library.csv").write_text(f'Name,Body\nBlueprintLibrary,"{body}"\n')
    assert call("blueprints", "import", "library.csv", "--out", "made").code == 0
    written = json.loads((tmp_path / "made" / "lead_park.json").read_text())
    kinds = [each["type"] for each in written["guardrails"]]
    assert kinds == ["FLS_EDIT", "ENUM_ALLOWED"]
