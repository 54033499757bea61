"""Cassettes as files: they read as they were written, and whatever was done to them is named with its line."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import DocumentError
from actwright.regression.cassettes.cassette import (
    Cassette,
    CassetteHeader,
    Interaction,
    PromptStamp,
    RecordedRequest,
    RecordedResponse,
)
from actwright.regression.cassettes.cassette_file import CassetteFile, read_cassette, write_cassette
from actwright.regression.cassettes.texts import SharedTexts

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def cassette(content: str = "Win it", answer: str = "{}\n\n") -> Cassette:
    """Return a cassette of one exchange."""
    body = {"model": "m", "messages": [{"role": "user", "content": content}], "temperature": 0}
    stamp = PromptStamp(
        name="plan", version="3", hash="ab" * 4, templates={"plan/user.md.jinja": "cd"}
    )
    return Cassette(
        header=CassetteHeader(
            origin="scripted",
            case="win",
            case_digest="0" * 64,
            model="1e5",
            prompts=(stamp,),
            recorded_at="2026-11-21T12:00:00.000Z",
            actwright="0.1.0",
        ),
        interactions=(
            Interaction(
                request=RecordedRequest(
                    method="POST", path="/chat/completions", body=json.dumps(body)
                ),
                response=RecordedResponse(
                    status=200, headers={"content-type": ("text/event-stream",)}, body=answer
                ),
            ),
        ),
    )


def kept(folder: Path, made: Cassette | None = None) -> Path:
    """Write a cassette, and return its file."""
    return write_cassette(made or cassette(), folder / "scripted", SharedTexts(folder / "texts"))


def read(path: Path) -> CassetteFile:
    """Read a cassette with the texts beside its folder."""
    return read_cassette(path, SharedTexts(path.parent.parent / "texts"))


def fault(path: Path) -> DocumentError:
    """Return the error that reading a file raises."""
    with pytest.raises(DocumentError) as error:
        read(path)
    return error.value


@given(content=_TEXTS, answer=_TEXTS)
def test_a_cassette_reads_as_it_was_written(content: str, answer: str) -> None:
    """Whatever a request or an answer says: numbers, blanks, lines, controls, other scripts."""
    with TemporaryDirectory() as folder:
        made = cassette(content, answer)
        file = read(kept(Path(folder), made))
        assert file.cassette.header == made.header
        assert file.cassette.interactions[0].response == made.interactions[0].response
        (sent,) = (json.loads(each.request.body) for each in file.cassette.interactions)
        assert sent == json.loads(made.interactions[0].request.body)
        assert file.path.name == made.name


def test_an_answer_that_is_no_text_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 stand there in base64, and say so."""
    made = cassette()
    (one,) = made.interactions
    odd = one.model_copy(
        update={"response": RecordedResponse(status=200, body="/w==", base64=True)}
    )
    file = read(kept(tmp_path, made.model_copy(update={"interactions": (odd,)})))
    assert file.cassette.interactions[0].response == odd.response


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("format: 1", "format: 2", 2, "format 2, and this version reads format 1"),
        ("origin: scripted", "origin: guessed", 3, "origin"),
        ("  case: win", "  cast: win", 4, "unknown field"),
        ("status: 200", "status: 20", 27, "status"),
        ("cassette:", "cassette: [", 3, "no YAML"),
        ("  prompts:\n", "  prompts: []\n  asked:\n", 7, "prompts"),
        ("path: /chat", "path: [/chat", 19, "no YAML"),
    ],
)
def test_what_is_malformed_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    """Another format, another origin, an unknown field, a wrong value, no YAML."""
    path = kept(tmp_path)
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    error = fault(path)
    assert said in error.message
    assert f"line {line}" in str(error.where), path.read_text("utf-8")


def test_a_first_request_that_was_edited_does_not_fit_its_name(tmp_path: Path) -> None:
    """The digest in the name is that of the first request."""
    path = kept(tmp_path)
    path.write_text(path.read_text("utf-8").replace("Win it", "Lose it"), "utf-8")
    assert fault(path).error_code == "cassette_tampered"


def test_a_cassette_that_was_renamed_is_named(tmp_path: Path) -> None:
    """Nobody can pass one case's recording off as another's."""
    path = kept(tmp_path)
    assert fault(path.rename(path.with_name("lose-0000000000000000.yaml"))).error_code == (
        "cassette_tampered"
    )


@pytest.mark.parametrize(
    "content", ["[]", "cassette: 1", "interactions: []", "cassette: {}\ninteractions: [1]"]
)
def test_a_file_that_is_something_else_is_no_cassette(tmp_path: Path, content: str) -> None:
    """Any YAML may lie there; none passes for a cassette."""
    (tmp_path / "scripted").mkdir()
    path = tmp_path / "scripted" / "win-0000000000000000.yaml"
    path.write_text(content, "utf-8")
    assert str(path) in str(fault(path).where)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """What is not there cannot be read."""
    assert "cannot be read" in fault(tmp_path / "texts" / "gone.yaml").message


def test_a_body_that_only_claims_to_be_base64_is_refused(tmp_path: Path) -> None:
    """It is named when the file is read, not when its answer is wanted."""
    path = kept(tmp_path, cassette(answer="answer"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("body: answer", "body: '*'\n    base64: true"), "utf-8")
    assert "response" in fault(path).message
