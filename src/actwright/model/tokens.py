"""Tokens, estimated before they are spent.

Every service cuts text in its own way, and no tokenizer is fetched for it. The estimate is a third of the UTF-8
bytes, rounded up: English prose has four to five bytes a token, JSON and names about three, and a character of
Chinese or Japanese is three bytes and about one token. So it lies above what is counted in nearly all cases, which is
what a ceiling needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from actwright.model.chat import Message

_BYTES_A_TOKEN = 3
_FRAME = 8
"""Tokens that a service adds around each message."""


def estimate(text: str) -> int:
    """Return how many tokens ``text`` has at most, as a rule."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // _BYTES_A_TOKEN)


def estimate_messages(messages: Iterable[Message]) -> int:
    """Return how many tokens a conversation has at most, as a rule."""
    return sum(estimate(each.content) + _FRAME for each in messages)
