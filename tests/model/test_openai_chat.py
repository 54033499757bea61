"""A model is asked over real HTTP: retries, deadlines, dialects, streams, and every way an answer can go wrong."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from email.utils import format_datetime

import pytest
from tests.model.scripted import KEY, Ask, ChatTo, request

from actwright.canonical import Json
from actwright.errors import (
    ConfigError,
    ModelAuthenticationError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from actwright.model.chat import TokenUsage
from actwright.model.openai_chat import OpenAIChat
from actwright.testing import FixedClock
from actwright.testing.model_server import ModelRequest, ScriptedModel
from actwright.testing.replies import Reply

GOOD = Reply(text='{"word": "yes"}')


def test_a_reply_comes_with_its_usage_and_its_model(ask: Ask) -> None:
    """What the service says about itself is kept."""
    usage: dict[str, Json] = {
        "prompt_tokens": 7,
        "completion_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 5},
    }
    with ScriptedModel([Reply(text="hello", model="m-2026", usage=usage)]) as model:
        reply = ask(model)
    assert (reply.text, reply.finish, reply.model) == ("hello", "stop", "m-2026")
    assert reply.usage == TokenUsage(input=7, output=3, cached=5)
    assert (reply.attempts, reply.mode) == (1, "json_schema")
    assert 0 < reply.seconds < 10


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"prompt_tokens": -1, "completion_tokens": 2},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 9, "completion_tokens": 0},
        {"prompt_tokens": True},
        {"prompt_tokens": "9"},
    ],
)
def test_tokens_are_estimated_where_the_service_does_not_count(
    ask: Ask, usage: dict[str, Json] | None
) -> None:
    """Nonsense is no count."""
    with ScriptedModel([Reply(text="hello there", usage=usage)]) as model:
        reply = ask(model)
    assert reply.usage.estimated
    assert reply.usage.output == 4


def test_what_is_sent_is_the_wire_contract(ask: Ask) -> None:
    """The path, the key, the model, the messages, the schema, and that no compression is wanted."""
    with ScriptedModel([GOOD]) as model:
        ask(model)
    sent = model.requests[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.body["messages"] == [
        {"role": "system", "content": "You plan."},
        {"role": "user", "content": "Plan this."},
    ]
    assert set(sent.body) == {
        "model", "messages", "max_completion_tokens", "temperature", "response_format"
    }  # fmt: skip


def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    """What the client would read by itself counts for nothing."""
    for name in ("API_KEY", "BASE_URL", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://127.0.0.1:1/from-environment")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "X-Sneaky: from-environment\nAuthorization: Bearer x"
    )
    with ScriptedModel([GOOD]) as model:
        ask(model)
    assert "from-environment" not in str(model.requests[0].headers)
    assert model.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(ask: Ask, status: int) -> None:
    """Two failures and then an answer: three requests."""
    with ScriptedModel([Reply.error(status), Reply.error(status), GOOD]) as model:
        assert ask(model).attempts == 3


@pytest.mark.parametrize(
    "bad",
    [
        Reply(raw=b"no http at all\r\n\r\n"),
        Reply(raw=b""),
        Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-ty"),
        Reply(text="cut short", cut=30),
    ],
)
def test_a_connection_that_breaks_off_is_tried_again(ask: Ask, bad: Reply) -> None:
    """No HTTP, nothing at all, cut in the headers, cut in the body."""
    with ScriptedModel([bad, GOOD]) as model:
        assert ask(model).text == GOOD.text


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (Reply.error(429), ModelBusyError),
        (Reply.error(500), ModelBusyError),
        (Reply.error(408), ModelTimeoutError),
        (Reply(text="cut", cut=30), ModelUnreachableError),
    ],
)
def test_a_lasting_failure_is_given_up(ask: Ask, bad: Reply, expected: type[ModelError]) -> None:
    """After four tries, which are counted in the message."""
    with ScriptedModel([bad] * 4) as model, pytest.raises(expected, match="tried 4 times"):
        ask(model)


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (Reply.error(401), ModelAuthenticationError),
        (Reply.error(403), ModelAuthenticationError),
        (Reply.error(404, "The model does not exist."), ModelRefusedError),
        (Reply.error(400, "Bad request."), ModelRefusedError),
        (Reply.error(429, code="insufficient_quota"), ModelBusyError),
        (Reply(status=302, headers={"location": "http://127.0.0.1:1/"}), ModelUnreachableError),
    ],
)
def test_what_trying_again_cannot_mend_is_asked_once(
    ask: Ask, bad: Reply, expected: type[ModelError]
) -> None:
    """One request, and the error."""
    with ScriptedModel([bad]) as model, pytest.raises(expected):
        ask(model)


def test_retry_after_is_waited_for(ask: Ask) -> None:
    """Half a second asked for is half a second waited."""
    busy = Reply.error(429, headers={"retry-after-ms": "500"})
    with ScriptedModel([busy, GOOD]) as model:
        begun = time.monotonic()
        ask(model)
    assert time.monotonic() - begun >= 0.5


@pytest.mark.parametrize("header", ["3600", "Sat, 21 Nov 2026 16:00:00 GMT"])
def test_a_wait_beyond_the_deadline_is_not_begun(header: str) -> None:
    """Seconds or a date: it gives up at once and says why."""
    clock = FixedClock()
    with ScriptedModel([Reply.error(503, headers={"retry-after": header})]) as model:
        chat = OpenAIChat(base_url=model.base_url, api_key=KEY, clock=clock)
        begun = time.monotonic()
        with pytest.raises(ModelBusyError, match="asks to wait 3600 s, and"):
            chat.complete(request(), deadline=begun + 5)
        chat.close()
    assert time.monotonic() - begun < 2


def test_a_date_to_wait_for_counts_from_the_clock() -> None:
    """A date that has passed on our clock is no wait."""
    clock = FixedClock()
    busy = Reply.error(429, headers={"retry-after": format_datetime(clock.now(), usegmt=True)})
    with ScriptedModel([busy, GOOD]) as model:
        chat = OpenAIChat(base_url=model.base_url, api_key=KEY, clock=clock)
        assert chat.complete(request(), deadline=time.monotonic() + 5).attempts == 2
        chat.close()


_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
_EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: "


@pytest.mark.parametrize(
    "slow",
    [
        Reply(silent=True),
        Reply(text="never", delay=30),
        Reply(text="byte by byte", drip=0.2),
        Reply(raw=_HEAD, drip=0.002, endless=True),
        Reply(raw=_EVENTS, drip=0.002, endless=True),
    ],
    ids=["silent", "late", "slow-headers", "endless-body", "endless-stream"],
)
def test_no_server_outlives_the_deadline(ask: Ask, slow: Reply) -> None:
    """Silence, a byte every fifth of a second, a body without end: one second is one second."""
    with ScriptedModel([slow]) as model:
        begun = time.monotonic()
        with pytest.raises(ModelTimeoutError):
            ask(model, seconds=1.0, progress=lambda _: None)
        assert time.monotonic() - begun < 1.6


def test_a_deadline_that_is_over_asks_nothing(ask: Ask) -> None:
    """No request is made for an answer nobody waits for."""
    with ScriptedModel() as model, pytest.raises(ModelTimeoutError, match="No time was left"):
        ask(model, seconds=-1)


def test_a_service_nobody_runs_is_unreachable(chat_to: ChatTo) -> None:
    """A refused connection is tried again and then named."""
    model = ScriptedModel()
    with model:
        chat = chat_to(model, attempts=2)
    with pytest.raises(ModelUnreachableError, match="tried 2 times") as caught:
        chat.complete(request(), deadline=time.monotonic() + 5)
    assert caught.value.where == model.base_url


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welcome</html>",
        b"[]",
        b"null",
        b"{}",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [null]}',
        b'{"choices": [{"message": "text"}]}',
        b'{"choices": [{"message": {"content": ["text"]}}]}',
        b'{"choices": [{"message": {"content": "a"}}], "choices": []}',
        b'{"choices": [{"message": {"content": NaN}}]}',
        b'{"choices": ' + b"[" * 50_000,
        b"\xff\xfe",
        b"x" * 10_000_000,
        json.dumps({"choices": [{"message": {"content": "x" * 2_000_000}}]}).encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_an_answer_that_is_no_completion_is_told(ask: Ask, body: bytes) -> None:
    """Once, whatever it is: a page, nothing, other shapes, ten megabytes."""
    with ScriptedModel([Reply(body=body)]) as model, pytest.raises(ModelReplyError):
        ask(model)


def test_a_wrong_content_type_does_not_matter(ask: Ask) -> None:
    """What counts is what the body holds."""
    with ScriptedModel([Reply(text="yes", headers={"content-type": "text/html"})]) as model:
        assert ask(model).text == "yes"


def test_a_compressed_answer_is_not_unfolded(ask: Ask) -> None:
    """A hundred megabytes in a hundred kilobytes are not unpacked: none was asked for."""
    bomb = gzip.compress(b" " * 50_000_000)
    with (
        ScriptedModel([Reply(body=bomb, headers={"content-encoding": "gzip"})]) as model,
        pytest.raises(ModelReplyError, match="compressed"),
    ):
        ask(model)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_an_error_of_ten_megabytes_is_cut_off(ask: Ask, status: int) -> None:
    """An error's body is bounded like any other."""
    with (
        ScriptedModel([Reply(status=status, body=b"x" * 10_000_000)]) as model,
        pytest.raises(ModelReplyError, match="larger than"),
    ):
        ask(model)


