"""A stream of events reads the same however the network cuts it up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import ModelError, ModelReplyError
from actwright.model.completion import read_stream, read_whole
from actwright.testing.replies import Reply

_TEXT = st.text(st.characters(codec="utf-8"), max_size=120)


def body(reply: Reply, *, stream: bool) -> bytes:
    """Return the body of a reply as it stands on the wire."""
    return reply.wire(stream=stream).partition(b"\r\n\r\n")[2]


def pieces(whole: bytes, cuts: list[int]) -> list[bytes]:
    """Return ``whole`` cut at some places."""
    places = sorted({each % (len(whole) + 1) for each in cuts} | {0, len(whole)})
    return [whole[a:b] for a, b in pairwise(places)]


@given(_TEXT, st.lists(st.integers(0, 10_000), max_size=30))
def test_a_stream_reads_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    """In the middle of a character, of a line end, of anything."""
    *_, last = read_stream(pieces(body(Reply(text=text), stream=True), cuts))
    assert "".join(last.text) == text
    assert last.finish == "stop"


@given(_TEXT)
def test_whole_and_streamed_are_the_same(text: str) -> None:
    """Both ways of answering mean one completion."""
    *_, streamed = read_stream([body(Reply(text=text), stream=True)])
    whole = read_whole(body(Reply(text=text), stream=False))
    assert "".join(whole.text) == "".join(streamed.text)
    assert (whole.finish, whole.model, whole.usage) == (
        streamed.finish,
        streamed.model,
        streamed.usage,
    )


@given(st.integers(0, 2_000))
def test_a_stream_that_is_cut_is_never_taken_for_whole(cut: int) -> None:
    """Up to where the model says that it stops, what came in is no answer."""
    whole = body(Reply(text="a word and another " * 8), stream=True)
    end = whole.index(b'"finish_reason": "stop"')
    with pytest.raises(ModelError):
        list(read_stream([whole[: cut % end]]))


@pytest.mark.parametrize("sent", [b"data: [DONE]", b"data: [DONE]\n\n", b"data:[DONE]\r\n\r\n"])
def test_a_stream_that_only_ends_is_no_completion(sent: bytes) -> None:
    """Where nothing came before the end, there is no answer to speak of."""
    with pytest.raises(ModelReplyError):
        list(read_stream([sent]))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_completion_or_an_error_of_ours(sent: bytes) -> None:
    """Whole or as a stream, nothing else is raised."""
    with pytest.raises(ModelReplyError):
        read_whole(sent)
    with pytest.raises(ModelError):
        list(read_stream([sent]))
