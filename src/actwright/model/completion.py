"""Reading a chat completion from the wire, whole or as a stream of events. All of it is hostile input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import get_args

from actwright.canonical import Json
from actwright.document import parse_json
from actwright.errors import DocumentError, ModelReplyError, ModelUnreachableError
from actwright.inert import inert
from actwright.model.chat import Finish, TokenUsage
from actwright.model.reply import largest_reply

_MOST_TOKENS = 10**9
_FOREIGN: dict[str, Finish] = {"function_call": "tool_calls"}


@dataclass(slots=True)
class Completion:
    """A chat completion, as far as it has come in."""

    text: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    finish: Finish | None = None
    model: str = ""
    usage: TokenUsage | None = None
    size: int = 0

    def take(self, document: Json, *, part: str) -> None:
        """Take in one document: a whole completion, or one event of a stream.

        Args:
            document: What came in.
            part: ``message`` for a whole completion, ``delta`` for an event.

        Raises:
            ModelReplyError: It is no completion.
        """
        body = _object(document, "the answer")
        self.model = _text(body.get("model")) or self.model
        self.usage = _usage(body.get("usage")) or self.usage
        choices = body.get("choices")
        if not isinstance(choices, list):
            raise _unreadable("it has no list of choices")
        for choice in choices[:1]:
            self._choice(_object(choice, "choices[0]"), part)

    def _choice(self, choice: dict[str, Json], part: str) -> None:
        message = _object(choice.get(part) or {}, f"choices[0].{part}")
        self._add(self.text, message.get("content"))
        self._add(self.refusal, message.get("refusal"))
        self.finish = _finish(choice.get("finish_reason")) or self.finish
        if message.get("tool_calls") or message.get("function_call"):
            self.finish = "tool_calls"

    def _add(self, pieces: list[str], piece: Json) -> None:
        if piece is None:
            return
        if not isinstance(piece, str):
            raise _unreadable("its content is no text")
        self.size += len(piece)
        if self.size > largest_reply:
            raise too_large()
        pieces.append(piece)


def read_whole(body: bytes) -> Completion:
    """Return the completion in the body of an answer.

    Raises:
        ModelReplyError: It is no completion, or one without a choice.
    """
    document = _parsed(body)
    completion = Completion()
    completion.take(document, part="message")
    if not _object(document, "the answer").get("choices"):
        raise _unreadable("it has no choice")
    return completion


def read_stream(chunks: Iterable[bytes]) -> Iterator[Completion]:
    """Yield the completion after each event of a stream, the last time when it is whole.

    Raises:
        ModelReplyError: An event is no part of a completion.
        ModelUnreachableError: The stream broke off, or reported an error.
    """
    completion, begun = Completion(), False
    for data in _events(chunks):
        if data.strip() == b"[DONE]":
            if not begun:
                raise _unreadable("its stream ends before it begins")
            completion.finish = completion.finish or "other"
            break
        document = _parsed(data)
        _check_error(document)
        completion.take(document, part="delta")
        begun = True
        yield completion
    if completion.finish is None:
        raise ModelUnreachableError(
            "The model's answer broke off before it was whole.", hint="Try again."
        )
    yield completion


def too_large() -> ModelReplyError:
    """Return the error for an answer that is larger than is read."""
    return ModelReplyError(
        f"The model's answer is larger than {largest_reply // 1024} KiB; it was not read to its end.",
        hint="Lower maxOutputTokens, or try another model.",
    )


def _events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the data of each server-sent event; an event that is cut off is none."""
    data: list[bytes] = []
    for line in _lines(chunks):
        if line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
        elif not line and data:
            yield b"\n".join(data)
            data = []


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.removesuffix(b"\r") for line in whole)
    if rest == b"data: [DONE]":
        yield from (rest, b"")


def _check_error(document: Json) -> None:
    error = document.get("error") if isinstance(document, dict) else None
    if not error:
        return
    said = error.get("message") if isinstance(error, dict) else error
    raise ModelUnreachableError(
        f"The service broke its answer off: {inert(str(said))}", hint="Try again later."
    )


def _parsed(body: bytes) -> Json:
    try:
        return parse_json(body, where="the answer")
    except DocumentError as error:
        raise _unreadable(error.message.removesuffix(".")) from None


def _object(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _unreadable(f"{where} is no object")
    return value


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _finish(value: Json) -> Finish | None:
    """Return why the model stopped; a reason nobody knows is no reason to trust the answer."""
    if value is None:
        return None
    known = {each: each for each in get_args(Finish)}
    return known.get(value, _FOREIGN.get(value, "other")) if isinstance(value, str) else "other"


def _usage(value: Json) -> TokenUsage | None:
    if not isinstance(value, dict):
        return None
    counted = [_count(value.get(name)) for name in ("prompt_tokens", "completion_tokens")]
    if None in counted:
        return None
    details = value.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else 0
    return TokenUsage(input=counted[0] or 0, output=counted[1] or 0, cached=cached or 0)


def _count(value: Json) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST_TOKENS else None


def _unreadable(why: str) -> ModelReplyError:
    return ModelReplyError(
        f"The endpoint's answer is no chat completion: {why}.",
        hint="Check the base URL: it must be an OpenAI-compatible endpoint, mostly ending in /v1.",
    )
