"""Strict reading of JSON documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from actwright.contract import Contract, known_fields
from actwright.document import largest_document, parse_json, read_json, validated
from actwright.errors import DocumentError, PlanError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
)


class Wheel(Contract):
    """A part of the document below."""

    bolt_count: int
    spare: bool = False


class Cart(Contract):
    """A document to read."""

    name: str = Field(max_length=20)
    wheels: tuple[Wheel, ...] = ()
    by_side: dict[str, Wheel] = Field(default_factory=dict)


@given(JSON)
def test_any_json_is_read_as_it_is(value: Any) -> None:
    """Whatever is plain JSON is read unchanged, from text and from bytes."""
    text = json.dumps(value)
    assert parse_json(text, where="x") == value
    assert parse_json(text.encode(), where="x") == value


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_nothing_but_a_document_error_escapes(text: str | bytes) -> None:
    """Any text or bytes at all are either read or refused with the document's name."""
    try:
        parse_json(text, where="plan.json")
    except DocumentError as refused:
        where = refused.where
    else:
        where = "plan.json"
    assert where is not None
    assert where.startswith("plan.json")


FORGIVEN: list[tuple[str, str | bytes]] = [
    ("a repeated key", '{"a": 1, "a": 2}'),
    ("a repeated key deep inside", '[{"a": {"b": 1, "b": 1}}]'),
    ("NaN", "[NaN]"),
    ("infinity", '{"a": -Infinity}'),
    ("a number too large", "1e999"),
    ("UTF-16", '{"a": 1}'.encode("utf-16")),
    ("a byte order mark", b'\xef\xbb\xbf{"a": 1}'),
    ("bytes that are no UTF-8", b'{"a": "\xff"}'),
    ("sixty-five levels", "[" * 65 + "]" * 65),
    ("a hundred thousand levels", "[" * 100_000),
    ("an integer too long", "1" * 5000),
    ("two documents", "{} {}"),
    ("a trailing comma", "[1,]"),
]


@pytest.mark.parametrize("text", [row[1] for row in FORGIVEN], ids=[row[0] for row in FORGIVEN])
def test_what_a_lenient_parser_forgives_is_refused(text: str | bytes) -> None:
    """What means different things to different readers is no document."""
    with pytest.raises(DocumentError) as refused:
        parse_json(text, where="plan.json")
    assert str(refused.value.where).startswith("plan.json")


def test_sixty_four_levels_are_read() -> None:
    """The deepest allowed document is read."""
    assert parse_json("[" * 63 + "1" + "]" * 63, where="x") is not None


def test_a_syntax_error_names_line_and_column() -> None:
    """The place of a syntax error is told by line and column."""
    with pytest.raises(DocumentError) as refused:
        parse_json('{\n  "a": ]\n}', where="plan.json")
    assert refused.value.where == "plan.json, line 2, column 8"


def test_a_document_too_large_is_not_parsed(tmp_path: Path) -> None:
    """A text or a file above the limit is refused by its size."""
    with pytest.raises(DocumentError, match="larger than 8 MiB"):
        parse_json(" " * (largest_document + 1), where="x")
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(largest_document + 1)
    with pytest.raises(DocumentError, match="larger than 8 MiB"):
        read_json(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is refused with its path and the system's reason."""
    with pytest.raises(DocumentError, match="No such file") as refused:
        read_json(tmp_path / "none.json")
    assert refused.value.where == str(tmp_path / "none.json")


def test_a_broken_contract_names_each_path_and_the_way_out() -> None:
    """All faults come in one error of the asked-for kind, with the first one's path and the schema's name."""
    with pytest.raises(PlanError) as refused:
        validated(
            Cart,
            {"name": "x" * 21, "wheels": [{"boltCount": "many"}], "colour": 1},
            where="cart.json",
            error=PlanError,
        )
    assert "cart.json breaks its contract: " in refused.value.message
    assert "name: " in refused.value.message
    assert "wheels[0].boltCount: " in refused.value.message
    assert "colour: unknown field; allowed: bySide, name, wheels" in refused.value.message
    assert refused.value.where == "name"
    assert "actwright schema Cart" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"name": "a", "wheels": [{"boltCount": 1, "x": 1}]}, "wheels[0].x"),
        ({"name": "a", "bySide": {"left": {"boltCount": 1, "x": 1}}}, "bySide.left.x"),
    ],
)
def test_an_unknown_field_is_answered_with_those_of_its_own_part(
    document: dict[str, Any], path: str
) -> None:
    """The allowed fields are those of the part the unknown one stands in."""
    with pytest.raises(DocumentError) as refused:
        validated(Cart, document, where="cart.json")
    assert f"{path}: unknown field; allowed: boltCount, spare" in refused.value.message


def test_a_flood_of_faults_is_cut_short() -> None:
    """A hostile document cannot make an error message of any length it likes."""
    flood = {f"{'k' * 5000}{index}": 1 for index in range(100)}
    with pytest.raises(DocumentError) as refused:
        validated(Cart, {"name": "a", **flood}, where="cart.json")
    assert "and 88 more" in refused.value.message
    assert len(refused.value.message) < 3000


def test_known_fields_are_wire_names() -> None:
    """The fields at a place are given by the names they have on the wire, sorted."""
    assert known_fields(Cart, ()) == ("bySide", "name", "wheels")
    assert known_fields(Cart, ("wheels", 3)) == ("boltCount", "spare")