@pytest.mark.parametrize(
    ("reply", "finish"),
    [
        (Reply(text="a", finish="length"), "length"),
        (Reply(text=None, finish="content_filter"), "content_filter"),
        (Reply(text=None, finish="tool_calls", tool_calls=({"id": "1"},)), "tool_calls"),
        (Reply(text="a", finish="stop", tool_calls=({"id": "1"},)), "tool_calls"),
        (Reply(text="a", finish="function_call"), "tool_calls"),
        (Reply(text="a", finish="bored"), "other"),
        (Reply(text="a", finish=None), "other"),
    ],
)
@pytest.mark.parametrize("progress", [None, lambda _: None], ids=["whole", "stream"])
def test_why_the_model_stopped_is_kept(
    ask: Ask, reply: Reply, finish: str, progress: Callable[[int], None] | None
) -> None:
    """Only `stop` means that the answer is whole; a reason nobody knows does not."""
    with ScriptedModel([reply]) as model:
        assert ask(model, progress=progress).finish == finish


@pytest.mark.parametrize("progress", [None, lambda _: None], ids=["whole", "stream"])
def test_a_refusal_is_no_answer(ask: Ask, progress: Callable[[int], None] | None) -> None:
    """What the model says instead of answering is kept apart."""
    with ScriptedModel([Reply(text=None, refusal="I would rather not.")]) as model:
        reply = ask(model, progress=progress)
    assert (reply.text, reply.refusal) == ("", "I would rather not.")


