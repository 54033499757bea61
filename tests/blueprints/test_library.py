"""The library: reading directories, quarantine, names."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from actwright.blueprints.library import Library, bundled_directory, load_library, words
from actwright.errors import BlueprintError, ConfigError, DocumentError

Document = dict[str, Any]


def _write(directory: Path, key: str, document: Document | str) -> Path:
    path = directory / f"{key}.json"
    directory.mkdir(exist_ok=True)
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return path


def _keys(library: Library) -> list[str]:
    return [each.key for each in library.entries]


def test_the_key_is_the_stem_of_the_file(tmp_path: Path, document: Document) -> None:
    """A blueprint is filed under its file's stem, whatever its name."""
    path = _write(tmp_path, "case_close", document)
    (entry,) = load_library([tmp_path]).entries
    assert (entry.key, entry.blueprint.name, entry.path) == ("case_close", "CloseCase", path)


@pytest.mark.parametrize("word", ["case_close", "CASE_CLOSE", "closecase", "CloseCase", "shut"])
def test_key_name_and_alias_find_an_entry_in_any_case(
    tmp_path: Path, document: Document, word: str
) -> None:
    """An entry is found by key, name or alias, in any case."""
    _write(tmp_path, "case_close", document | {"aliases": ["Shut"]})
    found = load_library([tmp_path]).find(word)
    assert found is not None
    assert found.key == "case_close"


def test_nothing_is_found_under_another_word(tmp_path: Path, document: Document) -> None:
    """A word nobody claims finds nothing, and neither does a part of one."""
    _write(tmp_path, "case_close", document)
    library = load_library([tmp_path])
    assert [library.find(each) for each in ("", "case", "Close Case")] == [None, None, None]


def test_entries_are_in_the_order_of_their_keys(tmp_path: Path, document: Document) -> None:
    """Entries are sorted by key, across directories, whatever order the disk has."""
    for directory, key in (("one", "zeta"), ("one", "beta"), ("two", "alpha")):
        _write(tmp_path / directory, key, document | {"name": f"Close{key}"})
    assert _keys(load_library([tmp_path / "one", tmp_path / "two"])) == ["alpha", "beta", "zeta"]


BROKEN: list[tuple[str, str, type[Exception]]] = [
    ("no JSON", "{", DocumentError),
    ("an empty file", "", DocumentError),
    ("a list", "[]", BlueprintError),
    ("a repeated key", '{"name": "A", "name": "B"}', DocumentError),
    ("NaN", '{"name": NaN}', DocumentError),
    ("an unknown field", '{"name": "A", "colour": 1}', BlueprintError),
]


