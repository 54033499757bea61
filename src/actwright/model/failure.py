"""Failures: every error of the client and of its HTTP library, as one of ours, and whether trying again may help.

::

    no connection, cut off, no HTTP, redirected  ModelUnreachableError     again, but for redirects and bad addresses
    no whole answer in time, 408                 ModelTimeoutError         again
    401, 403                                     ModelAuthenticationError
    409, 429, 5xx                                ModelBusyError            again, but for a used-up quota
    other 4xx                                    ModelRefusedError
    too large, compressed, unreadable            ModelReplyError
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import openai

from actwright.errors import (
    ModelAuthenticationError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from actwright.inert import inert
from actwright.model.bounded_http import ReplyEncodedError, ReplyTooLargeError
from actwright.model.completion import too_large

CLIENT_ERRORS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.CookieConflict,
    httpx2.StreamError,
    OSError,
)
"""What the client and its HTTP library raise."""

_REDIRECTS = range(300, 400)
_FAULTY = range(500, 600)
_AGAIN = frozenset({408, 409, 429, *_FAULTY})
_USED_UP = ("insufficient_quota", "billing")
_LONGEST_COMPLAINT = 4_000


@dataclass(frozen=True, slots=True)
class Failure:
    """A request to which no usable answer came.

    Attributes:
        error: The error, ready to be raised.
        again: Whether trying again may help.
        retry_after: What the service said about when to try again: the header's text.
        retry_after_ms: The same in milliseconds, which some services send.
        complaint: What the service said about a request it refused.
    """

    error: ModelError
    again: bool = False
    retry_after: str | None = None
    retry_after_ms: str | None = None
    complaint: str = ""


def failure_of(error: Exception, *, where: str, redacted: Callable[[str], str]) -> Failure:
    """Return what an error of the client means.

    Args:
        error: The error; one of `CLIENT_ERRORS`.
        where: The endpoint.
        redacted: Takes the key out of a text that somebody else wrote.
    """
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, where, redacted)
    root = _root(error)
    if isinstance(root, ReplyTooLargeError):
        return Failure(too_large())
    if isinstance(root, ReplyEncodedError | httpx2.DecodingError):
        return Failure(
            ModelReplyError(
                "The endpoint's answer is compressed, or cannot be unpacked.",
                where=where,
                hint="Have the endpoint, or the proxy before it, answer without compression.",
            )
        )
    return _of_connection(error, root, where, redacted)


def _of_connection(
    error: Exception, root: BaseException, where: str, redacted: Callable[[str], str]
) -> Failure:
    if isinstance(error, openai.APITimeoutError) or isinstance(root, httpx2.TimeoutException):
        return Failure(_timed_out(where), again=True)
    if isinstance(root, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return Failure(_no_address(where))
    kind = _KINDS.get(type(error))
    if kind is not None:
        return Failure(kind(f"The model's client gave up: {type(error).__name__}.", where=where))
    said = inert(redacted(str(root)), limit=160) or type(root).__name__
    again = isinstance(root, httpx2.TransportError | OSError)
    return Failure(
        ModelUnreachableError(
            f"The model could not be reached: {said}.".replace("..", "."),
            where=where,
            hint="Check the base URL and the network.",
        ),
        again=again,
    )


_KINDS: dict[type[Exception], type[ModelError]] = {
    openai.APIResponseValidationError: ModelReplyError,
    openai.LengthFinishReasonError: ModelReplyError,
    openai.ContentFilterFinishReasonError: ModelRefusedError,
    openai.OpenAIError: ModelUnreachableError,
}


def _of_status(error: openai.APIStatusError, where: str, redacted: Callable[[str], str]) -> Failure:
    status, headers = error.status_code, error.response.headers
    said, details = (redacted(each) for each in _said(error))
    used_up = status == httpx2.codes.TOO_MANY_REQUESTS and any(each in details for each in _USED_UP)
    return Failure(
        _error_for(status, inert(said, limit=240).rstrip(". "), where),
        again=status in _AGAIN and not used_up,
        retry_after=headers.get("retry-after"),
        retry_after_ms=headers.get("retry-after-ms"),
        complaint=f"{said} {details}"[:_LONGEST_COMPLAINT] if status in {400, 422} else "",
    )


def _error_for(status: int, said: str, where: str) -> ModelError:
    told = f": {said}." if said else "."
    if status in _REDIRECTS:
        return _redirected(where)
    if status in {401, 403}:
        return ModelAuthenticationError(
            f"The endpoint does not accept the key ({status}){told}",
            where=where,
            hint="Check OPENAI_API_KEY, and that it may use the model.",
        )
    if status == httpx2.codes.REQUEST_TIMEOUT:
        return ModelTimeoutError(f"The endpoint gave up waiting ({status}){told}", where=where)
    if status in _AGAIN:
        return ModelBusyError(
            f"The endpoint is busy or failing ({status}){told}",
            where=where,
            hint="Try again later.",
        )
    return _declined(status, told, where)


def _declined(status: int, told: str, where: str) -> ModelRefusedError:
    if status == httpx2.codes.NOT_FOUND:
        return ModelRefusedError(
            f"The endpoint knows no such model or path (404){told}",
            where=where,
            hint="Check the model's name, and the base URL: it mostly ends in /v1.",
            code="model_unknown",
        )
    return ModelRefusedError(
        f"The endpoint refused the request ({status}){told}",
        where=where,
        hint="Check the model's name and its limits.",
        code="model_request_refused",
    )


def _redirected(where: str) -> ModelUnreachableError:
    return ModelUnreachableError(
        "The endpoint redirects to another address, which is not followed: the key would go there too.",
        where=where,
        hint="Set the base URL to the address it redirects to, if you trust it.",
        code="model_redirected",
    )


def _timed_out(where: str) -> ModelTimeoutError:
    return ModelTimeoutError(
        "No whole answer came in time.",
        where=where,
        hint="Raise model_seconds in the settings, or try a faster model.",
    )


def _no_address(where: str) -> ModelUnreachableError:
    return ModelUnreachableError(
        "The base URL is no address that can be asked.",
        where=where,
        hint="It must begin with http:// or https://.",
    )


def _said(error: openai.APIStatusError) -> tuple[str, str]:
    """Return what the service says is wrong, in words, and by its code and the parameter."""
    if not isinstance(error.body, dict):
        return str(error.body or ""), ""
    details = " ".join(str(each) for each in (error.code, error.type, error.param) if each)
    return str(error.body.get("message") or ""), details


def _root(error: BaseException) -> BaseException:
    """Return the HTTP library's error behind the client's."""
    cause = error.__cause__
    return cause if isinstance(error, openai.OpenAIError) and cause is not None else error
