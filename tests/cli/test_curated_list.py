"""Curated overrides on the command line: listed with their origin, and told where one cannot be used."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Call

STANDARD = "actwright.actions.standard:StandardUpdate"
MANIFEST = f"""version: 1
actions:
  CreateTask:
    implementation: {STANDARD}
    version: 1.2.0
  Gone:
    implementation: no.such:thing
"""


def configured(folder: Path, settings: str = "") -> None:
    """Name a manifest in the settings of the folder the commands run in."""
    (folder / "actions.yaml").write_text(MANIFEST, encoding="utf-8")
    text = f'actions_file = "actions.yaml"\n{settings}'
    (folder / "actwright.toml").write_text(text, encoding="utf-8")


def test_overrides_are_listed_with_origin_and_version(call: Call, tmp_path: Path) -> None:
    """Nothing is imported for it; a check imports all, and its exit code tells that one cannot be used."""
    configured(tmp_path)
    listed = {each["name"]: each for each in call("actions", "list", "--json").json}
    assert listed["CreateTask"] == {
        "kind": "curated",
        "name": "CreateTask",
        "implementation": STANDARD,
        "version": "1.2.0",
        "origin": "manifest",
        "place": "actions.yaml, line 3",
        "fault": None,
        "hint": None,
    }
    assert listed["Gone"]["fault"] is None
    checked = call("actions", "list", "--check")
    assert checked.code == 2
    assert "cannot be loaded" in checked.out


def test_two_of_one_name_are_told_at_the_start(call: Call, tmp_path: Path) -> None:
    """Without a check too, and by doctor; both origins are named."""
    configured(tmp_path, f'[actions]\ncreatetask = "{STANDARD}"\n')
    faults = [each["fault"] for each in call("actions", "list", "--json").json if each["fault"]]
    assert len(faults) == 2
    assert all("settings" in each and "actions.yaml, line 3" in each for each in faults)
    found = next(each for each in call("doctor", "--json").json if each["name"] == "overrides")
    assert not found["ok"]
    assert "2 overrides" in found["message"]


def test_a_manifest_that_breaks_its_contract_is_told_with_its_line(
    call: Call, tmp_path: Path
) -> None:
    """Nothing is carried out by what was left of it."""
    configured(tmp_path)
    (tmp_path / "actions.yaml").write_text("version: 1\nactions: {A: {more: 1}}\n", "utf-8")
    answer = call("actions", "list", "--json")
    assert answer.code == 2
    assert "actions.yaml, line 2" in answer.json["error"]["where"]