@pytest.mark.parametrize(
    ("text", "kind"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_is_quarantined_and_harms_nobody(
    tmp_path: Path, document: Document, text: str, kind: type[Exception]
) -> None:
    """A file that is no blueprint is set aside with its report; the others are read."""
    _write(tmp_path, "good", document)
    broken = _write(tmp_path, "broken", text)
    library = load_library([tmp_path])
    assert _keys(library) == ["good"]
    (held,) = library.quarantined
    assert held.path == broken
    assert type(held.error) is kind
    assert str(broken) in f"{held.error.message} {held.error.where}"


def test_bytes_that_are_no_utf_8_are_quarantined(tmp_path: Path, document: Document) -> None:
    """A file in another encoding is set aside, not guessed at."""
    (tmp_path / "wide.json").write_bytes(json.dumps(document).encode("utf-16"))
    assert [each.path.name for each in load_library([tmp_path]).quarantined] == ["wide.json"]


def test_a_directory_named_like_a_file_is_quarantined(tmp_path: Path) -> None:
    """What cannot be read at all is reported like any other broken file."""
    (tmp_path / "folder.json").mkdir()
    (held,) = load_library([tmp_path]).quarantined
    assert "cannot be read" in held.error.message


@pytest.mark.parametrize("key", ["Case Close", "CaseClose", "1st", "ünder"])
def test_a_file_name_that_is_no_key_is_quarantined(
    tmp_path: Path, document: Document, key: str
) -> None:
    """A key is made of lower-case letters, digits and underscores."""
    _write(tmp_path, key, document)
    (held,) = load_library([tmp_path]).quarantined
    assert "cannot be a key" in held.error.message
    assert held.error.hint


CLASHES: list[tuple[str, str, Document, str]] = [
    ("one key in any directory", "case_close", {"name": "Other"}, "case_close"),
    ("one name", "other", {}, "closecase"),
    ("one name in another case", "other", {"name": "closeCASE"}, "closecase"),
    ("an alias that is a name", "other", {"name": "Other", "aliases": ["CLOSECASE"]}, "closecase"),
    ("an alias that is a key", "other", {"name": "Other", "aliases": ["case_close"]}, "case_close"),
    ("a key that is a name", "closecase", {"name": "Other"}, "closecase"),
]


@pytest.mark.parametrize(
    ("key", "change", "word"), [row[1:] for row in CLASHES], ids=[row[0] for row in CLASHES]
)
def test_a_second_claim_is_quarantined_naming_both(
    tmp_path: Path, document: Document, key: str, change: Document, word: str
) -> None:
    """Of two files that claim one word the first counts, and the second's report names both."""
    first = _write(tmp_path / "one", "case_close", document)
    second = _write(tmp_path / "two", key, document | change)
    library = load_library([tmp_path / "one", tmp_path / "two"])
    assert _keys(library) == ["case_close"]
    (held,) = library.quarantined
    assert held.error.error_code == "blueprint_clash"
    assert all(each in held.error.message for each in (str(first), str(second), repr(word)))


def test_a_quarantined_file_claims_nothing(tmp_path: Path, document: Document) -> None:
    """A file that was set aside for one clash leaves its other words free for the next."""
    _write(tmp_path, "a", document)
    _write(tmp_path, "b", document | {"aliases": ["shut"]})
    _write(tmp_path, "c", document | {"name": "Shut"})
    assert _keys(load_library([tmp_path])) == ["a", "c"]


def test_an_entry_may_repeat_its_own_words(tmp_path: Path, document: Document) -> None:
    """An alias that is the entry's own name is no clash."""
    _write(tmp_path, "closecase", document | {"aliases": ["CloseCase"]})
    library = load_library([tmp_path])
    assert library.quarantined == ()
    assert words(library.entries[0]) == ("closecase",)


def test_hidden_and_other_files_are_passed_over(tmp_path: Path, document: Document) -> None:
    """An editor's hidden copies and files that are no JSON are none of the library's business."""
    _write(tmp_path, ".case_close", document)
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    assert load_library([tmp_path]) == Library()


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    """A directory that is not there is a wrong configuration, not an empty library."""
    with pytest.raises(ConfigError) as refused:
        load_library([tmp_path / "nowhere"])
    assert refused.value.where == str(tmp_path / "nowhere")


def test_the_curated_library_is_read_by_default() -> None:
    """Without directories, the bundled files are read, all of them, and fast."""
    load_library()
    start = time.perf_counter()
    library = load_library()
    assert time.perf_counter() - start < 0.25
    assert library.quarantined == ()
    assert _keys(library) == sorted(each.stem for each in bundled_directory().glob("*.json"))


@pytest.mark.parametrize(
    ("package", "files"),
    [
        ("site-packages/actwright", "site-packages/actwright/curated/blueprints"),
        ("checkout/src/actwright", "checkout/blueprints"),
    ],
)
def test_the_curated_files_are_found_installed_and_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, files: str
) -> None:
    """The curated files are inside an installed package, and at the top of a checkout."""
    (tmp_path / files).mkdir(parents=True)
    monkeypatch.setattr("actwright.bundled._PACKAGE", tmp_path / package)
    assert bundled_directory() == tmp_path / files


def test_a_damaged_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of that name beside an installed package is none of ours."""
    (tmp_path / "lib" / "blueprints").mkdir(parents=True)
    package = tmp_path / "lib" / "site-packages" / "actwright"
    monkeypatch.setattr("actwright.bundled._PACKAGE", package)
    with pytest.raises(ConfigError, match="missing from this installation"):
        bundled_directory()
