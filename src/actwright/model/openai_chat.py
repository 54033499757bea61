"""A language model behind an OpenAI-compatible endpoint, asked through the ``openai`` client.

The client is given everything explicitly and reads no environment; it makes one request at a time and never tries
again by itself: that is done here, under one deadline that every try and every wait counts against.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_result
from tenacity.wait import wait_exponential, wait_random

from actwright.clock import Clock, SystemClock
from actwright.errors import (
    ModelError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from actwright.model.chat import ChatReply, ChatRequest, TokenUsage
from actwright.model.completion import Completion, read_stream, read_whole
from actwright.model.dialect import Dialect
from actwright.model.endpoint import Endpoint
from actwright.model.failure import CLIENT_ERRORS, Failure, failure_of
from actwright.model.retry_after import seconds_to_wait
from actwright.model.tokens import estimate, estimate_messages

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

_LONGEST_BACKOFF = 8.0
_STEP = 200
"""After how many more characters progress is told."""


class OpenAIChat:
    """Asks a model over HTTP. Safe to share between threads.

    Args:
        base_url: The endpoint, such as ``https://host/v1``; OpenAI's own where None.
        api_key: The key; any word for a server that needs none. It never appears in an error, a log or a repr.
        clock: For a ``Retry-After`` that is a date.
        attempts: The most requests for one reply.
        connect_seconds: How long connecting may take.
        backoff_seconds: The first wait between two tries where the service names none; it doubles.
        environment: Whether the environment says how to reach the network: proxies, certificates.

    Raises:
        ConfigError: The base URL or the key cannot be used.
        ModelAuthenticationError: There is no key.
    """

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str,
        clock: Clock | None = None,
        attempts: int = 4,
        connect_seconds: float = 10.0,
        backoff_seconds: float = 0.5,
        environment: bool = True,
    ) -> None:
        self.endpoint = Endpoint(base_url, api_key, environment=environment)
        """Where it is asked."""
        self._clock = clock or SystemClock()
        self._attempts = attempts
        self._connect_seconds = connect_seconds
        self._backoff = wait_exponential(
            multiplier=backoff_seconds, max=_LONGEST_BACKOFF
        ) + wait_random(0, backoff_seconds)
        self._dialects: dict[str, Dialect] = {}

    def __repr__(self) -> str:
        return f"OpenAIChat({self.endpoint.where!r})"

    def close(self) -> None:
        """Close the connections."""
        self.endpoint.client.close()

    def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
        """Return the model's reply.

        Raises:
            ModelError: No reply came; which kind says why.
        """
        asking = _Asking(self, request, deadline)
        retrying = Retrying(
            retry=retry_if_result(_worth_another),
            stop=lambda state: self._is_last(state, deadline),
            wait=self._pause,
            retry_error_callback=_last,
        )
        outcome = retrying(asking.attempt)
        if isinstance(outcome, Failure):
            raise self._given_up(outcome, asking.tries, deadline)
        return asking.reply(outcome)

    def send(self, request: ChatRequest, dialect: Dialect, seconds: float) -> Completion | Failure:
        """Send one request, and return what came of it.

        Args:
            request: What to ask.
            dialect: How the service wants to be asked.
            seconds: How long the request may take.
        """
        try:
            with self.endpoint.client.chat.completions.with_streaming_response.create(
                model=request.model,
                messages=_wire(dialect, request),
                extra_body=dialect.options(request),
                extra_headers={"Accept-Encoding": "identity"},
                timeout=httpx2.Timeout(seconds, connect=min(self._connect_seconds, seconds)),
            ) as response:
                if "text/event-stream" in response.headers.get("content-type", ""):
                    return _followed(read_stream(response.iter_bytes()), request.progress)
                return read_whole(response.read())
        except ModelError as error:
            return Failure(error, again=isinstance(error, ModelUnreachableError))
        except CLIENT_ERRORS as error:
            return failure_of(error, where=self.endpoint.where, redacted=self.endpoint.redacted)

    def dialect(self, model: str) -> Dialect:
        """Return how the service wants to be asked for ``model``, as far as it is known."""
        return self._dialects.get(model, Dialect())

    def remember(self, model: str, dialect: Dialect) -> None:
        """Ask for ``model`` in that way from now on."""
        self._dialects[model] = dialect

    def timed_out(self) -> Failure:
        """Return the failure of a request for which no time is left."""
        error = ModelTimeoutError(
            "No time was left for a request.",
            where=self.endpoint.where,
            hint="Raise model_seconds in the settings.",
        )
        return Failure(error)

    def _asked_wait(self, failure: Failure) -> float | None:
        now = self._clock.now()
        return seconds_to_wait(failure.retry_after, failure.retry_after_ms, now)

    def _pause(self, state: RetryCallState) -> float:
        asked = self._asked_wait(_failure(state))
        return self._backoff(state) if asked is None else asked

    def _is_last(self, state: RetryCallState, deadline: float) -> bool:
        tried = state.attempt_number >= self._attempts
        return tried or time.monotonic() + state.upcoming_sleep >= deadline

    def _given_up(self, failure: Failure, tries: int, deadline: float) -> ModelError:
        """Return the error to raise, with how often it was tried and why not once more."""
        error, asked = failure.error, self._asked_wait(failure)
        left = max(deadline - time.monotonic(), 0.0)
        why = f" It was tried {tries} times." if tries > 1 else ""
        if failure.again and asked is not None and asked >= left:
            why = f" It asks to wait {asked:.0f} s, and {left:.0f} s are left."
        return type(error)(
            self.endpoint.redacted(f"{error.message}{why}"),
            where=error.where or self.endpoint.where,
            hint=error.hint,
            code=error.error_code,
        )


class _Asking:
    """One request on its way to a reply, every try included."""

    def __init__(self, chat: OpenAIChat, request: ChatRequest, deadline: float) -> None:
        self._chat = chat
        self._request = request
        self._deadline = deadline
        self._begun = time.monotonic()
        self._dialect = chat.dialect(request.model)
        self._sent = 0
        self.tries = 0
        """How often it was tried, not counting requests in another form."""

    def attempt(self) -> Completion | Failure:
        """Send the request; where the service does not know a part of it, send it without, at once."""
        self.tries += 1
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                return self._chat.timed_out()
            self._sent += 1
            outcome = self._chat.send(self._request, self._dialect, left)
            simpler = self._simpler(outcome)
            if simpler is None:
                return outcome
            self._dialect = simpler
            self._chat.remember(self._request.model, simpler)

    def reply(self, completion: Completion) -> ChatReply:
        """Return what came of it."""
        redacted = self._chat.endpoint.redacted
        text = redacted("".join(completion.text))
        return ChatReply(
            text=text,
            finish=completion.finish or "other",
            refusal=redacted("".join(completion.refusal)) or None,
            model=redacted(completion.model),
            usage=self._counted(completion.usage, text),
            seconds=time.monotonic() - self._begun,
            attempts=self._sent,
            mode=self._dialect.mode if self._request.schema else "text",
        )

    def _simpler(self, outcome: Completion | Failure) -> Dialect | None:
        complaint = outcome.complaint if isinstance(outcome, Failure) else ""
        return self._dialect.adapted(complaint) if complaint else None

    def _counted(self, said: TokenUsage | None, text: str) -> TokenUsage:
        """Return what the service counted; an answer that cost nothing was not counted."""
        if said is None or not said.input or (text and not said.output):
            return self._estimated(text)
        return said

    def _estimated(self, text: str) -> TokenUsage:
        sent = estimate_messages(self._dialect.messages(self._request))
        return TokenUsage(input=sent, output=estimate(text), estimated=True)


def _wire(dialect: Dialect, request: ChatRequest) -> list[ChatCompletionMessageParam]:
    """Return the messages as the client takes them; half characters have no bytes and are replaced."""
    messages = [
        {"role": each.role, "content": each.content.encode("utf-8", "replace").decode()}
        for each in dialect.messages(request)
    ]
    return cast("list[ChatCompletionMessageParam]", messages)


def _followed(stream: Iterator[Completion], progress: Callable[[int], None] | None) -> Completion:
    """Return the completion at the end of a stream, telling how far it has come on the way."""
    told = 0
    completion = Completion()
    for completion in stream:
        if progress and completion.size - told >= _STEP:
            told = completion.size
            progress(told)
    return completion


def _worth_another(outcome: Completion | Failure) -> bool:
    return isinstance(outcome, Failure) and outcome.again


def _failure(state: RetryCallState) -> Failure:
    outcome = _last(state)
    assert isinstance(outcome, Failure)  # noqa: S101 - only a failure is tried again
    return outcome


def _last(state: RetryCallState) -> Completion | Failure:
    assert state.outcome is not None  # noqa: S101 - there was an attempt
    outcome: Completion | Failure = state.outcome.result()
    return outcome
