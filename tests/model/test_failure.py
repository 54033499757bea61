"""Every error of the client and of its HTTP library has a place in our tree."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import httpx2
import openai
import pytest

from actwright.errors import (
    ModelAuthenticationError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from actwright.model.failure import CLIENT_ERRORS, Failure, failure_of

REQUEST = httpx2.Request("POST", "https://host/v1/chat/completions")


def subclasses(base: type[BaseException]) -> Iterator[type[BaseException]]:
    """Yield a class and all that inherit from it."""
    yield base
    for each in base.__subclasses__():
        yield from subclasses(each)


def made(kind: type[BaseException]) -> BaseException:
    """Return an error of that class, with what its constructor insists on."""
    response = httpx2.Response(getattr(kind, "status_code", 500), request=REQUEST)
    offered = {
        "message": "It failed.",
        "request": REQUEST,
        "response": response,
        "body": None,
        "completion": None,
        "unsent_messages": [],
        "symbol": "Completion",
    }
    parameters = inspect.signature(kind.__init__).parameters
    wanted = {
        name: offered[name]
        for name, each in parameters.items()
        if name in offered and (each.default is inspect.Parameter.empty or name == "request")
    }
    if kind is openai.LengthFinishReasonError:
        wanted["completion"] = type("Completion", (), {"usage": None})()
    return kind(**wanted)


def mapped(error: BaseException) -> Failure:
    """Return what becomes of an error."""
    assert isinstance(error, Exception)
    return failure_of(error, where="https://host/v1", redacted=lambda text: text)


ALL = sorted(
    {
        each
        for base in (
            openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.CookieConflict, httpx2.StreamError
        )
        for each in subclasses(base)
    },
    key=lambda each: (each.__module__, each.__name__),
)  # fmt: skip


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_of_the_layers_below_is_mapped(kind: type[BaseException]) -> None:
    """Each is caught, and becomes one of our errors with a place."""
    error = made(kind)
    assert isinstance(error, CLIENT_ERRORS)
    failure = mapped(error)
    assert isinstance(failure.error, ModelError)
    assert failure.error.message.endswith(".")


def test_the_list_of_errors_is_not_empty() -> None:
    """Should the library move its errors, this test would be the first to know."""
    names = {each.__name__ for each in ALL}
    assert len(names) > 40
    assert {"RateLimitError", "APITimeoutError", "ReadTimeout", "RemoteProtocolError"} <= names


@pytest.mark.parametrize(
    "kind",
    [each for each in ALL if issubclass(each, httpx2.RequestError)],
    ids=lambda kind: kind.__name__,
)
def test_an_error_is_the_same_wrapped_by_the_client(kind: type[BaseException]) -> None:
    """What the client hides behind its connection error is found again."""
    bare, wrapped = made(kind), openai.APIConnectionError(request=REQUEST)
    wrapped.__cause__ = bare
    assert type(mapped(wrapped).error) is type(mapped(bare).error)


@pytest.mark.parametrize(
    ("status", "expected", "code", "again"),
    [
        (301, ModelUnreachableError, "model_redirected", False),
        (307, ModelUnreachableError, "model_redirected", False),
        (400, ModelRefusedError, "model_request_refused", False),
        (401, ModelAuthenticationError, "model_authentication", False),
        (402, ModelRefusedError, "model_request_refused", False),
        (403, ModelAuthenticationError, "model_authentication", False),
        (404, ModelRefusedError, "model_unknown", False),
        (408, ModelTimeoutError, "model_timeout", True),
        (409, ModelBusyError, "model_busy", True),
        (413, ModelRefusedError, "model_request_refused", False),
        (422, ModelRefusedError, "model_request_refused", False),
        (429, ModelBusyError, "model_busy", True),
        (500, ModelBusyError, "model_busy", True),
        (503, ModelBusyError, "model_busy", True),
        (529, ModelBusyError, "model_busy", True),
    ],
)
def test_every_status_has_a_meaning(
    status: int, expected: type[ModelError], code: str, *, again: bool
) -> None:
    """Which error, and whether trying again may help."""
    response = httpx2.Response(status, request=REQUEST)
    body = {"message": "No.", "code": None, "param": None, "type": "t"}
    failure = mapped(openai.APIStatusError("No.", response=response, body=body))
    assert type(failure.error) is expected
    assert (failure.error.error_code, failure.again) == (code, again)


def test_a_quota_that_is_used_up_is_not_tried_again() -> None:
    """Waiting does not fill an account."""
    response = httpx2.Response(429, request=REQUEST)
    body = {"message": "You exceeded your quota.", "code": "insufficient_quota", "type": "t"}
    failure = mapped(openai.RateLimitError("No.", response=response, body=body))
    assert isinstance(failure.error, ModelBusyError)
    assert not failure.again


def test_a_finished_completion_that_the_client_refuses_keeps_its_meaning() -> None:
    """Too long is a bad reply; filtered is a refusal."""
    assert isinstance(mapped(made(openai.LengthFinishReasonError)).error, ModelReplyError)
    assert isinstance(mapped(made(openai.ContentFilterFinishReasonError)).error, ModelRefusedError)
