"""Where things stand in a YAML document: each part by the way to it, its key first."""

from __future__ import annotations

import pytest

from actwright.errors import DocumentError
from actwright.yaml_document import Place, parse_yaml, parse_yaml_placed

TEXT = """\
# a comment
first: 1
rules:
  - id: a
    match: {objects: [Lead, "Task"]}

  - id: b
"""


def test_every_part_has_its_place() -> None:
    """Lines and columns count from one; what stands in a map stands where its key does."""
    value, places = parse_yaml_placed(TEXT, where="it")
    assert value == parse_yaml(TEXT, where="it")
    assert places == {
        (): Place(2, 1),
        ("first",): Place(2, 1),
        ("rules",): Place(3, 1),
        ("rules", 0): Place(4, 5),
        ("rules", 0, "id"): Place(4, 5),
        ("rules", 0, "match"): Place(5, 5),
        ("rules", 0, "match", "objects"): Place(5, 13),
        ("rules", 0, "match", "objects", 0): Place(5, 23),
        ("rules", 0, "match", "objects", 1): Place(5, 29),
        ("rules", 1): Place(7, 5),
        ("rules", 1, "id"): Place(7, 5),
    }


def test_it_is_as_strict() -> None:
    """Nothing is read with places that is not read without them."""
    for text in ("a: 1\na: 2", "a: &x 1\nb: *x", "", "- !!int 1"):
        with pytest.raises(DocumentError):
            parse_yaml_placed(text, where="it")
