"""Writing imported blueprints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.import_files import against_folder, blueprint_text, write_items
from actwright.blueprints.importing import ImportItem
from actwright.blueprints.library import load_library
from actwright.errors import BlueprintError, InputError

Document = dict[str, Any]


@pytest.fixture
def item(document: Document) -> ImportItem:
    """Return a blueprint that is to be written."""
    blueprint = ActionBlueprint.model_validate(document)
    return ImportItem("x.json", "imported", "case_close", blueprint)


def test_what_is_written_is_read_again(tmp_path: Path, item: ImportItem) -> None:
    """The library reads the very blueprint that was imported."""
    (path,) = write_items([item], tmp_path / "new" / "folder")
    assert path.name == "case_close.json"
    (entry,) = load_library([path.parent]).entries
    assert (entry.key, entry.blueprint) == ("case_close", item.blueprint)
    assert [each.name for each in path.parent.iterdir()] == ["case_close.json"]


def test_what_says_nothing_is_not_written(item: ImportItem, document: Document) -> None:
    """The file is as short as a person would write it."""
    assert item.blueprint is not None
    assert json.loads(blueprint_text(item.blueprint)) == document


@pytest.mark.parametrize("entry", load_library().entries, ids=lambda each: each.key)
def test_every_curated_file_survives_the_way_round(entry: Any) -> None:
    """Writing and reading a blueprint gives the blueprint."""
    text = blueprint_text(entry.blueprint)
    assert ActionBlueprint.model_validate(json.loads(text)) == entry.blueprint


def test_only_imported_ones_are_written(tmp_path: Path, item: ImportItem) -> None:
    """An alias, a known or a quarantined one leaves no file."""
    others = [
        ImportItem("x", status, "other", item.blueprint)
        for status in ("alias", "known", "unchanged", "quarantined")
    ]
    assert write_items(others, tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_other_content_is_not_replaced_unasked(
    tmp_path: Path, item: ImportItem
) -> None:
    """It is held back, or replaced where that was asked for."""
    (tmp_path / "case_close.json").write_text("{}")
    (held,) = against_folder([item], tmp_path, force=False)
    assert held.status == "quarantined"
    assert held.error is not None
    assert held.error.error_code == "file_exists"
    (forced,) = against_folder([item], tmp_path, force=True)
    write_items([forced], tmp_path)
    assert load_library([tmp_path]).entries[0].blueprint == item.blueprint


def test_the_same_content_is_unchanged(tmp_path: Path, item: ImportItem) -> None:
    """A second import of the same does nothing."""
    write_items([item], tmp_path)
    (again,) = against_folder([item], tmp_path, force=False)
    assert again.status == "unchanged"


def test_a_link_is_replaced_and_never_followed(tmp_path: Path, item: ImportItem) -> None:
    """Not even --force writes through a link to somewhere else."""
    target = tmp_path / "precious.txt"
    target.write_text("keep me")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "case_close.json").symlink_to(target)
    assert against_folder([item], folder, force=False)[0].status == "quarantined"
    write_items(against_folder([item], folder, force=True), folder)
    assert target.read_text() == "keep me"
    assert not (folder / "case_close.json").is_symlink()


def test_a_dangling_link_counts_as_a_file(tmp_path: Path, item: ImportItem) -> None:
    """What stands at the place is not replaced unasked, whatever it is."""
    (tmp_path / "case_close.json").symlink_to(tmp_path / "nowhere")
    assert against_folder([item], tmp_path, force=False)[0].status == "quarantined"


@pytest.mark.parametrize("key", ["../evil", "a/b", "..", "", "A", "a.b"])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, item: ImportItem, key: str) -> None:
    """A key that is none is refused, even if somebody made an item by hand."""
    evil = ImportItem("x", "imported", key, item.blueprint)
    with pytest.raises(BlueprintError):
        write_items([evil], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, item: ImportItem) -> None:
    """The path and the way out are in the error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as refused:
        write_items([item], tmp_path / "file" / "out")
    assert refused.value.error_code == "file_unwritable"
    assert refused.value.hint
