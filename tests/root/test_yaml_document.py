"""Strict reading of YAML documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actwright import yaml_document
from actwright.errors import DocumentError
from actwright.yaml_document import largest_yaml, parse_yaml, read_yaml

_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
)


@pytest.fixture(params=["fast", "plain"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with either of PyYAML's parsers: both must give the same answers."""
    if request.param == "plain":
        monkeypatch.setattr(yaml_document, "_LOADER", yaml.SafeLoader)
    return str(request.param)


@given(value=JSON)
@pytest.mark.usefixtures("loader")
def test_json_is_read_as_json(value: Any) -> None:
    """Whatever JSON says, YAML says the same."""
    assert parse_yaml(json.dumps(value), where="x") == value


@given(text=st.text(max_size=60) | st.binary(max_size=60))
def test_nothing_but_a_document_error_escapes(text: str | bytes) -> None:
    """Any text or bytes at all are either read or refused with the document's name."""
    try:
        parse_yaml(text, where="spec.yaml")
    except DocumentError as refused:
        where = refused.where or ""
    else:
        where = "spec.yaml"
    assert where.startswith("spec.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "True",
        "NULL",
        "12:30",
        "1:2:3",
        "2026-11-21",
        "2026-11-21 10:00:00",
        "007",
        "0o17",
        "0x1f",
        "1_000",
        "~",
        ".inf",
        ".nan",
        "+1",
        "1.",
        ".5",
        "=",
        "<<",
    ],
)
def test_words_stay_words(text: str) -> None:
    """What older YAML turns into truth values, dates and odd numbers stays text, as value and as key."""
    assert parse_yaml(f"a: {text}", where="x") == {"a": text}
    assert parse_yaml(f"{text}: a", where="x") == {text: "a"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("-12", -12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("'12'", "12"),
        ('"true"', "true"),
        ("[1, a]", [1, "a"]),
    ],
)
def test_plain_json_values_are_typed(text: str, value: object) -> None:
    """Truth values, null, and numbers as JSON writes them are read as such; quotes keep them text."""
    read = parse_yaml(f"a: {text}", where="x")
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_a_key_is_always_text() -> None:
    """A number or a truth value as a key is its own text."""
    assert parse_yaml("{1: a, true: b, null: c}", where="x") == {"1": "a", "true": "b", "null": "c"}


def test_blocks_and_comments_are_read() -> None:
    """Folded and literal blocks are text, comments are nothing."""
    text = "# a comment\na: |\n  one\n  two\nb: >\n  three\n  four\n"
    assert parse_yaml(text, where="x") == {"a": "one\ntwo\n", "b": "three four\n"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3", "line 3, column 1", "twice"),
        ("a: &x 1\nb: *x", "line 1, column 4", "anchor"),
        ("a: *x", "line 1, column 4", "alias"),
        ("a:\n  - !!python/object:os.system x", "line 2, column 5", "tag"),
        ("a: !!str 1", "line 1, column 4", "tag"),
        ("a: ! 1", "line 1, column 4", "tag"),
        ("%YAML 1.1\n---\na: 1", "line 1, column 1", "directive"),
        ("a: 1\n---\nb: 2", "line 2, column 1", "second document"),
        ("? [1, 2]\n: x", "line 1, column 3", "key"),
        ("a:\n\t- 1", "line 2, column 1", "no YAML"),
        ("a: b: c", "line 1, column 5", "no YAML"),
        ("a: 1e999", "line 1, column 4", "too large"),
        (f"a: {'9' * 5000}", "line 1, column 4", "too large"),
        ("- " * 70 + "x", "line 1", "deeper than 64"),
    ],
)
def test_what_yaml_would_forgive_is_refused_with_its_place(
    text: str, place: str, words: str
) -> None:
    """Every refusal names the file, the line and the column, and says what to do."""
    with pytest.raises(DocumentError) as refused:
        parse_yaml(text, where="spec.yaml")
    assert words in refused.value.message
    assert f"spec.yaml, {place}" in str(refused.value.where)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_an_empty_document_is_refused(text: str) -> None:
    """Nothing at all is no document."""
    with pytest.raises(DocumentError, match="empty"):
        parse_yaml(text, where="x")


@pytest.mark.parametrize("text", ["a: \x00", b"a: \xff", '"\\ud800"', "a: \ud800", "a: \x1b[2J"])
def test_unreadable_characters_are_refused(text: str | bytes) -> None:
    """Control characters, half characters and bytes that are no UTF-8 never get in."""
    with pytest.raises(DocumentError):
        parse_yaml(text, where="x")


def test_a_bomb_of_aliases_is_refused() -> None:
    """Nine lines that would unfold into a billion items are refused at the first anchor."""
    lines = ['a: &a ["lol"]']
    lines += [
        f"{y}: &{y} [{', '.join([f'*{x}'] * 9)}]"
        for x, y in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(DocumentError, match="anchor"):
        parse_yaml("\n".join(lines), where="x")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_ends_early(opening: str) -> None:
    """A million levels are refused at the sixty-fifth, whatever opens them."""
    with pytest.raises(DocumentError):
        parse_yaml(opening * (largest_yaml // len(opening)), where="x")


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    """A file is read by its path, and its path stands in every error."""
    path = tmp_path / "spec.yaml"
    path.write_text("name: sales\n", encoding="utf-8")
    assert read_yaml(path) == {"name": "sales"}
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(DocumentError) as refused:
        read_yaml(path)
    assert str(path) in str(refused.value.where)


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path: Path) -> None:
    """Five megabytes are not read, and a missing file is named."""
    path = tmp_path / "large.yaml"
    path.write_text("a: " + "x" * 5_000_000, encoding="utf-8")
    with pytest.raises(DocumentError, match="larger than 1 MiB"):
        read_yaml(path)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_yaml(tmp_path / "missing.yaml")
