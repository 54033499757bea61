"""Reading a reply: one JSON document of the contract asked for, or every fault it has."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import ValidationError

from actwright.canonical import Json
from actwright.contract import Contract
from actwright.document import faults, parse_json
from actwright.errors import DocumentError
from actwright.model.chat import ChatReply, Finish
from actwright.model.exchange import FaultKind

largest_reply = 1024 * 1024
"""The most characters a reply may have."""

_MOST_FAULTS = 24
_THOUGHTS = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?[ \t]*\n(?P<body>.*?)\n?```", re.DOTALL)
_UNFINISHED: dict[Finish, str] = {
    "length": "The answer was cut off at its longest length; answer with fewer words and actions.",
    "tool_calls": "The answer calls a tool; there are no tools, answer with the JSON document itself.",
    "other": "The answer was not finished; answer with the whole JSON document.",
}

T = TypeVar("T", bound=Contract)


class ReplyFaultsError(Exception):
    """A reply that cannot be used; it goes back with every fault.

    Args:
        faults: What is wrong with it, a sentence each. They quote the reply: hostile text.
        kind: ``finish`` where the reply is not whole, ``json`` where it is no document, ``contract`` where it is one
            of another shape, ``meaning`` where its shape is right and what it says cannot be.
    """

    def __init__(self, faults: tuple[str, ...], kind: FaultKind) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults
        self.kind = kind


def read_reply(reply: ChatReply, model: type[T]) -> T:
    """Return the one document in a reply.

    A leading ``<think>...</think>`` and one fence around the whole document are taken off; nothing else is forgiven.

    Raises:
        ReplyFaultsError: It is not whole, no JSON, more than one document, or breaks the contract of ``model``.
    """
    if reply.finish != "stop":
        raise ReplyFaultsError((_UNFINISHED.get(reply.finish, _UNFINISHED["other"]),), "finish")
    document = _document(_bare(reply.text))
    try:
        return model.model_validate(document)
    except ValidationError as invalid:
        found = faults(invalid, model)
        raise ReplyFaultsError(_bounded(found), "contract") from None


def _bare(text: str) -> str:
    if len(text) > largest_reply:
        raise _no_json(f"The answer is longer than {largest_reply} characters.")
    bare = _THOUGHTS.sub("", text, count=1) if text.lstrip().startswith("<think>") else text
    fence = _FENCE.fullmatch(bare.strip())
    body = fence["body"] if fence else bare
    if not body.strip():
        raise _no_json("The answer is empty; answer with one JSON document.")
    return body.strip()


def _document(text: str) -> Json:
    try:
        document = parse_json(text, where="the answer")
    except DocumentError as error:
        raise _no_json(
            f"{error} Answer with one JSON document and nothing before or after it."
        ) from None
    if not isinstance(document, dict):
        raise ReplyFaultsError(("The answer must be a JSON object, and is none.",), "contract")
    if _has_surrogate(document):
        raise _no_json("The answer holds half a character (a lone surrogate).")
    return document


def _has_surrogate(document: Json) -> bool:
    found: list[Json] = [document]
    while found:
        item = found.pop()
        if isinstance(item, str) and not item.isascii() and _broken(item):
            return True
        if isinstance(item, dict):
            found += [*item, *item.values()]
        elif isinstance(item, list):
            found += item
    return False


def _broken(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _bounded(found: list[str]) -> tuple[str, ...]:
    if len(found) <= _MOST_FAULTS:
        return tuple(found)
    return (*found[:_MOST_FAULTS], f"And {len(found) - _MOST_FAULTS} faults more.")


def _no_json(fault: str) -> ReplyFaultsError:
    return ReplyFaultsError((fault,), "json")