def test_a_stream_tells_its_progress(ask: Ask) -> None:
    """With somebody listening the answer is streamed, and reads the same."""
    told: list[int] = []
    with ScriptedModel([Reply(text="0123456789" * 100)]) as model:
        reply = ask(model, progress=told.append)
    assert reply.text == "0123456789" * 100
    assert reply.usage == TokenUsage(input=100, output=20)
    assert told == sorted(told)
    assert 3 <= len(told) <= 6
    assert model.requests[0].body["stream"] is True


def test_a_service_that_does_not_stream_is_read_whole(ask: Ask) -> None:
    """Asked for a stream, it answers in one piece."""
    body = Reply(text="whole").wire(stream=False).partition(b"\r\n\r\n")[2]
    with ScriptedModel([Reply(body=body)]) as model:
        assert ask(model, progress=lambda _: None).text == "whole"


@pytest.mark.parametrize("cut", [10, 150, 400])
def test_a_stream_that_is_cut_is_tried_again(ask: Ask, cut: int) -> None:
    """In an event, between two, anywhere before the end."""
    long = "a word and another " * 10
    with ScriptedModel([Reply(text=long, cut=cut), Reply(text=long)]) as model:
        assert ask(model, progress=lambda _: None).text == long


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (b"data: no json\n\n", ModelReplyError),
        (b"data: []\n\n", ModelReplyError),
        (b'data: {"choices": 7}\n\n', ModelReplyError),
        (b'data: {"choices": [{"delta": {"content": 7}}]}\n\n', ModelReplyError),
        (b'data: {"error": {"message": "overloaded"}}\n\n', ModelUnreachableError),
        (b"nothing of the kind\n\n", ModelUnreachableError),
        (b"data: " + b"x" * 9_000_000, ModelReplyError),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
