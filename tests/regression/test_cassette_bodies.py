"""Bodies of requests: one digest for all that mean the same, and long texts that are kept apart and come back whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from actwright.canonical import Json
from actwright.errors import DocumentError
from actwright.regression.cassettes.bodies import body_digest, folded, references, unfolded
from actwright.regression.cassettes.texts import SharedTexts

_EXACT = 2**53 - 1
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-_EXACT, _EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
_DOCUMENTS = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_CONTENTS = st.text(st.sampled_from("ab\n\r\u2028é "), max_size=60).map(lambda text: text * 12)


@given(_DOCUMENTS)
def test_the_digest_is_that_of_the_canonical_json(document: Json) -> None:
    """However the numbers, the keys and the texts look, the fast way writes what RFC 8785 says."""
    body = json.dumps(document).encode()
    try:
        canonical = rfc8785.dumps(json.loads(body))
    except rfc8785.CanonicalizationError:
        canonical = body
    assert body_digest(body) == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize(
    "body", [b'{"a": 1e-7}', b'{"a": 1e21}', '{"\U0001f600": 1, "\ufb33": 2}'.encode()]
)
def test_what_python_writes_otherwise_goes_the_slow_way(body: bytes) -> None:
    """Tiny and huge numbers, and keys whose order differs, have the digest of RFC 8785 too."""
    assert body_digest(body) == hashlib.sha256(rfc8785.dumps(json.loads(body))).hexdigest()


def test_a_body_that_is_no_json_has_the_digest_of_its_bytes() -> None:
    """What cannot be read is still told apart."""
    assert body_digest(b"{") == hashlib.sha256(b"{").hexdigest()


@given(st.lists(_CONTENTS, max_size=3))
def test_a_folded_body_comes_back_whole(contents: list[str]) -> None:
    """Whatever its lines end with, and however long they are."""
    body: dict[str, Json] = {
        "model": "m",
        "messages": [{"role": "user", "content": each} for each in contents],
        "response_format": {"type": "json_schema", "$ref": 1},
    }
    with TemporaryDirectory() as folder:
        texts = SharedTexts(Path(folder))
        kept = folded(body, texts)
        assert unfolded(kept, SharedTexts(Path(folder)), where="here") == body
        assert texts.names() == set(references(kept))


def test_what_two_bodies_share_is_kept_once(tmp_path: Path) -> None:
    """The system's message is one file, and so is a long line."""
    texts = SharedTexts(tmp_path)
    system: Json = {"role": "system", "content": "rules\n" * 5_000}
    for goal in ("one", "two"):
        line = "x" * 300
        folded({"messages": [system, {"role": "user", "content": f"{line}\n{goal}"}]}, texts)
    assert len(texts.names()) == 2


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [("another", "text_tampered", "was edited"), (None, "text_missing", "No such file")],
)
def test_a_shared_text_that_was_touched_is_named(
    tmp_path: Path, content: str | None, code: str, said: str
) -> None:
    """A text that is another one, or that is gone, is no text."""
    name = SharedTexts(tmp_path).keep("some text")
    path = tmp_path / f"{name}.txt"
    path.unlink()
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(DocumentError) as error:
        SharedTexts(tmp_path).get(name, where="a.yaml")
    assert error.value.error_code == code
    assert said in str(error.value)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, ""])
def test_a_reference_that_is_no_digest_leads_nowhere(tmp_path: Path, name: str) -> None:
    """No path out of the folder can be written into a cassette."""
    with pytest.raises(DocumentError, match="named by no digest"):
        SharedTexts(tmp_path).get(name, where="a.yaml")


def test_a_part_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A part of a message is a text, or a reference to one."""
    body: dict[str, Json] = {"messages": [{"role": "user", "content": [7]}]}
    with pytest.raises(DocumentError, match="neither a text nor a reference"):
        unfolded(body, SharedTexts(tmp_path), where="a.yaml")


@pytest.mark.parametrize("content", [b"\xff", b"{", b"[" * 200])
def test_a_shared_schema_nobody_can_read_is_refused(tmp_path: Path, content: bytes) -> None:
    """Its digest may be right, and it may still be no text, no JSON, or too deep."""
    name = hashlib.sha256(content).hexdigest()
    (tmp_path / f"{name}.txt").write_bytes(content)
    with pytest.raises(DocumentError) as error:
        unfolded({"response_format": {"text": name}}, SharedTexts(tmp_path), where="a.yaml")
    assert name in str(error.value.where)
