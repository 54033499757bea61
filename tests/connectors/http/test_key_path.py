"""The key in a path: as it is where that is allowed, escaped where it is not, and never on the way to elsewhere."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.connectors.http.key_path import path_of_key
from actwright.errors import ImplementationError


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("run_x:1:g1:1", "/keys/run_x:1:g1:1"),
        ("run_x:1:g1:1:e.1~2-3", "/keys/run_x:1:g1:1:e.1~2-3"),
        ("!$&'()*+,;=:@", "/keys/!$&'()*+,;=:@"),
        ("a/b?c#d%e f\\g", "/keys/a%2Fb%3Fc%23d%25e%20f%5Cg"),
        ("../../admin", "/keys/..%2F..%2Fadmin"),
        ("Zoë\n", "/keys/Zo%C3%AB%0A"),
    ],
)
def test_a_key_stands_in_a_segment_as_rfc_3986_allows(key: str, path: str) -> None:
    """What needs no escape has none, and it is sent like that."""
    assert path_of_key("/keys/{key}", key) == path
    assert httpx2.URL(f"https://host{path}").raw_path.decode() == path


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_a_key_that_is_no_name_is_not_asked_about(key: str) -> None:
    """It would be a question about something else."""
    with pytest.raises(ImplementationError, match="such a key"):
        path_of_key("/keys/{key}", key)


@given(st.text(min_size=1).filter(lambda key: key not in {".", ".."} and key.isprintable()))
def test_every_key_comes_back_as_it_was(key: str) -> None:
    """It is one segment of the path, or one field of the query, and nothing else of the address changes."""
    in_path = urlsplit(path_of_key("/keys/{key}/state?a=1", key))
    assert in_path.path.split("/")[:2] + in_path.path.split("/")[3:] == ["", "keys", "state"]
    assert (unquote(in_path.path.split("/")[2]), in_path.query) == (key, "a=1")
    in_query = urlsplit(path_of_key("/search?ref={key}&a=1", key))
    assert parse_qs(in_query.query, keep_blank_values=True) == {"ref": [key], "a": ["1"]}
