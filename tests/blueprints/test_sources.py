"""Reading imported files: JSON, CSV, folders, arrays, and everything that is wrong with them."""

from __future__ import annotations

import base64
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from actwright.blueprints import sources
from actwright.blueprints.sources import SourceEntry, read_sources
from actwright.errors import BlueprintError, DocumentError

Document = dict[str, Any]


def _json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def _csv(path: Path, *rows: list[str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _one(path: Path) -> SourceEntry:
    (entry,) = read_sources([path])
    return entry


def test_a_json_file_is_one_entry_named_by_its_file(tmp_path: Path, document: Document) -> None:
    """The stem of the file is the key."""
    path = _json(tmp_path / "case_close.json", document)
    assert _one(path) == SourceEntry(str(path), document, "case_close")


def test_an_array_is_cut_into_entries_named_by_themselves(
    tmp_path: Path, document: Document
) -> None:
    """Each entry of a static resource has its own key and its own place."""
    path = _json(tmp_path / "library.json", [document, {"name": "b"}, {"label": "c"}])
    found = list(read_sources([path]))
    assert [each.key for each in found] == ["CloseCase", "b", ""]
    assert found[1].where == f"{path}, entry 2"


def test_an_entry_may_hold_its_blueprint_inside(tmp_path: Path, document: Document) -> None:
    """Name and tags beside a blueprint belong to it; what it says itself goes first."""
    inner = {name: each for name, each in document.items() if name not in {"name", "tags"}}
    entry = {"name": "case_close", "tags": ["Case"], "blueprint": inner}
    found = _one(_json(tmp_path / "library.json", [entry]))
    assert found.key == "case_close"
    assert found.document == document | {"name": "case_close"}


def test_a_folder_is_read_by_name(tmp_path: Path) -> None:
    """JSON and CSV files in the order of their names; hidden files and others are passed over."""
    _json(tmp_path / "b.json", {})
    _csv(tmp_path / "a.csv", ["name"], ["x"])
    _json(tmp_path / ".hidden.json", {})
    (tmp_path / "README.md").write_text("about")
    found = [Path(each.where.partition(",")[0]).name for each in read_sources([tmp_path])]
    assert found == ["a.csv", "b.json"]


def test_each_row_of_a_csv_is_a_blueprint(tmp_path: Path) -> None:
    """Texts, lists and JSON have columns of their own; empty cells are not there."""
    header = ["Key", "actionName", "operation", "tags", "inputs", "sharing", "pii", "label"]
    inputs = '[{"name": "Id", "type": "Id"}]'
    row = ["case_x", "XCase", "Update", "Case; Service", inputs, "WITH_SHARING", "", ""]
    found = _one(_csv(tmp_path / "library.csv", header, row))
    assert found.key == "case_x"
    assert found.document == {
        "actionName": "XCase",
        "operation": "Update",
        "tags": ["Case", "Service"],
        "inputs": [{"name": "Id", "type": "Id"}],
        "sharing": "WITH_SHARING",
    }


def test_an_export_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """A byte order mark, blank lines and cells over several lines are nothing special."""
    path = _csv(
        tmp_path / "x.csv", ["name", "summary"], [], ["a", "one\ntwo"], encoding="utf-8-sig"
    )
    assert _one(path).document == {"name": "a", "summary": "one\ntwo"}


@pytest.mark.parametrize("encoded", [False, True])
def test_a_static_resource_holds_all_in_one_cell(
    tmp_path: Path, document: Document, *, encoded: bool
) -> None:
    """The body of an exported resource is an array, plain or as Base64; its other columns are passed over."""
    body = json.dumps([document, document | {"name": "Other"}])
    if encoded:
        body = base64.b64encode(body.encode()).decode()
    path = _csv(tmp_path / "library.csv", ["Id", "Name", "Body"], ["081", "BlueprintLibrary", body])
    found = list(read_sources([path]))
    assert [each.key for each in found] == ["CloseCase", "Other"]
    assert found[0].document == document
    assert found[1].where == f"{path}, line 2, entry 2"


BROKEN: list[tuple[str, str, bytes, str]] = [
    ("no JSON", "x.json", b"{", "no JSON"),
    ("no CSV", "x.csv", b'name\n"a', "no CSV"),
    ("no row", "x.csv", b"name\n", "no row"),
    ("an empty CSV", "x.csv", b"", "no row"),
    ("two columns of one name", "x.csv", b"name,Name\na,b\n", "two columns"),
    ("too many cells", "x.csv", b"name\na,b\n", "2 cells under 1 columns"),
    ("too few cells", "x.csv", b"name,label\na\n", "1 cells under 2 columns"),
    ("an unknown column", "x.csv", b"name,rateLimit\na,5\n", "rateLimit"),
    ("a cell that is no JSON", "x.csv", b"name,inputs\na,[\n", "no JSON"),
    ("a body that is neither", "x.csv", b"Body\nhello\n", "no JSON"),
    ("Latin-1", "x.csv", "name\n\xe9\n".encode("latin-1"), "UTF-8"),
    ("another kind of file", "x.yaml", b"name: a", "Only .json and .csv"),
    ("deep nesting", "x.json", b"[" * 100_000, "deeper"),
    ("deep nesting in a cell", "x.csv", b"Body\n" + b"[" * 100_000, "deeper"),
    ("too large", "x.csv", b"name\n" + b"a" * 9_000_000, "8 MiB"),
    ("too large", "x.json", b" " * 9_000_000, "8 MiB"),
]


@pytest.mark.parametrize(
    ("name", "content", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_is_told_and_harms_no_other(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """What cannot be read is an entry with its error, and the next file is read all the same."""
    broken = tmp_path / name
    broken.write_bytes(content)
    first, second = read_sources([broken, _json(tmp_path / "good.json", {"name": "a"})])
    assert isinstance(first.error, DocumentError)
    assert said in first.error.message
    assert str(broken) in str(first.error.where)
    assert second.document == {"name": "a"}


def test_five_megabytes_are_read(tmp_path: Path) -> None:
    """A file of 5 MB is large and no problem, as JSON and as CSV."""
    large = {"name": "a", "summary": "x" * 5_000_000}
    assert _one(_json(tmp_path / "x.json", large)).document == large
    path = _csv(tmp_path / "x.csv", ["name", "summary"], ["a", large["summary"]])
    assert _one(path).document == large


def test_a_missing_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    """Whatever was named and holds nothing is an error."""
    for path in (tmp_path / "nothing.json", tmp_path / "nothing.csv", tmp_path / "nothing"):
        error = _one(path).error
        assert isinstance(error, DocumentError)
        assert "no such file" in error.message
    assert "holds no" in str(_one(tmp_path).error)


@pytest.mark.parametrize(
    "entry", [7, None, "text", [[]], {"name": "a", "blueprint": {}, "rateLimit": 5}]
)
def test_an_entry_that_is_no_blueprint_is_told(tmp_path: Path, entry: object) -> None:
    """An entry of an array that is no object, or hides something beside its blueprint, has its error."""
    found = _one(_json(tmp_path / "x.json", [entry]))
    assert isinstance(found.error, BlueprintError)
    assert found.where.endswith("entry 1")


def test_an_import_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more entries than an import takes, the rest is told and not read."""
    monkeypatch.setattr(sources, "most_entries", 3)
    found = list(read_sources([_json(tmp_path / "x.json", [{}] * 5)]))
    assert [each.error is None for each in found] == [True, True, True, False]
    assert "More than 3" in str(found[3].error)