def test_garbage_in_a_stream_is_told(
    chat_to: ChatTo, events: bytes, expected: type[ModelError]
) -> None:
    """An event that is no part of a completion, an error in the middle, a line without end."""
    reply = Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + events)
    with ScriptedModel([reply]) as model, pytest.raises(expected):
        chat_to(model, attempts=1).complete(
            request(progress=lambda _: None), deadline=time.monotonic() + 5
        )


def test_comments_and_line_ends_of_a_stream_are_read(ask: Ask) -> None:
    """Servers send keep-alive comments, carriage returns, and data in several lines."""
    events = (
        b": keep-alive\r\n\r\n"
        b'data: {"choices": [{"delta":\r\ndata:  {"content": "a"}}]}\r\n\r\n'
        b'event: message\ndata: {"choices": [{"delta": {"content": "b"}, "finish_reason": "stop"}]}\n\n'
        b"data: [DONE]\n\n"
    )
    reply = Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + events)
    with ScriptedModel([reply]) as model:
        assert ask(model, progress=lambda _: None).text == "ab"


def picky(*, knows: str) -> Callable[[ModelRequest], Reply]:
    """Return a service that knows one form of structured output and complains about others."""

    def answer(asked: ModelRequest) -> Reply:
        wanted = asked.body.get("response_format")
        kind = wanted["type"] if isinstance(wanted, dict) else "text"
        if kind != knows:
            return Reply.error(400, f"Unsupported {kind}.", param="response_format")
        if "temperature" in asked.body:
            return Reply.error(400, "Only the default is supported.", param="temperature")
        if "max_tokens" not in asked.body:
            return Reply.error(422, "Extra inputs are not permitted: max_completion_tokens")
        return GOOD

    return answer


@pytest.mark.parametrize(
    ("knows", "requests"), [("json_schema", 3), ("json_object", 4), ("text", 5)]
)
def test_a_service_without_structured_output_is_asked_in_another_way(
    chat_to: ChatTo, knows: str, requests: int
) -> None:
    """Down the ladder at once, and from then on in the way it knows."""
    with ScriptedModel(picky(knows=knows)) as model:
        chat = chat_to(model, attempts=1)
        first = chat.complete(request(), deadline=time.monotonic() + 5)
        second = chat.complete(request(), deadline=time.monotonic() + 5)
    assert (first.mode, first.attempts) == (knows, requests)
    assert (second.mode, second.attempts) == (knows, 1)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host/v1",
        "ftp://host/v1",
        "http://",
        "http://user:word@host/v1",
        "http://host:port/v1",
        "http://[::1/v1",
    ],
)
def test_a_base_url_that_cannot_be_asked_is_refused(url: str) -> None:
    """At once, with what it must look like, and without what may be secret in it."""
    if not url:
        assert (
            repr(OpenAIChat(base_url=None, api_key=KEY))
            == "OpenAIChat('https://api.openai.com/v1')"
        )
        return
    with pytest.raises(ConfigError) as caught:
        OpenAIChat(base_url=url, api_key=KEY)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "tab\t"])
def test_a_key_that_cannot_be_sent_is_refused_unseen(key: str) -> None:
    """The error names the setting and not the key."""
    with pytest.raises(ConfigError) as caught:
        OpenAIChat(base_url=None, api_key=key)
    assert key not in str(caught.value.as_dict())


def test_no_key_is_said_so() -> None:
    """Before any request."""
    with pytest.raises(ModelAuthenticationError, match="no key"):
        OpenAIChat(base_url=None, api_key="")
